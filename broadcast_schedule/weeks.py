"""A channel's week as a page shows it, from the draft or from what is published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import get_day_names
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from broadcast_schedule import draft
from broadcast_schedule.recurrence import read_weekdays
from broadcast_schedule.tables import Carriage, Programme, Slot
from broadcast_schedule.timetable import Occurrence, window

INDONESIA = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
Day = tuple[date, list[Occurrence]]


def slots_on(db: Session, channel_id: int) -> list[Slot]:
    """Living slots that the channel airs, its own and those it carries."""
    carried = select(Carriage.slot_id).where(Carriage.channel_id == channel_id, Carriage.state == "accepted")
    here = or_(Slot.channel_id == channel_id, Slot.id.in_(carried))
    return list(db.scalars(select(Slot).where(Slot.retired_at.is_(None), here).order_by(Slot.starts_at, Slot.id)))


def slot_counts(db: Session) -> dict[int, int]:
    """{channel id: how many living slots it airs, its own and those it carries}"""
    living = Slot.retired_at.is_(None)
    own = select(Slot.channel_id).where(living)
    carried = select(Carriage.channel_id).join(Slot, Slot.id == Carriage.slot_id).where(living, Carriage.state == "accepted")
    return Counter(db.scalars(own.union_all(carried)))


def week(db: Session, slots: Sequence[Slot], place: draft.Place, monday: date, days: int = 7) -> list[Day]:
    """The draft's week, skipped airings marked as cancelled."""
    # The slot's zone and the channel's may disagree on the date by one day.
    found = draft.occurrences(db, slots, monday - timedelta(days=1), monday + timedelta(days=days + 1))
    return by_day((o for o in found if o.channel == place.key), place.time_zone, monday, days)


def by_day(occurrences: Iterable[Occurrence], zone: str, first: date, days: int) -> list[Day]:
    """Each local day with what begins on it, in order of time; empty days too."""
    begin, end = window(first, days, zone)
    found: dict[date, list[Occurrence]] = {first + timedelta(days=n): [] for n in range(days)}
    for one in sorted(occurrences, key=lambda o: (o.start, o.end, o.id)):
        if begin <= one.start < end:
            found[one.start.astimezone(ZoneInfo(zone)).date()].append(one)
    return list(found.items())


def rules(db: Session, slots: Sequence[Slot], language: str) -> list[tuple[Slot, str, str]]:
    """(slot, programme's title, names of its weekdays)."""
    titles = {p.id: p.title for p in db.scalars(select(Programme).where(Programme.id.in_({s.programme_id for s in slots})))}
    names = get_day_names("abbreviated", locale=language)
    return [(s, titles[s.programme_id], ", ".join(names[d] for d in sorted(read_weekdays(s.weekdays)))) for s in slots]


def hours_elsewhere(start: datetime, zone: str, language: str = "id") -> str:
    """The same instant in the other zones of Indonesia: "10.00 WITA, 11.00 WIT"."""
    mark = "." if language == "id" else ":"
    here = start.astimezone(ZoneInfo(zone)).utcoffset()
    locals_ = [start.astimezone(ZoneInfo(name)) for name in INDONESIA]
    return ", ".join(f"{there:%H}{mark}{there:%M} {there.tzname()}" for there in locals_ if there.utcoffset() != here)
