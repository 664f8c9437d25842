"""The draft as it stands: what its slots say will air, on every channel that carries them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcast_schedule.recurrence import Airing, Departure, Rule, carried, expand, read_weekdays
from broadcast_schedule.tables import Carriage, Channel, Episode, Programme, Slot, SlotException, Station
from broadcast_schedule.timetable import Occurrence, Status

STATUS: dict[str, Status] = {"planned": "planned", "moved": "moved", "skipped": "cancelled"}


@dataclass(frozen=True, slots=True)
class Place:
    """A channel as the draft needs it."""

    id: int
    key: str
    name: str
    station_id: int
    station: str
    time_zone: str


def places(db: Session) -> dict[int, Place]:
    """{channel id: where it is}, in order of station and channel."""
    rows = db.execute(
        select(Channel.id, Channel.key, Channel.name, Station.id, Station.name, Station.time_zone)
        .join(Station, Station.id == Channel.station_id)
        .order_by(Station.name, Channel.id)
    )
    return {row[0]: Place(*row) for row in rows}


def rule_of(slot: Slot) -> Rule:
    return Rule(
        slot.starts_on,
        slot.starts_at,
        slot.minutes,
        slot.time_zone,
        read_weekdays(slot.weekdays),
        slot.every_weeks,
        slot.ends_on,
    )


def departures_of(exceptions: Iterable[SlotException]) -> dict[date, Departure]:
    """By original local date; the newest of a date counts."""
    return {
        e.original_start.date(): Departure("skipped" if e.kind == "skipped" else "moved", e.new_start, e.new_minutes)
        for e in exceptions
    }


def occurrences(db: Session, slots: Collection[Slot], since: date, until: date) -> list[Occurrence]:
    """What these slots give on all their channels, by original local date in [since, until); retired ones nothing.

    Skipped airings are there, as cancelled.
    """
    living = [slot for slot in slots if slot.retired_at is None]
    if not living:
        return []
    words = _Words(db, living)
    found = []
    for slot in living:
        exceptions = words.exceptions[slot.id]
        episodes = {e.original_start.date(): e.episode_id for e in exceptions if e.episode_id is not None}
        for airing in expand(rule_of(slot), departures_of(exceptions), since, until):
            episode = words.episodes.get(episodes.get(airing.original.date(), slot.episode_id) or 0)
            for place, mode, delay in words.channels_of(slot):
                there = carried(airing, mode, delay, place.time_zone)
                found.append(_occurrence(slot, place, there, words.programmes[slot.programme_id], episode))
    return found


def _occurrence(slot: Slot, place: Place, airing: Airing, programme: Programme, episode: Episode | None) -> Occurrence:
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
        status=STATUS[airing.kind],
    )


class _Words:
    """What a set of slots needs besides itself, read in four statements."""

    def __init__(self, db: Session, slots: Collection[Slot]):
        ids = [slot.id for slot in slots]
        self.places = places(db)
        self.exceptions: dict[int, list[SlotException]] = defaultdict(list)
        self.carriages: dict[int, list[Carriage]] = defaultdict(list)
        self.programmes: dict[int, Programme] = {}
        self.episodes: dict[int, Episode] = {}
        for some in parts(ids):
            for exception in db.scalars(select(SlotException).where(SlotException.slot_id.in_(some))):
                self.exceptions[exception.slot_id].append(exception)
            accepted = select(Carriage).where(Carriage.slot_id.in_(some), Carriage.state == "accepted")
            for carriage in db.scalars(accepted.order_by(Carriage.channel_id)):
                self.carriages[carriage.slot_id].append(carriage)
        for some in parts(sorted({slot.programme_id for slot in slots})):
            self.programmes |= {p.id: p for p in db.scalars(select(Programme).where(Programme.id.in_(some)))}
        for some in parts(sorted({slot.programme_id for slot in slots})):
            self.episodes |= {e.id: e for e in db.scalars(select(Episode).where(Episode.programme_id.in_(some)))}

    def channels_of(self, slot: Slot) -> list[tuple[Place, str, int]]:
        """(channel, mode, delay) of the slot's own channel and of all that carry it."""
        own = [(self.places[slot.channel_id], "relay", 0)]
        return own + [(self.places[c.channel_id], c.mode, c.delay_minutes) for c in self.carriages[slot.id]]


def parts(ids: list[int], size: int = 5000) -> Iterable[list[int]]:
    """Databases limit how many values a statement may bind."""
    return (ids[i : i + size] for i in range(0, len(ids), size))
