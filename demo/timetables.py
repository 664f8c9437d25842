"""The demo's stations and the real timetables of ``demo/data``, moved to the coming weeks and published."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcast_schedule import carriage, editions, offers, planning, station_keys, stations
from broadcast_schedule.planning import ProgrammeDraft, SlotDraft, today_in
from broadcast_schedule.recurrence import DAYS
from broadcast_schedule.tables import Channel, Programme, Slot, Station
from demo.derived import derived
from schools.tables import Region

DATA = Path(__file__).parent / "data"
JAKARTA = "Asia/Jakarta"
SHOWN = ("tvri-nasional", "rri-samarinda", "rri-jayapura")  # one in each zone, printed with their keys

# slug, name, zone, medium, frequency, codes of the regions that it reaches first
STATIONS = (
    ("tvri-nasional", "TVRI Nasional", JAKARTA, "tv", "", ()),
    ("rri-yogyakarta", "RRI Yogyakarta Programa 2", JAKARTA, "radio", "FM 102.5 MHz", ("34",)),
    ("rri-banda-aceh", "RRI Banda Aceh Programa 2", JAKARTA, "radio", "FM 92.6 MHz", ("11",)),
    ("rri-samarinda", "RRI Samarinda", "Asia/Makassar", "radio", "", ("64",)),
    ("rri-denpasar", "RRI Denpasar Programa 2", "Asia/Makassar", "radio", "", ("51",)),
    ("rri-jayapura", "RRI Jayapura", "Asia/Jayapura", "radio", "", ("91",)),
)
RELAYS = ("rri-samarinda", "rri-jayapura", "rri-banda-aceh", "rri-denpasar")  # their offers' codes: 101 to 104
RELAY_CHANNEL = ("televisi-edukasi.tvri-nasional.kentongan.id", "TVRI (relay of Televisi Edukasi)")


def seed(db: Session, now: datetime, secret: str) -> list[dict[str, Any]]:
    """Makes and publishes what is not there yet. Returns the three stations of the demo's JSON, the same at every call."""
    if db.scalar(select(Station.id).where(Station.slug == STATIONS[0][0])) is None:
        _create(db, now, secret)
    return [_told(db, slug, secret) for slug in SHOWN]


def _told(db: Session, slug: str, secret: str) -> dict[str, Any]:
    station = db.scalars(select(Station).where(Station.slug == slug)).one()
    keys = _keys(slug, secret)
    return {
        "slug": slug,
        "name": station.name,
        "key": keys.key,
        "calendar_token": keys.calendar_token,
        "time_zone": station.time_zone,
    }


def _keys(slug: str, secret: str) -> station_keys.Keys:
    return station_keys.Keys(f"kt_{derived(secret, f'station-key {slug}')}", f"kc_{derived(secret, f'calendar-token {slug}')}")


def _create(db: Session, now: datetime, secret: str) -> None:
    regions = dict(db.execute(select(Region.code, Region.id).where(Region.kind == "province")).all())
    channels: dict[str, Channel] = {}
    for slug, name, zone, medium, frequency, near in STATIONS:
        station = stations.create_station(db, slug, name, zone, medium=medium, frequency=frequency)
        station_keys.create_keys(db, station, now, _keys(slug, secret))
        channels[slug] = db.scalars(select(Channel).where(Channel.station_id == station.id)).one()
        if slug == "tvri-nasional":
            channels["relay"] = stations.create_channel(db, station, *RELAY_CHANNEL)
        _cover(db, station, regions, near)
    monday = today_in(JAKARTA, now) - timedelta(days=today_in(JAKARTA, now).weekday())
    _plan_tvri(db, channels["tvri-nasional"], monday)
    _plan_weekly(db, channels, monday, now)
    editions.publish(db, now, None)


def _cover(db: Session, station: Station, regions: Mapping[str, int], near: tuple[str, ...]) -> None:
    """Radio reaches its own province first; television reaches all, after it."""
    for code, region_id in regions.items():
        if station.medium == "tv" or code in near:
            stations.cover(db, station, region_id, rank=1 if station.medium == "tv" else 0)


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _programme(db: Session, title: str, audience: str = "", description: str = "") -> Programme:
    found = db.scalar(select(Programme).where(Programme.title == title, Programme.audience == audience))
    return found or planning.save_programme(db, ProgrammeDraft(title, description, audience))


def _minutes(start: str, end: str) -> int:
    first, last = time.fromisoformat(start), time.fromisoformat(end)
    return (last.hour * 60 + last.minute) - (first.hour * 60 + first.minute)


def _plan_tvri(db: Session, channel: Channel, monday: date) -> None:
    """The dated slots on their own weekdays from this week on. Where two printed days share a weekday they take turns."""
    rows = _rows("tvri_belajar_dari_rumah_2020.csv")
    turns: dict[int, list[str]] = {}
    for day in sorted({row["date"] for row in rows}):
        turns.setdefault(date.fromisoformat(day).weekday(), []).append(day)
    for row in rows:
        weekday = date.fromisoformat(row["date"]).weekday()
        same = turns[weekday]
        programme = _programme(db, row["series"], row["audience"], "Belajar dari Rumah")
        first = monday + timedelta(days=weekday + 7 * same.index(row["date"]))
        _slot(db, channel, programme, row, first, frozenset({weekday}), len(same))


def _slot(
    db: Session,
    channel: Channel,
    programme: Programme,
    row: Mapping[str, str],
    starts_on: date,
    weekdays: frozenset[int],
    every_weeks: int = 1,
) -> Slot:
    wanted = SlotDraft(
        channel.id,
        programme.id,
        starts_on,
        time.fromisoformat(row["start"]),
        _minutes(row["start"], row["end"]),
        row["time_zone"],
        weekdays,
        every_weeks,
        episode=row.get("episode", ""),
    )
    return planning.save_slot(db, wanted)


def _plan_weekly(db: Session, channels: Mapping[str, Channel], monday: date, now: datetime) -> None:
    """RRI's hour begins in Yogyakarta; the others accepted to relay it then. Saturdays and Televisi Edukasi besides."""
    for row in _rows("rri_belajar_2020.csv"):
        weekdays = _weekdays(row["weekdays"])
        is_yogyakarta, is_relay = row["station"].startswith("RRI Yogyakarta"), row["station"] == RELAY_CHANNEL[1]
        if not weekdays or not (is_yogyakarta or is_relay):
            continue
        programme = _programme(db, row["programme"])
        slot = _slot(db, channels["rri-yogyakarta" if is_yogyakarta else "relay"], programme, row, monday, weekdays)
        if is_yogyakarta and len(weekdays) > 1:
            for slug in RELAYS:
                _relay(db, slot, channels[slug], now)


def _relay(db: Session, slot: Slot, channel: Channel, now: datetime) -> None:
    """Offered, and accepted long ago: nobody is told, and "SIAR 101" reports it."""
    offer = offers.offer(db, slot.id, channel.id, "relay", 0, "", now)
    carriage.carry(db, slot.id, channel.id, "relay")
    offer.state, offer.told_at, offer.answered_at, offer.answered_by = "accepted", now, now, "Demo"


def _weekdays(text: str) -> frozenset[int]:
    """{0, 1, 2, 3, 4} of "MO-FR"."""
    if not text:
        return frozenset()
    first, _dash, last = text.partition("-")
    return frozenset(range(DAYS.index(first), DAYS.index(last or first) + 1))
