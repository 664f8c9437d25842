from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.mastery import Criterion, is_finished, ladder, next_level, pick, placed_at
from tests.learners import MTK4, PECAHAN, replace

marks = st.text("01", max_size=30)


@pytest.mark.parametrize(
    ("said", "right", "of"),
    [("3/4", 3, 4), ("5/5", 5, 5), ("", 3, 4), ("4/3", 3, 4), ("0/4", 3, 4), ("x", 3, 4), ("1/99", 3, 4), ("٣/٤", 3, 4)],
)
def test_a_criterion_is_read_or_is_the_usual_one(said, right, of):
    assert Criterion.read(said) == Criterion(right, of)


@pytest.mark.parametrize(
    ("given", "met"), [("", False), ("11", False), ("111", True), ("1101", True), ("1110000", False), ("0001101", True)]
)
def test_three_of_the_last_four(given, met):
    assert Criterion().is_met(given) is met


@given(st.integers(1, 60))
def test_five_hits_end_on_top_and_five_misses_at_the_bottom(rungs):
    assert (placed_at(rungs, "11111"), placed_at(rungs, "00000")) == (rungs, 1)


@given(st.integers(1, 60), marks)
def test_she_is_always_placed_on_a_rung_that_is_there(rungs, given):
    assert 1 <= placed_at(rungs, given) <= rungs


@given(st.integers(1, 60), st.text("01", min_size=4, max_size=4))
def test_a_hit_never_places_her_lower_than_a_miss(rungs, given):
    assert placed_at(rungs, given + "1") >= placed_at(rungs, given + "0")


@pytest.mark.parametrize(
    ("level", "run", "mastered", "following"),
    [
        (3, "0", [False] * 5, (3, "0")),
        (3, "00", [False] * 5, (2, "")),
        (1, "00", [False] * 5, (1, "00")),
        (3, "11", [False] * 5, (3, "11")),
        (3, "111", [False] * 5, (4, "")),
        (3, "0111", [False, False, True, True, False], (5, "")),
        (5, "111", [True, False, True, True, True], (2, "")),
        (5, "111", [True] * 5, (5, "111")),
        (3, "1101", [False, False, True, False, False], (4, "")),
    ],
)
def test_easier_after_two_misses_and_harder_after_three_hits(level, run, mastered, following):
    assert next_level(level, run, 5, mastered, 1) == following


@given(st.integers(1, 9), marks, st.lists(st.booleans(), min_size=9, max_size=9), st.integers(1, 9))
def test_the_next_rung_is_always_there(level, run, mastered, placed):
    following, left = next_level(level, run, 9, mastered, placed)
    assert 1 <= following <= 9
    assert run.endswith(left)


def test_what_lies_below_her_placing_is_taken_as_known():
    assert [is_finished(m, 2) for m in ([False, True, True], [True, True, False], [])] == [True, False, False]


def test_items_stand_where_they_say_or_where_their_place_in_the_quiz_puts_them():
    first, second, third = PECAHAN.items
    assert [rung.items for rung in ladder(MTK4, [PECAHAN])] == [((11, "p1"), (11, "p2")), ((11, "p3"),)]
    moved = replace(PECAHAN, items=(replace(first, lesson="l2"), replace(second, level=1), replace(third, level=9)))
    assert [rung.items for rung in ladder(MTK4, [moved])] == [((11, "p2"),), ((11, "p1"), (11, "p3"))]
    assert ladder(MTK4, []) == ()


def test_a_rung_without_items_is_none():
    only = replace(PECAHAN, items=(replace(PECAHAN.items[0], lesson="l2"),))
    assert [rung.level for rung in ladder(MTK4, [only])] == [1]


@given(
    st.lists(st.tuples(st.integers(1, 5), st.text("ab", min_size=1, max_size=2)), min_size=1, unique=True), st.text(max_size=5)
)
def test_every_item_comes_before_one_comes_twice(items, seed):
    asked: list[tuple[int, str]] = []
    for _ in items:
        asked.append(pick(items, seed, asked))
    assert sorted(asked) == sorted(items)
    assert pick(items, seed) == pick(items, seed)
