"""What of a file would air while something else does on its channel: each pair's first meeting, beyond any horizon. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from broadcast_schedule.endless import Series, first_meeting, own_meeting
from broadcast_schedule.recurrence import LONGEST_MINUTES, Airing, expand

LONGEST = timedelta(minutes=2 * LONGEST_MINUTES)


@dataclass(frozen=True, slots=True)
class Item:
    """A series as a channel airs it; ``is_new`` where the file brings or changes it."""

    title: str
    series: Series
    is_new: bool

    @property
    def is_single(self) -> bool:
        return self.series.rule.is_once and not self.series.rule.earlier and not self.series.departures


@dataclass(frozen=True, slots=True)
class Met:
    """``later`` begins while ``earlier`` is on; ``at`` is the first time that they do."""

    at: datetime
    earlier: Item
    later: Item
    begins: Airing
    ends: Airing


def meetings(items: Sequence[Item], tick: Callable[[], None] = lambda: None) -> Iterator[Met]:
    """Pairs of which at least one is new, single airings by a sweep, rules pair by pair with a proof where they never meet."""
    singles = sorted(
        ((item.series.airing(item.series.rule, item.series.rule.starts_on), item) for item in items if item.is_single),
        key=lambda each: (each[0].start, each[0].end),
    )
    rules = [item for item in items if not item.is_single]
    yield from _swept(singles, tick)
    for rule in rules:
        tick()
        yield from _of_singles(rule, singles, tick)
        own = own_meeting(rule.series) if rule.is_new else None
        if own is not None:
            yield _met((own.first, rule), (own.second, rule))
    for index, one in enumerate(rules):
        for other in rules[index + 1 :]:
            tick()
            if one.is_new or other.is_new:
                met = first_meeting(one.series, other.series)
                if met is not None:
                    yield _met((met.first, one), (met.second, other))


def _swept(singles: Sequence[tuple[Airing, Item]], tick: Callable[[], None]) -> Iterator[Met]:
    on_air: list[tuple[Airing, Item]] = []
    for airing, item in singles:
        tick()
        on_air = [each for each in on_air if each[0].end > airing.start]
        for each in on_air:
            if item.is_new or each[1].is_new:
                yield _met(each, (airing, item))
        on_air.append((airing, item))


def _of_singles(rule: Item, singles: Sequence[tuple[Airing, Item]], tick: Callable[[], None]) -> Iterator[Met]:
    """A rule against single airings, year by year: only years in which there is one are expanded."""
    years = sorted({(airing.start + shift).year for airing, _item in singles for shift in (-LONGEST, LONGEST)})
    starts = [airing.start for airing, _item in singles]
    seen: set[int] = set()
    for year in years:
        tick()
        series = rule.series
        for airing in expand(series.rule, series.departures, date(year, 1, 1), date(year + 1, 1, 1)):
            if airing.kind == "skipped":
                continue
            airing = series.later(airing)
            for n in range(bisect_right(starts, airing.start - LONGEST), bisect_left(starts, airing.end)):
                single, item = singles[n]
                if single.end > airing.start and n not in seen and (rule.is_new or item.is_new):
                    seen.add(n)
                    yield _met((airing, rule), (single, item))


def _met(one: tuple[Airing, Item], other: tuple[Airing, Item]) -> Met:
    (begins, later), (ends, earlier) = (one, other) if one[0].start > other[0].start else (other, one)
    return Met(begins.start, earlier, later, begins, ends)
