"""Cards are what her answers add up to, taken in once, whenever somebody looks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lessons import memory, practice
from lessons.practice_tables import PracticeAnswer
from tests.classroom import NOW, answer, publish
from tests.lessons.conftest import two_schools  # noqa: F401

ZONE = "Asia/Jakarta"
ITEMS = [(1, f"i{n}") for n in (1, 2, 3, 4)]


@pytest.fixture
def learner(two_schools, database):  # noqa: F811
    publish(database, two_schools.A.teacher)
    return two_schools.A.learner


def daily(database, learner, days=0, known=ITEMS):
    return database.step(lambda db: practice.daily(db, learner, NOW + timedelta(days=days), ZONE, known))


def cards(database, learner):
    return database.step(lambda db: practice.bring_forward(db, learner))


def test_what_was_wrong_comes_before_what_was_right(database, learner):
    answer(database, 1, learner, "rwar")
    assert daily(database, learner) == []
    assert daily(database, learner, 1) == [(1, "i2"), (1, "i3"), (1, "i1")]
    assert daily(database, learner, 20) == [(1, "i2"), (1, "i3"), (1, "i1"), (1, "i4")]


def test_answers_are_taken_in_once(database, learner):
    answer(database, 1, learner, "rrww")
    first = cards(database, learner)
    assert (cards(database, learner), sorted(first)) == (first, ITEMS)
    answer(database, 1, learner, "rrrr", number=2, at=NOW + timedelta(days=9))
    again = cards(database, learner)
    assert [again[key].stability > first[key].stability for key in ITEMS] == [True] * 4


def test_practice_is_taken_in_with_the_quizzes_in_order_of_time(database, learner):
    answer(database, 1, learner, "r")
    day = practice.day_of(NOW, ZONE)
    with database.writing() as db:
        for number, mark in enumerate(("right", "wrong"), 1):
            at = NOW + timedelta(days=4 * number)
            db.add(
                PracticeAnswer(
                    learner_id=learner, day=day + 4 * number, number=1, mode="daily", level=0, quiz_id=1, item_id="i1", typed="1",
                    mark=mark, medium="sms", answered_at=at,
                )
            )  # fmt: skip
    expected = None
    for mark, days in (("right", 0), ("right", 4), ("wrong", 8)):
        expected = memory.reviewed(expected, mark, NOW + timedelta(days=days))
    found = cards(database, learner)[1, "i1"]
    assert (round(found.stability, 6), found.due) == (round(expected.stability, 6), expected.due)


def test_a_day_has_five_at_most_and_those_done_count(database, learner):
    known = [(1, f"i{n}") for n in (1, 2, 3, 4)]
    answer(database, 1, learner, "wwww")
    with database.writing() as db:
        for number in (1, 2, 3):
            db.add(
                PracticeAnswer(
                    learner_id=learner, day=practice.day_of(NOW, ZONE) + 2, number=number, mode="daily", level=0, quiz_id=1,
                    item_id="gone", typed="1", mark="right", medium="sms", answered_at=NOW + timedelta(days=2),
                )
            )  # fmt: skip
    assert len(daily(database, learner, 2, known)) == 2


def test_an_item_that_is_published_no_more_is_not_asked(database, learner):
    answer(database, 1, learner, "wwww")
    assert daily(database, learner, 3, known=ITEMS[:2]) == ITEMS[:2]


def test_memory_is_the_same_for_the_same_answers_and_forgets():
    first = memory.reviewed(None, "right", NOW)
    assert first == memory.reviewed(None, "right", NOW)
    assert memory.chance(first, NOW) == 1.0
    assert 0.85 < memory.chance(first, first.due) < 0.95
    assert memory.reviewed(first, "wrong", NOW - timedelta(days=1)) == first
    firm = [memory.reviewed(None, mark, NOW).stability for mark in ("wrong", "almost", "right")]
    assert firm == sorted(firm)
    assert len(set(firm)) == 3
