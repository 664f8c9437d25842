"""The draft as a grid: a day in three zones, a week by hours, a month or a term by weeks. And who carries what, west to east."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from broadcast_schedule import draft
from broadcast_schedule.planning_tables import Blackout, Season
from broadcast_schedule.tables import Carriage, Channel, Programme, Slot, Station
from broadcast_schedule.timetable import Occurrence
from broadcast_schedule.weeks import INDONESIA, Day, by_day

ZOOMS = {"day": 1, "week": 7, "month": 35, "term": 182}
MOST_CHANNELS = 12
STATIONS_A_PAGE, SLOTS_A_PAGE = 50, 6


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a planner looks at. ``station_id`` and ``level`` narrow it; ``zone`` is that whose days are meant."""

    zoom: str
    first: date
    zone: str
    station_id: int | None = None
    level: str = ""

    @property
    def days(self) -> int:
        return ZOOMS[self.zoom]


@dataclass(frozen=True, slots=True)
class Grid:
    """``names`` are channels' names by key; ``is_cut``: there are more channels than are shown; ``notes``: seasons, blackouts."""

    days: list[Day]
    zone: str
    names: dict[str, str]
    is_cut: bool
    notes: dict[date, list[str]]

    def hours(self) -> list[tuple[time, list[list[tuple[Occurrence, list[str]]]]]]:
        """(hour, for each day what begins in it and on which channels), hours in which nothing begins left out."""
        found: dict[int, dict[int, list[Occurrence]]] = defaultdict(lambda: defaultdict(list))
        for column, (_day, occurrences) in enumerate(self.days):
            for one in occurrences:
                found[one.start.astimezone(ZoneInfo(self.zone)).hour][column].append(one)
        return [(time(hour), [self.together(found[hour][n]) for n in range(len(self.days))]) for hour in sorted(found)]

    def together(self, occurrences: Sequence[Occurrence]) -> list[tuple[Occurrence, list[str]]]:
        """An airing that several channels carry at one instant is one entry, with their names."""
        found: dict[tuple[int, datetime, str], tuple[Occurrence, list[str]]] = {}
        for one in occurrences:
            found.setdefault((one.slot, one.start, one.status), (one, []))[1].append(self.names[one.channel])
        return list(found.values())

    def weeks(self) -> list[list[Day]]:
        return [self.days[n : n + 7] for n in range(0, len(self.days), 7)]


def begun(day: date, zoom: str) -> date:
    """The first day of what is shown around a day: longer ones begin on a Monday."""
    return day if zoom == "day" else day - timedelta(days=day.weekday())


def grid(db: Session, chosen: Chosen) -> Grid:
    """The draft within the chosen days, skipped airings as cancelled."""
    query = select(Channel.id, Channel.key, Channel.name).join(Station, Station.id == Channel.station_id)
    if chosen.station_id is not None:
        query = query.where(Channel.station_id == chosen.station_id)
    channels = db.execute(query.order_by(Station.name, Channel.id).limit(MOST_CHANNELS + 1)).all()
    is_cut = len(channels) > MOST_CHANNELS
    channels = channels[:MOST_CHANNELS]
    ids = [row[0] for row in channels]
    names = {row[1]: row[2] for row in channels}
    carrying = select(Carriage.slot_id).where(Carriage.channel_id.in_(ids), Carriage.state == "accepted")
    living = select(Slot).where(Slot.retired_at.is_(None), or_(Slot.channel_id.in_(ids), Slot.id.in_(carrying)))
    if chosen.level:
        living = living.join(Programme, Programme.id == Slot.programme_id).where(Programme.audience == chosen.level)
    slots = list(db.scalars(living))
    # The slot's zone and the one that is shown may disagree on the date by one day.
    found = draft.occurrences(db, slots, chosen.first - timedelta(days=2), chosen.first + timedelta(days=chosen.days + 2))
    days = by_day((o for o in found if o.channel in names), chosen.zone, chosen.first, chosen.days)
    return Grid(days, chosen.zone, names, is_cut, _notes(db, chosen))


