from __future__ import annotations

import pytest

from lessons.course import Item
from lessons.kinds._several import shuffled
from lessons.kinds.ordering import kind

STEPS = ("Telur", "Ulat", "Kepompong", "Kupu-kupu")
ITEM = Item("o1", "ordering", {"id": "Urutkan"}, {}, tuple({"id": text} for text in STEPS))


def letters(*texts):
    shown = {choice.label: choice.letter for choice in kind.ask(ITEM, "id").choices}
    return "".join(shown[text] for text in texts)


def test_it_is_shown_in_one_order_that_is_never_the_right_one():
    assert [c.label for c in kind.ask(ITEM, "id").choices] == ["Kupu-kupu", "Ulat", "Telur", "Kepompong"]
    assert [name for name in map(str, range(300)) if shuffled(name, 3) == [0, 1, 2]] == []


@pytest.mark.parametrize("typed", ["CBDA", "c b d a", "3241", "3 2 4 1", "c,b,d,a", "telur, ulat, kepompong, kupu-kupu",
                                   "telur -> ulat -> kepompong -> kupu-kupu", "jawabannya cbda kak"])  # fmt: skip
def test_the_right_order_is_right_however_it_is_written(typed):
    assert letters(*STEPS) == "CBDA"
    assert kind.mark(ITEM, typed, "id").mark == "right"


@pytest.mark.parametrize(("typed", "mark", "score", "n"), [("CBAD", "almost", 50, 2), ("BCDA", "almost", 50, 2),
                                                           ("CADB", "almost", 50, 2),
                                                           ("ABCD", "wrong", 25, 1), ("ADBC", "wrong", 0, 0)])  # fmt: skip
def test_each_in_its_place_counts(typed, mark, score, n):
    found = kind.mark(ITEM, typed, "id")
    assert (found.mark, found.score, found.facts.get("n")) == (mark, score, n)


@pytest.mark.parametrize("typed", ["CBD", "CBDAA", "CCDA", "telur, ulat", "", "x", "bukan cbda", "tidak tahu", "12345"])
def test_what_is_no_order_is_asked_again(typed):
    assert kind.mark(ITEM, typed, "id").mark is None
