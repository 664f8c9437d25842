"""The draft: programmes, slots, exceptions, carriage. Nothing here is on the air before it is published."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from broadcast_schedule.draft import rule_of
from broadcast_schedule.recurrence import LONGEST_MINUTES, Rule, airs_on, first_date, to_utc, write_weekdays
from broadcast_schedule.tables import Channel, Episode, Programme, Slot, SlotException
from broadcast_schedule.words import Phrases, in_indonesian
from core.problems import Problem, Refused
from core.text import clean, one_line

OLDEST, NEWEST = date(2000, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True, slots=True)
class ProgrammeDraft:
    title: str
    description: str = ""
    audience: str = ""
    language: str = "id"


@dataclass(frozen=True, slots=True)
class SlotDraft:
    """What a planner wants. ``version`` is the one she began with; None for a new slot."""

    channel_id: int
    programme_id: int
    starts_on: date
    starts_at: time
    minutes: int
    time_zone: str
    weekdays: frozenset[int] = field(default_factory=frozenset)
    every_weeks: int = 1
    ends_on: date | None = None
    episode: str = ""
    quiz_keyword: str = ""
    is_live: bool = False
    version: int | None = None


@lru_cache(maxsize=1)
def zones() -> frozenset[str]:
    """Every IANA zone of this machine."""
    return frozenset(available_timezones())


def save_programme(db: Session, wanted: ProgrammeDraft, programme_id: int | None = None, _: Phrases = in_indonesian) -> Programme:
    """Raises Refused for a blank title. New words are told to stations with the next publication."""
    title = one_line(clean(wanted.title, 160))
    if not title:
        raise Refused(Problem("title", _("Acara ini belum bernama."), _("Tulis namanya.")))
    programme = db.get(Programme, programme_id) if programme_id is not None else Programme()
    if programme is None:
        raise Refused(_("Acara itu tidak ada lagi."))
    programme.title = title
    programme.description = clean(wanted.description, 2000).strip()
    programme.audience = one_line(clean(wanted.audience, 40))
    programme.language = one_line(clean(wanted.language, 8)) or "id"
    if programme_id is None:
        db.add(programme)
    elif db.is_modified(programme):
        db.execute(update(Slot).where(Slot.programme_id == programme_id, Slot.retired_at.is_(None)).values(is_draft=True))
    db.flush()
    return programme


def slot_problems(db: Session, wanted: SlotDraft, _: Phrases = in_indonesian) -> list[Problem]:
    """Everything that stops this slot from being saved, by field."""
    found: list[Problem] = []
    if db.get(Channel, wanted.channel_id) is None:
        found.append(Problem("channel_id", _("Saluran itu tidak ada."), _("Pilih saluran dari daftar.")))
    if db.get(Programme, wanted.programme_id) is None:
        found.append(Problem("programme_id", _("Acara itu tidak ada."), _("Pilih acara dari daftar.")))
    if not 0 < wanted.minutes <= LONGEST_MINUTES:
        found.append(Problem("minutes", _("Panjang acara harus antara 1 dan 1440 menit."), _("Tulis berapa menit lamanya.")))
    if wanted.time_zone not in zones():
        found.append(Problem("time_zone", _("Zona waktu itu tidak dikenal."), _("Pilih WIB, WITA, WIT, atau nama IANA.")))
    if not OLDEST <= wanted.starts_on < NEWEST:
        found.append(Problem("starts_on", _("Tanggal mulai harus antara tahun 2000 dan 2099.")))
    if not 1 <= wanted.every_weeks <= 52:
        found.append(Problem("every_weeks", _("Jarak minggu harus antara 1 dan 52.")))
    if wanted.ends_on is not None and not wanted.starts_on <= wanted.ends_on < NEWEST:
        found.append(Problem("ends_on", _("Tanggal terakhir ada sebelum tanggal mulai."), _("Periksa kedua tanggal itu.")))
    elif not found and first_date(_rule(wanted)) is None:
        what = _("Tidak ada satu pun hari siaran antara kedua tanggal itu.")
        found.append(Problem("weekdays", what, _("Pilih hari lain atau perpanjang masanya.")))
    return found


def _rule(wanted: SlotDraft) -> Rule:
    """The rule begun on its first day: "every n weeks" counts from the week in which it first airs."""
    rule = Rule(
        wanted.starts_on,
        wanted.starts_at,
        wanted.minutes,
        wanted.time_zone,
        wanted.weekdays,
        wanted.every_weeks,
        wanted.ends_on if wanted.weekdays else None,
    )
    return replace(rule, starts_on=first_date(replace(rule, every_weeks=1)) or wanted.starts_on)


def save_slot(db: Session, wanted: SlotDraft, slot_id: int | None = None, _: Phrases = in_indonesian) -> Slot:
    """Saves to the draft. ``starts_on`` becomes the first day that is on the rule, so that weeks are counted from there.

    Raises Refused with every problem by field, or where somebody else saved this slot since ``wanted.version``.
    """
    problems = slot_problems(db, wanted, _)
    if problems:
        raise Refused(problems)
    slot = Slot() if slot_id is None else living_slot(db, slot_id, _)
    if slot_id is not None and wanted.version is not None and slot.version != wanted.version:
        what = _("Orang lain sudah mengubah slot ini sementara Anda menulis.")
        raise Refused(Problem("", what, _("Tulisan Anda masih ada di bawah; muat ulang untuk melihat yang tersimpan.")))
    rule = _rule(wanted)
    slot.channel_id, slot.programme_id = wanted.channel_id, wanted.programme_id
    slot.time_zone, slot.minutes = wanted.time_zone, wanted.minutes
    slot.starts_on = rule.starts_on
    slot.starts_at = wanted.starts_at.replace(second=0, microsecond=0)
    slot.weekdays, slot.every_weeks, slot.ends_on = write_weekdays(rule.weekdays), rule.every_weeks, rule.ends_on
    slot.is_live = wanted.is_live
    slot.episode_id = episode_of(db, wanted.programme_id, wanted.episode, wanted.quiz_keyword)
    slot.is_draft = True
    if slot_id is None:
        db.add(slot)
    db.flush()
    return slot


def episode_of(db: Session, programme_id: int, title: str, quiz_keyword: str = "") -> int | None:
    """The id of the programme's episode of that title, made where it lacks it; None for a blank title without a quiz."""
    title, keyword = one_line(clean(title, 200)), one_line(clean(quiz_keyword, 20)).upper()
    if not title and not keyword:
        return None
    same = select(Episode).where(Episode.programme_id == programme_id, Episode.title == title, Episode.quiz_keyword == keyword)
    episode = db.scalar(same.order_by(Episode.id).limit(1))
    if episode is None:
        episode = Episode(programme_id=programme_id, number=None, title=title, quiz_keyword=keyword)
        db.add(episode)
        db.flush()
    return episode.id