def _notes(db: Session, chosen: Chosen) -> dict[date, list[str]]:
    """{day: names of the seasons and blackouts that touch it}"""
    found: dict[date, list[str]] = defaultdict(list)
    last = chosen.first + timedelta(days=chosen.days - 1)
    spans = [(s.name, s.starts_on, s.ends_on) for s in db.scalars(select(Season).where(Season.ends_on >= chosen.first))]
    blackouts = select(Blackout)
    if chosen.station_id is not None:
        blackouts = blackouts.where(or_(Blackout.station_id.is_(None), Blackout.station_id == chosen.station_id))
    spans += [(b.name, b.starts_at.date(), (b.ends_at - timedelta(minutes=1)).date()) for b in db.scalars(blackouts)]
    for name, begin, end in spans:
        day = max(begin, chosen.first)
        while day <= min(end, last):
            found[day].append(name)
            day += timedelta(days=1)
    return dict(found)


def levels(db: Session) -> list[str]:
    return list(db.scalars(select(Programme.audience).where(Programme.audience != "").distinct().order_by(Programme.audience)))


@dataclass(frozen=True, slots=True)
class Coverage:
    """``zones``: (zone, [(channel's name, [what it does with each slot])]), from west to east."""

    slots: list[tuple[Slot, str, str]]  # (slot, its programme's title, its own channel's name)
    zones: list[tuple[str, list[tuple[str, list[str]]]]]
    carried: list[int]  # by how many channels each slot is aired
    slot_pages: int
    station_pages: int


def coverage(db: Session, page: int = 1, stations_page: int = 1) -> Coverage:
    """Slots that are carried or offered, most carried first; "" where a channel has nothing to do with one.

    What a channel does: ``own``, ``relay``, ``local``, ``relay+60``, ``offered``, ``declined`` (or another answer).
    """
    counted = (
        select(Carriage.slot_id, func.count().label("n"))
        .join(Slot, Slot.id == Carriage.slot_id)
        .where(Slot.retired_at.is_(None))
        .group_by(Carriage.slot_id)
    )
    ranked = db.execute(counted.order_by(func.count().desc(), Carriage.slot_id)).all()
    shown = [row.slot_id for row in ranked[(page - 1) * SLOTS_A_PAGE : page * SLOTS_A_PAGE]]
    rows = db.execute(
        select(Slot, Programme.title, Channel.name)
        .join(Programme, Programme.id == Slot.programme_id)
        .join(Channel, Channel.id == Slot.channel_id)
        .where(Slot.id.in_(shown))
    )
    slots = sorted(((slot, title, name) for slot, title, name in rows), key=lambda row: shown.index(row[0].id))
    does: dict[tuple[int, int], str] = {(slot.id, slot.channel_id): "own" for slot, _title, _name in slots}
    for c in db.scalars(select(Carriage).where(Carriage.slot_id.in_(shown))):
        delay = f"+{c.delay_minutes}" if c.delay_minutes else ""
        does[c.slot_id, c.channel_id] = f"{c.mode}{delay}" if c.state == "accepted" else c.state
    places = sorted(draft.places(db).values(), key=lambda p: (_offset(p.time_zone), p.time_zone, p.name))
    first = (stations_page - 1) * STATIONS_A_PAGE
    zones: dict[str, list[tuple[str, list[str]]]] = {}
    for place in places[first : first + STATIONS_A_PAGE]:
        zones.setdefault(place.time_zone, []).append((place.name, [does.get((slot.id, place.id), "") for slot, *_rest in slots]))
    aired = [sum(1 for (number, _channel), what in does.items() if number == slot.id and _airs(what)) for slot, *_rest in slots]
    return Coverage(slots, list(zones.items()), aired, _sheets(len(ranked), SLOTS_A_PAGE), _sheets(len(places), STATIONS_A_PAGE))


def _airs(what: str) -> bool:
    return what.partition("+")[0] in ("own", "relay", "local")


def _offset(zone: str) -> timedelta:
    return datetime(2026, 1, 1, tzinfo=ZoneInfo(zone)).utcoffset() or timedelta()


def _sheets(count: int, size: int) -> int:
    return max(1, -(-count // size))


def in_three_zones(start: datetime, zones: Sequence[str] = INDONESIA) -> list[datetime]:
    """The same instant in WIB, WITA and WIT."""
    return [start.astimezone(ZoneInfo(zone)) for zone in zones]
