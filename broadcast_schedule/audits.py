"""What stands against publishing, beyond every horizon: of some slots, or of the whole network. Reads only.

On a channel two series meet; a presenter is live in two places (relays of one production are one booking); a live programme is
carried before it happens; an episode's audio comes after its first airing in the east. A slot that begins at an odd minute is
worth a look and stops nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from broadcast_schedule import air_checks, clashes, draft
from broadcast_schedule.channel_clashes import Found, all_clashes
from broadcast_schedule.clashes import Clash
from broadcast_schedule.draft import Place, Plans
from broadcast_schedule.endless import Series, own_meeting
from broadcast_schedule.recurrence import Airing, Departure, Rule, expand
from broadcast_schedule.tables import Carriage, Programme, Slot
from broadcast_schedule.timetable import Occurrence
from broadcast_schedule.words import Phrases, day_of, in_indonesian, span
from core.problems import Problem

COUNTED = timedelta(days=430)  # so far ahead it is said how often a clash comes again
MOST = 200  # pairs that are told; what clashes more often is wrong in one place
COLUMNS = (
    Slot.id, Slot.channel_id, Slot.programme_id, Slot.time_zone, Slot.starts_on, Slot.starts_at, Slot.minutes, Slot.weekdays,
    Slot.every_weeks, Slot.ends_on, Slot.pattern, Slot.earlier, Slot.is_live, Slot.presenter,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Audit:
    """``problems`` stop a publication; ``slots`` and ``channels`` say how many were looked at."""

    problems: tuple[Problem, ...]
    slots: int
    channels: int


def whole_network(db: Session, now: datetime, language: str = "id", _: Phrases = in_indonesian) -> Audit:
    """Of every pair on every channel, published or not, the first clash."""
    rows = list(db.execute(select(*COLUMNS).where(Slot.retired_at.is_(None)).order_by(Slot.id)))
    found = _Network(db, rows, now, language, _, is_whole=True)
    return Audit(tuple(found.problems(None)), len(rows), len(found.plans.places))


def of_slots(db: Session, ids: Sequence[int], now: datetime, language: str = "id", _: Phrases = in_indonesian) -> list[Problem]:
    """What stands against publishing these slots, each other and what is planned besides taken together."""
    channels: set[int] = set()
    presenters: set[str] = set()
    for some in draft.parts(list(ids)):
        chosen = select(Slot).where(Slot.id.in_(some), Slot.retired_at.is_(None)).subquery()
        channels |= set(db.scalars(select(chosen.c.channel_id)))
        carrying = select(Carriage.channel_id).join(chosen, chosen.c.id == Carriage.slot_id)
        channels |= set(db.scalars(carrying.where(Carriage.state == "accepted")))
        live = (
            select(func.coalesce(func.nullif(chosen.c.presenter, ""), Programme.presenter))
            .select_from(chosen)
            .join(Programme, Programme.id == chosen.c.programme_id)
        )
        presenters |= {name for name in db.scalars(live.where(chosen.c.is_live)) if name}
    if not channels:
        return []
    rows = {row.id: row for some in draft.parts(sorted(channels)) for row in _on(db, some)}
    if presenters:
        live = select(*COLUMNS).join(Programme, Programme.id == Slot.programme_id).where(Slot.retired_at.is_(None), Slot.is_live)
        named = live.where(or_(Slot.presenter != "", Programme.presenter != ""))
        rows |= {row.id: row for row in db.execute(named)}
    return _Network(db, [rows[n] for n in sorted(rows)], now, language, _).problems(frozenset(ids))


def _on(db: Session, channels: list[int]) -> Iterable[Any]:
    """Living slots that these channels air."""
    living = select(*COLUMNS).where(Slot.retired_at.is_(None))
    yield from db.execute(living.where(Slot.channel_id.in_(channels)))
    carrying = select(Carriage.slot_id).where(Carriage.channel_id.in_(channels), Carriage.state == "accepted")
    yield from db.execute(living.where(Slot.id.in_(carrying)))


class _Network:
    def __init__(self, db: Session, rows: Sequence[Any], now: datetime, language: str, _: Phrases, *, is_whole: bool = False):
        self.db, self.now, self.language, self._ = db, now, language, _
        self.rows = {row.id: row for row in rows}
        self.plans = Plans(db, rows, is_whole=is_whole)
        self.since = now.date() - timedelta(days=1)  # nobody's local date is before that
        self.series: dict[int, tuple[Rule, dict[date, Departure]]] = {}
        for row in rows:
            rule, departures = self.plans.planned(row)
            if rule is not None:
                self.series[row.id] = rule, departures
        self.by_channel: dict[int, list[tuple[int, Series]]] = defaultdict(list)
        self._titles: dict[int, tuple[str, str]] = {}

    def problems(self, wanted: frozenset[int] | None) -> list[Problem]:
        found = self._on_channels(wanted)
        found += self._of_presenters(wanted, found)
        some = [self.rows[n] for n in self.series if wanted is None or n in wanted]
        until = self.now.date() + COUNTED
        before = air_checks.before_they_happen(self.plans, some, self.series, self.now, until)
        self._read_titles({row.id for row, *_rest in before})
        told = [
            air_checks.too_early(row.id, self._title(row.id), zone, place, own, there, self.language, self._)
            for row, zone, place, own, there in before
        ]
        return (
            self._told(found)
            + told
            + air_checks.late_audio(self.db, [r.id for r in some], self.now, until, self.language, self._)
        )

    def _on_channels(self, wanted: frozenset[int] | None) -> list[tuple[Place, Found[int]]]:
        for number in self.series:
            for place, mode, delay in self.plans.channels_of(self.rows[number]):
                self.by_channel[place.id].append((number, self._series(number, place, mode, delay)))
        own = [each for channel, series in self.by_channel.items() for each in self._with_itself(channel, series, wanted)]
        return own + [
            (self.plans.places[channel], found)
            for channel, series in self.by_channel.items()
            for found in all_clashes(series, self.since, wanted)
            if found.meeting.at > self.now or max(found.meeting.first.end, found.meeting.second.end) > self.now
        ]

    def _with_itself(
        self, channel: int, series: list[tuple[int, Series]], wanted: frozenset[int] | None
    ) -> Iterable[tuple[Place, Found[int]]]:
        for number, one in series:
            met = own_meeting(one, self.since) if wanted is None or number in wanted else None
            if met is not None and max(met.first.end, met.second.end) > self.now:
                yield self.plans.places[channel], Found(number, number, met)

    def _series(self, number: int, place: Place, mode: str, delay: int) -> Series:
        rule, departures = self.series[number]
        series = Series(rule, departures, delay)
        if mode == "local":
            series = series.in_zone(place.time_zone)
        for begin, end in self.plans.dark(place):
            window = begin.date() - timedelta(days=3), end.date() + timedelta(days=3)
            dark = [
                a for a in map(series.later, expand(series.rule, series.departures, *window)) if a.start < end and begin < a.end
            ]
            if dark:
                departures = {**series.departures, **{a.original.date(): Departure("skipped") for a in dark}}
                series = Series(series.rule, departures, delay)
        return series

    def _of_presenters(
        self, wanted: frozenset[int] | None, known: list[tuple[Place, Found[int]]]
    ) -> list[tuple[Place, Found[int]]]:
        """Live slots of one presenter, where each is made: who carries it adds no booking."""
        live = [row for row in self.rows.values() if row.is_live and row.id in self.series]
        if not live:
            return []
        names = dict(self.db.execute(select(Programme.id, Programme.presenter).where(Programme.presenter != "")).all())
        booked: dict[str, list[tuple[int, Series]]] = defaultdict(list)
        for row in live:
            name = " ".join((row.presenter or names.get(row.programme_id, "")).casefold().split())
            if name:
                place = self.plans.places[row.channel_id]
                booked[name].append((row.id, self._series(row.id, place, "relay", 0)))
        seen = {frozenset((f.one, f.other)) for _place, f in known}
        return [
            (self.plans.places[self.rows[found.other].channel_id], found)
            for series in booked.values()
            for found in all_clashes(series, self.since, wanted)
            if frozenset((found.one, found.other)) not in seen
        ]

    def _told(self, found: list[tuple[Place, Found[int]]]) -> list[Problem]:
        found = sorted(found, key=lambda pair: pair[1].meeting.at)[:MOST]
        self._read_titles({n for _place, f in found for n in (f.one, f.other)})
        told = []
        for place, one in found:
            on_channel = self._is_on(one.one, place) and self._is_on(one.other, place)
            told.append(self._clash(place, one) if on_channel else self._booked_twice(one))
        return told

    def _is_on(self, number: int, place: Place) -> bool:
        return any(there.id == place.id for there, _mode, _delay in self.plans.channels_of(self.rows[number]))

    def _clash(self, place: Place, found: Found[int]) -> Problem:
        pairs = [
            Clash(
                *sorted(
                    (self._one(found.one, place, found.meeting.first), self._one(found.other, place, found.meeting.second)),
                    key=_order,
                )
            )
        ]
        until = self.now.date() + COUNTED
        if found.one != found.other and found.meeting.at.date() < until:
            both = [self._one(n, place, a) for n in (found.one, found.other) for a in self._airings(n, place, until)]
            counted = [c for c in clashes.clashes(both) if c.earlier.slot != c.later.slot and c.later.start >= found.meeting.at]
            pairs = counted or pairs
        around = self._around(place, pairs[0].later.start)
        (problem,) = clashes.problems(pairs[:1], place.time_zone, self.language, self._, {place.key: place.name}, around)
        if len(pairs) == 1:
            return problem
        again = self._("Hal yang sama terjadi %(n)s kali lagi.", n=len(pairs) - 1)
        return Problem(problem.where, f"{problem.what} {again}", problem.remedy)

    def _around(self, place: Place, at: datetime) -> Iterable[Occurrence]:
        """What the channel airs on the days around an instant, untitled."""
        window = at.date() - timedelta(days=2), at.date() + timedelta(days=3)
        for number, series in self.by_channel[place.id]:
            for one in map(series.later, expand(series.rule, series.departures, *window)):
                if one.kind != "skipped":
                    yield Occurrence(number, place.key, one.original, one.start, one.end, "")

    def _airings(self, number: int, place: Place, until: date) -> list[Airing]:
        ((_there, mode, delay), *_rest) = (c for c in self.plans.channels_of(self.rows[number]) if c[0].id == place.id)
        series = self._series(number, place, mode, delay)
        airings = expand(series.rule, series.departures, self.since, until)
        return [series.later(a) for a in airings if a.kind != "skipped" and a.end > self.now]

    def _one(self, number: int, place: Place, airing: Airing) -> Occurrence:
        return Occurrence(number, place.key, airing.original, airing.start, airing.end, self._title(number))

    def _booked_twice(self, found: Found[int]) -> Problem:
        places = self.plans.places
        first, second = places[self.rows[found.one].channel_id], places[self.rows[found.other].channel_id]
        one, other = found.meeting.first, found.meeting.second
        what = self._(
            "%(presenter)s memandu dua siaran langsung sekaligus pada %(day)s: %(one)s (%(one_span)s, %(one_place)s) "
            "dan %(other)s (%(other_span)s, %(other_place)s).",
            presenter=self._presenter(found.one),
            day=day_of(found.meeting.at, second.time_zone, self.language),
            one=self._title(found.one),
            one_span=span(one.start, one.end, first.time_zone, self.language),
            one_place=first.name,
            other=self._title(found.other),
            other_span=span(other.start, other.end, second.time_zone, self.language),
            other_place=second.name,
        )
        remedy = self._("Geser salah satunya, rekam salah satunya lebih dulu, atau relai yang satu di saluran lain.")
        return Problem(f"slot.{found.other}", what, remedy)

    def _read_titles(self, numbers: set[int]) -> None:
        for some in draft.parts(sorted(numbers - self._titles.keys())):
            rows = select(Slot.id, Programme.title, func.coalesce(func.nullif(Slot.presenter, ""), Programme.presenter))
            for number, title, presenter in self.db.execute(
                rows.join(Programme, Programme.id == Slot.programme_id).where(Slot.id.in_(some))
            ):
                self._titles[number] = title, presenter

    def _title(self, number: int) -> str:
        self._read_titles({number})
        return self._titles[number][0]

    def _presenter(self, number: int) -> str:
        self._read_titles({number})
        return self._titles[number][1]


def _order(one: Occurrence) -> tuple[datetime, datetime, str]:
    return one.start, one.end, one.id
