"""What lies over the plan: seasons that change some slots for some days, and blackouts of stations. All of it is draft until
the next publication, and changes exactly the days that it touches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from broadcast_schedule.planning import NEWEST, OLDEST, living_slot, mark
from broadcast_schedule.planning_tables import Blackout, Season, SeasonEffect
from broadcast_schedule.recurrence import LONGEST_MINUTES, to_utc
from broadcast_schedule.tables import Occurrence, Slot, Station
from broadcast_schedule.words import Phrases, in_indonesian
from core.problems import Problem, Refused
from core.text import clean, one_line

LONGEST_SEASON = timedelta(days=366)
LONGEST_BLACKOUT = timedelta(days=31)
EFFECTS = ("skipped", "moved", "only")


@dataclass(frozen=True, slots=True)
class SeasonDraft:
    """``ends_on`` is the last day, inclusive. ``version`` is the one the planner began with; None for a new season."""

    name: str
    starts_on: date
    ends_on: date
    is_provisional: bool = False
    version: int | None = None


def save_season(db: Session, wanted: SeasonDraft, season_id: int | None = None, _: Phrases = in_indonesian) -> Season:
    """Raises Refused by field, or where somebody else saved it meanwhile."""
    name = one_line(clean(wanted.name, 120))
    found = [] if name else [Problem("name", _("Musim ini belum bernama."), _("Misalnya Ramadan 1448."))]
    if not OLDEST <= wanted.starts_on <= wanted.ends_on < NEWEST:
        found.append(Problem("ends_on", _("Tanggal terakhir ada sebelum tanggal mulai."), _("Periksa kedua tanggal itu.")))
    elif wanted.ends_on - wanted.starts_on > LONGEST_SEASON:
        found.append(Problem("ends_on", _("Satu musim paling lama satu tahun.")))
    if found:
        raise Refused(found)
    season = Season() if season_id is None else living_season(db, season_id, _)
    if season_id is not None and wanted.version is not None and wanted.version != season.version:
        what = _("Orang lain sudah mengubah musim ini sementara Anda menulis.")
        raise Refused(Problem("", what, _("Muat ulang untuk melihat yang tersimpan.")))
    season.name, season.is_provisional = name, wanted.is_provisional
    days = (wanted.starts_on, wanted.ends_on)
    if season_id is None or days != (season.starts_on, season.ends_on):
        season.starts_on, season.ends_on = days
        _mark_all(db, season_id)
    if season_id is None:
        db.add(season)
    db.flush()
    return season


def living_season(db: Session, season_id: int, _: Phrases = in_indonesian) -> Season:
    """Raises Refused where there is none."""
    season = db.get(Season, season_id)
    if season is None:
        raise Refused(_("Musim itu tidak ada lagi."))
    return season


def _mark_all(db: Session, season_id: int | None) -> None:
    touched = select(SeasonEffect.slot_id).where(SeasonEffect.season_id == season_id)
    db.execute(update(Slot).where(Slot.id.in_(touched), Slot.retired_at.is_(None)).values(is_draft=True))


def shift_season(db: Session, season_id: int, days: int, version: int | None = None, _: Phrases = in_indonesian) -> Season:
    """The whole season earlier or later: only its edge days change. The moon decides, the planner clicks once."""
    season = living_season(db, season_id, _)
    by = timedelta(days=days)
    moved = SeasonDraft(season.name, season.starts_on + by, season.ends_on + by, season.is_provisional, version)
    return save_season(db, moved, season_id, _)


def remove_season(db: Session, season_id: int, _: Phrases = in_indonesian) -> None:
    season = living_season(db, season_id, _)
    _mark_all(db, season_id)
    db.execute(delete(SeasonEffect).where(SeasonEffect.season_id == season_id))
    db.delete(season)
    db.flush()


def set_effect(
    db: Session,
    season_id: int,
    slot_id: int,
    kind: str,
    starts_at: time | None = None,
    minutes: int | None = None,
    _: Phrases = in_indonesian,
) -> None:
    """``skipped``, ``moved`` to another hour or length, ``only`` in this season, or ``none`` to take the effect back."""
    living_season(db, season_id, _)
    slot = living_slot(db, slot_id, _)
    if kind not in (*EFFECTS, "none"):
        raise Refused(Problem("kind", _("Pilih apa yang terjadi pada slot ini.")))
    if kind == "moved" and starts_at is None and minutes is None:
        raise Refused(Problem("starts_at", _("Belum ada jam atau panjang yang baru."), _("Tulis salah satunya.")))
    if minutes is not None and not 0 < minutes <= LONGEST_MINUTES:
        raise Refused(Problem("minutes", _("Panjang acara harus antara 1 dan 1440 menit.")))
    db.execute(delete(SeasonEffect).where(SeasonEffect.season_id == season_id, SeasonEffect.slot_id == slot_id))
    if kind != "none":
        moves = kind == "moved"
        db.add(SeasonEffect(season_id=season_id, slot_id=slot_id, kind=kind, starts_at=starts_at if moves else None,
                            minutes=minutes if moves else None))  # fmt: skip
    mark(db, slot)
    db.flush()


def add_blackout(
    db: Session,
    station_id: int | None,
    name: str,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
    _: Phrases = in_indonesian,
) -> Blackout:
    """Both naive, in each station's own zone; without a station every one is meant. What has begun is not taken back."""
    name = one_line(clean(name, 120))
    found = [] if name else [Problem("name", _("Mati siar ini belum bernama."), _("Misalnya Nyepi."))]
    station = db.get(Station, station_id) if station_id is not None else None
    if station_id is not None and station is None:
        found.append(Problem("station_id", _("Stasiun itu tidak ada."), _("Pilih stasiun dari daftar.")))
    if not starts_at < ends_at:
        found.append(Problem("ends_at", _("Akhirnya ada sebelum mulainya."), _("Periksa kedua waktunya.")))
    elif ends_at - starts_at > LONGEST_BLACKOUT or not OLDEST <= starts_at.date() < NEWEST:
        found.append(Problem("ends_at", _("Mati siar paling lama 31 hari.")))
    elif ends_at < now.astimezone(ZoneInfo(station.time_zone if station else "Asia/Jayapura")).replace(tzinfo=None):
        found.append(Problem("ends_at", _("Waktu itu sudah lewat; yang sudah mengudara tidak diubah.")))
    if found:
        raise Refused(found)
    blackout = Blackout(station_id=station_id, name=name, starts_at=starts_at, ends_at=ends_at)
    db.add(blackout)
    _mark_dark(db, blackout)
    db.flush()
    return blackout


