"""Whether two rules ever air at the same time, beyond every horizon: the first meeting, or none for ever. Pure.

Two steps, each sound. *Residues*: the dates of a rule lie in certain residues modulo its period (the weeks of a weekly rule; the
weekdays of a monthly one, since 400 Gregorian years are whole weeks). If no residues of the two meet modulo the greatest common
divisor of their periods, whatever offsets their zones may have, they never meet. Otherwise their dates are *walked* through one
whole common period of dates, and of zones where these have summer time: 400 years, or to the end of the calendar, the year 9999.
Then every pair has been seen. Departures are finite and looked at one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache, partial
from math import gcd, lcm
from zoneinfo import ZoneInfo

from broadcast_schedule.recurrence import Airing, Departure, Rule, airing, airs_on, dates, expand
from broadcast_schedule.rule_days import GREGORIAN, density, month_days, months, period, residues

SETTLED = date(2088, 1, 1)  # after this no zone has a change of its own any more, only a yearly rule
DAY = 86_400
NOON = time(12)
CYCLE = 28  # years after which dates fall on the same weekdays again


@dataclass(frozen=True)
class Series:
    """A rule and what departs from it, as one channel airs it: later by ``delay_minutes``."""

    rule: Rule
    departures: Mapping[date, Departure] = field(default_factory=dict)
    delay_minutes: int = 0

    def in_zone(self, zone: str) -> Series:
        """The same at the same wall time elsewhere."""
        earlier = tuple(replace(part, time_zone=zone) for part in self.rule.earlier)
        return replace(self, rule=replace(self.rule, time_zone=zone, earlier=earlier))

    def airing(self, part: Rule, day: date) -> Airing:
        return self.later(airing(part, day, self.departures.get(day)))

    def later(self, one: Airing) -> Airing:
        delay = timedelta(minutes=self.delay_minutes)
        return replace(one, start=one.start + delay, end=one.end + delay) if delay else one


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two airings of which one begins while the other is on."""

    first: Airing
    second: Airing

    @property
    def at(self) -> datetime:
        """The first instant at which both are on."""
        return max(self.first.start, self.second.start)


def first_clash(first: Rule | Series, second: Rule | Series, since: date | None = None) -> date | None:
    """The local date (in the first one's zone) on which the two are first on at the same time; None: never, proven.

    ``since`` leaves out what lies before that date.
    """
    met = first_meeting(_series(first), _series(second), since or date.min)
    return met.at.astimezone(ZoneInfo(_series(first).rule.time_zone)).date() if met else None


def _series(one: Rule | Series) -> Series:
    return one if isinstance(one, Series) else Series(one)


def first_meeting(first: Series, second: Series, since: date = date.min) -> Meeting | None:
    """The first two airings that meet, of those planned for ``since`` or later; None: they never do. An end that equals a start
    is no meeting."""
    met = [
        found
        for one in first.rule.parts
        for other in second.rule.parts
        if (found := _regular(first, one, second, other, since)) is not None
    ]
    met += [Meeting(one, other) for one in departed(first, since) for other in _around(second, one, since)]
    met += [Meeting(one, other) for other in departed(second, since) for one in _around(first, other, since)]
    return min(met, key=lambda m: (m.at, m.first.original, m.second.original), default=None)


def own_meeting(series: Series, since: date = date.min) -> Meeting | None:
    """The first two airings of one series that meet, of those planned for ``since`` or later: a moved one on its neighbour, the
    last of a rule on the first of the next, one of a whole day on the next where a clock is put forward. None: they never do."""
    if not series.departures and not series.rule.earlier and series.rule.minutes <= 22 * 60:  # nearly all
        return None
    parts = series.rule.parts
    zones = {part.time_zone for part in parts}
    is_shifting = any(len(offsets(zone, parts[0].starts_on.year)) > 1 for zone in zones)
    lowest, highest = _reach(series)
    if len(zones) == 1 and highest - lowest <= DAY - 2 * 3600 * is_shifting:
        return None
    days = {one.local.date() for one in departed(series, since)} | {part.starts_on for part in parts[1:]}
    if is_shifting:
        begun = max(parts[0].starts_on, since)
        for zone in zones:
            days.update(_near_changes(zone, begun, _safe(begun, 366 * CYCLE)))
    for first, last in _spans(sorted(days)):
        on_air: Airing | None = None
        for one in map(series.later, expand(series.rule, series.departures, _safe(first, -4), _safe(last, 5))):
            if one.kind == "skipped" or one.local.date() < since:
                continue
            if on_air is not None and one.start < on_air.end:
                return Meeting(on_air, one)
            on_air = one
    return None


