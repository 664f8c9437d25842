"""All that meet on a channel: the same as comparing every pair."""

from __future__ import annotations

import random
from datetime import date, datetime, time
from itertools import combinations

from broadcast_schedule.channel_clashes import all_clashes
from broadcast_schedule.endless import Series, first_meeting
from broadcast_schedule.recurrence import Departure, Rule
from tests.broadcast_schedule.test_endless import pattern, random_series, weekly

SINCE = date(2026, 1, 1)


def pairs(series, **more):
    found = all_clashes(list(enumerate(series)), SINCE, **more)
    return [(f.one, f.other, f.meeting.at.date().isoformat()) for f in found]


def single(day, at="08:00", minutes=30):
    return Series(Rule(date.fromisoformat(day), time.fromisoformat(at), minutes, "Asia/Jakarta"))


def test_what_meets_is_found_in_order_of_time():
    day = [Series(weekly(f"{hour:02}:00", 60, weekdays=range(7))) for hour in range(24)]
    assert pairs(day) == []
    late, early = Series(pattern("FREQ=MONTHLY;BYMONTHDAY=31", "2026-03-31", "08:15")), single("2026-02-03", "22:59", 1)
    assert pairs([*day, late, early]) == [(22, 25, "2026-02-03"), (8, 24, "2026-03-31")]


def test_the_end_of_the_week_meets_its_beginning():
    night, monday = Series(weekly("23:30", 60, weekdays=(6,))), Series(weekly("00:15"))
    assert pairs([monday, night]) == [(0, 1, "2026-01-11")]  # in UTC still Sunday


def test_single_dates_meet_on_the_line_of_time_alone():
    assert pairs([single("2026-02-02"), single("2026-02-09"), single("2026-02-09", "08:29")]) == [(1, 2, "2026-02-09")]


def test_what_is_past_or_skipped_meets_nothing():
    gone = Series(single("2026-02-09").rule, {date(2026, 2, 9): Departure("skipped")})
    assert pairs([single("2025-12-29"), single("2025-12-29"), gone, single("2026-02-09")]) == []


def test_a_single_date_that_is_moved_meets_where_it_lies_now():
    moved = Series(single("2026-02-09").rule, {date(2026, 2, 9): Departure("moved", datetime.fromisoformat("2026-02-10T08:00"))})
    assert pairs([moved, single("2026-02-09"), single("2026-02-10")]) == [(0, 2, "2026-02-10")]


def test_only_pairs_with_one_that_is_wanted():
    same = [Series(weekly()), Series(weekly()), Series(weekly())]
    assert len(pairs(same)) == 3
    assert pairs(same, wanted=frozenset({2})) == [(0, 2, "2026-01-05"), (1, 2, "2026-01-05")]
    assert all_clashes([("a", same[0]), ("a", same[1])], SINCE) == []


def test_many_single_dates_are_compared_in_a_moment():
    series = [single(date.fromordinal(739_300 + n).isoformat()) for n in range(20_000)]
    assert pairs([*series, Series(weekly("09:00", weekdays=range(7)))]) == []


def test_it_finds_what_comparing_every_pair_finds():
    rng = random.Random(11)
    series = [random_series(rng) for _n in range(22)]
    expected = {(i, j) for i, j in combinations(range(22), 2) if first_meeting(series[i], series[j], SINCE)}
    assert {(i, j) for i, j, _at in pairs(series)} == expected
    assert len(expected) > 10
