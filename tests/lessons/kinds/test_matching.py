from __future__ import annotations

import pytest

from lessons.course import Item
from lessons.kinds.matching import kind


def item(lefts=("Akar", "Daun", "Batang"), rights=("menyerap air", "memasak", "menopang", "berenang")):
    return Item("t1", "matching", {"id": "Pasangkan."}, {"matches": [{"id": r} for r in rights]}, tuple({"id": t} for t in lefts))


def test_left_sides_are_in_the_question_and_right_ones_shuffled_below():
    asked = kind.ask(item(), "id")
    assert (asked.text, [c.label for c in asked.choices]) == (
        "Pasangkan. Urut: Akar, Daun, Batang", ["menopang", "memasak", "berenang", "menyerap air"],
    )  # fmt: skip


@pytest.mark.parametrize(
    "typed",
    ["DBA", "d b a", "421", "4,2,1", "1D 2B 3A", "3a 1d 2b", "1d2b3a", "1=D 2=B 3=A", "1. d 2. b 3. a", "14 22 31",
     "akar=menyerap air; daun=memasak; batang=menopang", "Akar=menyerap air; Daun=memasak; Batang=menopang"],
)  # fmt: skip
def test_the_right_pairs_are_right_however_they_are_written(typed):
    assert kind.mark(item(), typed, "id").mark == "right"


@pytest.mark.parametrize(("typed", "score"), [("DAB", 33), ("DBC", 66), ("ABC", 33), ("BAC", 0)])
def test_each_pair_counts(typed, score):
    found = kind.mark(item(), typed, "id")
    assert (found.score, found.mark) == (score, "almost" if score >= 50 else "wrong")


@pytest.mark.parametrize("typed", ["DB", "DBAC", "1D 2B", "1D 1B 3A", "1D 2B 4A", "akar=memasak", "", "x", "bukan dba"])
def test_what_pairs_not_everything_once_is_asked_again(typed):
    assert kind.mark(item(), typed, "id").mark is None


def test_two_left_sides_may_share_a_right_one():
    both = item(("Ayam", "Bebek", "Kucing"), ("bertelur", "bertelur", "beranak"))
    assert len(kind.ask(both, "id").choices) == 2
    shown = kind.mark(both, "", "id").right
    assert (shown, kind.mark(both, shown, "id").mark) == ("Ayam=bertelur; Bebek=bertelur; Kucing=beranak", "right")


def test_what_stops_a_teacher_is_named_at_its_field():
    def found(it):
        return [p.where for p in kind.problems(it) if p.stops]

    assert found(item()) == []
    assert found(item(rights=("a", "b"))) == ["matches.2"]
    assert found(item(rights=("sama", "sama", "sama"))) == ["matches"]
    assert found(item(lefts=("Akar",), rights=("x", "y"))) == ["choices"]
    assert found(item(rights=("a=b", "c", "d"))) == ["matches.0"]
