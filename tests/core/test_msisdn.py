from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import msisdn
from core.problems import Refused


@pytest.mark.parametrize(
    "typed",
    ["0812-3456-7890", "+62 (0)812 3456 7890", "6281234567890", "62081234567890", "+62081234567890", "08.12.34.56.78.90",
     "０８１２３４５６７８９０", "+6281234567890", " 0812 3456 7890 "],
)  # fmt: skip
def test_read_takes_every_way_to_write_a_number(typed):
    assert msisdn.read(typed) == "+6281234567890"


def test_read_takes_what_a_network_says():
    assert msisdn.read("+254711000111") == "+254711000111"


def test_read_takes_another_region():
    assert msisdn.read("0788383383", "RW") == "+250788383383"


@pytest.mark.parametrize("typed", ["", "MTN", "*123#", "12", "1" * 79, "PRIZES", "+0", "²²²²²²²²²"])
def test_read_refuses_what_is_no_number(typed):
    with pytest.raises(Refused):
        msisdn.read(typed)


@given(st.text(max_size=60))
def test_read_never_breaks(typed):
    try:
        read = msisdn.read(typed)
    except Refused:
        return
    assert read.startswith("+")
    assert read[1:].isascii()
    assert read[1:].isdigit()


@given(st.from_regex(r"\A(\+?62|0|)[ -]?[0-9]([ -]?[0-9]){5,13}\Z"))
def test_an_indonesian_number_is_read_as_its_plan_would(typed):
    try:
        found = msisdn.read(typed)
    except Refused:
        found = None
    try:
        by_plan = msisdn._by_plan(typed, "ID")
    except Refused:
        by_plan = None
    assert found == (typed if re.fullmatch(r"\+[1-9][0-9]{7,14}", typed) and not typed.startswith("+620") else by_plan)


def test_a_landline_is_not_mobile():
    assert [msisdn.is_mobile(n) for n in ("+62215551234", "+6281234567890")] == [False, True]


def test_masked_shows_three_digits():
    assert msisdn.masked("+6281234567890") == "•••••••••••890"


@pytest.mark.parametrize("typed", ["81234567867890", "#620G0G33952", "+62 000", "620000"])
def test_what_is_read_is_e_164_and_reads_the_same_again(typed):
    try:
        found = msisdn.read(typed)
    except Refused:
        return
    assert (re.fullmatch(r"\+[1-9][0-9]{7,14}", found) is not None, msisdn.read(found)) == (True, found)