def _reach(series: Series) -> tuple[int, int]:
    """Seconds from the midnight of its own date at which any airing begins at the earliest and ends at the latest."""
    begins = [wall_seconds(part) for part in series.rule.parts]
    lengths = [60 * part.minutes for part in series.rule.parts]
    spans = [(begin, begin + length) for begin, length in zip(begins, lengths, strict=True)]
    for day, departure in series.departures.items():
        if departure.kind != "skipped":
            begin, length = min(begins), 60 * departure.new_minutes if departure.new_minutes else max(lengths)
            latest = max(begins)
            if departure.new_start is not None:
                begin = latest = int((departure.new_start - datetime.combine(day, time())).total_seconds())
            spans.append((begin, latest + length))
    return min(begin for begin, _end in spans), max(end for _begin, end in spans)


def _spans(days: Sequence[date]) -> Iterator[tuple[date, date]]:
    """Days that lie near each other, as first and last."""
    spans: list[tuple[date, date]] = []
    for day in days:
        if spans and (day - spans[-1][1]).days <= 9:
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    yield from spans


def departed(series: Series, since: date) -> Iterable[Airing]:
    """Airings that are moved, longer or shorter, or added."""
    for day, departure in series.departures.items():
        if departure.kind != "skipped":
            for one in expand(series.rule, {day: departure}, day, day + timedelta(days=1)):
                if one.original.date() == day and one.local.date() >= since:
                    yield series.later(one)


def _around(series: Series, one: Airing, since: date) -> Iterable[Airing]:
    """What airs while ``one`` is on."""
    if not date.min + timedelta(days=9) < one.start.date() < date.max - timedelta(days=9):
        return
    days = timedelta(days=4)  # zones, a day's length, a day's delay
    for other in expand(series.rule, series.departures, one.start.date() - days, one.end.date() + days):
        other = series.later(other)
        if other.kind != "skipped" and other.start < one.end and one.start < other.end and other.local.date() >= since:
            yield other


def _regular(first: Series, one: Rule, second: Series, other: Rule, since: date) -> Meeting | None:
    """The first meeting of airings that are just as their rules say."""
    shifts = _shifts(first, one, second, other)
    if not shifts or not _residues_meet(one, other, shifts):
        return None
    if shifts == [0] and not (months(one) & months(other) and month_days(one) & month_days(other)):
        return None
    if density(one) > density(other):  # the sparser one is walked
        found = _regular(second, other, first, one, since)
        return Meeting(found.second, found.first) if found else None
    begin = max(one.starts_on, since, _safe(other.starts_on, -max(shifts)))
    departed = max([begin, *first.departures, *second.departures])  # what they hide once, the next period shows
    until = _until(one, other, departed)
    walked = partial(_first_of, first, one, second, other, since)
    if one.time_zone != other.time_zone or len(offsets(one.time_zone, begin.year)) == 1:
        return walked(dates(one, begin, until), shifts)
    # In one zone two wall times differ as their instants do, unless a clock was changed between them: what does not overlap
    # on the wall can meet around such a change alone.
    on_the_wall = _wall_shifts(first, one, second, other)
    met = walked(dates(one, begin, until), on_the_wall) if _residues_meet(one, other, on_the_wall) else None
    until = min(until, _safe(met.first.original.date(), 1)) if met is not None else until
    near = (day for day in _near_changes(one.time_zone, begin, until) if airs_on(one, day))
    return walked(near, [shift for shift in shifts if shift not in on_the_wall]) or met


def _first_of(
    first: Series, one: Rule, second: Series, other: Rule, since: date, days: Iterable[date], shifts: Sequence[int]
) -> Meeting | None:
    """The first meeting of the first's airings on ``days``, with the second's so many days away."""
    for day in days if shifts else ():
        if day in first.departures:
            continue
        for shift in shifts:
            there = _safe(day, shift)
            if there >= since and there not in second.departures and airs_on(other, there):
                met = Meeting(first.airing(one, day), second.airing(other, there))
                if met.at < min(met.first.end, met.second.end):
                    return met
    return None


