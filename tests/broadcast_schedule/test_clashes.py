"""Overlaps on a channel: which are, which are not, and what a planner is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcast_schedule.clashes import clashes, problems
from tests.broadcast_schedule.made import KEY, occurrence


def pairs(*occurrences):
    return [(c.earlier.slot, c.later.slot) for c in clashes(occurrences)]


def test_end_at_start_is_no_clash():  # case 25
    assert pairs(occurrence(1, at="08:00"), occurrence(2, at="08:30")) == []


def test_a_minute_is_a_clash():
    assert pairs(occurrence(1, at="08:00", minutes=31), occurrence(2, at="08:30")) == [(1, 2)]


def test_same_start_is_a_clash():
    assert pairs(occurrence(1), occurrence(2)) == [(1, 2)]


def test_another_channel_is_no_clash():
    assert pairs(occurrence(1), occurrence(2, channel="pro2.kentongan.id")) == []


def test_cancelled_is_no_clash():  # case 33
    assert pairs(occurrence(1), occurrence(2, status="cancelled")) == []


def test_whole_days_in_a_row_are_no_clash():  # case 30
    assert pairs(occurrence(1, at="00:00", minutes=1440), occurrence(1, day="2026-11-24", at="00:00", minutes=1440)) == []


def test_zero_length_is_refused():  # case 27
    with pytest.raises(ValueError):
        clashes([occurrence(1, minutes=0)])


def test_one_long_programme_clashes_with_each_within():
    found = pairs(occurrence(1, at="08:00", minutes=180), occurrence(2, at="08:30"), occurrence(3, at="09:00"))
    assert found == [(1, 2), (1, 3)]


@given(st.lists(st.tuples(st.integers(0, 120), st.integers(1, 60)), max_size=12))
def test_the_sweep_finds_what_comparing_all_finds(spans):
    made = [occurrence(n, at=f"{8 + s // 60:02}:{s % 60:02}", minutes=m) for n, (s, m) in enumerate(spans)]
    naive = {frozenset((a.slot, b.slot)) for a in made for b in made if a.slot < b.slot and a.start < b.end and b.start < a.end}
    assert {frozenset(pair) for pair in pairs(*made)} == naive


def test_a_clash_is_told_in_words_with_a_way_out():
    earlier = occurrence(1, title="Jalan Sesama")
    found = clashes([earlier, occurrence(2, at="08:15")])
    (problem,) = problems(found, "Asia/Jakarta", names={KEY: "TVRI Nasional"})
    assert problem.what == (
        "X-Sains (08.15–08.45 WIB) bertabrakan dengan Jalan Sesama (08.00–08.30 WIB) "
        "di TVRI Nasional pada Senin, 23 November 2026."
    )
    assert problem.remedy == (
        "Geser X-Sains ke 08.30–09.00 WIB, persingkat Jalan Sesama, atau lewati salah satunya pada tanggal itu."
    )
    assert problem.stops is True


def test_a_series_is_told_once():
    days = ("2026-11-23", "2026-11-30", "2026-12-07")
    found = clashes([occurrence(slot, day=day) for slot in (1, 2) for day in days])
    (problem,) = problems(found, "Asia/Jakarta")
    assert problem.what.endswith("Hal yang sama terjadi 2 kali lagi.")
