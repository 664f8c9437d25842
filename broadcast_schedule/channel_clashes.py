"""Every pair of series that ever meet on one channel, without looking at every pair. Pure.

Whatever repeats lies on the circle of a week: two that overlap in time overlap there, with whatever offset their zones have. One
scan around the circle gives the few pairs that may meet, and ``endless`` decides of each whether it does. Single dates are
compared among themselves on the line of time.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Generic, TypeVar

from broadcast_schedule import endless
from broadcast_schedule.endless import Meeting, Series, first_meeting
from broadcast_schedule.recurrence import Airing, Rule
from broadcast_schedule.rule_days import residues

WEEK = 7 * 86_400
MONDAY = datetime(1970, 1, 5, tzinfo=UTC)
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Found(Generic[K]):
    """The first meeting of two series, each by its key."""

    one: K
    other: K
    meeting: Meeting


def all_clashes(series: Sequence[tuple[K, Series]], since: date, wanted: frozenset[K] | None = None) -> list[Found[K]]:
    """The first meeting, from the local date ``since`` on, of each pair that ever meets, in order of time.

    With ``wanted`` only pairs with at least one of these keys. Two series of one key are not compared.
    """
    found = []
    for i, j in sorted(set(_pairs(series, since))):
        (one, first), (other, second) = series[i], series[j]
        if one != other and (wanted is None or one in wanted or other in wanted):
            meeting = first_meeting(first, second, since)
            if meeting is not None:
                found.append(Found(one, other, meeting))
    return sorted(found, key=lambda f: f.meeting.at)


def _pairs(series: Sequence[tuple[K, Series]], since: date) -> Iterator[tuple[int, int]]:
    """Numbers of those that may meet."""
    arcs: list[tuple[int, int, int]] = []  # begin, end, number
    lines: list[tuple[int, int, int]] = []
    singles = set()
    for number, (_key, one) in enumerate(series):
        if is_single(one):
            singles.add(number)
            for begin, end in _spans(one, since):
                lines.append((begin, end, number))
                arcs += ((low, high, number) for low, high in _around(begin, end))
        else:
            arcs += ((low, high, number) for low, high in _arcs(one, since))
    yield from _swept(lines)
    if len(singles) < len(series):
        yield from _swept(arcs, frozenset(singles))


def _swept(spans: list[tuple[int, int, int]], apart: frozenset[int] = frozenset()) -> Iterator[tuple[int, int]]:
    """Pairs that overlap; of those ``apart`` none with each other."""
    rules: list[tuple[int, int]] = []
    others: list[tuple[int, int]] = []
    for begin, end, number in sorted(spans):
        rules = [each for each in rules if each[0] > begin]
        for _end, there in rules:
            yield (there, number) if there < number else (number, there)
        if number in apart:
            others.append((end, number))
            continue
        others = [each for each in others if each[0] > begin]
        for _end, there in others:
            yield (there, number) if there < number else (number, there)
        rules.append((end, number))


def is_single(series: Series) -> bool:
    """One airing, perhaps moved."""
    rule = series.rule
    return rule.is_once and not rule.earlier and not series.departures.keys() - {rule.starts_on}


def _spans(series: Series, since: date) -> Iterable[tuple[int, int]]:
    """Seconds of a single date's airing."""
    one = series.airing(series.rule, series.rule.starts_on)
    return () if one.kind == "skipped" or one.local.date() < since else (_seconds(one),)


def _seconds(one: Airing) -> tuple[int, int]:
    return int((one.start - MONDAY).total_seconds()), int((one.end - MONDAY).total_seconds())


def _arcs(series: Series, since: date) -> Iterator[tuple[int, int]]:
    """Where on the circle of a week the series may air."""
    for part in series.rule.parts:
        if part.ends_on is not None and part.ends_on < since:
            continue
        offsets = endless.offsets(part.time_zone, part.starts_on.year)
        begin = endless.wall_seconds(part) + 60 * series.delay_minutes
        for weekday in weekdays(part):
            at = weekday * 86_400 + begin
            yield from _around(at - offsets[-1], at - offsets[0] + 60 * part.minutes)
    for one in endless.departed(series, since):
        yield from _around(*_seconds(one))


def weekdays(part: Rule) -> Iterable[int]:
    """On which weekdays (0 is Monday) a rule may air."""
    if part.weekdays:
        return part.weekdays
    period, found = residues(part)
    return {(day - 1) % 7 for day in found} if period % 7 == 0 else range(7)


def _around(begin: int, end: int) -> Iterator[tuple[int, int]]:
    """A span of at most a week on the circle; what passes its end goes on at its beginning."""
    begin, end = begin % WEEK, begin % WEEK + min(end - begin, WEEK)
    yield begin, min(end, WEEK)
    if end > WEEK:
        yield 0, end - WEEK
