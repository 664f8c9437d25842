"""Carriage is offered, and a station answers: yes, no, or another time. The same by page, API and SMS.

What a station accepted is in the draft at once and in its timetable from the next publication on. Every answer may be said
again, or changed while the offer stands. Whoever answers locks the offer first: it and its carriage always say the same.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from broadcast_schedule.carriage import carry, checked, uncarry
from broadcast_schedule.carriage_tables import Offer
from broadcast_schedule.recurrence import to_utc
from broadcast_schedule.tables import Carriage, Channel, Programme, Slot, Station
from broadcast_schedule.words import Phrases, in_indonesian
from core.hot import Hot, Statement
from core.problems import Problem, Refused

FIRST_CODE = 101
DAY = 24 * 60

_OFFER = Offer.__table__.c
_FIND = (
    select(
        Offer.id, Offer.code, Offer.slot_id, Offer.channel_id, Offer.mode, Offer.delay_minutes, Offer.language, Offer.state,
        Offer.proposed_at, Offer.offered_at, Offer.answered_at, Offer.answered_by, Channel.station_id,
        Channel.key.label("channel"), Station.slug, Station.name.label("station"), Station.time_zone, Programme.title,
        Slot.starts_on, Slot.starts_at, Slot.minutes, Slot.time_zone.label("slot_zone"), Slot.is_live,
    )
    .join(Channel, Channel.id == Offer.channel_id)
    .join(Station, Station.id == Channel.station_id)
    .join(Slot, Slot.id == Offer.slot_id)
    .join(Programme, Programme.id == Slot.programme_id)
    .where(Slot.retired_at.is_(None), Offer.state != "withdrawn")
)  # fmt: skip
_BY_CODE = Statement(_FIND.where(_OFFER.code == bindparam("of_code")).with_for_update(of=Offer))
_ANSWER = Statement(
    update(Offer.__table__)  # type: ignore[arg-type]
    .where(_OFFER.id == bindparam("of_id"))
    .values(
        state=bindparam("to_state"), proposed_at=bindparam("at"), mode=bindparam("to_mode"), delay_minutes=bindparam("to_delay"),
        answered_at=bindparam("now"), answered_by=bindparam("by"),
    )
)  # fmt: skip
_CARRY = Statement(
    insert(Carriage.__table__).values(  # type: ignore[arg-type]
        slot_id=bindparam("of_slot"), channel_id=bindparam("of_channel"), mode=bindparam("its_mode"),
        delay_minutes=bindparam("its_delay"), state=bindparam("its_state"),
    ),
    "ON CONFLICT (slot_id, channel_id) DO UPDATE SET mode = excluded.mode, delay_minutes = excluded.delay_minutes,"
    " state = excluded.state",
)  # fmt: skip
_STOP = Statement(
    update(Carriage.__table__)  # type: ignore[arg-type]
    .where(
        Carriage.slot_id == bindparam("of_slot"), Carriage.channel_id == bindparam("of_channel"), Carriage.state == "accepted"
    )
    .values(state="declined")
)  # fmt: skip
_MARK = Statement(update(Slot.__table__).where(Slot.id == bindparam("of_slot")).values(is_draft=True))  # type: ignore[arg-type]


def offer(
    db: Session, slot_id: int, channel_id: int, mode: str, delay_minutes: int, language: str, now: datetime,
    _: Phrases = in_indonesian,
) -> Offer:  # fmt: skip
    """Offers the slot to the channel, or offers it anew in another way. Raises Refused as ``carriage.checked``."""
    checked(db, slot_id, channel_id, mode, delay_minutes, _)
    found = _of(db, slot_id, channel_id)
    asked = (mode, delay_minutes, language[:8])
    if found is not None and found.state != "withdrawn" and (found.mode, found.delay_minutes, found.language) == asked:
        return found
    if found is None:
        code = max(FIRST_CODE, 1 + (db.scalar(select(func.max(Offer.code))) or 0))
        found = Offer(slot_id=slot_id, channel_id=channel_id, code=code)
        db.add(found)
    elif found.state == "accepted":
        _drop_carriage(db, found, _)
    found.mode, found.delay_minutes, found.language = asked
    found.state, found.proposed_at, found.answered_by, found.offered_at = "offered", "", "", now
    found.answered_at = found.told_at = found.reminded_at = None
    db.flush()
    return found


def withdraw(db: Session, offer_id: int, _: Phrases = in_indonesian) -> int:
    """The offer no longer stands, and the channel carries the slot no more; the slot's id. Raises Refused where it is unknown."""
    found = db.get(Offer, offer_id, with_for_update=True)
    if found is None:
        raise Refused(_("Tawaran itu sudah tidak ada."))
    if found.state == "accepted":
        _drop_carriage(db, found, _)
    found.state = "withdrawn"
    db.flush()
    return found.slot_id


def put(
    db: Session, slot_id: int, channel_id: int, mode: str, delay_minutes: int, by: str, now: datetime, _: Phrases = in_indonesian
) -> None:
    """The channel carries the slot without having been asked; where it was, nobody waits for its answer any more."""
    found = _of(db, slot_id, channel_id)
    carry(db, slot_id, channel_id, mode, delay_minutes, _=_)
    if found is not None and found.state != "withdrawn":
        found.mode, found.delay_minutes, found.state, found.proposed_at = mode, delay_minutes, "accepted", ""
        found.answered_at, found.answered_by = now, by[:60]
        db.flush()


