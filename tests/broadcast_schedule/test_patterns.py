"""Months, years and their numbered days: the cases of field/cases.md, and 10,000 random rules beside two libraries."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcast_schedule import patterns
from broadcast_schedule.patterns import Pattern
from broadcast_schedule.recurrence import (
    Departure,
    Rule,
    dates,
    expand,
    from_json,
    last_date,
    part_on,
    repeating,
    split,
    times,
    to_json,
)
from tests.broadcast_schedule.random_rules import disagreements


def days(text, first, until="2027-01-01", since=None):
    begun = date.fromisoformat(first)
    return [f"{d:%m-%d}" for d in patterns.dates(patterns.read(text), begun, since or begun, date.fromisoformat(until))]


def test_months_without_a_31st_are_left_out():  # case 21
    assert days("FREQ=MONTHLY;BYMONTHDAY=31", "2026-01-31") == ["01-31", "03-31", "05-31", "07-31", "08-31", "10-31", "12-31"]
    assert days("FREQ=MONTHLY", "2026-01-30", "2026-05-01") == ["01-30", "03-30", "04-30"]


def test_the_last_day_is_minus_one():
    assert days("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-01-31", "2026-05-01") == ["01-31", "02-28", "03-31", "04-30"]


def test_numbered_weekdays():
    assert days("FREQ=MONTHLY;BYDAY=1MO,-1FR", "2026-01-05", "2026-03-01") == ["01-05", "01-30", "02-02", "02-27"]
    assert days("FREQ=MONTHLY;BYDAY=5SA", "2026-01-31", "2026-09-01") == ["01-31", "05-30", "08-29"]


def test_a_position_of_a_set():
    assert days("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-01-30", "2026-04-01") == ["01-30", "02-27", "03-31"]


def test_the_29th_of_february_comes_in_leap_years():  # case 22
    found = patterns.dates(patterns.read("FREQ=YEARLY"), date(2024, 2, 29), date(2025, 1, 1), date(2037, 1, 1))
    assert [d.year for d in found] == [2028, 2032, 2036]


def test_the_start_of_the_week_decides_every_second_week():  # RFC 5545, 3.3.10
    monday, sunday = "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU"
    assert days(monday, "1997-08-05", "1997-09-01") == ["08-05", "08-10", "08-19", "08-24"]
    assert days(sunday, "1997-08-05", "1997-09-01") == ["08-05", "08-17", "08-19", "08-31"]


def test_the_last_day_of_the_calendar_is_no_obstacle():
    for text in ("FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY", "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=YEARLY"):
        assert list(patterns.dates(patterns.read(text), date(9999, 12, 31), date(9999, 12, 1), date.max)) == []


@pytest.mark.parametrize(
    "text",
    ["", "FREQ", "FREQ=HOURLY", "FREQ=DAILY;FREQ=DAILY", "INTERVAL=2", "FREQ=WEEKLY;INTERVAL=0", "FREQ=MONTHLY;BYDAY=0MO",
     "FREQ=WEEKLY;BYDAY=2MO", "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=WEEKLY;BYMONTHDAY=1", "FREQ=YEARLY;BYWEEKNO=20",
     "FREQ=DAILY;BYSETPOS=1", "FREQ=DAILY;WKST=XX", "FREQ=DAILY;INTERVAL=٣", "FREQ=MONTHLY;BYMONTHDAY=",
     "FREQ=DAILY;INTERVAL=2,3",
     "FREQ=DAILY;COUNT=3"],
)  # fmt: skip
def test_what_has_no_exact_meaning_is_refused(text):
    with pytest.raises(ValueError):
        patterns.read(text)


@given(st.builds(
    Pattern, st.sampled_from(("monthly", "yearly")), st.integers(1, 1000),
    st.lists(st.tuples(st.integers(-5, 5), st.integers(0, 6)), max_size=3, unique=True).map(tuple),
    st.lists(st.integers(1, 31), max_size=3, unique=True).map(tuple), st.just((2, 7)), st.just((-1,)), st.integers(0, 6),
))  # fmt: skip
def test_a_pattern_is_read_as_written(pattern):
    assert patterns.read(patterns.write(pattern)) == pattern


def test_random_rules_agree_with_two_libraries():
    assert disagreements(seed=20261121, count=300) == []


@pytest.mark.slow
def test_ten_thousand_random_rules_agree_with_two_libraries():
    assert disagreements(seed=5, count=10_000) == []


MONDAYS = Rule(date(2026, 1, 5), time(8), 30, "Asia/Jakarta", frozenset({0}))


def test_what_is_plainly_weekly_is_said_in_weekdays():
    assert repeating(patterns.read("FREQ=DAILY"), date(2026, 1, 5), time(8), 30, "UTC").weekdays == frozenset(range(7))
    assert repeating(patterns.read("FREQ=WEEKLY;INTERVAL=2"), date(2026, 1, 6), time(8), 30, "UTC").weekdays == {1}
    assert repeating(patterns.read("FREQ=WEEKLY;INTERVAL=2;WKST=SU"), date(2026, 1, 6), time(8), 30, "UTC").pattern is not None


def test_from_here_on_keeps_what_was_before():  # case 12
    rule = times(MONDAYS, 5)
    new = split(rule, replace(rule, starts_on=date(2026, 1, 19), starts_at=time(9)))
    found = [(a.original.strftime("%d-%m %H"), a.start.hour) for a in expand(new, {}, date(2026, 1, 1), date(2027, 1, 1))]
    assert found == [("05-01 08", 1), ("12-01 08", 1), ("19-01 09", 2), ("26-01 09", 2), ("02-02 09", 2)]


def test_splitting_again_keeps_the_first_split():
    once = split(MONDAYS, replace(MONDAYS, starts_on=date(2026, 1, 19), starts_at=time(9)))
    twice = split(once, replace(once, starts_on=date(2026, 2, 2), starts_at=time(10)))
    assert [a.original.hour for a in expand(twice, {}, date(2026, 1, 1), date(2026, 2, 10))] == [8, 8, 9, 9, 10, 10]
    whole = split(twice, replace(MONDAYS, starts_at=time(7)))  # from its very beginning: nothing is left of what was
    assert whole.earlier == ()
    assert part_on(twice, date(2026, 1, 20)).starts_at == time(9)


def test_an_added_date_airs_off_the_rule():  # RDATE
    added = {date(2026, 1, 7): Departure("added"), date(2026, 1, 12): Departure("skipped")}
    found = expand(MONDAYS, added, date(2026, 1, 1), date(2026, 1, 20))
    assert [(a.original.day, a.kind) for a in found] == [(5, "planned"), (7, "added"), (12, "skipped"), (19, "planned")]


@pytest.mark.parametrize(
    ("zone", "until", "last"),
    [  # case 14
        ("Asia/Jakarta", datetime(2026, 1, 26, 1, 0, 0, tzinfo=UTC), date(2026, 1, 26)),
        ("Asia/Jakarta", datetime(2026, 1, 26, 0, 59, 59, tzinfo=UTC), date(2026, 1, 25)),
        ("Asia/Jakarta", datetime(2026, 1, 26, 16, 59, 59, tzinfo=UTC), date(2026, 1, 26)),
        ("Asia/Jayapura", datetime(2026, 1, 26, 14, 59, 59, tzinfo=UTC), date(2026, 1, 26)),
    ],
)
def test_until_becomes_the_last_local_date(zone, until, last):
    assert last_date(until, time(8), zone) == last


def test_a_rule_is_kept_and_read_again():
    for rule in (
        MONDAYS,
        times(MONDAYS, 3),
        repeating(patterns.read("FREQ=MONTHLY;BYDAY=-1FR"), date(2026, 1, 30), time(8, 5), 9, "UTC"),
    ):
        assert from_json(to_json(rule)) == rule
        assert list(dates(from_json(to_json(rule)), date(2026, 1, 1), date(2027, 1, 1))) == list(
            dates(rule, date(2026, 1, 1), date(2027, 1, 1))
        )
