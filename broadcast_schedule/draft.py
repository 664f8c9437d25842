"""The draft as it stands: what its slots say will air, on every channel that carries them, seasons and blackouts applied."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from broadcast_schedule import patterns
from broadcast_schedule.episode_runs import lay, repeat
from broadcast_schedule.paper_tables import EpisodeFile
from broadcast_schedule.planning_tables import Blackout, Season, SeasonEffect, SlotEpisode
from broadcast_schedule.recurrence import (
    Airing,
    Departure,
    Rule,
    carried,
    dates,
    expand,
    from_json,
    read_weekdays,
    to_utc,
    within,
)
from broadcast_schedule.tables import Carriage, Channel, Episode, Programme, Slot, SlotException, Station
from broadcast_schedule.timetable import Occurrence, Status

STATUS: dict[str, Status] = {"planned": "planned", "moved": "moved", "skipped": "cancelled", "added": "planned"}
A_DAY = timedelta(days=1)
FEW = 500  # channels: above it all are read, which costs less than naming them


@dataclass(frozen=True, slots=True)
class Place:
    """A channel as the draft needs it."""

    id: int
    key: str
    name: str
    station_id: int
    station: str
    time_zone: str


def places(db: Session, ids: Collection[int] | None = None, keys: Collection[str] | None = None) -> dict[int, Place]:
    """{channel id: where it is}, in order of station and channel; of all, or of those with these ids or keys."""
    query = select(Channel.id, Channel.key, Channel.name, Station.id, Station.name, Station.time_zone).join(
        Station, Station.id == Channel.station_id
    )
    if ids is not None:
        query = query.where(Channel.id.in_(ids))
    if keys is not None:
        query = query.where(Channel.key.in_(keys))
    return {row[0]: Place(*row) for row in db.execute(query.order_by(Station.name, Channel.id))}


def rule_of(slot: Any) -> Rule:
    """A slot's rule, with the parts that held before it. ``slot`` is a Slot or a row with its columns."""
    return Rule(
        slot.starts_on,
        slot.starts_at,
        slot.minutes,
        slot.time_zone,
        read_weekdays(slot.weekdays),
        slot.every_weeks,
        slot.ends_on,
        patterns.read(slot.pattern) if slot.pattern else None,
        tuple(from_json(part) for part in slot.earlier) if slot.earlier else (),
    )


def departures_of(exceptions: Iterable[Any]) -> dict[date, Departure]:
    """By original local date; the newest of a date counts."""
    kinds = {"skipped": "skipped", "cancelled": "skipped", "added": "added"}
    return {
        e.original_start.date(): Departure(
            kinds.get(e.kind, "moved"),  # type: ignore[arg-type]
            e.new_start,
            e.new_minutes,
            e.kind == "cancelled",
        )
        for e in exceptions
    }


def in_season(
    rule: Rule, departures: dict[date, Departure], effects: Iterable[tuple[Season, SeasonEffect]]
) -> tuple[Rule | None, dict[date, Departure]]:
    """The rule and its departures with what seasons do to them; what a planner decided for one date goes before a season."""
    effects = sorted(effects, key=lambda pair: pair[0].starts_on)
    only = [(season.starts_on, season.ends_on) for season, effect in effects if effect.kind == "only"]
    left: Rule | None = within(rule, only) if only else rule
    found = dict(departures)
    for season, effect in effects:
        if effect.kind == "only" or left is None:
            continue
        for day in dates(left, season.starts_on, season.ends_on + A_DAY):
            start = datetime.combine(day, effect.starts_at) if effect.starts_at is not None else None
            kind = Departure("skipped") if effect.kind == "skipped" else Departure("moved", start, effect.minutes)
            found.setdefault(day, kind)
    return left, found


def occurrences(db: Session, slots: Collection[Slot], since: date, until: date) -> list[Occurrence]:
    """What these slots give on all their channels, by original local date in [since, until); retired ones nothing.

    Skipped airings are there, as cancelled, and so are those that a blackout of their station swallows.
    """
    living = [slot for slot in slots if slot.retired_at is None]
    if not living:
        return []
    around = Around(db, living)
    return [
        around.occurrence(slot, place, airing, around.episodes.get(episode or 0))
        for slot, place, airing, episode in airings(around, living, since, until)
    ]


