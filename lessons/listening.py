"""Reminders of programmes: who wants which, whose is due, and the message.

Fifteen minutes before an airing, each learner who wished it gets one SMS: by the hour that is published when it is sent, so a
programme that was moved is announced at its new hour, and one that was cancelled not at all. An airing keeps its identity (slot,
original local start, station) however it moves: she is told of it once. At night there is none, and none later instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, bindparam, delete, func, insert, or_, select

from broadcast_schedule.carriage_tables import Offer
from broadcast_schedule.listeners import CODE_OF_SLOT
from broadcast_schedule.tables import Channel, Occurrence, Programme, Slot, Station
from core import clock, gsm7
from core.hot import Hot, Statement
from core.phrases import SOURCE, phrases
from lessons.dialogue import happenings as h
from lessons.dialogue.world import Wish
from lessons.listening_tables import ProgrammeReminder, ProgrammeWish
from lessons.practice_tables import Habit
from lessons.tables import Conversation
from schools.tables import Consent, Learner, School

BEFORE = timedelta(minutes=15)
A_DAY = 5  # messages at most to one learner
GIVES_UP_AFTER = timedelta(days=56)  # without a word from the number: she listens no more, or it is somebody else's
_MS = timedelta(milliseconds=1)

_WISH = ProgrammeWish.__table__.c
_BEGIN = Statement(
    insert(ProgrammeWish.__table__).values(  # type: ignore[arg-type]
        learner_id=bindparam("learner"), slot_id=bindparam("slot"), station_id=bindparam("station"), asked_at=bindparam("now")
    ),
    "ON CONFLICT DO NOTHING",
)
_END = Statement(
    delete(ProgrammeWish.__table__).where(  # type: ignore[arg-type]
        _WISH.learner_id == bindparam("learner"), or_(_WISH.slot_id == bindparam("slot"), bindparam("is_all", type_=Integer) == 1)
    )
)
_code = (
    select(func.min(Offer.code))
    .join(Channel, Channel.id == Offer.channel_id)
    .where(Offer.slot_id == _WISH.slot_id, Channel.station_id == _WISH.station_id, Offer.state != "withdrawn")
    .scalar_subquery()
)
_WISHES = Statement(
    select(_WISH.slot_id, _WISH.station_id, Station.name, Programme.title, _code.label("code"))
    .join(Station, Station.id == _WISH.station_id)
    .join(Slot, Slot.id == _WISH.slot_id)
    .join(Programme, Programme.id == Slot.programme_id)
    .where(_WISH.learner_id == bindparam("learner"), Slot.retired_at.is_(None))
    .order_by(Programme.title, _WISH.slot_id, _WISH.station_id)
)
_STATIONS = Statement(select(_WISH.station_id).distinct().order_by(_WISH.station_id))
_SOON = Statement(
    select(
        Occurrence.slot_id, Occurrence.station_id, Occurrence.original_start, Occurrence.title, Occurrence.start, Occurrence.end,
        Station.name, Station.time_zone,
    )
    .join(Station, Station.id == Occurrence.station_id)
    .where(
        Occurrence.station_id == bindparam("station"), Occurrence.start > bindparam("now"),
        Occurrence.start <= bindparam("until"), Occurrence.status.in_(("planned", "moved")),
    )
    .order_by(Occurrence.start, Occurrence.slot_id)
)  # fmt: skip
_consent = select(Consent.state).where(Consent.learner_id == Learner.id).order_by(Consent.id.desc()).limit(1).scalar_subquery()
_told = ProgrammeReminder.__table__.alias("told")
_WHO = Statement(
    select(
        Learner.id, Learner.msisdn, Learner.school_id, Learner.language, School.time_zone, _WISH.asked_at, _code.label("code"),
        Conversation.updated_at,
    )
    .join(Learner, Learner.id == _WISH.learner_id)
    .outerjoin(School, School.id == Learner.school_id)
    .outerjoin(Habit, Habit.learner_id == Learner.id)
    .outerjoin(Conversation, Conversation.msisdn == Learner.msisdn)
    .outerjoin(
        _told,
        (_told.c.learner_id == _WISH.learner_id) & (_told.c.slot_id == _WISH.slot_id) & (_told.c.station_id == _WISH.station_id)
        & (_told.c.original_start == bindparam("original")),
    )
    .where(
        _WISH.slot_id == bindparam("slot"), _WISH.station_id == bindparam("station"), _told.c.id.is_(None),
        _WISH.asked_at <= bindparam("asked_before"), Learner.msisdn.is_not(None), Habit.doubted_at.is_(None),
        or_(_consent == "given", Learner.school_id.is_(None)),  # of a school: by a guardian's consent; else by her own wish
    )
    .order_by(Learner.id)
)  # fmt: skip
_TAKE = Statement(
    insert(ProgrammeReminder.__table__).values(  # type: ignore[arg-type]
        learner_id=bindparam("learner"), slot_id=bindparam("slot"), station_id=bindparam("station"),
        original_start=bindparam("original"), at=bindparam("now"),
    ),
    "ON CONFLICT DO NOTHING",
)  # fmt: skip
_TAKEN = Statement(
    select(ProgrammeReminder.id).where(
        ProgrammeReminder.learner_id == bindparam("learner"), ProgrammeReminder.slot_id == bindparam("slot"),
        ProgrammeReminder.station_id == bindparam("station"), ProgrammeReminder.original_start == bindparam("original"),
    )
)  # fmt: skip
_STILL = Statement(
    select(Occurrence.start, Occurrence.status).where(
        Occurrence.slot_id == bindparam("slot"), Occurrence.station_id == bindparam("station"),
        Occurrence.start == bindparam("at"), Occurrence.status.in_(("planned", "moved")),
    )
)  # fmt: skip
_OLD = Statement(delete(ProgrammeReminder.__table__).where(ProgrammeReminder.at < bindparam("before")))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Due:
    """One number to be told of one airing. ``learners`` are those of the number who wished it, the first one's words count.

    ``zone`` is hers where she has a school, else the station's; ``original`` is the airing's identity.
    """

    learners: tuple[int, ...]
    msisdn: str
    school: int | None
    language: str
    zone: str
    code: str
    slot: int
    station_id: int
    original: str
    station: str
    station_zone: str
    title: str
    start: datetime


def write(db: Hot, fact: h.ProgrammeWished | h.ProgrammeLeft, now: int) -> None:
    """Her wish, or its end; said again it changes nothing."""
    if isinstance(fact, h.ProgrammeWished):
        db.soon(_BEGIN, learner=fact.learner, slot=fact.slot, station=fact.station, now=now)
    else:
        db.soon(_END, learner=fact.learner, slot=fact.slot, is_all=int(fact.slot == 0))


def wishes(db: Hot, learner: int) -> list[Wish]:
    """What she is reminded of, by title."""
    return [
        Wish(row.slot_id, row.station_id, row.name, row.title, code_of(row.code, row.slot_id))
        for row in db.all(_WISHES, learner=learner)
    ]


def code_of(offered: int | None, slot: int) -> str:
    """By which she names the slot: its station's own code, where it has one."""
    return str(offered) if offered else f"{CODE_OF_SLOT}{slot}"


