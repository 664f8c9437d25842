from __future__ import annotations

import pytest

from lessons.course import Item
from lessons.kinds import Verdict
from lessons.kinds.multiple_response import kind


def item(rights=(1, 3), options=("Padi", "Ayam", "Jagung", "Sapi")):
    return Item("m", "multiple_response", {"id": "Mana tumbuhan?"}, {"rights": list(rights)}, tuple({"id": o} for o in options))


@pytest.mark.parametrize(
    "typed",
    ["AC", "ac", "a,c", "A C", "c a", "1 3", "13", "31", "1,3", "a dan c", "A & C", "(a) (c)", "jawabannya a dan c kak",
     "padi, jagung", "padi dan jagung", "padi jagung", "a,c terima kasih", "1 dan 3 bu", "Padi, Jagung"],
)  # fmt: skip
def test_all_the_right_ones_are_right_however_they_are_written(typed):
    assert kind.mark(item(), typed, "id") == Verdict("right", 100, "Padi, Jagung")


@pytest.mark.parametrize(
    ("typed", "mark", "score", "told"),
    [
        ("A", "almost", 50, "1 dari 2 benar."), ("ABC", "almost", 50, "2 dari 2 benar, 1 tidak tepat."),
        ("AB", "wrong", 0, "1 dari 2 benar, 1 tidak tepat."), ("ABCD", "wrong", 0, "2 dari 2 benar, 2 tidak tepat."),
        ("BD", "wrong", 0, ""), ("b", "wrong", 0, ""),
    ],
)  # fmt: skip
def test_each_right_one_counts_and_each_wrong_one_takes_away(typed, mark, score, told):
    found = kind.mark(item(), typed, "id")
    assert (found.mark, found.score, found.why % found.facts) == (mark, score, told)


@pytest.mark.parametrize("typed", ["a atau c", "bukan a", "AA", "AE", "x", "", "semua", "tidak tahu", "ac bukan b", "5", "1^3"])
def test_what_is_no_choice_is_asked_again(typed):
    assert kind.mark(item(), typed, "id").mark is None


def test_what_stops_a_teacher_is_named_at_its_field():
    def found(it):
        return [p.where for p in kind.problems(it) if p.stops]

    assert found(item()) == []
    assert found(item(rights=())) == ["rights"]
    assert found(item(rights=(1, 2, 3, 4))) == ["rights"]
    assert found(item(options=("Padi", "Ayam"), rights=(1,))) == ["choices"]
    assert found(item(options=("Padi", "padi", "Ayam"))) == ["choices.1"]
    assert found(item(options=("3", "1", "Ayam"))) == ["choices"]
