"""What every format is read into, and the words that they share: zones, titles, lengths. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from broadcast_schedule.recurrence import LONGEST_MINUTES, Departure, Rule, to_utc
from core.problems import N_, Problem
from core.text import clean, one_line

MAX_BYTES = 10 * 1024 * 1024
MAX_OCCURRENCES = 50_000
SECONDS = 15.0
OLDEST, NEWEST = date(1900, 1, 1), date(2100, 1, 1)
ABBREVIATIONS = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura", "UTC": "UTC", "GMT": "UTC", "Z": "UTC"}


@dataclass(frozen=True, slots=True)
class Source:
    """What a file does not say itself. ``tick`` is called often and raises once there was time enough."""

    zone: str  # IANA, of the station: of times that name none
    station: tuple[str, ...] = ()  # what the station is called: its name, its slug
    channel: str = ""  # where rows go that name none; "" is the station's first
    name: str = ""  # of the file: its extension is a hint
    tick: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class Entry:
    """One airing or one rule. ``key`` says that it is the same as in an earlier file, ``part`` which of several.

    ``departures`` are keyed by original local date, as everywhere. ``channel`` is a name or a key, "" the one asked for.
    """

    key: str
    part: str
    where: str  # "line 7", or the UID
    channel: str
    rule: Rule
    title: str
    episode: str = ""
    description: str = ""
    audience: str = ""
    language: str = "id"
    quiz_keyword: str = ""
    departures: Mapping[date, Departure] = field(default_factory=dict)
    sequence: int = 0


@dataclass
class Reading:
    """``bad`` is refused, ``notes`` are worth knowing; ``cancelled`` are keys that the file itself calls off.

    ``overridden`` are (key, original start: an instant, or a whole local day) of overrides that came without their master,
    ``called_off`` those among them that are cancelled.
    """

    format: str = ""
    entries: list[Entry] = field(default_factory=list)
    bad: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    overridden: list[tuple[str, datetime | date]] = field(default_factory=list)
    called_off: set[tuple[str, datetime | date]] = field(default_factory=set)


class Unreadable(Exception):
    """One line or event cannot be read exactly; the problem lacks only its ``where``."""

    def __init__(self, what: str, **facts: object):
        super().__init__(what)
        self.what, self.facts = what, facts

    def at(self, where: str) -> Problem:
        return Problem(where, self.what, facts=self.facts)


def readable(found: Reading, format_: str) -> Reading:
    found.format = format_
    found.bad.sort(key=_line)
    return found


def _line(problem: Problem) -> tuple[int, str]:
    number = problem.where.removeprefix("line ")
    return (int(number), "") if number.isdecimal() else (0, problem.where)


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones() if len(name) <= 40 and name not in ("localtime", "Factory")}


def iana() -> Iterable[str]:
    """The names of IANA's zones that this machine has."""
    return _zones().values()


def read_zone(text: str, blank: str) -> str:
    """The IANA name of what a file calls a zone; ``blank`` where it says nothing. Raises Unreadable."""
    text = text.strip()
    if not text:
        return blank
    found = ABBREVIATIONS.get(text.upper()) or _zones().get(text.lower())
    if found is None:
        raise Unreadable(N_("zona waktu %(zone)s tidak dikenal."), zone=clean(text, 60))
    return found


def read_title(text: str) -> str:
    title = one_line(clean(text))
    if not title:
        raise Unreadable(N_("acaranya belum bernama."))
    return fitting(title, 160)


def fitting(text: str, limit: int) -> str:
    """One line, refused rather than cut: what is stored is what the file says."""
    line = one_line(clean(text))
    if len(line) > limit:
        raise Unreadable(N_("teks ini lebih panjang dari %(limit)s huruf: %(text)s…"), limit=limit, text=line[:30])
    return line


def read_description(text: str) -> str:
    return clean(text, 2000).strip()


def minutes_between(start: datetime, end: datetime) -> int:
    """The exact length of two instants in minutes. Raises Unreadable for what is no length of a programme."""
    length = end - start
    if length == timedelta(0):
        raise Unreadable(N_("panjangnya nol: akhir sama dengan awal."))
    if length < timedelta(0):
        raise Unreadable(N_("akhirnya sebelum awalnya."))
    if length % timedelta(minutes=1):
        raise Unreadable(N_("panjangnya tidak genap menit; detik tidak disimpan."))
    if length > timedelta(minutes=LONGEST_MINUTES):
        raise Unreadable(N_("panjangnya lebih dari 24 jam."))
    return int(length.total_seconds()) // 60


def whole_minute(at: datetime) -> datetime:
    if at.second or at.microsecond:
        raise Unreadable(N_("awalnya pada detik %(second)s; detik tidak disimpan."), second=at.second)
    if not OLDEST <= at.date() < NEWEST:
        raise Unreadable(N_("tanggalnya harus antara tahun 1900 dan 2099."))
    return at


def placed(instant: datetime, zone: str) -> tuple[datetime, str]:
    """(naive local start, zone) that give exactly this instant: the hour that comes twice is told in UTC the second time."""
    local = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    if to_utc(local, zone) == instant:
        return local, zone
    return instant.astimezone(UTC).replace(tzinfo=None), "UTC"
