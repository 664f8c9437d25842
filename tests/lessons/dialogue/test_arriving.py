import pytest

from lessons.dialogue.state import Going, Place, State
from tests.learners import ANI, BUDI, VISITOR, Phone, SmallWorld


@pytest.fixture
def shared():
    return Phone(SmallWorld(ANI, BUDI))


@pytest.mark.parametrize("said", ["00", "menu", "pecahan", "9", "0", "nilai", "", "?"])
def test_nothing_is_done_before_we_know_who_it_is(shared, said):
    shared.dial()
    shared.say(said)
    assert (shared.state.who, shared.state.place, shared.world.happenings) == (0, Place("who"), [])


def test_what_she_wished_is_done_for_her_alone(shared):
    shared.dial("sepuluh")
    shared.say("2")
    assert shared.state == State(3, {"3": Place("question", going=Going(2, 21, 1))}, "ussd")


def test_the_last_wish_counts(shared):
    shared.dial("sepuluh")
    assert shared.say("jadwal", "Budi").split("\n")[0] == "RRI Samarinda"


def test_a_name_is_read_whatever_its_case_and_of_two_namesakes_none(shared):
    shared.dial()
    assert shared.say("bUDI").split("\n")[0] == "Halo, Budi! Mau apa?"
    shared.world.known = [ANI, BUDI, BUDI]
    shared.dial()
    assert shared.say("budi").split("\n")[0] == "Siapa ini?"


def test_an_answer_typed_for_another_is_given_to_nobody(shared):
    shared.on("sms").say("sepuluh", "1")
    shared.dial("1*1")
    shared.say("2")
    assert [type(fact).__name__ for fact in shared.world.happenings] == ["AttemptStarted", "Enrolled"]


def test_a_new_number_chooses_a_language_unless_it_asks_for_a_quiz():
    assert Phone(SmallWorld(VISITOR)).dial("2*1").split("\n")[0] == "Pilih bahasa / Choose language:"
    assert Phone(SmallWorld(VISITOR)).dial("pecahan").split("\n")[0] == "1/3 Mana yang sama dengan 1/2?"
    assert Phone(SmallWorld(VISITOR)).on("sms").say("halo").split("\n")[0] == "Pilih bahasa / Choose language:"


@pytest.mark.parametrize(("keys", "scene"), [(["1", "1", "1"], "menu"), (["1", "1", "1", "9"], "resume"), (["2", "1"], "resume")])
def test_what_was_left_in_the_middle_is_offered(keys, scene):
    phone = Phone(SmallWorld())
    phone.dial()
    phone.say(*keys)
    phone.dial()
    assert phone.state.place.scene == scene


def test_a_lesson_read_to_its_end_is_not_offered_again():
    phone = Phone(SmallWorld())
    phone.dial("1*1*1")
    phone.say("9", "9", "9")
    assert phone.dial().split("\n")[0] == "Halo, Siti! Mau apa?"


def test_the_pages_of_one_medium_are_not_those_of_another():
    phone = Phone(SmallWorld())
    phone.on("sms").say("pelajaran", "1", "1", "9")
    assert phone.state.place.page == 1
    assert phone.on("ussd").dial("info").split("\n")[0] == "Apa itu pecahan?"
    assert phone.state.place.page == 0


def test_the_end_of_a_lesson_is_reported_once():
    phone = Phone(SmallWorld())
    phone.dial("1*1*2")
    phone.say("7", "7")
    assert [type(fact).__name__ for fact in phone.world.happenings] == ["Enrolled", "LessonFinished"]
