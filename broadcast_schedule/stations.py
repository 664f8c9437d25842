"""Stations, their channels and keys."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcast_schedule.planning import zones
from broadcast_schedule.tables import Channel, Coverage, Station, StationKey
from broadcast_schedule.words import Phrases, in_indonesian
from core.problems import Problem, Refused
from core.text import clean, one_line

Kind = Literal["full", "calendar"]
PREFIX: dict[Kind, str] = {"full": "kt_", "calendar": "kc_"}
LIVE = 2  # keys of a kind that may live at once: the old one goes on while the station's software gets the new one
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CHANNEL_KEY = re.compile(r"[-a-z0-9]+(\.[-a-z0-9]+)+")  # XMLTV's validator wants a dot and no blanks
DOMAIN = "kentongan.id"


@dataclass(frozen=True, slots=True)
class Keys:
    """What is shown once: the database holds only hashes."""

    key: str
    calendar_token: str


def create_station(
    db: Session,
    slug: str,
    name: str,
    time_zone: str,
    *,
    medium: str = "radio",
    frequency: str = "",
    _: Phrases = in_indonesian,
) -> Station:
    """An empty station with one channel of its own name. Raises Refused by field."""
    found = []
    name = one_line(clean(name, 120))
    if not SLUG.fullmatch(slug) or len(slug) > 60:
        what = _("Nama pendek hanya boleh huruf kecil a-z, angka, dan tanda hubung.")
        found.append(Problem("slug", what, _("Misalnya rri-samarinda.")))
    elif db.scalar(select(Station.id).where(Station.slug == slug)) is not None:
        found.append(Problem("slug", _("Stasiun dengan nama pendek itu sudah ada."), _("Pilih nama pendek lain.")))
    if not name:
        found.append(Problem("name", _("Stasiun ini belum bernama.")))
    if time_zone not in zones():
        found.append(Problem("time_zone", _("Zona waktu itu tidak dikenal."), _("Misalnya Asia/Makassar.")))
    if medium not in {"radio", "tv"}:
        found.append(Problem("medium", _("Pilih radio atau TV.")))
    if found:
        raise Refused(found)
    station = Station(slug=slug, name=name, time_zone=time_zone, medium=medium, frequency=one_line(clean(frequency, 40)))
    db.add(station)
    db.flush()
    create_channel(db, station, f"{slug}.{DOMAIN}", name, _)
    return station


def create_channel(db: Session, station: Station, key: str, name: str, _: Phrases = in_indonesian) -> Channel:
    """Raises Refused for a key that another channel has or that XMLTV readers cannot take."""
    name = one_line(clean(name, 120))
    if not CHANNEL_KEY.fullmatch(key) or len(key) > 120:
        what = _("Kunci saluran hanya boleh huruf kecil, angka, tanda hubung, dan paling sedikit satu titik.")
        raise Refused(Problem("key", what, _("Misalnya pro2.rri-samarinda.kentongan.id.")))
    if db.scalar(select(Channel.id).where(Channel.key == key)) is not None:
        raise Refused(Problem("key", _("Saluran dengan kunci itu sudah ada."), _("Pilih kunci lain.")))
    if not name:
        raise Refused(Problem("name", _("Saluran ini belum bernama.")))
    channel = Channel(station_id=station.id, key=key, name=name)
    db.add(channel)
    db.flush()
    return channel


def cover(db: Session, station: Station, region_id: int, rank: int = 0) -> None:
    """Learners of the region are told of this station; the lowest rank first."""
    found = db.get(Coverage, (station.id, region_id))
    if found is None:
        db.add(Coverage(station_id=station.id, region_id=region_id, rank=rank))
    else:
        found.rank = rank


def new_keys() -> Keys:
    return Keys(PREFIX["full"] + secrets.token_urlsafe(32), PREFIX["calendar"] + secrets.token_urlsafe(24))


def create_keys(db: Session, station: Station, now: datetime, keys: Keys | None = None, _: Phrases = in_indonesian) -> Keys:
    """A key and a calendar token for a station that has none or is rotating. Raises Refused where two live already."""
    if max(len(_live(db, station.id, kind)) for kind in PREFIX) >= LIVE:
        raise Refused(
            _("Stasiun ini sudah punya dua kunci. Cabut yang lama dulu: station-key revoke %(slug)s", slug=station.slug)
        )
    return _add(db, station, now, keys or new_keys())


def rotate_keys(db: Session, station: Station, now: datetime) -> Keys:
    """New ones beside the old, which go on until ``revoke_keys``; of three the oldest dies."""
    keys = _add(db, station, now, new_keys())
    for kind in PREFIX:
        for key in _live(db, station.id, kind)[:-LIVE]:
            key.revoked_at = now
    db.flush()
    return keys


def revoke_keys(db: Session, station: Station, now: datetime, everything: bool = False) -> list[StationKey]:
    """Ends the older of two keys, the only one where there is one, or all of them; returns those it ended."""
    ended = []
    for kind in PREFIX:
        live = _live(db, station.id, kind)
        for key in live if everything else live[:1]:
            key.revoked_at = now
            ended.append(key)
    db.flush()
    return ended


def live_keys(db: Session, station_id: int) -> list[StationKey]:
    return [key for kind in PREFIX for key in _live(db, station_id, kind)]


def _live(db: Session, station_id: int, kind: Kind) -> list[StationKey]:
    """Oldest first."""
    living = select(StationKey).where(
        StationKey.station_id == station_id, StationKey.kind == kind, StationKey.revoked_at.is_(None)
    )
    return list(db.scalars(living.order_by(StationKey.id)))


def _add(db: Session, station: Station, now: datetime, keys: Keys) -> Keys:
    kinds: tuple[tuple[Kind, str], ...] = (("full", keys.key), ("calendar", keys.calendar_token))
    for kind, key in kinds:
        row = StationKey(station_id=station.id, kind=kind, key_hash=key_hash(key), prefix=key[:8], created_at=now)
        db.add(row)
    db.flush()
    return keys


def key_hash(key: str) -> str:
    """Keys are random and long: one SHA-256 is enough, and is found by index."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def owner_of(db: Session, key: str, kind: Kind) -> int | None:
    """The id of the station whose living key this is, or None. Takes the same time for any wrong key."""
    wanted = key_hash(key)
    row = db.execute(
        select(StationKey.station_id, StationKey.key_hash).where(
            StationKey.key_hash == wanted, StationKey.kind == kind, StationKey.revoked_at.is_(None)
        )
    ).first()
    if row is None or not hmac.compare_digest(row.key_hash, wanted):
        return None
    return int(row.station_id)