def airings(around: Around, slots: Iterable[Slot], since: date, until: date) -> Iterator[tuple[Slot, Place, Airing, int | None]]:
    """Each airing on each of its channels, with its episode."""
    for slot in slots:
        rule, departures = around.planned(slot)
        if rule is None:
            continue
        own = expand(rule, departures, since, until)
        episodes = around.episodes_of(slot, own, until)
        channels = around.channels_of(slot)
        for one in own:
            for place, mode, delay in channels:
                yield slot, place, carried(one, mode, delay, place.time_zone), episodes.get(one.original.date())


def promised(db: Session) -> dict[int, datetime]:
    """{episode: when its audio is to be at the stations}, of those where it is said and no recording of it is offered yet:
    what is here has arrived, and its promise is kept."""
    has_come = exists().where(
        EpisodeFile.episode_id == Episode.id, EpisodeFile.kind == "recording", EpisodeFile.removed_at.is_(None)
    )
    rows = db.execute(select(Episode.id, Episode.ready_at).where(Episode.ready_at.is_not(None), ~has_come))
    return {number: ready for number, ready in rows if ready is not None}


class Plans:
    """What the airings of a set of slots follow from besides their rules, read in a few statements."""

    def __init__(self, db: Session, slots: Collection[Any], *, is_whole: bool = False):
        """Of these slots; with ``is_whole`` they are all that live."""
        ids = None if is_whole else {slot.id for slot in slots}
        self.exceptions: dict[int, list[Any]] = defaultdict(list)
        self.carriages: dict[int, list[Any]] = defaultdict(list)
        self.effects: dict[int, list[tuple[Season, SeasonEffect]]] = defaultdict(list)
        departing = select(
            SlotException.slot_id, SlotException.original_start, SlotException.kind, SlotException.new_start,
            SlotException.new_minutes, SlotException.episode_id,
        )  # fmt: skip
        accepted = select(Carriage.slot_id, Carriage.channel_id, Carriage.mode, Carriage.delay_minutes)
        touching = select(Season, SeasonEffect).join(SeasonEffect)
        for some in [None] if ids is None else parts(sorted(ids)):
            for exception in db.execute(_among(departing, SlotException.slot_id, some).order_by(SlotException.id)):
                self.exceptions[exception.slot_id].append(exception)
            carried_by = _among(accepted, Carriage.slot_id, some).where(Carriage.state == "accepted")
            for carriage in db.execute(carried_by.order_by(Carriage.channel_id)):
                self.carriages[carriage.slot_id].append(carriage)
            for season, effect in db.execute(_among(touching, SeasonEffect.slot_id, some)):
                self.effects[effect.slot_id].append((season, effect))
        channels = {slot.channel_id for slot in slots} | {c.channel_id for some in self.carriages.values() for c in some}
        self.places = places(db, None if is_whole or len(channels) > FEW else channels)
        self._blackouts = list(db.scalars(select(Blackout)))
        self._dark: dict[int, list[tuple[datetime, datetime]]] = {}

    def planned(self, slot: Any) -> tuple[Rule | None, dict[date, Departure]]:
        """The slot's rule and departures with its seasons; no rule where it airs in no season."""
        rule, departures = rule_of(slot), departures_of(self.exceptions.get(slot.id, ()))
        return in_season(rule, departures, self.effects[slot.id]) if slot.id in self.effects else (rule, departures)

    def channels_of(self, slot: Any) -> list[tuple[Place, str, int]]:
        """(channel, mode, delay) of the slot's own channel and of all that carry it."""
        own = [(self.places[slot.channel_id], "relay", 0)]
        return own + [(self.places[c.channel_id], c.mode, c.delay_minutes) for c in self.carriages.get(slot.id, ())]

    def dark(self, place: Place) -> Sequence[tuple[datetime, datetime]]:
        """When the channel's station is off the air."""
        if place.id not in self._dark:
            self._dark[place.id] = [
                (to_utc(b.starts_at, place.time_zone), to_utc(b.ends_at, place.time_zone))
                for b in self._blackouts
                if b.station_id in (None, place.station_id)
            ]
        return self._dark[place.id]

    def is_dark(self, place: Place, airing: Airing) -> bool:
        return any(airing.start < end and begin < airing.end for begin, end in self.dark(place))


