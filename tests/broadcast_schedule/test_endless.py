"""Rules that meet, and rules that never do: by hand, and against looking at every airing of years."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest

from broadcast_schedule import endless, patterns
from broadcast_schedule.endless import Series, first_clash
from broadcast_schedule.recurrence import Departure, Rule, dates, expand, first_date, repeating, split
from tests.broadcast_schedule.random_rules import ZONES, random_text

JAKARTA = "Asia/Jakarta"


def weekly(at="08:00", minutes=30, weekdays=(0,), every_weeks=1, zone=JAKARTA, start="2026-01-05", ends_on=None):
    day = date.fromisoformat(start)
    rule = Rule(day, time.fromisoformat(at), minutes, zone, frozenset(weekdays), every_weeks, ends_on)
    return replace(rule, starts_on=first_date(replace(rule, every_weeks=1)))


def pattern(text, start, at="08:00", minutes=30, zone=JAKARTA):
    return repeating(patterns.read(text), date.fromisoformat(start), time.fromisoformat(at), minutes, zone)


def test_end_equal_to_start_is_no_clash():  # case 25
    assert first_clash(weekly(), weekly("08:30")) is None
    assert first_clash(weekly("08:30"), weekly()) is None
    assert first_clash(weekly(), weekly("08:29")) == date(2026, 1, 5)


def test_whole_days_follow_one_another():  # case 30
    whole = weekly("00:00", 1440, weekdays=range(0, 7, 2))
    assert first_clash(whole, weekly("00:00", 1440, weekdays=(1, 3, 5))) is None
    assert first_clash(whole, weekly("23:59", 1440, weekdays=(1,))) == date(2026, 1, 7)


def test_what_passes_midnight_meets_the_next_day():  # case 29
    assert first_clash(weekly("23:30", 60), weekly("00:00", weekdays=(1,))) == date(2026, 1, 6)
    assert first_clash(weekly("00:00", weekdays=(1,)), weekly("23:30", 60)) == date(2026, 1, 6)


def test_endless_rules_of_different_periods_meet_late_or_never():
    second, third = weekly(every_weeks=2), weekly(every_weeks=3, start="2026-01-12")
    assert first_clash(second, third) == date(2026, 2, 2)
    assert first_clash(second, weekly(every_weeks=4, start="2026-01-12")) is None  # gcd 2: one even, one odd, for ever
    late = first_clash(weekly(every_weeks=51), weekly(every_weeks=52, start="2026-01-12"))
    assert late == date(2026, 1, 5) + timedelta(weeks=51 * 51)


def test_months_meet_weeks_beyond_a_horizon():
    first_monday = pattern("FREQ=MONTHLY;BYDAY=1MO", "2026-01-05")
    assert first_clash(first_monday, pattern("FREQ=MONTHLY;BYDAY=3MO", "2026-01-19")) is None
    assert first_clash(first_monday, pattern("FREQ=MONTHLY;BYMONTHDAY=13", "2026-01-13")) is None
    assert first_clash(pattern("FREQ=MONTHLY;BYMONTHDAY=31", "2026-01-31"), weekly(weekdays=(1,), every_weeks=2)) == date(
        2026, 3, 31
    )
    leap = pattern("FREQ=YEARLY", "2024-02-29")
    assert first_clash(leap, weekly(weekdays=(2,), start="2026-01-05")) == date(2040, 2, 29)
    assert first_clash(leap, pattern("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1", "2024-03-01")) is None


def test_what_lies_on_other_days_of_the_month_is_not_walked_through(monkeypatch):
    walked = []
    monkeypatch.setattr(endless, "airs_on", lambda *_args: walked.append(1))
    second = pattern("FREQ=MONTHLY;BYDAY=2MO", "2026-01-12")
    for other in (
        "FREQ=MONTHLY;BYDAY=3MO",
        "FREQ=MONTHLY;BYDAY=-1MO",
        "FREQ=YEARLY;BYMONTHDAY=31,-1",
        "FREQ=MONTHLY;BYMONTHDAY=-3",
    ):
        assert first_clash(second, pattern(other, "2026-01-12")) is None
    january = pattern("FREQ=DAILY;INTERVAL=7;BYMONTH=1", "2026-01-12")
    assert first_clash(january, pattern("FREQ=DAILY;INTERVAL=11;BYMONTH=7", "2026-07-01")) is None
    assert walked == []


def test_summer_time_brings_rules_together_for_a_part_of_the_year():
    london = weekly("07:00", zone="Europe/London")
    assert first_clash(london, weekly("14:00")) == date(2026, 1, 5)
    assert first_clash(london, weekly("13:00")) == date(2026, 3, 30)
    assert first_clash(london, weekly("12:30")) is None


def test_what_meets_only_where_a_clock_is_put_forward():
    """01:30 in London airs at 01:30Z on the one Sunday in March on which it does not exist."""
    night = weekly("01:30", 30, weekdays=(6,), zone="Europe/London")
    summer = pattern("FREQ=YEARLY;BYMONTH=4,5,6,7,8,9;BYDAY=SU", "2026-04-05", "01:30", zone="UTC")
    assert first_clash(night, summer) is None
    march = pattern("FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "2026-03-29", "01:30", 10, "UTC")
    assert first_clash(night, march) == date(2026, 3, 29)
    assert first_clash(night, replace(march, starts_at=time(0, 40))) is None


def test_only_what_is_left_out_is_no_clash_and_taking_it_back_is():  # case 33
    once = Rule(date(2026, 1, 12), time(8), 30, JAKARTA)
    assert first_clash(Series(weekly(), {date(2026, 1, 12): Departure("skipped")}), once) is None
    assert first_clash(weekly(), once) == date(2026, 1, 12)


def test_many_left_out_show_the_first_that_is_not():
    gone = {date(2026, 1, 5) + timedelta(weeks=n): Departure("skipped") for n in range(30)}
    assert first_clash(Series(weekly(), gone), weekly("08:15")) == date(2026, 1, 5) + timedelta(weeks=30)


def test_moved_longer_and_added_ones_are_looked_at():
    friday = weekly(weekdays=(4,))
    moved = Series(weekly(), {date(2026, 1, 12): Departure("moved", datetime.fromisoformat("2027-01-15T08:29"))})
    longer = Series(weekly(), {date(2026, 2, 2): Departure("moved", None, 31)})
    assert first_clash(moved, friday) == date(2027, 1, 15)
    assert first_clash(friday, moved) == date(2027, 1, 15)
    assert first_clash(longer, weekly("08:30")) == date(2026, 2, 2)
    assert first_clash(Series(weekly(), {date(2026, 1, 9): Departure("added")}), friday) == date(2026, 1, 9)
    away = Series(weekly(), {date(2026, 1, 5): Departure("moved", datetime.fromisoformat("2026-01-06T08:00"))})
    assert first_clash(away, Rule(date(2026, 1, 5), time(8), 30, JAKARTA)) is None


def test_carried_later_and_in_another_zone():
    slot = Series(weekly())
    assert first_clash(replace(slot, delay_minutes=60), weekly("09:00")) == date(2026, 1, 5)
    assert first_clash(slot.in_zone("Asia/Jayapura"), weekly("06:00")) == date(2026, 1, 5)
    assert first_clash(slot.in_zone("Asia/Jayapura"), weekly("08:00")) is None


def test_ended_rules_meet_only_while_both_air():
    assert first_clash(weekly(ends_on=date(2026, 1, 31)), weekly(start="2026-02-01")) is None
    assert first_clash(weekly(), weekly(start="2026-02-01")) == date(2026, 2, 2)
    assert first_clash(weekly(), weekly(), since=date(2030, 1, 1)) == date(2030, 1, 7)


def brute(one, other, until):
    """The first meeting among all airings until then."""
    theirs = [a for a in expand(other.rule, other.departures, date(2024, 1, 1), until) if a.kind != "skipped"]
    met = []
    for a in expand(one.rule, one.departures, date(2024, 1, 1), until):
        if a.kind != "skipped":
            met += [max(a.start, b.start) for b in theirs if a.start < b.end and b.start < a.end]
    return min(met, default=None)


def random_series(rng):
    text, zone = random_text(rng), rng.choice((*ZONES, JAKARTA, JAKARTA))
    start = date(2024, 1, 1) + timedelta(days=rng.randrange(400))
    first = next(patterns.dates(patterns.read(text), start, start, date(2040, 1, 1)), start)
    rule = repeating(
        patterns.read(text), first, time(rng.choice((1, 7, 8, 14, 23)), rng.choice((0, 30))), rng.choice((15, 60, 600)), zone
    )
    known = [d for d, _n in zip(dates(rule, first, date(2030, 1, 1)), range(8), strict=False)]
    departures = {}
    for day in rng.sample(known, min(len(known), rng.randrange(3))):
        departures[day] = rng.choice(
            (Departure("skipped"), Departure("moved", datetime.combine(day, time(5)) + timedelta(days=2), 45))
        )
    return Series(rule, departures)


def disagreements(seed, count):
    rng, wrong, met, horizon = random.Random(seed), [], 0, date(2028, 1, 1)
    for _number in range(count):
        one, other = random_series(rng), random_series(rng)
        seen, found = brute(one, other, horizon), endless.first_meeting(one, other)
        at = found.at if found and found.at.date() < horizon - timedelta(days=3) else None
        seen = seen if seen and seen.date() < horizon - timedelta(days=3) else None
        met += found is not None
        if at != seen:
            wrong.append((one, other, at, seen))
    return wrong, met


def test_random_rules_meet_where_looking_at_every_airing_says():
    wrong, met = disagreements(3, 25)
    assert wrong == []
    assert 4 < met < 25


@pytest.mark.slow
def test_many_random_rules_meet_where_looking_at_every_airing_says():
    assert disagreements(4, 600)[0] == []


def test_what_is_apart_on_the_wall_meets_where_the_clock_is_changed():
    early = Rule(date(2026, 1, 4), time(1, 30), 60, "Europe/Berlin", frozenset({6}))
    late = Rule(date(2026, 1, 4), time(3, 0), 30, "Europe/Berlin", frozenset({6}))
    assert first_clash(early, late) == date(2026, 3, 29)  # 01.30 and an hour is 03.30 that night
    assert first_clash(late, early) == date(2026, 3, 29)
    noon = Rule(date(2026, 1, 4), time(12, 0), 60, "Europe/Berlin", frozenset({6}))
    after = Rule(date(2026, 1, 4), time(13, 0), 60, "Europe/Berlin", frozenset({6}))
    assert first_clash(noon, after) is None


def own(series):
    met = endless.own_meeting(series)
    return met and (met.first.original.isoformat(), met.second.original.isoformat())


def moved(day, to, minutes=None):
    return {date.fromisoformat(day): Departure("moved", datetime.fromisoformat(to), minutes)}


@pytest.mark.parametrize(
    ("departures", "expected"),
    [
        ({}, None),
        (moved("2026-01-06", "2026-01-07T08:15"), ("2026-01-07T08:00:00", "2026-01-06T08:00:00")),
        (moved("2026-01-06", "2026-01-07T08:30"), None),  # an end at a start
        (moved("2026-01-06", "2026-01-06T23:00", 540), None),  # to 08.00 of the next day
        (moved("2026-01-06", "2026-01-06T23:00", 541), ("2026-01-06T08:00:00", "2026-01-07T08:00:00")),
        (moved("2026-01-06", "2026-01-07T08:00") | moved("2026-01-07", "2026-01-07T10:00"), None),
        (moved("2026-01-06", "2026-01-07T08:00") | {date(2026, 1, 7): Departure("skipped")}, None),
        ({date(2026, 1, 6): Departure("skipped", is_called_off=True)}, None),
    ],
)
def test_a_series_meets_itself_where_one_of_it_is_moved(departures, expected):
    assert own(Series(weekly(weekdays=range(7)), departures)) == expected


def test_a_series_meets_itself_where_a_rule_follows_another():
    old = weekly("23:30", 60, weekdays=range(7))
    new = split(old, replace(old, starts_on=date(2026, 1, 12), starts_at=time(0, 15)))
    assert own(Series(new)) == ("2026-01-11T23:30:00", "2026-01-12T00:15:00")
    later = split(old, replace(old, starts_on=date(2026, 1, 12), starts_at=time(0, 30)))
    assert own(Series(later)) is None


def test_a_whole_day_meets_the_next_where_the_clock_is_put_forward():
    assert own(Series(weekly("00:00", 1440, weekdays=range(7)))) is None
    assert own(Series(weekly("00:00", 1440, weekdays=range(7), zone="Europe/London"))) == (
        "2026-03-29T00:00:00", "2026-03-30T00:00:00",
    )  # fmt: skip
    assert own(Series(weekly("00:00", 1440, weekdays=(0, 1, 2), zone="Europe/London"))) is None


def test_a_series_meets_itself_as_looking_at_every_airing_says():
    rng, met = random.Random(11), 0
    for _number in range(150):
        zone = rng.choice(ZONES)
        rule = weekly(rng.choice(("00:00", "08:00", "23:00")), rng.choice((30, 600, 1440)), rng.sample(range(7), 4), 1, zone)
        departures = {}
        for day in rng.sample(list(dates(rule, date(2026, 1, 5), date(2026, 6, 1))), rng.randrange(4)):
            start = datetime.combine(day, time(rng.randrange(24))) + timedelta(days=rng.randrange(-2, 3))
            departures[day] = rng.choice((Departure("skipped"), Departure("moved", start, rng.choice((None, 1000)))))
        series = Series(rule, departures)
        airings = [a for a in expand(rule, departures, date(2026, 1, 1), date(2028, 1, 1)) if a.kind != "skipped"]
        seen = next((max(a.start, b.start) for a, b in pairwise(airings) if b.start < a.end), None)
        found = endless.own_meeting(series)
        assert (found and found.at) == seen, series
        met += found is not None
    assert 20 < met < 130
