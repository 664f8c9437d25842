"""Quizzes that open after an airing: for each learner when it is over on her own station (broadcast_schedule.openings).

Whoever has begun an attempt goes on with it, whatever becomes of the airing: what a station reports an hour later takes no
question away from anybody.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from broadcast_schedule import guide, openings
from broadcast_schedule.tables import Occurrence, Slot, Station
from core import clock
from core.hot import Hot
from core.pages import hour
from core.problems import Problem
from lessons import after
from lessons.course import Quiz
from schools.tables import School

BACK, AHEAD = timedelta(days=2), timedelta(days=21)  # airings that a form offers
MOST = 40


def opened(db: Hot | Session, quiz: Quiz, region: int | None, zone: str = "") -> Quiz:
    """``quiz`` as it opens for somebody in that region: its ``opens_at`` is the end of her airing, or its own where that is
    later. One whose airing was called off, or is not planned, is held. ``zone`` is in which she reads hours, where she has one.

    A quiz that waits for no airing is given back as it is, and nothing is asked of the database.
    """
    if not quiz.after:
        return quiz
    tie = after.read(quiz.after)
    if tie is None:
        return replace(quiz, is_held=True)
    if tie.original is not None:
        over = openings.of_slot(db, tie.slot, tie.original, region)
    else:
        over = openings.of_keyword(db, quiz.keyword, quiz.opens_at, region)
    if over.at is None:
        return replace(quiz, is_held=True, time_zone=zone or quiz.time_zone)
    opens_at = max(over.at, quiz.opens_at) if quiz.opens_at is not None else over.at
    return replace(quiz, opens_at=opens_at, time_zone=zone or quiz.time_zone)


def for_school(db: Session, quiz: Quiz, school_id: int | None) -> Quiz:
    """As learners of that school find it; without one, as somebody whose station nobody knows."""
    school = db.get(School, school_id) if school_id and quiz.after else None
    return opened(db, quiz, school.region_id if school else None)


def choices(db: Session, school_id: int | None, chosen: str, now: datetime) -> list[tuple[str, str]]:
    """(value, label) of the airings after which a quiz of that school may open: of the stations that reach it, soon; and the
    one that is chosen."""
    school = db.get(School, school_id) if school_id else None
    found: dict[str, str] = {}
    for station in guide.stations_of_region(db, school.region_id if school else None)[:5]:
        rows = db.scalars(
            select(Occurrence)
            .where(
                Occurrence.station_id == station.id, Occurrence.start > now - BACK, Occurrence.start < now + AHEAD,
                Occurrence.status != "cancelled",
            )
            .order_by(Occurrence.start)
            .limit(MOST)
        )  # fmt: skip
        for row in rows:
            found.setdefault(after.write(row.slot_id, row.original_start), _label(row, station.name, station.time_zone))
    offered = sorted(found.items(), key=lambda pair: pair[0].partition("@")[2])[:MOST]
    tie = after.read(chosen)
    if tie is not None and tie.original is not None and chosen not in dict(offered):
        offered.insert(0, (chosen, found.get(chosen) or _of_tie(db, tie)))
    return offered


def problems(db: Session, quiz: Quiz, school_id: int | None) -> list[Problem]:
    """What is wrong with the airing that a draft names; only one that is not there at all stops it."""
    tie = after.read(quiz.after)
    if tie is None:
        return []  # lessons.rules says so
    if tie.original is not None and not _is_there(db, tie):
        what = _("Siaran itu tidak ada di jadwal yang terbit.")
        return [Problem("after", what, _("Pilih siaran lain, atau kosongkan."))]
    shown = for_school(db, quiz, school_id)
    if shown.is_held and tie.original is None:
        what = _("Belum ada siaran yang menyebut %(word)s; sampai ada, kuis ini tertutup.", word=quiz.keyword)
        return [Problem("after", what, _("Minta penyusun jadwal menulis kata kunci ini pada episodenya."), stops=False)]
    if shown.is_held:
        what = _("Siaran itu dibatalkan: kuis ini tidak akan dibuka.")
        return [Problem("after", what, _("Pilih siaran lain, atau kosongkan."), stops=False)]
    if shown.opens_at and quiz.closes_at and quiz.closes_at <= shown.opens_at:
        what = _("Kuis ini ditutup sebelum siarannya selesai.")
        return [Problem("closes_at", what, _("Pilih waktu tutup sesudah siaran."), stops=False)]
    return []


def told(quiz: Quiz, label: str = "") -> str:
    """After which airing, in one sentence, with its ``label`` where one is known; "" for a quiz that waits for none."""
    tie = after.read(quiz.after)
    if tie is None:
        return ""
    if tie.original is None:
        return _("Dibuka setelah siaran yang menyebut %(word)s, di stasiun masing-masing murid.", word=quiz.keyword)
    if label:
        return _("Dibuka setelah siaran %(airing)s, di stasiun masing-masing murid.", airing=label)
    when = f"{tie.original:%d/%m/%Y %H.%M}"
    return _("Dibuka setelah siaran slot %(n)d tanggal %(when)s, di stasiun masing-masing murid.", n=tie.slot, when=when)


def _is_there(db: Session, tie: after.Tie) -> bool:
    same = exists().where(Occurrence.slot_id == tie.slot, Occurrence.original_start == tie.original)
    return bool(db.scalar(select(same)))


def _of_tie(db: Session, tie: after.Tie) -> str:
    row = db.scalars(
        select(Occurrence)
        .join(Slot, Slot.id == Occurrence.slot_id)
        .where(Occurrence.slot_id == tie.slot, Occurrence.original_start == tie.original)
        .order_by(Occurrence.channel_id != Slot.channel_id, Occurrence.start, Occurrence.id)
        .limit(1)
    ).first()
    if row is None:
        return _("Siaran yang tidak ada di jadwal")
    station = db.get_one(Station, row.station_id)
    label = _label(row, station.name, station.time_zone)
    return _("%(label)s (batal)", label=label) if row.status == "cancelled" else label


def _label(row: Occurrence, station: str, zone: str) -> str:
    what = f"{row.title}: {row.episode}" if row.episode else row.title
    date = format_date(row.start.astimezone(clock.zone(zone)).date(), "EEE d/M")  # short: a list on a phone shows its beginning
    return f"{date} {hour(row.start, zone)} {what[:60]} ({station})"
