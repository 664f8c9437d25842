"""Stations, their channels, and whom they reach."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcast_schedule.planning import zones
from broadcast_schedule.tables import Channel, Coverage, Station
from broadcast_schedule.words import Phrases, in_indonesian
from core.problems import Problem, Refused
from core.text import clean, one_line

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CHANNEL_KEY = re.compile(r"[-a-z0-9]+(\.[-a-z0-9]+)+")  # XMLTV's validator wants a dot and no blanks
DOMAIN = "kentongan.id"


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
