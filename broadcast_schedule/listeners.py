"""What a listener asks for in words: "JADWAL SMP" is a level, "JADWAL RRI JAYAPURA" a station; both narrow each other.

"INGATKAN 101" names one programme: by the code that its station has for it (an offer's), by J and the slot's number, by the
word that begins its quiz, or by its title.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from rapidfuzz.distance import OSA
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from broadcast_schedule.carriage_tables import Offer
from broadcast_schedule.guide import OnAir, coming, covering, stations_of_region, told
from broadcast_schedule.tables import Channel, Occurrence, Slot, Station

LEVELS = frozenset({"PAUD", "TK", "SD", "MI", "SMP", "MTS", "SMA", "MA", "SMK", "UMUM", "ORANGTUA", "ORTU", "GURU"})
SAME = {"TK": "PAUD", "MI": "SD", "MTS": "SMP", "MA": "SMA", "ORTU": "ORANGTUA"}
SHOWN = 3
CODE_OF_SLOT = "J"  # J12 is slot 12, where nobody was offered it and so it has no code of its own
# How people call towns; after it what their stations' names have.
NICKNAMES = {
    "JOGJA": "YOGYAKARTA", "YOGJA": "YOGYAKARTA", "JOGJAKARTA": "YOGYAKARTA", "YOGJAKARTA": "YOGYAKARTA", "JOGYA": "YOGYAKARTA",
    "SOLO": "SURAKARTA", "JKT": "JAKARTA", "SBY": "SURABAYA", "BDG": "BANDUNG", "SMG": "SEMARANG", "MKS": "MAKASSAR",
    "SMD": "SAMARINDA", "DPS": "DENPASAR", "BALI": "DENPASAR", "JPR": "JAYAPURA", "BNA": "ACEH", "ATJEH": "ACEH",
}  # fmt: skip
# Words that name nothing, where they stand in no station's name.
_BESIDE = frozenset(
    [
        "ACARA", "SIARAN", "PROGRAM", "STASIUN", "RADIO", "TV", "TELEVISI", "DI", "DARI", "UNTUK", "HARI", "INI", "SEKARANG",
        "KELAS", "DONG",
    ]
)  # fmt: skip
_LONG = 5  # letters of a word in which one may be wrong


def asked_for(db: Session, region_id: int | None, now: datetime, wanted: str = "") -> list[OnAir]:
    """On now and next, at most three, on the first station that has any of it: of those named, else of those of the region.

    Words that name no station and no level find nothing.
    """
    nearest = stations_of_region(db, region_id)
    level, stations, is_named = _meant(db, read_words(wanted), nearest)
    reached = {station.id for station in covering(db, region_id)} if is_named else set()
    alike = len(stations) if is_named and not any(station.id in reached for station in stations) else 1
    for station in stations:
        rows = [row for row in coming(db, station, now) if not level or _is_for(row.audience or row.title, level)]
        if rows:
            is_far = is_named and station.id not in reached
            return coded(db, [replace(told(station, row), is_far=is_far, alike=alike) for row in rows[:SHOWN]])
    return []


def _meant(db: Session, words: list[str], nearest: Sequence[Station]) -> tuple[list[str], Sequence[Station], bool]:
    """(the level, the stations, whether they were named): as it stands; else without the words that name nothing."""
    for tried in (words, [word for word in words if word not in _BESIDE]):
        level = [word for word in tried if word in LEVELS or word.isdecimal()]
        named = [word for word in tried if word not in level]
        if not any(word in LEVELS for word in level):  # a number without a level belongs to a name: "PRO 2"
            level, named = [], tried
        stations = _called(db, named, nearest) if named else nearest
        if stations:
            return level, stations, bool(named)
    return [], [], False


def read_words(text: str) -> list[str]:
    """Capitals and digits, accents folded: ["SD", "4"] of "sd 4"."""
    plain = unicodedata.normalize("NFKD", text[:80]).encode("ascii", "ignore").decode().upper()
    return re.findall(r"[A-Z]+|[0-9]+", plain)


def _called(db: Session, words: Sequence[str], nearest: Sequence[Station]) -> list[Station]:
    """Stations in whose name every word stands, whole or as its beginning; the nearest, then the shortest name, first.

    Where there is none, a town's nickname counts, and one letter of a long word may be wrong, missing or too many.
    """
    names = [
        (station, read_words(f"{station.name} {station.slug} {station.frequency}"))
        for station in db.scalars(select(Station).order_by(Station.name))
    ]
    order = {station.id: n for n, station in enumerate(nearest)}
    full = [NICKNAMES.get(word, word) for word in words]
    for tried, fits in ((words, _begins), (full, _begins), (full, _nearly)):
        found = [station for station, name in names if all(any(fits(part, word) for part in name) for word in tried)]
        if found:
            return sorted(found, key=lambda s: (order.get(s.id, len(order)), len(s.name), s.name))
    return []


def _begins(part: str, word: str) -> bool:
    return part == word or (len(word) > 2 and part.startswith(word))


def _nearly(part: str, word: str) -> bool:
    return _begins(part, word) or (len(word) >= _LONG and word.isalpha() and OSA.distance(part, word, score_cutoff=1) <= 1)


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


def coded(db: Session, airings: Sequence[OnAir]) -> list[OnAir]:
    """The same with the code of each: its station's own, where the slot was offered to it; else J and the slot's number."""
    slots = {airing.slot for airing in airings}
    standing = select(Offer.slot_id, Offer.channel_id, Offer.code).where(Offer.slot_id.in_(slots), Offer.state != "withdrawn")
    codes = {(slot, channel): str(code) for slot, channel, code in db.execute(standing)}
    return [replace(one, code=codes.get((one.slot, one.channel_id), f"{CODE_OF_SLOT}{one.slot}")) for one in airings]


def programme(db: Session, region_id: int | None, now: datetime, said: str) -> OnAir | None:
    """The next airing of the programme that ``said`` names, on the nearest station that carries it; None where none is meant.

    A code is of a slot: whose station does not reach the learner, hers is looked for first all the same.
    """
    near = covering(db, region_id)
    slot, channel = _of_code(db, said.strip().upper())
    if slot:
        theirs = db.scalars(select(Station).join(Channel, Channel.station_id == Station.id).where(Channel.id == channel))
        return _next(db, [*near, *theirs], now, Occurrence.slot_id == slot)
    word = "".join(said.upper().split())[:20]
    found = _next(db, near, now, Occurrence.quiz_keyword == word) if word else None
    if found is not None:
        return found
    words = [word for word in read_words(said) if word not in _BESIDE]
    for station in stations_of_region(db, region_id) if words else ():
        for row in coming(db, station, now):
            if all(any(_begins(part, word) for part in read_words(row.title)) for word in words) and row.start > now:
                return coded(db, [told(station, row)])[0]
    return None


def _of_code(db: Session, code: str) -> tuple[int, int]:
    """(slot, a channel that airs it); (0, 0) for what is no code."""
    found = re.fullmatch(rf"({CODE_OF_SLOT}?)([0-9]{{1,9}})", code)
    if found is None:
        return 0, 0
    number = int(found[2])
    if found[1]:
        row = db.execute(select(Slot.id, Slot.channel_id).where(Slot.id == number, Slot.retired_at.is_(None))).first()
    else:
        standing = select(Offer.slot_id, Offer.channel_id).where(Offer.code == number, Offer.state != "withdrawn")
        row = db.execute(standing).first()
    return (row[0], row[1]) if row else (0, 0)


def _next(db: Session, stations: Sequence[Station], now: datetime, which: ColumnElement[bool]) -> OnAir | None:
    for station in stations:
        row = db.scalar(
            select(Occurrence)
            .where(
                Occurrence.station_id == station.id, Occurrence.start > now, Occurrence.status != "cancelled", which
            )
            .order_by(Occurrence.start)
            .limit(1)
        )  # fmt: skip
        if row is not None:
            return coded(db, [told(station, row)])[0]
    return None
