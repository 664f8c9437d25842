"""A whole quiz in one message: one attempt, each item marked once, one reply of one segment."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core import gsm7
from lessons.dialogue import happenings as h
from lessons.dialogue.sheets import right, sheet
from lessons.dialogue.state import State
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
        ("Q21 AAAAAAAAAE",
         "Q21: jawaban nomor 10 tidak terbaca, pilihannya A, B, C. Belum ada yang dinilai; kirim lagi.\n00.Menu"),
        ("Q21 AAAAA AAAAA AA",
         "Q21: ada 12 jawaban untuk 10 soal. Belum ada yang dinilai; kirim lagi, beri - untuk yang kosong.\n00.Menu"),
        ("Q21 1A 1B", "Q21: nomor 1 tertulis dua kali. Belum ada yang dinilai; kirim lagi.\n00.Menu"),
        ("Q21 1A 11B", "Q21: nomor 11 tidak ada, soalnya 10. Belum ada yang dinilai; kirim lagi.\n00.Menu"),
        ("q21 8... 9... 10...",
         "Q21: ada 0 jawaban untuk 10 soal. Belum ada yang dinilai; kirim lagi, beri - untuk yang kosong.\n00.Menu"),
        ("SEPULUH 1A 2E",
         "SEPULUH: jawaban nomor 2 tidak terbaca, pilihannya A, B, C. Belum ada yang dinilai; kirim lagi.\n00.Menu"),
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
    assert made.text == "Q51 Ujian: 2 dari 2 benar. Sudah dijawab: 1.\n00.Menu"
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
    items = tuple(choice_item(f"i{n}", f"Soal {n}", ("a1", "b2", "c3"), 1) for n in range(50))
    quiz = replace(SEPULUH, title={"id": "Ulangan tengah semester tentang bilangan pecahan dan desimal"}, items=items, edition=77)
    made = Phone(SmallWorld(SITI, quizzes=(quiz,))).on("sms")
    made.hear(Heard("arrived", f"Q77 {'bc' * 25 if wrong == 50 else 'ba' * wrong + 'a' * (50 - 2 * wrong)}"))
    assert (gsm7.size(made.text).segments, f"{50 - wrong} dari 50 benar" in made.text) == (1, True)


# Parts of a paper: what a message does not name stays open.


def finished(phone):
    return sum(isinstance(fact, h.AttemptFinished) for fact in phone.world.happenings)


def test_what_is_not_named_stays_open_and_the_reply_says_how_to_send_it():
    made = phone("Q21 1A 2A 3B 4A 5A 6A 7A")
    assert made.text == (
        "Q21 Sepuluh soal: 7 dari 10 dijawab, 6 benar. Salah: 3=A. Kurang: 8-10. Kirim: Q21 8... 9... 10...\n00.Menu"
    )
    assert (len(answers(made)), finished(made), gsm7.size(made.text).segments) == (7, 0, 1)


@pytest.mark.parametrize("second", ["Q21 8A 9B 10A", "q21 8...a 9...b 10...a", "Q21 ABA", "Q21 10A 9B 8A"])
def test_a_second_message_completes_it(second):
    made = phone("Q21 1A 2A 3B 4A 5A 6A 7A", second)
    assert made.text == "Q21 Sepuluh soal: 8 dari 10 benar. Salah: 3=A, 9=A.\n00.Menu"
    assert (len(answers(made)), finished(made), {fact.number for fact in answers(made)}) == (10, 1, {1})


def test_a_part_sent_again_is_no_second_answer_and_a_changed_one_is_told():
    made = phone("Q21 1A 2B", "Q21 1A 2B")
    assert made.text == (
        "Q21 Sepuluh soal: 2 dari 10 dijawab, 1 benar. Salah: 2=A. Kurang: 3-10. Kirim: Q21 3... 4... 5...\n00.Menu"
    )
    made.say("Q21 1B 2A 3A")
    assert made.text == (
        "Q21 Sepuluh soal: 3 dari 10 dijawab, 2 benar. Salah: 2=A. Sudah dijawab: 1, 2. Kurang: 4-10. "
        "Kirim: Q21 4... 5... 6...\n00.Menu"
    )
    assert [(fact.item, fact.typed) for fact in answers(made)] == [("s4", "A"), ("s5", "B"), ("s6", "A")]


def test_a_whole_paper_sent_again_is_the_same_attempt():
    made = phone("Q21 AAAAA AAABA", "Q21 aaaaaaaaba")
    assert made.text == "Q21 Sepuluh soal: 9 dari 10 benar. Salah: 9=A.\n00.Menu"
    assert (len(answers(made)), finished(made)) == (10, 1)
    made.say("Q21 AAAAA AAAAA")
    assert (len(answers(made)), finished(made)) == (20, 2)


def test_the_same_answers_a_day_later_are_another_attempt():
    made = phone("Q21 AAAAA AAABA")
    made.world.now += timedelta(hours=25)
    made.say("Q21 AAAAA AAABA")
    assert (len(answers(made)), finished(made)) == (20, 2)


def test_a_dash_leaves_one_empty_for_good():
    made = phone("Q21 AAAA- AAAAA")
    assert (made.text, finished(made)) == ("Q21 Sepuluh soal: 9 dari 10 benar. Kosong: 5.\n00.Menu", 1)


def test_what_is_open_is_asked_on_a_screen_too():
    made = phone("Q21 1A 3A 4A 5A 6A 7A 8A 9A 10A")
    assert "Kurang: 2. Kirim: Q21 2..." in made.text
    assert made.say("LANJUT").startswith("2/10 Berapa 5 x 3?")
    assert made.say("A").startswith("Benar! 5 x 3 = 15.\nSepuluh soal selesai! 10 dari 10 benar.")
    assert (len(answers(made)), finished(made)) == (10, 1)


def test_by_keys_the_open_ones_are_one_key_away():
    made = Phone(SmallWorld())
    made.dial()
    assert made.say("Q21 1A 2A").endswith("\n1. Lanjut\n00.Menu")
    assert made.say("1").startswith("3/10 Berapa 6 x 3?")


def test_where_she_stopped_is_found_among_the_records():
    made = phone("Q21 2A 4A")
    made.state = State()
    assert made.say("SEPULUH").startswith("1/10")
    assert made.say("A").startswith("Benar! 4 x 3 = 12.\n3/10")


def test_a_keyword_and_numbers_are_a_part_too():
    made = phone("SEPULUH 1A 2A")
    assert made.text.startswith("SEPULUH Sepuluh soal: 2 dari 10 dijawab, 2 benar. Kurang: 3-10. Kirim: SEPULUH 3...")
    assert made.say("SEPULUH AAAAAAAB").startswith("SEPULUH Sepuluh soal: 9 dari 10 benar. Salah: 10=A.")


def test_a_part_of_a_variant_names_its_own_numbers():
    entries = sheet(SEPULUH, "B")
    made = phone(f"Q21B 1{right(entries[0], 'id')}")
    assert made.text.startswith("Q21B Sepuluh soal: 1 dari 10 dijawab, 1 benar. Kurang: 2-10. Kirim: Q21B 2... 3... 4...")
    assert [(fact.item, fact.typed, fact.sheet) for fact in answers(made)] == [(entries[0].item.id, "A", "B")]


def test_a_part_before_the_closing_is_not_gone_on_with_after_it():
    made = phone("Q51 1A")
    made.world.now += timedelta(hours=3)
    assert made.say("Q51 2A") == "Kuis Ujian ditutup Sen 23/11 11.10 WITA.\n00.Menu"
    assert len(answers(made)) == 1


def test_a_paper_that_draws_its_own_items_is_the_attempt():
    bank = replace(SEPULUH, draw=4, edition=88)
    entries = sheet(bank, "C")
    key = [right(entry, "id") for entry in entries]
    made = Phone(SmallWorld(SITI, quizzes=(bank,))).on("sms")
    made.hear(Heard("arrived", f"Q88C 1{key[0]} 3{key[2]}"))
    assert made.say("LANJUT").split("\n")[0] == f"2/4 {entries[1].item.prompt['id']}"
    made.say("A")
    made.state = State()
    assert made.say("SEPULUH").split("\n")[0] == f"4/4 {entries[3].item.prompt['id']}"
    assert made.say(f"Q88C 4{key[3]}").startswith("Q88C Sepuluh soal: 4 dari 4 benar.")
    assert (len(answers(made)), finished(made)) == (4, 1)


def test_a_paper_of_other_items_does_not_mix_with_what_was_drawn_for_her():
    bank = replace(SEPULUH, draw=4, edition=88)
    made = Phone(SmallWorld(SITI, quizzes=(bank,))).on("sms")
    made.hear(Heard("arrived", "SEPULUH"))
    made.say("A")
    assert made.say("Q88 AAAA").startswith("Kamu sedang mengerjakan kuis ini dengan soal lain. Kirim LANJUT")
    assert len(answers(made)) == 1


def test_a_misspelt_word_is_told_apart():
    made = phone("Q11 B 0 pembilan")
    assert made.text == "Q11 Pecahan: 2 dari 3 benar, 1 hampir.\n00.Menu"


@pytest.mark.parametrize("wrong", [0, 10, 30])
def test_a_part_is_one_segment_too(wrong):
    items = tuple(choice_item(f"i{n}", f"Soal {n}", ("a1", "b2", "c3"), 1) for n in range(50))
    quiz = replace(SEPULUH, title={"id": "Ulangan tengah semester tentang bilangan pecahan dan desimal"}, items=items, edition=77)
    made = Phone(SmallWorld(SITI, quizzes=(quiz,))).on("sms")
    said = " ".join(f"{n}{'B' if n <= 2 * wrong else 'A'}" for n in range(1, 50, 2))
    made.hear(Heard("arrived", f"Q77 {said}"))
    assert (gsm7.size(made.text).segments, "25 dari 50 dijawab" in made.text, "Kirim: Q77 2..." in made.text) == (1, True, True)
