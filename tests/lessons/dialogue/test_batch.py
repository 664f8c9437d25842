"""A whole quiz in one message: one attempt, each item marked once, one reply of one segment."""

from __future__ import annotations

import pytest

from core import gsm7
from lessons.dialogue import happenings as h
from lessons.dialogue.sheets import right, sheet
from lessons.dialogue.turn import Heard
from tests.learners import SEPULUH, SITI, Phone, SmallWorld
from tests.learners import choice as choice_item


def phone(*said, medium="sms"):
    made = Phone(SmallWorld()).on(medium)
    made.hear(Heard("arrived", said[0]))
    made.say(*said[1:])
    return made


def answers(phone):
    return [fact for fact in phone.world.happenings if isinstance(fact, h.Answered)]


def test_ten_answers_are_one_attempt_and_one_segment():
    made = phone("Q21 AAAAA AAABA")
    assert made.text == "Q21 Sepuluh soal: 9 dari 10 benar. Salah: 9=A.\n00.Menu"
    assert [type(fact).__name__ for fact in made.world.happenings if not isinstance(fact, h.DayKept)] == [
        "AttemptStarted", *["Answered"] * 10, "AttemptFinished",
    ]  # fmt: skip
    assert [(fact.item, fact.typed, fact.mark) for fact in answers(made)][8] == ("s12", "B", "wrong")


def test_a_variant_is_marked_by_its_own_letters_and_kept_in_those_of_the_quiz():
    key = "".join(right(entry, "id") for entry in sheet(SEPULUH, "B"))
    made = phone(f"Q21B {key}")
    assert made.text == "Q21B Sepuluh soal: 10 dari 10 benar.\n00.Menu"
    assert {fact.typed for fact in answers(made)} == {"A"}


@pytest.mark.parametrize("medium", ["sms", "ussd", "voice", "web"])
def test_it_works_on_every_medium(medium):
    assert "10 dari 10 benar" in phone("", "00", "q21aaaaaaaaaa", medium=medium).text


def test_it_works_as_what_is_dialled():
    assert phone("Q21*AAAAAAAAAA", medium="ussd").text.startswith("Q21 Sepuluh soal: 10 dari 10 benar.")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Q21 AAAA", "Q21: ada 4 jawaban untuk 10 soal. Belum ada yang dinilai; kirim lagi, beri - untuk yang kosong.\n00.Menu"),
        ("Q21 AAAAAAAAAE", "Q21: jawaban nomor 10 tidak terbaca. Belum ada yang dinilai; kirim lagi.\n00.Menu"),
        ("Q99 AAAAA", "Lembar Q99 tidak ada. Periksa nomor di atas kertasmu.\n00.Menu"),
        ("Q41 AAAAAAAAAA", "Kuis Lewat ditutup Sen 23/11 07.10 WIB.\n00.Menu"),
        ("Q31 AAAAAAAAAA", "Kuis Besok dibuka Sel 24/11 08.10 WIB.\n00.Menu"),
    ],
)  # fmt: skip
def test_what_cannot_be_marked_is_said_and_nothing_is_written(said, told):
    made = phone(said)
    assert (made.text, made.world.happenings) == (told, [])


def test_attempts_are_counted_as_of_any_quiz():
    made = phone("Q51 AA", "Q51 AB")
    assert (made.text, len(answers(made))) == ("Kamu sudah 1 kali mengerjakan kuis ini.\n00.Menu", 2)


def test_an_attempt_under_way_is_gone_on_with_and_no_item_is_marked_twice():
    made = phone("UJIAN", "A", "Q51 BA")
    assert made.text == "Q51 Ujian: 2 dari 2 benar.\n00.Menu"
    assert [(fact.number, fact.item, fact.typed) for fact in answers(made)] == [(1, "s4", "A"), (1, "s5", "A")]


def test_in_the_middle_of_another_quiz_it_is_no_answer_and_that_quiz_waits():
    made = phone("PECAHAN", "B", "Q21 AAAAAAAAAA")
    assert made.text.startswith("Q21 Sepuluh soal: 10 dari 10")
    assert made.say("LANJUT").startswith("2/3 Ibu punya 20 kue")


def test_the_code_alone_opens_the_quiz():
    assert phone("Q21").text.startswith("1/10 Berapa 4 x 3?")


def test_a_keyword_and_as_many_letters_as_questions_is_a_sheet_too():
    assert phone("SEPULUH AAAAA AAAAA").text.startswith("SEPULUH Sepuluh soal: 10 dari 10 benar.")
    assert phone("SEPULUH AAA").text.startswith("1/10")


def test_another_schools_sheet_is_not_there():
    world = SmallWorld()
    world.quiz = lambda keyword, person: None
    made = Phone(world).on("sms")
    assert made.hear(Heard("arrived", "Q21 AAAAAAAAAA")).startswith("Lembar Q21 tidak ada.")


@pytest.mark.parametrize("wrong", [0, 1, 12, 25, 50])
def test_the_reply_is_one_segment_however_many_are_wrong(wrong):
    from dataclasses import replace

    items = tuple(choice_item(f"i{n}", f"Soal {n}", ("a1", "b2", "c3"), 1) for n in range(50))
    quiz = replace(SEPULUH, title={"id": "Ulangan tengah semester tentang bilangan pecahan dan desimal"}, items=items, edition=77)
    made = Phone(SmallWorld(SITI, quizzes=(quiz,))).on("sms")
    made.hear(Heard("arrived", f"Q77 {'bc' * 25 if wrong == 50 else 'ba' * wrong + 'a' * (50 - 2 * wrong)}"))
    assert (gsm7.size(made.text).segments, f"{50 - wrong} dari 50 benar" in made.text) == (1, True)
