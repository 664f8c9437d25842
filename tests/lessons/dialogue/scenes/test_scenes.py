"""What each scene shows and where it leads, without pages or media."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core import gsm7
from lessons.dialogue import happenings as h
from lessons.dialogue.scenes import Here, numbered, picked, scenes
from lessons.dialogue.state import Going, Place, State
from lessons.dialogue.turn import Heard
from lessons.render import ussd
from tests.learners import BUDI, EMMA, LEWAT, MTK4, NOW, PECAHAN, SEPULUH, SITI, UJIAN, Phone, SmallWorld


def here(place: Place, person=SITI, medium="ussd", world=None) -> Here:
    world = world or SmallWorld(person)
    return Here(world, State(person.id, {str(person.id): place}), person, medium, world.phrases(person.language))


def hear(scene: str, said: str, place: Place | None = None, **more):
    return scenes()[scene].hear(here(place or Place(scene), **more), said)


def show(scene: str, place: Place | None = None, **more):
    return scenes()[scene].show(here(place or Place(scene), **more))


def test_every_scene_is_there():
    assert sorted(scenes()) == [
        "airing", "courses", "ended", "language", "lesson", "menu", "newcomer", "on_air", "phone", "pin", "practice", "practised",
        "question", "quizzes", "result", "results", "resume", "sheet", "stranger", "today", "web", "who",
    ]  # fmt: skip


def test_nine_is_no_choice_because_it_means_more():
    assert [key for key, _ in numbered(["x"] * 10)] == ["1", "2", "3", "4", "5", "6", "7", "8", "10", "11"]
    assert [picked(said, 10) for said in ("8", "9", "10", "11", "12", "1.", " 2)", "01", "x", "", "²", "٣")] == [
        7, None, 8, 9, None, 0, 1, None, None, None, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize("scene", ["courses", "language", "menu", "on_air", "quizzes", "result", "results", "resume"])
@pytest.mark.parametrize("said", ["", "99", "-1", "hm", "²", "9" * 400])
def test_what_is_not_there_is_not_understood(scene, said):
    assert hear(scene, said) is None


@pytest.mark.parametrize("scene", ["courses", "lesson", "language", "menu", "on_air", "quizzes", "result", "results", "resume"])
def test_0_leads_back(scene):
    assert hear(scene, "0").state.place.scene == ("courses" if scene == "lesson" else "menu")


def test_the_menu_offers_the_quiz_under_way_first_while_it_is_open():
    going = Going(1, 11, 1, at=1)
    assert show("menu", Place("menu", going=going)).choices[0].label == "Lanjut: Pecahan"
    assert hear("menu", "1", Place("menu", going=going)).state.place == Place("question", going=going)
    closed = Going(4, 41, 1)
    assert LEWAT.is_open(NOW) is False
    assert show("menu", Place("menu", going=closed)).choices[0].label == "Pelajaran"
    assert hear("menu", "1", Place("menu", going=closed)).state.place == Place("courses", going=closed)


def test_a_course_is_enrolled_in_by_opening_it_and_shows_what_was_read():
    step = hear("courses", "1")
    assert (step.state.place, step.happenings) == (Place("courses", {"course": "MTK4"}), (h.Enrolled(1, 1),))
    world = SmallWorld(SITI)
    world.write([h.LessonFinished(1, 1, "l2")])
    labels = [c.label for c in show("courses", Place("courses", {"course": "MTK4"}), world=world).choices]
    assert labels == ["Apa itu pecahan?", "Pecahan senilai *", "Latihan bertingkat"]


def test_from_the_lessons_of_the_only_course_0_leads_to_the_menu():
    world = SmallWorld(SITI, courses=(MTK4,))
    assert hear("courses", "0", Place("courses", {"course": "MTK4"}), world=world).state.place.scene == "menu"
    assert hear("courses", "0", Place("courses", {"course": "MTK4"})).state.place == Place("courses")


@pytest.mark.parametrize(
    ("scene", "text"),
    [
        ("courses", "Belum ada pelajaran. Coba lagi besok."), ("quizzes", "Belum ada kuis yang dibuka. Coba lagi besok."),
        ("results", "Belum ada nilai. Kerjakan satu kuis dulu."), ("on_air", "Belum ada jadwal siaran untuk daerahmu."),
        ("lesson", "Pelajaran ini tidak ada lagi."), ("question", "Kuis ini tidak ada lagi."),
        ("resume", "Kuis ini tidak ada lagi."),
        ("result", "Selesai! 0 dari 0 benar."),
    ],
)  # fmt: skip
def test_where_nothing_is_there_it_is_said_and_there_is_a_way_on(scene, text):
    world = SmallWorld(SITI, quizzes=(), courses=())
    world.airings = []
    prompt = show(scene, world=world)
    assert (prompt.text, bool(prompt.moves)) == (text, True)


@pytest.mark.parametrize(
    ("now", "line"),
    [
        (datetime(2026, 11, 23, 1, 0, tzinfo=UTC), "Sekarang sampai 09.30 WITA: Belajar di RRI: Pecahan"),
        (datetime(2026, 11, 23, 0, 59, 59, tzinfo=UTC), "09.00-09.30 WITA: Belajar di RRI: Pecahan"),
        (datetime(2026, 11, 22, 16, 0, tzinfo=UTC), "09.00-09.30 WITA: Belajar di RRI: Pecahan"),  # midnight in WITA
        (datetime(2026, 11, 22, 15, 59, tzinfo=UTC), "Sen 09.00-09.30 WITA: Belajar di RRI: Pecahan"),
        (datetime(2026, 11, 16, 16, 0, tzinfo=UTC), "Sen 09.00-09.30 WITA: Belajar di RRI: Pecahan"),
        (datetime(2026, 11, 16, 15, 59, tzinfo=UTC), "Sen 23/11 09.00-09.30 WITA: Belajar di RRI: Pecahan"),
    ],
)
def test_an_airing_is_told_in_her_own_zone(now, line):
    world = SmallWorld(SITI)
    world.now = now
    assert show("on_air", world=world).choices[0].label == line


def test_hours_are_written_as_her_language_writes_them():
    when = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    world = SmallWorld(EMMA)
    world.now = when
    assert show("on_air", person=EMMA, world=world).choices[0].label == "Now until 09:30 WITA: Belajar di RRI: Pecahan"
    moments = [world.moment(when, "Asia/Makassar", language) for language in ("id", "en")]
    assert moments == ["Sen 23/11 09.00 WITA", "Mon 23/11 09:00 WITA"]


def test_now_and_next_with_long_titles_are_one_screen():
    world = SmallWorld(SITI)
    world.airings = [replace(x, title="Belajar dari Rumah bersama Bapak dan Ibu Guru") for x in world.airings]
    shown = show("on_air", world=world)
    assert [len(choice.label.split(": ")[1]) for choice in shown.choices] == [40, 40]
    assert gsm7.size(ussd.draw(shown)).units <= 160


def test_an_answer_is_counted_and_leads_to_the_next_question():
    going = Going(1, 11, 2, at=0)
    step = hear("question", "2", Place("question", going=going), medium="sms")
    assert step.state.place == Place("question", going=Going(1, 11, 2, at=1, right=1))
    assert step.happenings == (h.Answered(1, 1, 2, "p1", "2", "right", 100, "sms"),)
    assert (step.lead, step.why) == ("Benar!", "2/4 dibagi dua menjadi 1/2.")


def test_the_last_answer_finishes_and_almost_counts_as_right():
    step = hear("question", "pembilan", Place("question", going=Going(1, 11, 1, at=2, right=1)))
    assert step.state.place == Place("result", {"edition": 11, "right": 2, "total": 3, "almost": 1})
    assert [type(fact) for fact in step.happenings] == [h.Answered, h.AttemptFinished]
    assert (step.happenings[0].mark, step.happenings[0].score, step.lead) == ("almost", 50, "Hampir benar: pembilang.")


def test_almost_right_is_told_apart_at_the_end_and_among_her_results():
    made = Phone(SmallWorld()).on("sms")
    made.hear(Heard("arrived", "PECAHAN"))
    made.say("B", "0", "pembilan")
    assert made.text.split("\n")[1] == "Pecahan selesai! 2 dari 3 benar, 1 hampir."
    assert made.say("NILAI").split("\n")[1] == "Pecahan: 2 dari 3, 1 hampir"


@pytest.mark.parametrize(
    ("at", "medium", "text"),
    [(0, "ussd", "Tekan 1 sampai 3."), (0, "sms", "Jawab A sampai C."),
     (1, "ussd", "Jawab dengan angka."), (2, "sms", "Ketik jawabanmu.")],
)  # fmt: skip
def test_a_hint_says_what_to_type(at, medium, text):
    from lessons.dialogue.scenes import question

    assert question.hint(here(Place("question", going=Going(1, 11, 1, at=at)), medium=medium)) == text


def test_by_voice_the_number_of_a_question_is_spoken():
    prompt = show("question", Place("question", going=Going(1, 11, 1, at=1)), medium="voice")
    assert prompt.text == "Soal 2 dari 3. Ibu punya 20 kue, dimakan semua. Sisanya berapa?"


def test_a_quiz_opens_and_closes_at_the_very_instant():
    world = SmallWorld(SITI)
    place = Place("question", going=Going(5, 51, 1))
    world.now = UJIAN.closes_at - timedelta(microseconds=1)
    assert type(hear("question", "1", place, world=world).happenings[0]) is h.Answered
    world.now = UJIAN.closes_at
    step = hear("question", "1", place, world=world)
    assert (step.happenings, step.state.place) == ((h.AttemptFinished(1, 5, 1),), Place("menu"))


def test_again_is_offered_only_where_it_may_be():
    again = [c.label for c in show("result", Place("result", {"edition": 21, "right": 1, "total": 10})).choices]
    assert again == ["Ulangi kuis"]
    world = SmallWorld(SITI)
    world.write([h.AttemptStarted(1, 5, 51, 1)])
    assert show("result", Place("result", {"edition": 51}), world=world).choices == ()
    assert show("result", Place("result", {"edition": 41})).choices == ()


def test_again_takes_the_newest_edition():
    world = SmallWorld(SITI)
    world.publish(replace(SEPULUH, edition=22))
    step = hear("result", "1", Place("result", {"edition": 21}), world=world)
    assert step.state.place.going == Going(2, 22, 1)


def test_a_lesson_leads_to_the_next_one_and_to_the_open_quizzes_of_its_course():
    first, last = (Place("lesson", {"course": "MTK4", "lesson": x}) for x in ("l1", "l2"))
    assert [c.label for c in show("lesson", first).choices] == ["Berikut: Pecahan senilai", "Kuis: Pecahan"]
    assert [c.label for c in show("lesson", last).choices] == ["Kuis: Pecahan"]
    assert hear("lesson", "1", last).state.place == Place("question", going=Going(PECAHAN.id, 11, 1))
    assert hear("lesson", "0", last).state.place == Place("courses", {"course": "MTK4"})


def test_results_are_told_newest_first():
    world = SmallWorld(SITI)
    for quiz in (PECAHAN, SEPULUH):
        world.write([h.AttemptStarted(1, quiz.id, quiz.edition, 1), h.AttemptFinished(1, quiz.id, 1)])
    assert show("results", world=world).text == "Nilai terakhirmu:\nSepuluh soal: 0 dari 10\nPecahan: 0 dari 3"


@pytest.mark.parametrize(
    ("said", "scene"), [("ya", "question"), ("LANJUT", "question"), ("1", "question"), ("3", "menu"), ("2", "question")]
)
def test_to_go_on_or_to_begin_anew(said, scene):
    place = Place("resume", going=Going(1, 11, 1, at=1))
    world = SmallWorld(SITI)
    world.write([h.AttemptStarted(1, 1, 11, 1)])
    step = hear("resume", said, place, world=world)
    assert step.state.place.scene == scene
    assert step.state.place.going == (Going(1, 11, 2) if said == "2" else Going(1, 11, 1, at=1))


@pytest.mark.parametrize(
    ("said", "code"), [("1", "id"), ("2", "en"), ("english", "en"), ("ID", "id"), ("bahasa indonesia", "id")]
)
def test_a_language_is_chosen_by_key_name_or_code(said, code):
    assert hear("language", said).happenings == (h.LanguageChosen(1, code),)


def test_who_shows_no_name_that_we_may_not_say():
    world = SmallWorld(SITI, replace(BUDI, name=""))
    assert [c.label for c in show("who", world=world).choices] == ["Siti", "Murid 2", "Murid baru"]
