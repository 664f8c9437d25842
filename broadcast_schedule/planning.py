"""The draft: programmes, slots, exceptions, carriage. Nothing here is on the air before it is published."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from broadcast_schedule import patterns
from broadcast_schedule.draft import rule_of
from broadcast_schedule.recurrence import (
    LONGEST_MINUTES,
    Rule,
    dates,
    first_date,
    repeating,
    split,
    times,
    to_json,
    write_weekdays,
)
from broadcast_schedule.tables import Channel, Episode, Programme, Slot
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
    presenter: str = ""


@dataclass(frozen=True, slots=True)
class SlotDraft:
    """What a planner wants. ``version`` is the one she began with; None for a new slot.

    ``pattern`` is an RRULE's text for what is not plain weeks ("FREQ=MONTHLY;BYMONTHDAY=-1"); ``weekdays`` are then left aside.
    ``count`` ends the rule after so many dates.
    """

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
    pattern: str = ""
    count: int | None = None
    presenter: str = ""
    is_repeat: bool = False


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
    programme.presenter = one_line(clean(wanted.presenter, 120))
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
    is_pattern = bool(wanted.pattern)
    if is_pattern and not _is_read(wanted.pattern):
        found.append(Problem("repeats", _("Ulangan itu tidak terbaca.")))
    if wanted.count is not None and wanted.ends_on is not None:
        what = _("Tanggal terakhir dan berapa kali tidak dapat dipakai bersama.")
        found.append(Problem("count", what, _("Kosongkan salah satunya.")))
    elif wanted.count is not None and not 1 <= wanted.count <= 1000:
        found.append(Problem("count", _("Berapa kali harus antara 1 dan 1000.")))
    if wanted.ends_on is not None and not wanted.starts_on <= wanted.ends_on < NEWEST:
        found.append(Problem("ends_on", _("Tanggal terakhir ada sebelum tanggal mulai."), _("Periksa kedua tanggal itu.")))
    elif not found and first_date(_rule(wanted)) is None:
        what = _("Tidak ada satu pun hari siaran antara kedua tanggal itu.")
        found.append(Problem("weekdays", what, _("Pilih hari lain atau perpanjang masanya.")))
    return found


def _is_read(pattern: str) -> bool:
    try:
        patterns.read(pattern)
    except ValueError:
        return False
    return True


def _rule(wanted: SlotDraft) -> Rule:
    """The rule begun on its first day: "every n weeks" counts from the week in which it first airs."""
    when = (wanted.starts_at.replace(second=0, microsecond=0), wanted.minutes, wanted.time_zone)
    if wanted.pattern:
        pattern = patterns.read(wanted.pattern)
        rule = repeating(pattern, wanted.starts_on, *when, wanted.ends_on)
        first = next(patterns.dates(replace(pattern, interval=1), wanted.starts_on, wanted.starts_on, NEWEST), wanted.starts_on)
    else:
        ends_on = wanted.ends_on if wanted.weekdays else None
        rule = Rule(wanted.starts_on, *when, wanted.weekdays, wanted.every_weeks, ends_on)
        first = first_date(replace(rule, every_weeks=1)) or wanted.starts_on
    if rule.ends_on is not None and first > rule.ends_on:
        return rule
    rule = replace(rule, starts_on=first)
    return times(rule, wanted.count) if wanted.count is not None and not rule.is_once else rule


def save_slot(
    db: Session,
    wanted: SlotDraft,
    slot_id: int | None = None,
    _: Phrases = in_indonesian,
    *,
    from_day: date | None = None,
) -> Slot:
    """Saves to the draft. ``starts_on`` becomes the first day that is on the rule, so that weeks are counted from there.

    With ``from_day`` (local) the rule is split there: what it said before that date stays. Raises Refused with every problem by
    field, or where somebody else saved this slot since ``wanted.version``.
    """
    problems = slot_problems(db, wanted, _)
    if problems:
        raise Refused(problems)
    slot = Slot() if slot_id is None else living_slot(db, slot_id, _)
    if slot_id is not None and wanted.version is not None and slot.version != wanted.version:
        what = _("Orang lain sudah mengubah slot ini sementara Anda menulis.")
        raise Refused(Problem("", what, _("Tulisan Anda masih ada di bawah; muat ulang untuk melihat yang tersimpan.")))
    rule = _rule(wanted)
    if slot_id is not None and from_day is not None:
        rule = _from_day(rule_of(slot), rule, from_day)
    slot.channel_id, slot.programme_id = wanted.channel_id, wanted.programme_id
    slot.is_live, slot.is_repeat = wanted.is_live, wanted.is_repeat
    slot.presenter = one_line(clean(wanted.presenter, 120))
    slot.episode_id = episode_of(db, wanted.programme_id, wanted.episode, wanted.quiz_keyword)
    set_rule(slot, rule)
    slot.is_draft = True
    if slot_id is None:
        db.add(slot)
    else:
        mark_repeats(db, slot_id)
    db.flush()
    return slot


def _from_day(old: Rule, new: Rule, day: date) -> Rule:
    """``new`` from its first date on or after ``day``, and before that what was planned."""
    if old.parts[0].starts_on >= day:  # nothing of it lies before
        return new
    is_same = replace(new, ends_on=old.ends_on) == replace(old, earlier=())
    if is_same and (new.ends_on is None or new.ends_on >= day - timedelta(days=1)):  # nothing that was changes
        return replace(new, earlier=old.earlier)
    first = next(dates(new, day, NEWEST), None)
    if first is not None:
        return split(old, replace(new, starts_on=first))
    if new.is_once:  # a single date that has been: it stays what it was
        return old
    ended = split(old, replace(old, starts_on=max(day, (new.ends_on or day) + timedelta(days=1)), earlier=())).earlier
    return replace(ended[-1], earlier=ended[:-1]) if ended else old


def set_rule(slot: Slot, rule: Rule) -> None:
    """Writes a rule, its earlier parts too, into a slot's columns."""
    slot.time_zone, slot.minutes, slot.starts_on, slot.starts_at = rule.time_zone, rule.minutes, rule.starts_on, rule.starts_at
    slot.weekdays, slot.every_weeks, slot.ends_on = write_weekdays(rule.weekdays), rule.every_weeks, rule.ends_on
    slot.pattern = patterns.write(rule.pattern) if rule.pattern else ""
    slot.earlier = [to_json(part) for part in rule.earlier]


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
    mark_repeats(db, slot_id)
    return slot


def mark(db: Session, slot: Slot) -> None:
    """Something around the slot changed: it waits for the next publication. Its own version, that of its form, stays."""
    db.execute(update(Slot).where(Slot.id == slot.id).values(is_draft=True))
    mark_repeats(db, slot.id)


def mark_repeats(db: Session, slot_id: int) -> None:
    """Slots that repeat this one's episodes change with it."""
    db.execute(update(Slot).where(Slot.repeats_id == slot_id, Slot.retired_at.is_(None)).values(is_draft=True))


def today_in(zone: str, now: datetime) -> date:
    return now.astimezone(ZoneInfo(zone)).date()
