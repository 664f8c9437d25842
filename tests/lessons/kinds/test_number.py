from __future__ import annotations

import pytest

from lessons.course import Item
from lessons.kinds import Asked, Verdict
from lessons.kinds.number import kind


def item(number, tolerance="", unit="", prompt="Berapa?"):
    return Item("1", "number", {"id": prompt}, {"number": number, "tolerance": tolerance, "unit": unit})


def found(item):
    return [p.where for p in kind.problems(item) if p.stops]


def test_a_number_is_wanted():
    assert kind.ask(item("1"), "id") == Asked("Berapa?", (), "number")


@pytest.mark.parametrize(
    ("key", "indonesian", "english"),
    [
        (item("12,5", unit="km"), "12,5 km", "12.5 km"), (item("1/2"), "1/2", "1/2"), (item("25", unit="%"), "25%", "25%"),
        (item("25%"), "25%", "25%"), (item("15.000", unit="Rp"), "Rp 15.000", "Rp 15,000"), (item("-3"), "-3", "-3"),
        (item("3", unit="apel"), "3 apel", "3 apel"), (item(7), "7", "7"), (item(12.5), "12,5", "12.5"),
    ],
)  # fmt: skip
def test_the_right_answer_is_shown_with_its_unit(key, indonesian, english):
    assert [kind.mark(key, "999", language) for language in ("id", "en")] == [
        Verdict("wrong", 0, indonesian),
        Verdict("wrong", 0, english),
    ]


def test_an_unknown_unit_takes_no_other_measure():
    marks = [kind.mark(item("3", unit="apel"), typed, "id").mark for typed in ("3", "3 apel", "3 buah", "3 kg")]
    assert marks == ["right", "right", "right", "wrong"]


def test_what_stops_a_teacher_is_named_at_its_field():
    assert found(item("1.500", "0,5", "km")) == []
    assert found(item("")) == ["number"]
    assert found(item("dua atau tiga")) == ["number"]
    assert found(item("5", "banyak")) == ["tolerance"]
    assert found(item("5", "-1")) == ["tolerance"]
    assert found(item("5", "", "x" * 21)) == ["unit"]
    assert found(item("5", prompt="")) == ["prompt"]
