from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from broadcast_schedule.as_run import Billed, Line, match

EIGHT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def at(minutes):
    return EIGHT + timedelta(minutes=minutes)


def billed(number, minutes, title="X-Sains"):
    return Billed(number, at(minutes), at(minutes + 30), title)


def ids(found):
    return [one and one.id for one in found]


def test_the_nearest_start_is_meant():
    assert ids(match([Line(at(3)), Line(at(31))], [billed(1, 0), billed(2, 30)])) == [1, 2]


def test_a_title_decides_between_near_ones():
    airings = [billed(1, 0, "X-Sains"), billed(2, 10, "Mari Berhitung")]
    assert ids(match([Line(at(2), title="MARI BERHITUNG EPS 3")], airings)) == [2]


def test_another_title_at_the_same_minute_is_not_ours():
    assert ids(match([Line(at(0), title="Berita Pagi")], [billed(1, 0)])) == [None]


def test_an_airing_is_reported_once_and_what_is_far_is_nobodys():
    assert ids(match([Line(at(0)), Line(at(5)), Line(at(300))], [billed(1, 0)])) == [1, None, None]


@given(st.lists(st.integers(-100, 100), max_size=6), st.lists(st.integers(-100, 100), max_size=6))
def test_no_airing_is_given_twice(log, starts):
    found = match([Line(at(n)) for n in log], [billed(n, minutes) for n, minutes in enumerate(starts)])
    given = [one.id for one in found if one]
    assert (len(given), len(found)) == (len(set(given)), len(log))