def due(db: Hot, now: datetime) -> list[Due]:
    """Who is to be told now of what begins within a quarter of an hour, by number and airing.

    Who asked less than a quarter of an hour before it has just read when it begins, and is not told.
    """
    at, found = clock.to_ms(now), []
    for station in db.all(_STATIONS):
        for one in db.all(_SOON, station=station.station_id, now=at, until=at + BEFORE // _MS):
            found += _of(db, one, at)
    return found


def _of(db: Hot, one: Any, at: int) -> list[Due]:
    original = str(one.original_start)[:16].replace("T", " ")
    people: dict[str, list[Any]] = {}
    asked_before = one.start - BEFORE // _MS
    for row in db.all(_WHO, slot=one.slot_id, station=one.station_id, original=original, asked_before=asked_before):
        people.setdefault(row.msisdn, []).append(row)
    found = []
    for msisdn, rows in people.items():
        first = rows[0]
        if first.updated_at is not None and at - first.updated_at > GIVES_UP_AFTER // _MS:
            for row in rows:
                db.run(_END, learner=row.id, slot=one.slot_id, is_all=0)
            continue
        learners, zone = tuple(row.id for row in rows), first.time_zone or one.time_zone
        found.append(
            Due(
                learners, msisdn, first.school_id, first.language or SOURCE, zone,
                code_of(first.code, one.slot_id), one.slot_id, one.station_id, original, one.name, one.time_zone, one.title,
                clock.from_ms(one.start),
            )
        )  # fmt: skip
    return found


def take(db: Hot, one: Due, now: datetime) -> int | None:
    """The number of this reminder for the one who takes it first; None for whoever comes second, or where the airing was
    cancelled or moved since it was found."""
    if db.one(_STILL, slot=one.slot, station=one.station_id, at=clock.to_ms(one.start)) is None:
        return None
    which = {"slot": one.slot, "station": one.station_id, "original": one.original}
    taken = [db.run(_TAKE, learner=learner, now=clock.to_ms(now), **which) for learner in one.learners]
    if not taken[0]:
        return None
    found: int = db.one(_TAKEN, learner=one.learners[0], **which).id
    return found


def forget(db: Hot, before: datetime) -> int:
    """Drops what was kept of reminders of airings long over; how many."""
    return db.run(_OLD, before=clock.to_ms(before))


def message(one: Due) -> str:
    """In her language, one segment: the hour at the station, and where she lives besides where that is another one."""
    _ = phrases(one.language)
    hours = list(dict.fromkeys(_hour(one.start, zone, one.language) for zone in (one.station_zone, one.zone)))
    when = hours[0] if len(hours) == 1 else f"{hours[0]} ({hours[1]})"
    titles = [(_cut(one.title, most), most) for most in (60, 40, 30, 20, 10)]
    for title, most in (*titles, (one.code, 10)):  # a title in another script leaves room for little: then its code says which
        text = _(
            "Jam %(when)s: %(title)s di %(station)s. Berhenti: INGATKAN %(code)s BATAL",
            when=when, title=title, station=_cut(one.station, most), code=one.code,
        )  # fmt: skip
        if gsm7.size(gsm7.rewrite(text)).segments == 1:
            break
    return text


def _hour(at: datetime, zone: str, language: str) -> str:
    local = at.astimezone(clock.zone(zone))
    return f"{local:%H.%M} {local.tzname()}" if language == SOURCE else f"{local:%H:%M} {local.tzname()}"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 2].rstrip() + ".."