def living_slot(db: Session, slot_id: int, _: Phrases = in_indonesian) -> Slot:
    """Raises Refused where there is none or it is retired."""
    slot = db.get(Slot, slot_id)
    if slot is None or slot.retired_at is not None:
        raise Refused(_("Slot itu tidak ada lagi."))
    return slot


def retire_slot(db: Session, slot_id: int, now: datetime, _: Phrases = in_indonesian) -> Slot:
    """With the next publication its coming occurrences are cancelled; what has aired stays."""
    slot = living_slot(db, slot_id, _)
    slot.retired_at = now
    slot.is_draft = True
    return slot


def mark(db: Session, slot: Slot) -> None:
    """Something around the slot changed: it waits for the next publication. Its own version, that of its form, stays."""
    db.execute(update(Slot).where(Slot.id == slot.id).values(is_draft=True))


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
    if not airs_on(rule, day):
        raise Refused(Problem("day", _("Slot ini tidak mengudara pada tanggal itu."), _("Pilih salah satu tanggalnya.")))
    original = datetime.combine(day, slot.starts_at)
    existing = [
        e for e in db.scalars(select(SlotException).where(SlotException.slot_id == slot_id)) if e.original_start.date() == day
    ]
    effective = next((e.new_start for e in existing if e.new_start is not None), None) or original
    if to_utc(effective, slot.time_zone) <= now:
        raise Refused(Problem("day", _("Siaran itu sudah dimulai; yang lewat tidak diubah.")))
    if kind == "moved":
        _check_move(slot, original, new_start, new_minutes, now, _)
    for old in existing:
        db.delete(old)
    db.flush()
    if kind != "planned":
        db.add(SlotException(slot_id=slot_id, original_start=original, kind=kind, new_start=new_start, new_minutes=new_minutes))
    mark(db, slot)
    db.flush()


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


def today_in(zone: str, now: datetime) -> date:
    return now.astimezone(ZoneInfo(zone)).date()
