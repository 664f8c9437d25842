"""Rules in local time: by hand, by the cases that field/cases.md names, and against two libraries that we did not write."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from dateutil.rrule import MO, WEEKLY, rrule
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event

from broadcast_schedule.recurrence import (
    Departure,
    Rule,
    airs_on,
    carried,
    dates,
    expand,
    first_date,
    read_weekdays,
    to_utc,
    write_weekdays,
)
from tests.examples import examples

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Europe/London", "America/New_York", "Australia/Lord_Howe")
FAR = date(2031, 1, 1)
WEDNESDAY_AT_TEN = datetime.fromisoformat("2026-01-14T10:00")
IN_FEBRUARY = datetime.fromisoformat("2026-02-03T10:00")
UTC_FORM = "%Y-%m-%dT%H:%MZ"


def weekly(zone="Asia/Jakarta", start="2026-01-05T08:00", minutes=30, weekdays=(0,), every_weeks=1, ends_on=None):
    begin = datetime.fromisoformat(start)
    return Rule(begin.date(), begin.time(), minutes, zone, frozenset(weekdays), every_weeks, ends_on)


def starts(rule, departures=None, since=date(2024, 1, 1), until=FAR):
    return [a.start.strftime(UTC_FORM) for a in expand(rule, departures or {}, since, until) if a.kind != "skipped"]


rules = st.builds(
    Rule,
    starts_on=st.dates(date(2024, 1, 1), date(2029, 12, 31)),
    starts_at=st.builds(time, st.integers(0, 23), st.sampled_from((0, 3, 30, 45))),
    minutes=st.integers(1, 1440),
    time_zone=st.sampled_from(ZONES),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    every_weeks=st.integers(1, 6),
    ends_on=st.none(),
)


def on_its_rule(rule):
    """The same rule, begun on its first date: libraries take the first date for an occurrence whatever the rule says."""
    first = first_date(rule)
    return Rule(first, rule.starts_at, rule.minutes, rule.time_zone, rule.weekdays, rule.every_weeks, rule.ends_on)


@settings(max_examples=examples(300), deadline=None)
@given(rules, st.integers(0, 900), st.integers(1, 200))
def test_dates_agree_with_dateutil(rule, skip, length):
    rule = on_its_rule(rule)
    since = rule.starts_on + timedelta(days=skip)
    until = since + timedelta(days=length)
    theirs = rrule(
        WEEKLY,
        dtstart=datetime.combine(rule.starts_on, rule.starts_at),
        interval=rule.every_weeks,
        byweekday=sorted(rule.weekdays),
        wkst=MO,
        until=datetime.combine(until, time()),
    )
    expected = [d.date() for d in theirs if since <= d.date() < until]
    assert list(dates(rule, since, until)) == expected


def is_gap(local, zone):
    there = local.replace(tzinfo=ZoneInfo(zone))
    return there.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local


@settings(max_examples=examples(120), deadline=None)
@given(rules, st.integers(0, 300), st.sets(st.integers(0, 8), max_size=3))
def test_instants_agree_with_recurring_ical_events(rule, skip, skipped):
    rule = on_its_rule(rule)
    since = rule.starts_on + timedelta(days=skip)
    until = since + timedelta(days=60)
    days = list(dates(rule, since, until))
    gone = [days[i] for i in skipped if i < len(days)]
    # In a gap the two disagree by design: RFC 5545 drops a generated time, the library moves it, we say the earlier offset.
    locals_ = [datetime.combine(day, rule.starts_at) for day in days]
    assume(not any(is_gap(local, rule.time_zone) for local in locals_))
    assume(not any(is_gap(local + timedelta(minutes=rule.minutes), rule.time_zone) for local in locals_))
    event = Event()
    begin = datetime.combine(rule.starts_on, rule.starts_at, ZoneInfo(rule.time_zone))
    event.add("uid", "1")
    event.add("dtstart", begin)
    event.add("duration", timedelta(minutes=rule.minutes))
    names = write_weekdays(rule.weekdays).split(",")
    event.add("rrule", {"freq": "weekly", "interval": rule.every_weeks, "byday": names, "wkst": "MO"})
    if gone:
        event.add("exdate", [datetime.combine(day, rule.starts_at, ZoneInfo(rule.time_zone)) for day in gone])
    calendar = Calendar()
    calendar.add_component(event)
    found = recurring_ical_events.of(calendar).between(since, until)
    theirs = sorted(e["DTSTART"].dt.astimezone(UTC) for e in found)
    ours = expand(rule, {day: Departure("skipped") for day in gone}, since, until)
    # Their window is of instants and of whole occurrences, ours of original dates.
    expected = [t for t in theirs if since <= t.astimezone(ZoneInfo(rule.time_zone)).date() < until]
    assert sorted(a.start for a in ours if a.kind != "skipped") == expected


@given(rules, st.integers(0, 2000), st.integers(1, 60))
def test_expansion_looks_only_at_its_window(rule, skip, length):
    since = rule.starts_on + timedelta(days=skip)
    until = since + timedelta(days=length)
    whole = [d for d in dates(rule, rule.starts_on, until) if d >= since]
    assert list(dates(rule, since, until)) == whole


def test_weekly_keeps_wall_time_across_summer_time():  # case 1
    rule = weekly("Europe/London", "2026-03-16T07:00")
    assert starts(rule, until=date(2026, 4, 7)) == [
        "2026-03-16T07:00Z",
        "2026-03-23T07:00Z",
        "2026-03-30T06:00Z",
        "2026-04-06T06:00Z",
    ]


def test_length_is_exact_across_a_gap():  # case 4
    rule = weekly("Europe/Berlin", "2026-03-28T23:00", minutes=480, weekdays=(5,))
    (airing,) = expand(rule, {}, date(2026, 3, 28), date(2026, 3, 29))
    assert airing.end - airing.start == timedelta(hours=8)


@pytest.mark.parametrize(
    ("zone", "local", "instant"),
    [
        ("Europe/London", "2026-03-29T01:30", "2026-03-29T01:30Z"),  # gap: the offset before it
        ("America/New_York", "2026-03-08T02:30", "2026-03-08T07:30Z"),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:45Z"),  # a gap of half an hour
        ("Europe/London", "2026-10-25T01:30", "2026-10-25T00:30Z"),  # twice: the first
        ("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30Z"),
        ("Asia/Jakarta", "2026-01-05T08:00", "2026-01-05T01:00Z"),  # case 5
        ("Asia/Makassar", "2026-01-05T08:00", "2026-01-05T00:00Z"),
        ("Asia/Jayapura", "2026-01-05T08:00", "2026-01-04T23:00Z"),
    ],
)
def test_local_time_becomes_an_instant(zone, local, instant):
    assert to_utc(datetime.fromisoformat(local), zone).strftime(UTC_FORM) == instant


def test_after_a_gap_local_time_is_planned_again():
    rule = weekly("Europe/London", "2026-03-22T01:30", weekdays=(6,))
    assert starts(rule, until=date(2026, 4, 6)) == ["2026-03-22T01:30Z", "2026-03-29T01:30Z", "2026-04-05T00:30Z"]


def test_skipped_is_gone_and_nothing_takes_its_place():  # case 7
    rule = weekly(ends_on=date(2026, 1, 26))
    found = expand(rule, {date(2026, 1, 5): Departure("skipped")}, date(2026, 1, 1), FAR)
    assert [(a.original.day, a.kind) for a in found] == [(5, "skipped"), (12, "planned"), (19, "planned"), (26, "planned")]


def test_moved_leaves_its_old_day_and_keeps_its_identity():  # case 8
    moved = {date(2026, 1, 12): Departure("moved", WEDNESDAY_AT_TEN, 45)}
    found = expand(weekly(ends_on=date(2026, 1, 26)), moved, date(2026, 1, 1), FAR)
    assert [(a.original.day, a.local.day) for a in found] == [(5, 5), (12, 14), (19, 19), (26, 26)]
    assert found[1].start.strftime(UTC_FORM) == "2026-01-14T03:00Z"
    assert found[1].end - found[1].start == timedelta(minutes=45)


def test_moved_into_the_window_is_found_there():
    moved = {date(2026, 1, 12): Departure("moved", IN_FEBRUARY)}
    found = expand(weekly(ends_on=date(2026, 1, 26)), moved, date(2026, 2, 1), date(2026, 2, 28))
    assert [a.local for a in found] == [IN_FEBRUARY]


def test_departure_off_the_rule_has_no_effect():
    moved = {date(2026, 1, 13): Departure("moved", IN_FEBRUARY)}
    assert expand(weekly(ends_on=date(2026, 1, 26)), moved, date(2026, 2, 1), date(2026, 2, 28)) == []


def test_departure_outlives_a_change_of_the_hour():
    skipped = {date(2026, 1, 12): Departure("skipped")}
    rule = weekly(start="2026-01-05T09:00", ends_on=date(2026, 1, 19))
    assert starts(rule, skipped) == ["2026-01-05T02:00Z", "2026-01-19T02:00Z"]


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Jayapura"])
def test_last_date_is_the_whole_local_day(zone):  # case 14
    rule = weekly(zone, "2026-01-05T23:59", ends_on=date(2026, 1, 26))
    assert [a.original.day for a in expand(rule, {}, date(2026, 1, 1), FAR)] == [5, 12, 19, 26]


def test_end_before_start_is_no_occurrence():  # case 16
    assert starts(weekly(ends_on=date(2026, 1, 4))) == []


def test_first_date_of_a_rule_begun_between_its_days():  # case 24: a first date off its rule never airs
    rule = weekly(start="2026-01-06T08:00", weekdays=(0,), ends_on=date(2026, 1, 20))
    assert [a.original.day for a in expand(rule, {}, date(2026, 1, 1), FAR)] == [12, 19]
    assert first_date(rule) == date(2026, 1, 12)


def test_single_date_airs_once():
    rule = weekly(weekdays=())
    assert starts(rule) == ["2026-01-05T01:00Z"]
    assert airs_on(rule, date(2026, 1, 12)) is False


def test_whole_day_ends_where_the_next_begins():  # case 30
    rule = weekly(start="2026-01-05T00:00", minutes=1440, weekdays=range(7), ends_on=date(2026, 1, 7))
    found = expand(rule, {}, date(2026, 1, 1), FAR)
    assert [a.end for a in found[:-1]] == [a.start for a in found[1:]]


def test_relay_is_one_instant_in_three_zones():  # case 37
    (airing,) = expand(weekly(weekdays=()), {}, date(2026, 1, 5), date(2026, 1, 6))
    for zone, label in (("Asia/Makassar", "09:00"), ("Asia/Jayapura", "10:00")):
        there = carried(airing, "relay", 0, zone)
        assert there.start.strftime(UTC_FORM) == "2026-01-05T01:00Z"
        assert there.start.astimezone(ZoneInfo(zone)).strftime("%H:%M") == label


def test_local_carriage_in_the_east_precedes_the_premiere():  # case 38
    (airing,) = expand(weekly(weekdays=()), {}, date(2026, 1, 5), date(2026, 1, 6))
    assert carried(airing, "local", 0, "Asia/Jayapura").start.strftime(UTC_FORM) == "2026-01-04T23:00Z"
    assert carried(airing, "relay", 90, "Asia/Jayapura").start.strftime(UTC_FORM) == "2026-01-05T02:30Z"


def test_a_rule_begun_long_ago_costs_no_more():
    looks = []

    class Watched(frozenset):
        def __iter__(self):
            looks.append(1)
            return super().__iter__()

    rule = weekly(start="1970-01-05T08:00", every_weeks=3)
    rule = Rule(rule.starts_on, rule.starts_at, 30, rule.time_zone, Watched({0}), 3)
    assert list(dates(rule, date(2026, 1, 1), date(2026, 2, 1))) == [date(2026, 1, 5), date(2026, 1, 26)]
    assert len(looks) <= 3  # weeks that were looked at


def test_weekdays_are_read_as_written():
    assert read_weekdays("MO,WE") == {0, 2}
    assert write_weekdays(read_weekdays("SU,MO")) == "MO,SU"
    assert read_weekdays("") == frozenset()
    with pytest.raises(ValueError):
        read_weekdays("XX")
