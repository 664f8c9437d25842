from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.course import Item, Quiz, quiz_from_json, quiz_to_json
from lessons.dialogue import happenings as h
from lessons.dialogue.drawing import drawn
from lessons.dialogue.scenes import scenes
from lessons.dialogue.scenes.question import start
from lessons.dialogue.state import Going, Place
from tests.learners import NOW, SITI, SmallWorld
from tests.lessons.dialogue.scenes.test_scenes import here


def bank(count=10, **rules):
    items = tuple(Item(f"b{n}", "number", {"id": f"{n} + 0 = ?"}, {"number": str(n)}) for n in range(count))
    return Quiz("BANK", {"id": "Bank"}, items, id=9, edition=91, **rules)


def ids(quiz):
    return [item.id for item in quiz.items]


def test_all_in_their_order_is_the_quiz_itself():
    quiz = bank()
    assert drawn(quiz, 1, 1) is quiz
    assert drawn(replace(quiz, draw=99), 1, 1).items == quiz.items


def test_a_draw_is_known_for_ever():
    # these two lines were written down when the rule was made: attempts that have begun rely on it
    assert ids(drawn(bank(draw=4), 7, 1)) == ["b3", "b4", "b5", "b9"]
    assert ids(drawn(bank(draw=4, shuffle=True), 7, 1)) == ["b3", "b9", "b5", "b4"]


@given(st.integers(1, 30), st.integers(0, 40), st.booleans(), st.integers(1, 10**6), st.integers(1, 50))
def test_a_draw_is_some_of_the_items_once_each(count, draw, shuffle, learner, number):
    quiz = bank(count, draw=draw, shuffle=shuffle)
    got = drawn(quiz, learner, number)
    assert (len(got.items), len(set(ids(got)))) == (quiz.asked, quiz.asked)
    assert set(ids(got)) <= set(ids(quiz))
    assert drawn(quiz, learner, number) == got == drawn(got, learner, number)
    if not shuffle:
        assert ids(got) == sorted(ids(got), key=ids(quiz).index)


def test_every_item_and_every_place_is_as_likely_as_another():
    times = Counter(ids(drawn(bank(draw=3, shuffle=True), learner, 1))[0] for learner in range(5000))
    assert (len(times), min(times.values()) > 400, max(times.values()) < 600) == (10, True, True)


def test_the_rules_survive_json_and_their_absence_leaves_no_trace():
    quiz = bank(draw=3, shuffle=True, closes_at=NOW, late_until=NOW + timedelta(days=1), late_down=20, licence="cc-by")
    quiz = replace(quiz, credits=("Bu Ani",))
    assert quiz_from_json(quiz_to_json(quiz), id=9, edition=91) == quiz
    assert sorted(set(quiz_to_json(quiz)) - set(quiz_to_json(bank()))) == [
        "credits", "draw", "late_down", "late_until", "licence", "shuffle",
    ]  # fmt: skip


def at(place, quiz, now=NOW):
    world = SmallWorld(SITI, quizzes=(quiz,))
    world.now = now
    return here(place, world=world)


def hear(quiz, said, now=NOW, at_item=0):
    return scenes()["question"].hear(at(Place("question", going=Going(9, 91, 1, at=at_item)), quiz, now), said)


def test_what_was_drawn_is_asked_and_then_it_ends():
    quiz = bank(draw=2, shuffle=True)
    first, second = drawn(quiz, SITI.id, 1).items
    shown = scenes()["question"].show(at(Place("question", going=Going(9, 91, 1)), quiz))
    assert shown.text == f"1/2 {first.prompt['id']}"
    step = hear(quiz, first.key["number"])
    assert [type(fact).__name__ for fact in step.happenings] == ["Answered"]
    assert (step.happenings[0].item, step.happenings[0].mark) == (first.id, "right")
    step = hear(quiz, second.key["number"], at_item=1)
    assert [type(fact).__name__ for fact in step.happenings] == ["Answered", "AttemptFinished"]
    assert step.state.place.facts == {"edition": 91, "right": 1, "total": 2}


LATE = bank(closes_at=NOW, late_until=NOW + timedelta(days=1), late_down=30)


@pytest.mark.parametrize(
    ("minutes", "score"), [(-1, 100), (0, 70), (60 * 24 - 1, 70), (60 * 24, None)], ids=["in time", "late", "last", "over"]
)
def test_a_late_answer_loses_what_the_quiz_says_until_nothing_is_taken(minutes, score):
    step = hear(LATE, "0", NOW + timedelta(minutes=minutes))
    facts = [fact for fact in step.happenings if isinstance(fact, h.Answered)]
    assert [fact.score for fact in facts] == ([] if score is None else [score])
    assert [fact.mark for fact in facts] == ([] if score is None else ["right"])


def test_one_who_begins_late_is_told_so():
    assert start(at(Place("menu"), LATE, NOW), LATE).lead == "Terlambat: nilai dikurangi 30%."
    assert start(at(Place("menu"), LATE, NOW - timedelta(minutes=1)), LATE).lead == ""
