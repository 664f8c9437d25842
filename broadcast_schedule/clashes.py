"""Two programmes on one channel at one time, found before anybody hears them. Pure.

Intervals are half-closed: what ends at 08.30 does not clash with what starts at 08.30.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from broadcast_schedule.timetable import Occurrence
from broadcast_schedule.words import Phrases, day_of, in_indonesian, span
from core.problems import Problem

SAME_DAY = timedelta(hours=12)  # further away a programme is another one to its listeners


@dataclass(frozen=True, slots=True)
class Clash:
    """``later`` begins while ``earlier`` is still on the air, on the same channel."""

    earlier: Occurrence
    later: Occurrence


def clashes(occurrences: Iterable[Occurrence]) -> list[Clash]:
    """Every pair that overlaps on its channel, cancelled ones aside, in order of time. Sorts once and scans once."""
    found: list[Clash] = []
    on_air: dict[str, list[Occurrence]] = {}
    for one in sorted((o for o in occurrences if o.is_on), key=lambda o: (o.start, o.end, o.id)):
        if one.end <= one.start:
            raise ValueError(f"an occurrence needs a length: {one.id}")
        still = [other for other in on_air.get(one.channel, ()) if other.end > one.start]
        found.extend(Clash(other, one) for other in still)
        on_air[one.channel] = [*still, one]
    return found


def problems(
    found: Iterable[Clash],
    zone: str | Mapping[str, str],
    language: str = "id",
    _: Phrases = in_indonesian,
    names: Mapping[str, str] | None = None,
    around: Iterable[Occurrence] = (),
) -> list[Problem]:
    """One problem for each pair of slots, told by its first clash: which, when, how often, and what to do about it.

    ``zone`` is one for all or {channel key: zone}; ``names`` gives channels' names by key. ``around`` is what else airs there
    then: what is proposed does not run into it.
    """
    pairs: dict[tuple[str, int, int], list[Clash]] = {}
    for clash in found:
        pairs.setdefault((clash.later.channel, clash.earlier.slot, clash.later.slot), []).append(clash)
    others = sorted(around, key=lambda o: o.start)
    return [_told(same, zone, language, _, names or {}, others) for same in pairs.values()]


def _free(clash: Clash, others: Iterable[Occurrence]) -> datetime:
    """When the later one can begin and run into nothing that day; else when the earlier one ends. ``others`` in order of time."""
    begins, length = clash.earlier.end, clash.later.end - clash.later.start
    for one in others:
        is_another = one.is_on and one.channel == clash.later.channel and one.id != clash.later.id
        if is_another and one.start < begins + length and one.end > begins:
            begins = one.end
    return begins if begins - clash.later.start < SAME_DAY else clash.earlier.end


def _told(
    same: list[Clash],
    zone: str | Mapping[str, str],
    language: str,
    _: Phrases,
    names: Mapping[str, str],
    others: Iterable[Occurrence],
) -> Problem:
    first = same[0]
    channel = first.later.channel
    where = zone if isinstance(zone, str) else zone[channel]
    what = _(
        "%(later)s (%(later_span)s) bertabrakan dengan %(earlier)s (%(earlier_span)s) di %(channel)s pada %(day)s.",
        later=first.later.title,
        later_span=span(first.later.start, first.later.end, where, language),
        earlier=first.earlier.title,
        earlier_span=span(first.earlier.start, first.earlier.end, where, language),
        channel=names.get(channel, channel),
        day=day_of(first.later.start, where, language),
    )
    if len(same) > 1:
        what += " " + _("Hal yang sama terjadi %(n)s kali lagi.", n=len(same) - 1)
    begins = _free(first, others)
    free = span(begins, begins + (first.later.end - first.later.start), where, language)
    remedy = _(
        "Geser %(later)s ke %(free)s, persingkat %(earlier)s, atau lewati salah satunya pada tanggal itu.",
        later=first.later.title,
        free=free,
        earlier=first.earlier.title,
    )
    return Problem(f"slot.{first.later.slot}", what, remedy)