def _among(query: Any, column: Any, ids: list[int] | None) -> Any:
    return query if ids is None else query.where(column.in_(ids))


class Around(Plans):
    """Besides, what the airings are called: programmes and episodes."""

    def __init__(self, db: Session, slots: Collection[Any]):
        self.runs: dict[int, list[int]] = defaultdict(list)
        self.programmes: dict[int, Programme] = {}
        self.episodes: dict[int, Episode] = {}
        self.repeated: dict[int, Slot] = {}
        for some in parts(sorted({slot.repeats_id for slot in slots if slot.repeats_id is not None})):
            self.repeated |= {s.id: s for s in db.scalars(select(Slot).where(Slot.id.in_(some)))}
        everything = [*slots, *self.repeated.values()]
        super().__init__(db, everything)
        for some in parts(sorted({slot.id for slot in everything})):
            laid = select(SlotEpisode.slot_id, SlotEpisode.episode_id).where(SlotEpisode.slot_id.in_(some))
            for slot_id, episode_id in db.execute(laid.order_by(SlotEpisode.position)):
                self.runs[slot_id].append(episode_id)
        for some in parts(sorted({slot.programme_id for slot in everything})):
            self.programmes |= {p.id: p for p in db.scalars(select(Programme).where(Programme.id.in_(some)))}
            self.episodes |= {e.id: e for e in db.scalars(select(Episode).where(Episode.programme_id.in_(some)))}

    def episodes_of(self, slot: Slot, airings: Sequence[Airing], until: date) -> Mapping[date, int | None]:
        """{original date: episode}: what a planner chose for a date, else what is laid or repeated, else the slot's own."""
        chosen = {e.original_start.date(): e.episode_id for e in self.exceptions.get(slot.id, ()) if e.episode_id is not None}
        source = self.repeated.get(slot.repeats_id or 0)
        if source is not None:
            premieres, starts = self._laid(source, until)
            return {**repeat(airings, premieres, starts), **chosen}
        if slot.id in self.runs:
            return {**self._laid(slot, until)[0], **chosen}
        return {**{a.original.date(): slot.episode_id for a in airings}, **chosen}

    def _laid(self, slot: Slot, until: date) -> tuple[dict[date, int], dict[date, datetime]]:
        """({original date: episode}, {original date: its instant}) from the first date of the run on."""
        rule, departures = self.planned(slot)
        if rule is None:
            return {}, {}
        airings = expand(rule, departures, slot.run_from or rule.parts[0].starts_on, until)
        airings = [a for a in airings if a.original.date() >= (slot.run_from or date.min)]
        place = self.places[slot.channel_id]
        fallen = {a.original.date() for a in airings if self.is_dark(place, a)}
        laid = lay(airings, self.runs.get(slot.id, ()), slot.follows, fallen)
        chosen = {e.original_start.date(): e.episode_id for e in self.exceptions.get(slot.id, ()) if e.episode_id is not None}
        return {**laid, **chosen}, {a.original.date(): a.start for a in airings}

    def occurrence(self, slot: Slot, place: Place, airing: Airing, episode: Episode | None) -> Occurrence:
        programme = self.programmes[slot.programme_id]
        return Occurrence(
            slot=slot.id,
            channel=place.key,
            original=airing.original,
            start=airing.start,
            end=airing.end,
            title=programme.title,
            episode=episode.title if episode else "",
            description=programme.description,
            audience=programme.audience,
            language=programme.language,
            quiz_keyword=episode.quiz_keyword if episode else "",
            status="cancelled" if self.is_dark(place, airing) else STATUS[airing.kind],
            is_repeat=slot.is_repeat or slot.repeats_id is not None,
            lesson=episode.lesson if episode else "",
            episode_id=episode.id if episode else None,
            is_called_off=airing.is_called_off,
        )


def parts(ids: list[int], size: int = 5000) -> Iterable[list[int]]:
    """Databases limit how many values a statement may bind."""
    return (ids[i : i + size] for i in range(0, len(ids), size))
