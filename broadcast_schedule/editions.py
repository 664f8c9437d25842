"""Publishing: the draft becomes a numbered edition, and stations whose own timetable changed get a new revision."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, func, insert, or_, select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from broadcast_schedule import air_checks, audits, clashes, draft, feed_checks, overlaps, rollbacks
from broadcast_schedule.changes import Change, compare, lines, summary
from broadcast_schedule.recurrence import LONGEST_MINUTES
from broadcast_schedule.tables import Channel, Edition, Slot, Station
from broadcast_schedule.tables import Occurrence as Row
from broadcast_schedule.timetable import Occurrence
from broadcast_schedule.words import Phrases, in_indonesian
from core.problems import Problem, Refused

PAST_DAYS = 60
HORIZON_DAYS = 400  # how far ahead a reader may look
# Rows are written further than anybody may look, so that the nightly extension changes no feed that was already pulled.
WRITTEN_DAYS = HORIZON_DAYS + 30
PUBLISHING = 77_1946  # any number, always the same


@dataclass(frozen=True, slots=True)
class Difference:
    """What publishing now would change, what stands against it, and what is only worth a look."""

    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
    advice: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Published:
    """``number`` is None where nothing changed for anybody: then there is no new edition."""

    number: int | None
    changes: tuple[Change, ...]
    revisions: dict[str, int]  # {station slug: its new revision}, of those that changed


def difference(db: Session, now: datetime, language: str = "id", _: Phrases = in_indonesian) -> Difference:
    """Reads only."""
    slots = list(db.scalars(select(Slot).where(Slot.is_draft).order_by(Slot.id)))
    changes = _changes(db, slots, now)
    return Difference(
        tuple(changes), tuple(_problems(db, slots, changes, now, language, _)), tuple(air_checks.odd_times(slots, _))
    )


def publish(
    db: Session,
    now: datetime,
    staff_id: int | None,
    *,
    allow_clashes: bool = False,
    only: Collection[int] | None = None,
    rolled_back_to: int | None = None,
    language: str = "id",
    _: Phrases = in_indonesian,
) -> Published:
    """Freezes the draft: writes occurrences from 60 days back to the horizon, leaving alone what has begun.

    What changed is kept in Indonesian, in which stations are told. Raises Refused with every clash on a channel, in the
    caller's language, unless ``allow_clashes``. With ``only`` (ids of slots) the rest of the draft stays a draft.
    """
    one_at_a_time(db, _)
    slots = list(db.scalars(select(Slot).where(Slot.is_draft).order_by(Slot.id).with_for_update()))
    if only is not None:
        wanted = frozenset(only)
        slots = [slot for slot in slots if slot.id in wanted]
    changes = _changes(db, slots, now)
    if allow_clashes:
        changes = overlaps.permit(db, changes, now)
    elif problems := _problems(db, slots, changes, now, language, _):
        raise Refused(problems)
    for some in draft.parts([slot.id for slot in slots]):  # in bulk: a planner's open form keeps its version
        db.execute(update(Slot).where(Slot.id.in_(some)).values(is_draft=False))
    if not changes:
        return Published(None, (), {})
    if unreadable := feed_checks.problems(changes, draft.places(db, keys={c.after.channel for c in changes}).values(), _):
        raise Refused(unreadable)
    number = 1 + (db.scalar(select(func.max(Edition.number))) or 0)
    stations = _write(db, changes, now)
    told = _in_words(changes, draft.places(db, keys={c.after.channel for c in changes}).values())
    db.add(Edition(number=number, published_at=now, staff_id=staff_id, changes=told, rolled_back_to=rolled_back_to))
    db.flush()
    rollbacks.freeze(db, number, slots)
    overlaps.refuse(db, [station.id for station in stations], now, _)
    return Published(number, tuple(changes), {station.slug: station.revision for station in stations})


def _in_words(changes: Sequence[Change], places: Iterable[draft.Place]) -> list[dict[str, Any]]:
    """By channel, as an edition keeps it: its lines, and all of it as one SMS."""
    by_key = {place.key: place for place in places}
    by_channel: dict[str, list[Change]] = {}
    for change in changes:
        by_channel.setdefault(change.after.channel, []).append(change)
    return [
        {
            "channel": key,
            "name": by_key[key].name,
            "count": len(some),
            "lines": lines(some, by_key[key].time_zone),
            "sms": summary(some, by_key[key].time_zone),
        }
        for key, some in by_channel.items()
    ]


def one_at_a_time(db: Session, _: Phrases = in_indonesian) -> None:
    """Two that publish, or a planner and the night, go one after the other: on SQLite writers do so anyway.

    Raises Refused where the other takes longer than a lock may be waited for.
    """
    if db.get_bind().dialect.name != "postgresql":
        return
    try:
        db.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": PUBLISHING})
    except OperationalError:
        raise Refused(Problem("", _("Orang lain sedang menerbitkan jadwal."), _("Tunggu sebentar, lalu coba lagi."))) from None


def extend(db: Session, now: datetime) -> int:
    """Writes what the nightly horizon brings into reach, of published slots; returns how many rows.

    No revision rises: nobody may look so far yet.
    """
    until = now.date() + timedelta(days=WRITTEN_DAYS)
    # Locked before anything else is read: of two that extend at once the second finds nothing left to write.
    one_at_a_time(db)
    weekly = select(Slot).where(~Slot.is_draft, Slot.retired_at.is_(None), or_(Slot.weekdays != "", Slot.pattern != ""))
    slots = list(db.scalars(weekly.order_by(Slot.id).with_for_update()))
    last = dict(db.execute(select(Row.slot_id, func.max(Row.original_start)).group_by(Row.slot_id)).all())
    groups: dict[date, list[Slot]] = {}
    for slot in slots:
        since = last[slot.id].date() + timedelta(days=1) if slot.id in last else now.date()
        if since < until and (slot.ends_on is None or slot.ends_on >= since):
            groups.setdefault(since, []).append(slot)
    found = [
        one
        for since, some in groups.items()
        for one in draft.occurrences(db, some, since, until)
        if (one.is_on or one.is_called_off) and one.original.date() >= since
    ]
    places = {place.key: place for place in draft.places(db).values()}
    revisions = dict(db.execute(select(Station.id, Station.revision)).all())
    rows = [
        _values(replace(one, revision=revisions[places[one.channel].station_id], updated_at=now), places[one.channel])
        for one in overlaps.permitted(db, found, until)
    ]
    if rows:
        db.execute(insert(Row), rows)
    return len(rows)


def occurrence(row: Row, channel: str) -> Occurrence:
    """The frozen value of a published row."""
    return Occurrence(
        row.slot_id, channel, row.original_start, row.start, row.end, row.title, row.episode, row.description,
        row.audience, row.language, row.quiz_keyword, row.status, row.sequence, row.revision, row.updated_at,  # type: ignore[arg-type]
        row.is_repeat, row.lesson, row.may_overlap, row.episode_id,
    )  # fmt: skip


def _changes(db: Session, slots: Sequence[Slot], now: datetime) -> list[Change]:
    """What publishing these slots changes."""
    today = now.date()
    new = draft.occurrences(db, slots, today - timedelta(days=PAST_DAYS), today + timedelta(days=WRITTEN_DAYS))
    rows = db.execute(
        select(Row, Channel.key)
        .join(Channel, Channel.id == Row.channel_id)
        .join(Slot, Slot.id == Row.slot_id)
        .where(Slot.is_draft)
    )
    ids = {slot.id for slot in slots}
    return compare([occurrence(row, key) for row, key in rows if row.slot_id in ids], new, now)


def _problems(
    db: Session, slots: Sequence[Slot], changes: Sequence[Change], now: datetime, language: str, _: Phrases
) -> list[Problem]:
    """What stands against publishing these slots, and what is on the air just now and cannot be taken back."""
    found = audits.of_slots(db, [slot.id for slot in slots], now, language, _)
    coming = [c.after for c in changes if c.after.is_on and now < c.after.start < now + timedelta(minutes=LONGEST_MINUTES)]
    if found or not coming:
        return found
    places = {place.key: place for place in draft.places(db, keys={o.channel for o in coming}).values()}
    on_air = db.execute(
        select(Row, Channel.key)
        .join(Channel, Channel.id == Row.channel_id)
        .where(
            Row.channel_id.in_({places[o.channel].id for o in coming}),
            Row.start > now - timedelta(minutes=LONGEST_MINUTES),
            Row.start <= now,
            Row.end > now,
            Row.status != "cancelled",
        )
    )
    met = clashes.clashes([*coming, *(occurrence(row, key) for row, key in on_air)])
    begun = [clash for clash in met if clash.earlier.start <= now]
    zones, names = {key: p.time_zone for key, p in places.items()}, {key: p.name for key, p in places.items()}
    return clashes.problems(begun, zones, language, _, names)


def _write(db: Session, changes: Sequence[Change], now: datetime) -> list[Station]:
    """The stations that changed, each with its new revision."""
    places = {place.key: place for place in draft.places(db, keys={c.after.channel for c in changes}).values()}
    touched = {places[change.after.channel].station_id for change in changes}
    stations = {
        s.id: s for s in db.scalars(select(Station).where(Station.id.in_(touched)).order_by(Station.id).with_for_update())
    }
    for station in stations.values():
        station.revision += 1
        station.revised_at = now
    new, changed = [], []
    for change in changes:
        place = places[change.after.channel]
        after = replace(change.after, revision=stations[place.station_id].revision, updated_at=now)
        if change.before is None:
            new.append(_values(after, place))
        else:
            changed.append((place, after))
    if new:
        db.execute(insert(Row), new)
    if changed:
        table = Row.__table__
        identity = ("channel_id", "slot_id", "original_start")
        rows = [_values(after, place) for place, after in changed]
        one = update(table).where(*(table.c[name] == bindparam(f"of_{name}") for name in identity))  # type: ignore[arg-type]
        keyed = [row | {f"of_{name}": row[name] for name in identity} for row in rows]
        db.connection().execute(one.values({name: bindparam(name) for name in rows[0]}), keyed)
    return list(stations.values())


def _values(one: Occurrence, place: draft.Place) -> dict[str, Any]:
    return {
        "station_id": place.station_id,
        "channel_id": place.id,
        "slot_id": one.slot,
        "original_start": one.original,
        "start": one.start,
        "end": one.end,
        "title": one.title,
        "episode": one.episode,
        "description": one.description,
        "audience": one.audience,
        "language": one.language,
        "quiz_keyword": one.quiz_keyword,
        "status": one.status,
        "sequence": one.sequence,
        "revision": one.revision,
        "updated_at": one.updated_at,
        "is_repeat": one.is_repeat,
        "lesson": one.lesson,
        "may_overlap": one.may_overlap,
        "episode_id": one.episode_id,
    }


def has_draft(db: Session) -> bool:
    """Whether anything waits to be published."""
    return bool(db.scalar(select(exists().where(Slot.is_draft))))