def _wall_shifts(first: Series, one: Rule, second: Series, other: Rule) -> list[int]:
    """By how many days the second's date differs from the first's where their wall times overlap."""
    apart = wall_seconds(other) - wall_seconds(one) + 60 * (second.delay_minutes - first.delay_minutes)
    return list(range((-60 * other.minutes - apart) // DAY + 1, -(-(60 * one.minutes - apart) // DAY)))


def _near_changes(zone: str, since: date, until: date) -> Iterator[date]:
    """Local dates in [since, until), in order, from which an airing or its neighbour may lie beyond a change of the clock."""
    last = since - timedelta(days=1)
    for year in range(max(since.year - 1, 1), min(until.year + 1, 9998) + 1):
        for change in _changes(zone, year):
            for ordinal in range(change - 4, change + 5):  # a whole day's length, and a day's delay
                day = date.fromordinal(max(ordinal, 1))
                if last < day < until:
                    last = day
                    yield day


@lru_cache(maxsize=20_000)
def _changes(zone: str, year: int) -> tuple[int, ...]:
    """Ordinals of the dates in a year on which the zone's clock is not what it was the day before."""
    there = ZoneInfo(zone)
    first = date(year, 1, 1).toordinal()
    offset = datetime.combine(date.fromordinal(max(first - 1, 1)), NOON, there).utcoffset()
    found = []
    for ordinal in range(first, date(year, 12, 31).toordinal() + 1):
        now = datetime.combine(date.fromordinal(ordinal), NOON, there).utcoffset()
        if now != offset:
            found.append(ordinal)
        offset = now
    return tuple(found)


def _shifts(first: Series, one: Rule, second: Series, other: Rule) -> list[int]:
    """By how many days the second's date may differ from the first's where the two meet, with whatever offsets of their zones."""
    found: set[int] = set()
    year = min(one.starts_on, other.starts_on).year
    for offset in offsets(one.time_zone, year):
        for other_offset in offsets(other.time_zone, year):
            begin = wall_seconds(one) - offset + 60 * first.delay_minutes
            apart = wall_seconds(other) - other_offset + 60 * second.delay_minutes - begin
            # -other's length < shift * DAY + apart < one's length
            low, high = -60 * other.minutes - apart, 60 * one.minutes - apart
            found.update(range(low // DAY + 1, -(-high // DAY)))
    return sorted(found)


def wall_seconds(rule: Rule) -> int:
    return rule.starts_at.hour * 3600 + rule.starts_at.minute * 60 + rule.starts_at.second


@lru_cache(maxsize=1024)
def offsets(zone: str, year: int) -> tuple[int, ...]:
    """Every offset from UTC, in seconds, that the zone has from a year on."""
    there = ZoneInfo(zone)
    found = set()
    for later in range(max(year - 1, 1), max(year, SETTLED.year) + 2):
        for month in range(1, 13):
            for day in (1, 15):
                offset = datetime(min(later, 9998), month, day, tzinfo=UTC).astimezone(there).utcoffset()
                found.add(int(offset.total_seconds()) if offset is not None else 0)
    return tuple(sorted(found))


def _residues_meet(one: Rule, other: Rule, shifts: Iterable[int]) -> bool:
    (days, found), (other_days, other_found) = residues(one), residues(other)
    common = gcd(days, other_days)
    if common == 0:  # two single dates
        return True
    wanted = {r % common for r in other_found}
    return any((r + shift) % common in wanted for r in found for shift in shifts)


def _until(one: Rule, other: Rule, begin: date) -> date:
    """The first date at which everything has been seen."""
    days = lcm(period(one), period(other))
    if len(offsets(one.time_zone, begin.year)) + len(offsets(other.time_zone, begin.year)) > 2:
        days, begin = lcm(days, GREGORIAN), max(begin, SETTLED)
    ends = [_safe(rule.ends_on or rule.starts_on, 3) for rule in (one, other) if rule.ends_on is not None or rule.is_once]
    return min([_safe(max(begin, one.starts_on, other.starts_on), min(days, 10**7) + 8), *ends])


def _safe(day: date, days: int) -> date:
    """``day`` and so many days after, within the calendar."""
    return date.fromordinal(min(max(day.toordinal() + days, 2), date.max.toordinal() - 400))
