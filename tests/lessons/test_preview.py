from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import gsm7
from lessons.course import Course, Item, Lesson, Quiz
from lessons.dialogue.engine import take_turn
from lessons.dialogue.state import Place, State
from lessons.dialogue.turn import Heard
from lessons.kinds import kinds
from lessons.preview import Preview, lesson_messages, lesson_screens, lesson_spoken
from lessons.preview_world import PreviewWorld
from lessons.render import sms, ussd, voice
from tests.classroom import QUIZ, with_item
from tests.examples import examples


def phrases(language):
    return lambda text, **values: text % values if values else text


def drawn(quiz=QUIZ, **more):
    return Preview(quiz, phrases, **more)


def texts(screens):
    return [screen.text for screen in screens]


def test_a_question_is_drawn_as_it_is_asked():
    asked = drawn().item(0)
    assert texts(asked.question) == ["1/4 Apa yang menyerap air dari tanah?\n1. Akar\n2. Batang\n3. Daun\n00.Menu"]
    assert (asked.question[0].used, asked.question[0].limit, asked.whole) == (71, 160, None)
    assert asked.message.text == "1/4 Apa yang menyerap air dari tanah?\nA. Akar\nB. Batang\nC. Daun"
    assert (asked.message.units, asked.message.segments) == (63, 1)


def test_both_verdicts_stand_before_the_next_question():
    asked = drawn().item(0)
    following = "2/4 Berapa kg 2,5 kg dan 750 g?"
    assert texts(asked.right) == [f"Benar! Akar menyerap air dan mineral.\n{following}\n00.Menu"]
    assert texts(asked.wrong) == [f"Salah. Jawaban: Akar. Akar menyerap air dan mineral.\n{following}\n00.Menu"]
    assert asked.wrong_message.text == f"Salah. Jawaban: Akar. Akar menyerap air dan mineral.\n{following}"


@pytest.mark.parametrize("at", range(len(QUIZ.items)))
def test_every_kind_has_both_verdicts(at):
    asked = drawn().item(at)
    assert (asked.right[0].text.split("!")[0], asked.wrong[0].text.split(".")[0]) == ("Benar", "Salah")


def test_after_the_last_question_comes_the_result():
    assert "3 dari 4 benar" in drawn().item(3).wrong[0].text


def test_a_question_without_an_answer_has_no_verdict_yet():
    asked = drawn(with_item(key={})).item(0)
    assert (asked.right, asked.wrong, asked.right_message, asked.wrong_message) == ((), (), None, None)


def test_what_does_not_fit_is_marked_at_the_very_character():
    asked = drawn(with_item(prompt={"id": "a" * 200})).item(0)
    (fits, none), (over, what) = asked.whole.pieces
    assert (len(fits), none, over[:3], what) == (160, "", "aaa", "over")
    assert (asked.whole.used, asked.whole.limit) == (230, 160)
    assert len(asked.question) > 1
    assert all(screen.used <= 160 for screen in asked.question)


def test_a_line_that_holds_less_is_drawn_with_less():
    assert {screen.limit for screen in drawn(septets=80).item(0).question} == {80}


def test_a_sign_that_phones_lack_is_marked_and_makes_the_screen_small():
    screen = drawn(with_item(prompt={"id": "Apa ini 🌱?"}, choices=({"id": "a"}, {"id": "b"}))).item(0).question[0]
    assert (screen.limit, screen.encoding, [piece for piece in screen.pieces if piece[1]]) == (70, "ucs2", [("🌱", "odd")])


def test_what_can_be_rewritten_is_not_odd():
    screen = drawn(with_item(prompt={"id": "Berapa 3 × 4?"})).item(0).question[0]
    assert (screen.encoding, "3 x 4" in screen.text) == ("gsm7", True)


def test_a_second_segment_is_marked():
    message = drawn(with_item(prompt={"id": "b" * 200})).item(0).message
    assert (message.segments, len(message.pieces[0][0]), message.pieces[1][1]) == (2, gsm7.PART["gsm7"], "over")


def test_ten_questions_cost_eleven_segments():
    quiz = replace(QUIZ, items=tuple(replace(QUIZ.items[0], id=f"q{n}") for n in range(10)))
    totals = drawn(quiz).totals()
    assert (totals.messages, totals.segments) == (11, 11)


def test_the_dearer_verdict_counts():
    long = "Ini penjelasan yang panjang sekali. " * 4
    quiz = Quiz("A2", {"id": "A"}, (Item("x", "number", {"id": "c" * 170}, {"number": "3"}, (), {"id": long}),))
    assert drawn(quiz).totals() == type(drawn(quiz).totals())(2, 3)


def test_it_speaks_the_language_asked_for():
    quiz = with_item(prompt={"id": "Apa?", "en": "What?"})
    assert drawn(quiz, language="en").item(0).question[0].text.startswith("1/4 What?")


def test_a_lesson_is_drawn_screen_by_screen():
    course = Course("IPA5", {"id": "IPA"}, (Lesson("a", {"id": "Daun"}, {"id": "Daun membuat makanan. " * 20}),))
    screens = lesson_screens(course, "a", phrases)
    assert (len(screens), all(screen.used <= screen.limit for screen in screens)) == (4, True)
    assert screens[0].text.startswith("Daun\nDaun membuat makanan.")


words = st.text(max_size=60) | st.text("aéñ{}€\n .", max_size=220) | st.just("x" * 300)


@settings(max_examples=examples(15), deadline=None)
@given(st.sampled_from(sorted(kinds())), words, st.lists(words, max_size=6), words, st.text(max_size=6))
def test_no_draft_is_too_odd_to_be_drawn(kind, prompt, choices, why, key):
    held = {"right": 1, "number": key, "tolerance": key, "unit": key, "accepted": [key]}
    item = Item("x", kind, {"id": prompt}, held, tuple({"id": text} for text in choices), {"id": why})
    preview = drawn(Quiz("A2", {"id": prompt}, (item, QUIZ.items[1])))
    for at in range(2):
        asked = preview.item(at)
        assert all(screen.used <= screen.limit for screen in (*asked.question, *asked.right, *asked.wrong))
    assert preview.totals().messages == 3


def test_a_lessons_pages_are_those_that_turning_them_gives():
    text = "Semua makhluk hidup bernapas dengan caranya sendiri. " * 14 + "\n\nPendek." + "x" * 300
    course = Course("A1", {"id": "A"}, (Lesson("a", {"id": "Judul"}, {"id": text}), Lesson("b", {"id": "Dua"}, {"id": "x"})))
    for budget, mine in (
        (ussd.budget(), [s.text for s in lesson_screens(course, "a", phrases)]),
        (sms.budget(), [m.text for m in lesson_messages(course, "a", phrases)]),
        (voice.budget(), list(lesson_spoken(course, "a", phrases))),
    ):
        world = PreviewWorld(phrases, "id", course=course)
        state = State(who=1, places={"1": Place("lesson", {"course": "A1", "lesson": "a"})}, medium=budget.medium)
        heard, turned = Heard("silent"), []
        while True:
            turn = take_turn(state, heard, world, budget)
            turned.append(budget.draw(turn.prompt))
            state, heard = turn.state, Heard("said", "9")
            if not any(move.key == "9" for move in turn.prompt.moves):
                break
        assert mine == turned