def remove_blackout(db: Session, blackout_id: int, _: Phrases = in_indonesian) -> None:
    blackout = db.get(Blackout, blackout_id)
    if blackout is None:
        raise Refused(_("Mati siar itu tidak ada lagi."))
    _mark_dark(db, blackout)
    db.delete(blackout)
    db.flush()


def _mark_dark(db: Session, blackout: Blackout) -> None:
    """Slots with a published airing in it, cancelled ones too, wait for the next publication; unpublished ones do so anyway."""
    chosen = select(Station.id, Station.time_zone)
    if blackout.station_id is not None:
        chosen = chosen.where(Station.id == blackout.station_id)
    zones: dict[str, list[int]] = {}
    for station_id, zone in db.execute(chosen):
        zones.setdefault(zone, []).append(station_id)
    for zone, stations in zones.items():
        begin, end = to_utc(blackout.starts_at, zone), to_utc(blackout.ends_at, zone)
        touched = select(Occurrence.slot_id).where(
            Occurrence.station_id.in_(stations),
            Occurrence.start > begin - timedelta(minutes=LONGEST_MINUTES),
            Occurrence.start < end,
            Occurrence.end > begin,
        )
        ids = set(db.scalars(touched))
        for some in ([*ids][i : i + 5000] for i in range(0, len(ids), 5000)):
            db.execute(update(Slot).where(Slot.id.in_(some), Slot.retired_at.is_(None)).values(is_draft=True))


def airings_on(db: Session, days: list[date], zone: str = "Asia/Jakarta") -> dict[date, int]:
    """{day: how many published airings begin on it}, days taken in ``zone``."""
    found = {}
    for day in days:
        begin = datetime.combine(day, time(), ZoneInfo(zone))
        counted = select(func.count()).where(
            Occurrence.start >= begin, Occurrence.start < begin + timedelta(days=1), Occurrence.status != "cancelled"
        )
        found[day] = db.scalar(counted) or 0
    return found
