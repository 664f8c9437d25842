"""Single airings that depart from their slot's rule: skipped, moved, longer or shorter; and one more beside it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcast_schedule.draft import rule_of
from broadcast_schedule.planning import NEWEST, OLDEST, living_slot, mark
from broadcast_schedule.recurrence import LONGEST_MINUTES, airs_on, part_on, to_utc
from broadcast_schedule.tables import Slot, SlotException
from broadcast_schedule.words import Phrases, in_indonesian
from core.problems import Problem, Refused


def depart(
    db: Session,
    slot_id: int,
    day: date,
    kind: Literal["skipped", "moved", "planned"],
    now: datetime,
    *,
    new_start: datetime | None = None,
    new_minutes: int | None = None,
    _: Phrases = in_indonesian,
) -> None:
    """Skips or moves the airing that the rule gives on the local date ``day``; ``planned`` takes a departure back.

    ``new_start`` is naive local time in the slot's zone. Raises Refused where nothing airs that day, where it has
    begun already, or where the new time has passed.
    """
    slot = living_slot(db, slot_id, _)
    rule = rule_of(slot)
    existing = _of_day(db, slot_id, day)
    is_on_rule = airs_on(rule, day)
    is_added = any(e.kind == "added" or (e.kind == "cancelled" and not is_on_rule) for e in existing)
    if not is_on_rule and not is_added:
        raise Refused(Problem("day", _("Slot ini tidak mengudara pada tanggal itu."), _("Pilih salah satu tanggalnya.")))
    original = datetime.combine(day, part_on(rule, day).starts_at)
    effective = next((e.new_start for e in existing if e.new_start is not None), None) or original
    if to_utc(effective, slot.time_zone) <= now:
        raise Refused(Problem("day", _("Siaran itu sudah dimulai; yang lewat tidak diubah.")))
    if kind == "moved":
        _check_move(slot, original, new_start, new_minutes, now, _)
    for old in existing:
        db.delete(old)
    db.flush()
    kept = (
        {"moved": "added", "planned": "added", "skipped": "planned"}[kind] if is_added else kind
    )  # it airs only while it is added
    if kept != "planned":
        db.add(SlotException(slot_id=slot_id, original_start=original, kind=kept, new_start=new_start, new_minutes=new_minutes))
    mark(db, slot)
    db.flush()


def add(
    db: Session, slot_id: int, start: datetime, minutes: int | None, now: datetime, _: Phrases = in_indonesian
) -> SlotException:
    """One more airing, on a date that is not the rule's: ``start`` is naive local time in the slot's zone.

    Raises Refused where the slot airs that day already (a slot airs once a local day: its date is its identity), or where
    the time has passed. ``depart`` with ``skipped`` takes it back.
    """
    slot = living_slot(db, slot_id, _)
    rule, day = rule_of(slot), start.date()
    if not OLDEST <= day < NEWEST or to_utc(start, slot.time_zone) <= now:
        raise Refused(Problem("new_date", _("Waktu itu sudah lewat."), _("Pilih waktu yang akan datang.")))
    if minutes is not None and not 0 < minutes <= LONGEST_MINUTES:
        raise Refused(Problem("new_minutes", _("Panjang acara harus antara 1 dan 1440 menit.")))
    existing = _of_day(db, slot_id, day)
    if airs_on(rule, day) or any(e.kind == "added" for e in existing):
        what = _("Slot ini sudah punya siaran pada tanggal itu.")
        raise Refused(Problem("new_date", what, _("Pindahkan atau kembalikan siaran itu, atau pilih tanggal lain.")))
    for old in existing:
        db.delete(old)
    db.flush()
    original = datetime.combine(day, part_on(rule, day).starts_at)
    is_usual = (start, minutes or slot.minutes) == (original, part_on(rule, day).minutes)
    added = SlotException(slot_id=slot_id, original_start=original, kind="added")
    if not is_usual:
        added.new_start, added.new_minutes = start, minutes
    db.add(added)
    mark(db, slot)
    db.flush()
    return added


def _of_day(db: Session, slot_id: int, day: date) -> list[SlotException]:
    found = db.scalars(select(SlotException).where(SlotException.slot_id == slot_id))
    return [e for e in found if e.original_start.date() == day]


def _check_move(
    slot: Slot, original: datetime, new_start: datetime | None, new_minutes: int | None, now: datetime, _: Phrases
) -> None:
    if new_start is None and new_minutes is None:
        raise Refused(Problem("new_start", _("Belum ada jam atau panjang yang baru."), _("Tulis salah satunya.")))
    if new_minutes is not None and not 0 < new_minutes <= LONGEST_MINUTES:
        raise Refused(Problem("new_minutes", _("Panjang acara harus antara 1 dan 1440 menit.")))
    if new_start is None:
        return
    if not OLDEST <= new_start.date() < NEWEST or to_utc(new_start, slot.time_zone) <= now:
        raise Refused(Problem("new_start", _("Waktu yang baru sudah lewat."), _("Pilih waktu yang akan datang.")))
    if abs(new_start - original) > timedelta(days=60):
        what = _("Waktu yang baru lebih dari 60 hari dari rencananya.")
        raise Refused(Problem("new_start", what, _("Lewati siaran ini dan buat slot sekali siar.")))
