"""What a listener asks for in words: "JADWAL SMP" is a level, "JADWAL RRI JAYAPURA" a station; both narrow each other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcast_schedule.guide import OnAir, coming, stations_of_region
from broadcast_schedule.tables import Station

LEVELS = frozenset({"PAUD", "TK", "SD", "MI", "SMP", "MTS", "SMA", "MA", "SMK", "UMUM", "ORANGTUA", "ORTU", "GURU"})
SAME = {"TK": "PAUD", "MI": "SD", "MTS": "SMP", "MA": "SMA", "ORTU": "ORANGTUA"}
SHOWN = 3


def asked_for(db: Session, region_id: int | None, now: datetime, wanted: str = "") -> list[OnAir]:
    """On now and next, at most three, on the first station that has any of it: of those named, else of those of the region.

    Words that name no station and no level find nothing.
    """
    words = read_words(wanted)
    level = [word for word in words if word in LEVELS or word.isdecimal()]
    named = [word for word in words if word not in level]
    if not any(word in LEVELS for word in level):  # a number without a level belongs to a name: "PRO 2"
        level, named = [], words
    nearest = stations_of_region(db, region_id)
    stations = _called(db, named, nearest) if named else nearest
    for station in stations:
        rows = [row for row in coming(db, station, now) if not level or _is_for(row.audience, level)]
        if rows:
            return [
                OnAir(station.name, o.title, o.episode, o.start, o.end, station.time_zone, o.quiz_keyword) for o in rows[:SHOWN]
            ]
    return []


def read_words(text: str) -> list[str]:
    """Capitals and digits, accents folded: ["SD", "4"] of "sd 4"."""
    plain = unicodedata.normalize("NFKD", text[:80]).encode("ascii", "ignore").decode().upper()
    return re.findall(r"[A-Z]+|[0-9]+", plain)


def _called(db: Session, words: Sequence[str], nearest: Sequence[Station]) -> list[Station]:
    """Stations in whose name every word stands, whole or as its beginning; the shortest name, then the nearest, first."""
    found = []
    for station in db.scalars(select(Station).order_by(Station.name)):
        name = read_words(f"{station.name} {station.slug} {station.frequency}")
        if all(any(part == word or (len(word) > 2 and part.startswith(word)) for part in name) for word in words):
            found.append(station)
    order = {station.id: n for n, station in enumerate(nearest)}
    return sorted(found, key=lambda s: (order.get(s.id, len(order)), len(s.name), s.name))


def _is_for(audience: str, level: Sequence[str]) -> bool:
    """Whether an audience such as "SD 4-6" or "SMA/SMK" is of the level, and of the class where one is said."""
    words = read_words(audience)
    names = {SAME.get(word, word) for word in words}
    wanted = {SAME.get(word, word) for word in level if not word.isdecimal()}
    if not wanted <= names:
        return False
    grades = [int(word) for word in words if word.isdecimal()]
    asked = [int(word) for word in level if word.isdecimal()]
    return not grades or all(min(grades) <= grade <= max(grades) for grade in asked)
