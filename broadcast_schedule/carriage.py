"""Which channels carry which slots, and how."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcast_schedule.planning import living_slot, mark
from broadcast_schedule.recurrence import LONGEST_MINUTES, to_utc
from broadcast_schedule.tables import Carriage, Channel, Slot, Station
from broadcast_schedule.words import Phrases, in_indonesian
from core.problems import Problem, Refused

CARRIED_BY = {"relay", "local"}


def carry(
    db: Session,
    slot_id: int,
    channel_id: int,
    mode: str,
    delay_minutes: int = 0,
    state: str = "accepted",
    _: Phrases = in_indonesian,
) -> Carriage:
    """A channel carries a slot, from the next publication on. Raises Refused as ``checked`` does."""
    slot = checked(db, slot_id, channel_id, mode, delay_minutes, _)
    same = select(Carriage).where(Carriage.slot_id == slot_id, Carriage.channel_id == channel_id)
    carriage = db.scalar(same)
    if carriage is None:
        carriage = Carriage(slot_id=slot_id, channel_id=channel_id, mode=mode, delay_minutes=delay_minutes, state=state)
        db.add(carriage)
    carriage.mode, carriage.delay_minutes, carriage.state = mode, delay_minutes, state
    mark(db, slot)
    db.flush()
    return carriage


def checked(db: Session, slot_id: int, channel_id: int, mode: str, delay_minutes: int, _: Phrases = in_indonesian) -> Slot:
    """The slot, where the channel may carry it: ``relay`` at the same instant, ``local`` at the same wall time, and later by
    ``delay_minutes``.

    Raises Refused for the slot's own channel, and for a live programme carried at local time where it has not
    happened yet.
    """
    slot = living_slot(db, slot_id, _)
    channel = db.get(Channel, channel_id)
    if channel is None or channel.id == slot.channel_id or mode not in CARRIED_BY:
        raise Refused(Problem("channel_id", _("Saluran itu tidak dapat membawa slot ini."), _("Pilih saluran lain.")))
    if not 0 <= delay_minutes <= LONGEST_MINUTES:
        raise Refused(Problem("delay_minutes", _("Penundaan harus antara 0 dan 1440 menit.")))
    if slot.is_live and mode == "local" and _precedes(db, slot, channel, delay_minutes):
        what = _("Siaran langsung ini akan disiarkan di sana sebelum terjadi.")
        raise Refused(Problem("mode", what, _("Pilih relai, atau tunda secukupnya.")))
    return slot


def _precedes(db: Session, slot: Slot, channel: Channel, delay_minutes: int) -> bool:
    zone = db.scalar(select(Station.time_zone).where(Station.id == channel.station_id)) or slot.time_zone
    local = datetime.combine(slot.starts_on, slot.starts_at)
    return to_utc(local, zone) + timedelta(minutes=delay_minutes) < to_utc(local, slot.time_zone)


def uncarry(db: Session, carriage_id: int, _: Phrases = in_indonesian) -> Slot:
    """The channel no longer carries the slot, from the next publication on."""
    carriage = db.get(Carriage, carriage_id)
    if carriage is None:
        raise Refused(_("Saluran itu sudah tidak membawa slot ini."))
    slot = living_slot(db, carriage.slot_id, _)
    db.delete(carriage)
    mark(db, slot)
    db.flush()
    return slot
