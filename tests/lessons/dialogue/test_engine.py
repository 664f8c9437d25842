from dataclasses import replace

import pytest

from lessons.dialogue.engine import LONGEST, take_turn
from lessons.dialogue.state import Going, Place, State
from lessons.dialogue.turn import Heard, Prompt
from lessons.render import sms, ussd
from tests.learners import ANI, BUDI, EMMA, PECAHAN, SITI, Phone, SmallWorld


def at(place: Place, who: int = 1, medium: str = "ussd") -> State:
    return State(who, {str(who): place}, medium)


def test_the_same_arguments_give_the_same_turn():
    world, state = SmallWorld(), at(Place("menu"))
    turns = [take_turn(state, Heard("said", "1"), world, ussd.budget()) for _ in range(2)]
    assert turns[0] == turns[1]
    assert state == at(Place("menu"))


def test_that_she_left_changes_nothing():
    state = at(Place("question", going=Going(1, 11, 1)), medium="sms")
    turn = take_turn(state, Heard("left"), SmallWorld(), ussd.budget())
    assert (turn.state, turn.prompt, turn.happenings) == (state, Prompt("", wants="nothing"), ())


def test_silence_is_asked_again():
    phone = Phone(SmallWorld())
    assert phone.hear(Heard("silent")) == phone.dial()
    phone.say("pecahan")
    assert (phone.hear(Heard("silent")), phone.turn.happenings) == (phone.text, ())


def test_what_is_heard_on_another_medium_answers_nothing_shown_here():
    phone = Phone(SmallWorld())
    phone.dial("pecahan")
    phone.on("sms").say("2")
    assert (phone.state.place.scene, phone.turn.happenings) == ("resume", ())


def test_a_learner_who_left_the_number_is_forgotten_and_her_place_is_not_given_to_another():
    state = at(Place("question", going=Going(1, 11, 1)), who=9)
    turn = take_turn(state, Heard("said", "2"), SmallWorld(SITI), ussd.budget())
    assert (turn.happenings, turn.state) == ((), State(1, {"1": Place()}, "ussd"))


def test_a_second_child_on_the_number_is_asked_for_at_the_next_dial():
    phone = Phone(SmallWorld(ANI))
    phone.dial("pecahan")
    phone.world.known.append(BUDI)
    assert phone.dial() == "Siapa ini?\n1. Ani\n2. Budi\n3. Murid baru"
    phone.world.known.pop()
    assert phone.dial().split("\n")[0] == "Kuis Pecahan: lanjut di soal 1 dari 3?"


def test_a_scene_of_another_release_is_the_menu_and_keeps_the_attempt():
    going = Going(1, 11, 1, at=1)
    turn = take_turn(at(Place("dance", {"x": 1}, 4, going)), Heard("said", "1"), SmallWorld(), ussd.budget())
    assert turn.state.place == Place("question", going=going)


@pytest.mark.parametrize("page", [0, 7, 10**9])
def test_a_page_that_is_not_there_is_the_last_one(page):
    turn = take_turn(at(Place("menu", page=page)), Heard("silent"), SmallWorld(), ussd.budget())
    assert turn.state.place == Place("menu")


def test_a_going_beyond_the_items_or_of_no_edition_is_begun_anew():
    for going in (Going(1, 11, 1, at=3), Going(1, 99, 1)):
        phone = Phone(SmallWorld(), state=at(Place("question", going=going)))
        assert phone.say("2").split("\n")[0] == "Kuis ini tidak ada lagi."
        phone.state = at(Place("question", going=going))
        assert phone.say("pecahan").split("\n")[0] == "1/3 Mana yang sama dengan 1/2?"


def test_a_kind_of_question_that_we_lack_locks_nobody_out():
    strange = replace(PECAHAN, items=(replace(PECAHAN.items[0], kind="essay"),))
    phone = Phone(SmallWorld(quizzes=(strange,)))
    assert phone.dial("pecahan").split("\n")[0] == "Kuis ini tidak ada lagi."
    empty = Phone(SmallWorld(quizzes=(replace(PECAHAN, items=()),)))
    assert empty.dial("pecahan").split("\n")[0] == "Kuis ini tidak ada lagi."


def test_what_is_typed_is_cut_and_cleaned_before_it_is_kept():
    phone = Phone(SmallWorld())
    phone.dial("pecahan")
    phone.say("2", "0", "a\ud800\x00\u200b" + "b" * 5000)
    answered = phone.turn.happenings[0]
    assert (len(answered.typed), answered.typed[:3]) == (LONGEST, "abb")


def test_a_wish_of_5000_characters_does_not_swell_the_state():
    phone = Phone(SmallWorld(ANI, BUDI))
    phone.dial("x" * 5000)
    assert len(phone.state.wish) == LONGEST


@pytest.mark.parametrize("blank", ["", " ", "\n\t ", "\u200b", "\x00"])
def test_blanks_are_no_answer(blank):
    phone = Phone(SmallWorld(), sms.budget())
    phone.say("pecahan", blank)
    assert (phone.text.split("\n")[0], phone.turn.happenings) == ("Jawab A sampai C.", ())


def test_a_language_is_spoken_from_the_turn_in_which_it_is_chosen():
    phone = Phone(SmallWorld(SITI))
    phone.dial()
    assert phone.say("5", "2").split("\n")[0] == "Hello Siti! What next?"


def test_people_speak_their_own_language_on_one_number():
    phone = Phone(SmallWorld(ANI, EMMA))
    phone.dial()
    assert phone.say("2").split("\n")[0] == "Hello Emma! What next?"
    phone.dial()
    assert phone.say("1").split("\n")[0] == "Halo, Ani! Mau apa?"


def test_about_the_last_answer_is_kept_while_it_has_pages_and_no_longer():
    phone = Phone(SmallWorld())
    phone.dial("panjang")
    phone.say("9", "2")
    assert phone.state.place.facts["about"][0] == "Benar!"
    phone.say("9", "0")
    assert (phone.state.place.page, phone.text.split("\n")[0][:6]) == (0, "Benar!")
    phone.say("9", "9", "0")
    assert "about" not in phone.state.place.facts


def test_keys_that_a_dial_carried_never_answer():
    phone = Phone(SmallWorld())
    phone.dial("pecahan*2*0")
    assert phone.text.split("\n")[0] == "1/3 Mana yang sama dengan 1/2?"
    phone = Phone(SmallWorld())
    phone.dial("2*1*2*0")
    assert (phone.text.split("\n")[0], len(phone.world.happenings)) == ("1/3 Mana yang sama dengan 1/2?", 1)


def test_a_dialled_path_goes_as_far_as_it_leads():
    phone = Phone(SmallWorld())
    assert phone.dial("1*9*1").split("\n")[0] == "Pilih pelajaran:"
    assert phone.dial("*#").split("\n")[0] == "Halo, Siti! Mau apa?"
    assert phone.dial("halo kak").split("\n")[0] == "Kata itu tidak dikenal."
