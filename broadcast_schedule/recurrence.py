"""Slots as rules in local wall time, and the airings that follow from them. Pure.

A rule is planned in local time and an IANA zone, and each airing is converted on its own: an interval is never added to
a converted instant. A local time inside a gap airs at the instant that the offset before the gap gives, one that comes
twice airs the first time, and an end is an exact length after its start (RFC 5545, 3.3.5 and 3.8.5.3).
A rule airs at most once a local day, so an airing's original local date names it, however it moves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any, Literal
from zoneinfo import ZoneInfo

from broadcast_schedule import patterns
from broadcast_schedule.patterns import DAYS as DAYS
from broadcast_schedule.patterns import Pattern

LONGEST_MINUTES = 24 * 60  # a slot of a whole day is the longest: it keeps overlap searches bounded
Kind = Literal["planned", "skipped", "moved", "added"]


@dataclass(frozen=True, slots=True)
class Rule:
    """``weekdays`` (0 is Monday) every ``every_weeks`` weeks from the week of ``starts_on``, weeks from Monday; or a ``pattern``;
    with neither the single date ``starts_on``. ``ends_on`` is the last local date, inclusive: a COUNT becomes one by ``times``.

    ``earlier`` are the rules that held before it, each ended before the next begins: what *from here on* leaves behind.
    """

    starts_on: date
    starts_at: time
    minutes: int
    time_zone: str  # IANA
    weekdays: frozenset[int] = frozenset()
    every_weeks: int = 1
    ends_on: date | None = None
    pattern: Pattern | None = None
    earlier: tuple[Rule, ...] = ()

    @property
    def is_once(self) -> bool:
        return not self.weekdays and self.pattern is None

    @property
    def parts(self) -> tuple[Rule, ...]:
        """The rules that this one consists of, in order, each without earlier ones."""
        return (*self.earlier, replace(self, earlier=())) if self.earlier else (self,)


@dataclass(frozen=True, slots=True)
class Departure:
    """One airing that departs from its rule; ``added`` airs on a date that is not the rule's.

    ``new_start`` is naive local time; None keeps the hour, or the length. A skipped one ``is_called_off`` where a file says that
    it was cancelled: it is told even to those who were never told of it, and on a date that is not the rule's.
    """

    kind: Literal["skipped", "moved", "added"]
    new_start: datetime | None = None
    new_minutes: int | None = None
    is_called_off: bool = False

    @property
    def is_of_itself(self) -> bool:
        """Whether it holds on a date that is not the rule's."""
        return self.kind == "added" or self.is_called_off

    @property
    def kept_as(self) -> str:
        """Its kind, as a database keeps it."""
        return "cancelled" if self.is_called_off else self.kind


@dataclass(frozen=True, slots=True)
class Airing:
    """``original`` is what the rule says, ``local`` where it lies now, both naive; ``start`` and ``end`` are UTC."""

    original: datetime
    local: datetime
    start: datetime
    end: datetime
    kind: Kind = "planned"
    is_called_off: bool = False


def to_utc(local: datetime, zone: str) -> datetime:
    """The instant of a naive wall time: in a gap by the offset before it, of two the first."""
    return local.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def repeating(pattern: Pattern, starts_on: date, starts_at: time, minutes: int, zone: str, ends_on: date | None = None) -> Rule:
    """The rule of a pattern, in its plainest form: what is plainly weekly is said in weekdays."""
    plain = not (pattern.months or pattern.month_days or pattern.positions)
    if plain and pattern.frequency == "weekly" and (pattern.interval == 1 or pattern.week_start == 0):
        weekdays = frozenset(weekday for _n, weekday in pattern.days) or frozenset({starts_on.weekday()})
        return Rule(starts_on, starts_at, minutes, zone, weekdays, pattern.interval, ends_on)
    if plain and pattern.frequency == "daily" and pattern.interval == 1:
        weekdays = frozenset(weekday for _n, weekday in pattern.days) or frozenset(range(7))
        return Rule(starts_on, starts_at, minutes, zone, weekdays, 1, ends_on)
    return Rule(starts_on, starts_at, minutes, zone, ends_on=ends_on, pattern=pattern)


def dates(rule: Rule, since: date, until: date) -> Iterator[date]:
    """Local dates of the rule in [since, until), in order. The anchor is advanced by arithmetic, however old it is."""
    for part in rule.parts:
        yield from _dates(part, since, until)


def _dates(rule: Rule, since: date, until: date) -> Iterator[date]:
    last = until if rule.ends_on is None else min(until, rule.ends_on + timedelta(days=1))
    first = max(since, rule.starts_on)
    if first >= last:
        return
    if rule.pattern is not None:
        yield from patterns.dates(rule.pattern, rule.starts_on, first, last)
        return
    if not rule.weekdays:
        if first == rule.starts_on:
            yield rule.starts_on
        return
    week = rule.starts_on.toordinal() - rule.starts_on.weekday()
    low, high, step = first.toordinal(), last.toordinal(), 7 * rule.every_weeks
    if low > week:
        week += (low - week) // step * step
    weekdays = sorted(rule.weekdays)
    for monday in range(week, high, step):
        for weekday in weekdays:
            if low <= monday + weekday < high:
                yield date.fromordinal(monday + weekday)


def first_date(rule: Rule) -> date | None:
    """The first local date on which the rule airs, or None where it never does."""
    begun = rule.parts[0].starts_on
    return next(dates(rule, begun, date.max), None)


def times(rule: Rule, count: int) -> Rule:
    """The same rule ended with its ``count``-th date (RFC 5545's COUNT: dates that are skipped are counted too)."""
    last = next(islice(dates(replace(rule, earlier=(), ends_on=None), rule.starts_on, date.max), count - 1, None), None)
    return rule if last is None else replace(rule, ends_on=last)