def end(db: Session, carriage_id: int, _: Phrases = in_indonesian) -> int:
    """The channel carries the slot no more, and no offer of it stands; the slot's id. Raises Refused as ``carriage.uncarry``."""
    carried = db.get(Carriage, carriage_id)
    found = _of(db, carried.slot_id, carried.channel_id) if carried is not None else None
    if found is not None:
        found.state = "withdrawn"
    return uncarry(db, carriage_id, _).id


def _of(db: Session, slot_id: int, channel_id: int) -> Offer | None:
    """Locked: whoever changes what was agreed does so one after the other."""
    return db.scalar(select(Offer).where(Offer.slot_id == slot_id, Offer.channel_id == channel_id).with_for_update())


def _drop_carriage(db: Session, found: Offer, _: Phrases) -> None:
    row = db.scalar(select(Carriage.id).where(Carriage.slot_id == found.slot_id, Carriage.channel_id == found.channel_id))
    if row is not None:
        uncarry(db, row, _)


def all_of(db: Session, station_id: int | None = None, slot_id: int | None = None) -> list[Any]:
    """Rows of standing offers, of one station or one slot: those that wait for an answer first, then by code."""
    wanted = _FIND
    if station_id is not None:
        wanted = wanted.where(Channel.station_id == station_id)
    if slot_id is not None:
        wanted = wanted.where(Offer.slot_id == slot_id)
    return list(db.execute(wanted.order_by(Offer.state != "offered", Offer.code)))


def by_code(db: Hot, code: int, station_id: int | None = None) -> Any:
    """The standing offer with this code, locked until the step ends; None where there is none, or where it is another station's
    than ``station_id``."""
    found = db.one(_BY_CODE, of_code=code) if 0 < code < 2**31 else None
    return found if found is not None and station_id in (None, found.station_id) else None


def accept(db: Hot, row: Any, by: str, now: int) -> None:
    """The station carries it as offered."""
    _carry(db, row, row.mode, row.delay_minutes, by, now)


def decline(db: Hot, row: Any, by: str, now: int) -> None:
    """The station does not carry it, whoever put it there."""
    if db.run(_STOP, of_slot=row.slot_id, of_channel=row.channel_id):
        db.run(_MARK, of_slot=row.slot_id)
    _answered(db, row, "declined", row.mode, row.delay_minutes, "", by, now)


def propose(db: Hot, row: Any, at: str, by: str, now: int, _: Phrases = in_indonesian) -> None:
    """The station wants it at the wall time ``at`` ("11:00") there: the planner decides. Raises Refused for a live programme
    that will not have happened by then."""
    if row.state == "accepted":
        raise Refused(_("Anda sudah menerima tawaran ini. Hubungi penyusun bila jamnya harus berubah."))
    _delay(row, at, _)
    _answered(db, row, "proposed", row.mode, row.delay_minutes, at, by, now)


def agree(db: Hot, row: Any, by: str, now: int, _: Phrases = in_indonesian) -> None:
    """The planner agrees to the time that the station wants. Raises Refused where it wants none."""
    if row.state != "proposed":
        raise Refused(_("Stasiun itu tidak mengusulkan jam lain."))
    _carry(db, row, "local", _delay(row, row.proposed_at, _), by, now)


def _carry(db: Hot, row: Any, mode: str, delay: int, by: str, now: int) -> None:
    db.run(_CARRY, of_slot=row.slot_id, of_channel=row.channel_id, its_mode=mode, its_delay=delay, its_state="accepted")
    db.run(_MARK, of_slot=row.slot_id)
    _answered(db, row, "accepted", mode, delay, "", by, now)


def _answered(db: Hot, row: Any, state: str, mode: str, delay: int, at: str, by: str, now: int) -> None:
    db.run(_ANSWER, of_id=row.id, to_state=state, to_mode=mode, to_delay=delay, at=at, by=by[:60], now=now)


def _delay(row: Any, at: str, _: Phrases) -> int:
    """Minutes from the slot's own wall time to the proposed one; what lies before it means the next day."""
    starts = _clock(row.starts_at)
    wanted = _clock(at)
    delay = (wanted.hour * 60 + wanted.minute - starts.hour * 60 - starts.minute) % DAY
    first = datetime.combine(datetime.fromisoformat(str(row.starts_on)).date(), starts)
    if row.is_live and to_utc(first, row.time_zone).timestamp() + delay * 60 < to_utc(first, row.slot_zone).timestamp():
        what = _("Ini siaran langsung: pada jam itu belum terjadi di tempat asalnya.")
        raise Refused(Problem("time", what, _("Usulkan jam yang lebih lambat.")))
    return delay


def _clock(value: Any) -> time:
    """A row brings a time as the driver has it: a value on PostgreSQL, "10:00:00.000000" on SQLite."""
    return value if isinstance(value, time) else time.fromisoformat(str(value))
