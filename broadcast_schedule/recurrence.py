"""Slots as rules in local wall time, and the airings that follow from them. Pure.

A rule is planned in local time and an IANA zone, and each airing is converted on its own: an interval is never added to
a converted instant. A local time inside a gap airs at the instant that the offset before the gap gives, one that comes
twice airs the first time, and an end is an exact length after its start (RFC 5545, 3.3.5 and 3.8.5.3).
Weeks begin on Monday; "every n weeks" counts from the week of ``starts_on``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LONGEST_MINUTES = 24 * 60  # a slot of a whole day is the longest: it keeps overlap searches bounded


@dataclass(frozen=True, slots=True)
class Rule:
    """``weekdays`` (0 is Monday) empty: the single date ``starts_on``. ``ends_on`` is the last local date, inclusive."""

    starts_on: date
    starts_at: time
    minutes: int
    time_zone: str  # IANA
    weekdays: frozenset[int] = frozenset()
    every_weeks: int = 1
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Departure:
    """One airing that departs from its rule. ``new_start`` is naive local time; None keeps the hour, or the length."""

    kind: Literal["skipped", "moved"]
    new_start: datetime | None = None
    new_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Airing:
    """``original`` is what the rule says, ``local`` where it lies now, both naive; ``start`` and ``end`` are UTC."""

    original: datetime
    local: datetime
    start: datetime
    end: datetime
    kind: Literal["planned", "skipped", "moved"] = "planned"


def to_utc(local: datetime, zone: str) -> datetime:
    """The instant of a naive wall time: in a gap by the offset before it, of two the first."""
    return local.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def dates(rule: Rule, since: date, until: date) -> Iterator[date]:
    """Local dates of the rule in [since, until), in order. The anchor is advanced by arithmetic, however old it is."""
    last = until if rule.ends_on is None else min(until, rule.ends_on + timedelta(days=1))
    first = max(since, rule.starts_on)
    if not rule.weekdays:
        if since <= rule.starts_on < last:
            yield rule.starts_on
        return
    week = rule.starts_on - timedelta(days=rule.starts_on.weekday())
    step = 7 * rule.every_weeks
    if first > week:
        week += timedelta(days=(first - week).days // step * step)
    while week < last:
        for weekday in sorted(rule.weekdays):
            day = week + timedelta(days=weekday)
            if first <= day < last:
                yield day
        week += timedelta(days=step)


def first_date(rule: Rule) -> date | None:
    """The first local date on which the rule airs, or None where it never does."""
    return next(dates(rule, rule.starts_on, rule.starts_on + timedelta(days=7 * rule.every_weeks + 7)), None)


def airs_on(rule: Rule, day: date) -> bool:
    return next(dates(rule, day, day + timedelta(days=1)), None) is not None


def expand(rule: Rule, departures: Mapping[date, Departure], since: date, until: date) -> list[Airing]:
    """Airings whose original date lies in [since, until), skipped ones marked, besides those moved into it.

    ``departures`` are keyed by original local date: a slot airs at most once a day, so a departure outlives a
    change of the rule's hour. One whose date is not on the rule has no effect.
    """
    moved_in = (
        day
        for day, departure in departures.items()
        if departure.new_start is not None
        and not since <= day < until
        and since <= departure.new_start.date() < until
        and airs_on(rule, day)
    )
    days: Iterable[date] = [*dates(rule, since, until), *moved_in]
    return sorted((_airing(rule, day, departures.get(day)) for day in days), key=lambda a: (a.start, a.original))


def _airing(rule: Rule, day: date, departure: Departure | None) -> Airing:
    original = datetime.combine(day, rule.starts_at)
    local, minutes = original, rule.minutes
    if departure is not None and departure.kind == "moved":
        local = departure.new_start or original
        minutes = departure.new_minutes or minutes
    start = to_utc(local, rule.time_zone)
    kind = departure.kind if departure is not None else "planned"
    return Airing(original, local, start, start + timedelta(minutes=minutes), kind)


def carried(airing: Airing, mode: str, delay_minutes: int, zone: str) -> Airing:
    """The same airing on a channel that carries it: ``relay`` at the same instant, ``local`` at the same wall time in
    ``zone``, either of them ``delay_minutes`` later. ``local`` in the east comes before the premiere in the west."""
    length = airing.end - airing.start
    start = to_utc(airing.local, zone) if mode == "local" else airing.start
    start += timedelta(minutes=delay_minutes)
    return Airing(airing.original, airing.local, start, start + length, airing.kind)


def read_weekdays(text: str) -> frozenset[int]:
    """{0, 2} of "MO,WE". Raises ValueError for anything else."""
    return frozenset(DAYS.index(name) for name in text.split(",") if name)


def write_weekdays(weekdays: Iterable[int]) -> str:
    """The text that ``read_weekdays`` reads: "MO,WE" of {0, 2}."""
    return ",".join(DAYS[day] for day in sorted(weekdays))