def last_date(until: datetime, starts_at: time, zone: str) -> date:
    """The last local date whose airing begins at or before the instant ``until``: RFC 5545's UNTIL as ``ends_on``."""
    day = until.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    while to_utc(datetime.combine(day, starts_at), zone) > until:
        day -= timedelta(days=1)
    return day


def split(rule: Rule, new: Rule) -> Rule:
    """``new`` from its first date on, and before it the rule as it was: dates in the past stay what they are."""
    day_before = new.starts_on - timedelta(days=1)
    kept = (replace(p, ends_on=day_before if p.ends_on is None else min(p.ends_on, day_before)) for p in rule.parts)
    return replace(new, earlier=tuple(p for p in kept if p.ends_on is not None and p.starts_on <= p.ends_on))


def within(rule: Rule, spans: Iterable[tuple[date, date]]) -> Rule | None:
    """The rule on days of ``spans`` alone (first and last, inclusive), its weeks counted as before; None where none is left."""
    parts: list[Rule] = []
    for first, last in sorted(spans):
        for part in rule.parts:
            begin = next(_dates(part, first, last + timedelta(days=1)), None)
            if begin is not None and (not parts or begin > (parts[-1].ends_on or begin)):
                parts.append(replace(part, starts_on=begin, ends_on=last if part.ends_on is None else min(last, part.ends_on)))
    return replace(parts[-1], earlier=tuple(parts[:-1])) if parts else None


def part_on(rule: Rule, day: date) -> Rule:
    """The part of the rule that holds on a date."""
    return next((part for part in reversed(rule.parts) if part.starts_on <= day), rule.parts[0])


def airs_on(rule: Rule, day: date) -> bool:
    return day < date.max and next(dates(rule, day, day + timedelta(days=1)), None) is not None


def expand(rule: Rule, departures: Mapping[date, Departure], since: date, until: date) -> list[Airing]:
    """Airings whose original date lies in [since, until), skipped ones marked, besides those moved into it.

    ``departures`` are keyed by original local date, so that a departure outlives a change of the rule's hour. One whose date
    is not on the rule has no effect, unless it is ``added`` or called off.
    """
    days = set(dates(rule, since, until))
    for day, departure in departures.items():
        if day in days or (not departure.is_of_itself and departure.new_start is None):
            continue
        inside = since <= day < until or (departure.new_start is not None and since <= departure.new_start.date() < until)
        if inside and (departure.is_of_itself or airs_on(rule, day)):
            days.add(day)
    parts = rule.parts
    if len(parts) == 1:
        return sorted((airing(rule, day, departures.get(day)) for day in days), key=_order)
    return sorted((airing(part_on(rule, day), day, departures.get(day)) for day in days), key=_order)


def _order(one: Airing) -> tuple[datetime, datetime]:
    return one.start, one.original


def airing(rule: Rule, day: date, departure: Departure | None = None) -> Airing:
    """What the rule (a single part) and its departure give on a date."""
    original = datetime.combine(day, rule.starts_at)
    local, minutes, kind, is_called_off = original, rule.minutes, "planned", False
    if departure is not None:
        kind, is_called_off = departure.kind, departure.is_called_off
        if kind != "skipped":
            local = departure.new_start or original
            minutes = departure.new_minutes or minutes
    start = to_utc(local, rule.time_zone)
    return Airing(original, local, start, start + timedelta(minutes=minutes), kind, is_called_off)  # type: ignore[arg-type]


def carried(airing: Airing, mode: str, delay_minutes: int, zone: str) -> Airing:
    """The same airing on a channel that carries it: ``relay`` at the same instant, ``local`` at the same wall time in
    ``zone``, either of them ``delay_minutes`` later. ``local`` in the east comes before the premiere in the west."""
    length = airing.end - airing.start
    start = to_utc(airing.local, zone) if mode == "local" else airing.start
    start += timedelta(minutes=delay_minutes)
    return Airing(airing.original, airing.local, start, start + length, airing.kind, airing.is_called_off)


@lru_cache(maxsize=512)
def read_weekdays(text: str) -> frozenset[int]:
    """{0, 2} of "MO,WE". Raises ValueError for anything else."""
    return frozenset(DAYS.index(name) for name in text.split(",") if name)


def write_weekdays(weekdays: Iterable[int]) -> str:
    """The text that ``read_weekdays`` reads: "MO,WE" of {0, 2}."""
    return ",".join(DAYS[day] for day in sorted(weekdays))


def to_json(rule: Rule) -> dict[str, Any]:
    """A part of a rule as it is kept; its earlier parts are kept beside it."""
    return {
        "starts_on": rule.starts_on.isoformat(),
        "starts_at": rule.starts_at.isoformat(),
        "minutes": rule.minutes,
        "time_zone": rule.time_zone,
        "weekdays": write_weekdays(rule.weekdays),
        "every_weeks": rule.every_weeks,
        "ends_on": rule.ends_on.isoformat() if rule.ends_on else None,
        "pattern": patterns.write(rule.pattern) if rule.pattern else "",
    }


def from_json(kept: Mapping[str, Any]) -> Rule:
    """What ``to_json`` gave."""
    return Rule(
        date.fromisoformat(kept["starts_on"]),
        time.fromisoformat(kept["starts_at"]),
        kept["minutes"],
        kept["time_zone"],
        read_weekdays(kept["weekdays"]),
        kept["every_weeks"],
        date.fromisoformat(kept["ends_on"]) if kept["ends_on"] else None,
        patterns.read(kept["pattern"]) if kept["pattern"] else None,
    )
