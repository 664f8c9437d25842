from __future__ import annotations

import pytest

from lessons.course import Item
from lessons.kinds import Asked
from lessons.kinds.cloze import kind

THREE = {"id": "Akar menyerap [air] dari [tanah|bumi], daun butuh [cahaya].",
         "en": "Roots take [water] from [soil], leaves need [light]."}  # fmt: skip


def item(prompt=THREE):
    return Item("c", "cloze", prompt if isinstance(prompt, dict) else {"id": prompt}, {})


def test_the_answers_are_gaps():
    assert kind.ask(item(), "id") == Asked("Akar menyerap (1)___ dari (2)___, daun butuh (3)___.", (), "words")
    assert kind.ask(item("2 + 2 = [4]"), "id").text == "2 + 2 = ___"


@pytest.mark.parametrize(
    "typed",
    ["air; tanah; cahaya", "air, bumi, cahaya", "air tanah cahaya", "1. air 2. tanah 3. cahaya", "(1) air (2) tanah (3) cahaya",
     "Air\nTanah\nCahaya", "air/tanah/cahaya", "water; soil; light", "jawabannya air; tanah; cahaya kak"],
)  # fmt: skip
def test_all_gaps_are_right_however_they_are_parted(typed):
    assert kind.mark(item(), typed, "id").mark == "right"


@pytest.mark.parametrize(
    ("typed", "mark", "score", "n"),
    [("air;-;cahaya", "almost", 66, 2), ("api; tanah; cahaya", "almost", 66, 2), ("air; x; y", "wrong", 33, 1),
     ("x; y; z", "wrong", 0, 0),
     ("aer; tnah; chaya", "almost", 50, 3)],
)  # fmt: skip
def test_each_gap_counts(typed, mark, score, n):
    found = kind.mark(item(), typed, "id")
    assert (found.mark, found.score, found.facts["n"]) == (mark, score, n)


@pytest.mark.parametrize("typed", ["air", "air; tanah", "a; b; c; d", "", "...", "tidak tahu"])
def test_too_many_or_too_few_are_asked_again(typed):
    assert kind.mark(item(), typed, "id").mark is None


def test_numbers_in_gaps_are_numbers():
    marks = [
        kind.mark(item("2 + 2 = [4], 1/2 = [0,5]"), typed, "id").mark for typed in ("4; 0,5", "empat; 0.5", "4, 0,5", "4 0,5")
    ]
    assert marks == ["right"] * 4
    assert kind.mark(item("2 + 2 = [14]"), "41", "id").mark == "wrong"


def test_what_stops_a_teacher_is_named_at_its_field():
    def found(prompt):
        return [p.where for p in kind.problems(item(prompt)) if p.stops]

    assert found(THREE) == []
    assert found("Tanpa rumpang") == ["prompt"]
    assert found("Kosong [] di sini") == ["prompt"]
    assert found("Tidak ditutup [air dan [api]") == ["prompt"]
    assert found({"id": "[a] dan [b]", "en": "[a]"}) == ["prompt.en"]
    assert found("".join(f"[{n}] " for n in range(7))) == ["prompt"]
