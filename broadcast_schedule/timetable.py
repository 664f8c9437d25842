"""What is on the air and when, as frozen values. Pure: feeds draw them, tests build them by hand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Status = Literal["planned", "moved", "cancelled", "aired"]
TOMBSTONE_DAYS = 14  # a cancelled occurrence stays in iCalendar and JSON so long, that subscribers learn of it


@dataclass(frozen=True, slots=True)
class Bearer:
    """How a channel is received: ``fm:cf2.c123.10250``, ``dab:…``, or the address of a stream. The lowest cost is tried first."""

    uri: str
    cost: int = 0
    mime: str = ""
    kbps: int | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """``key`` is permanent and DNS-like ("tvri-nasional.kentongan.id"): XMLTV readers keep it for ever."""

    key: str
    name: str
    bearers: tuple[Bearer, ...] = ()


@dataclass(frozen=True, slots=True)
class Station:
    slug: str
    name: str
    time_zone: str  # IANA
    medium: str = "radio"  # radio, tv
    frequency: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """What hangs on an episode: ``kind`` is recording, script or notes. ``name`` is safe on every system; ``url`` holds no secret
    and wants the station's key."""

    kind: str
    title: str
    size: int  # bytes
    sha256: str
    media_type: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One airing on one channel. ``start`` and ``end`` are aware; ``original`` is naive local time in the slot's zone.

    ``moved`` means that its time changed after it was first published, or that it departs from its slot; it stays so.
    ``sequence`` rises whenever it is moved, cancelled or restored; ``updated_at`` says when the row last changed.
    """

    slot: int
    channel: str  # Channel.key
    original: datetime
    start: datetime
    end: datetime
    title: str
    episode: str = ""
    description: str = ""
    audience: str = ""
    language: str = "id"
    quiz_keyword: str = ""
    status: Status = "planned"
    sequence: int = 0
    revision: int = 0
    updated_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    is_repeat: bool = False
    lesson: str = ""  # "COURSE lesson-id"
    may_overlap: bool = False  # published although it overlaps another on its channel
    episode_id: int | None = None  # whose files are offered with it
    files: tuple[File, ...] = ()  # of what is published, where they were asked for
    actual: tuple[datetime, datetime] | None = None  # when it really began and ended, where its station said so
    is_called_off: bool = False  # of a draft: cancelled, and told so although it was never published

    @property
    def id(self) -> str:
        """The same for ever, however it moves: iCalendar's UID, the id of the JSON timetable."""
        return f"{self.slot}-{self.original:%Y%m%dT%H%M}@{self.channel}"

    @property
    def is_on(self) -> bool:
        return self.status != "cancelled"


@dataclass(frozen=True, slots=True)
class Timetable:
    """A station's occurrences in a window of local days, cancelled ones included, in order of start, channel, id.

    With ``since`` only those that changed after that revision, and in ``removed`` the ids of what a reader has to drop;
    ``is_full`` says that ``since`` could not be answered by a difference and this is everything.
    """

    station: Station
    channels: tuple[Channel, ...]
    occurrences: tuple[Occurrence, ...]
    revision: int
    from_date: date
    days: int
    revised_at: datetime | None = None
    since: int | None = None
    removed: tuple[str, ...] = ()
    is_full: bool = False

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.station.time_zone)

    def holds(self, one: Occurrence) -> bool:
        """Whether any of it lies within the window."""
        begin, end = window(self.from_date, self.days, self.station.time_zone)
        return one.start < end and begin < one.end

    @property
    def airing(self) -> tuple[Occurrence, ...]:
        """Without the cancelled ones."""
        return tuple(o for o in self.occurrences if o.is_on)


def narrowed(timetable: Timetable, channels: tuple[Channel, ...], occurrences: tuple[Occurrence, ...]) -> Timetable:
    """The same timetable with these channels and occurrences alone."""
    return replace(timetable, channels=channels, occurrences=occurrences)


def day_start(day: date, zone: str) -> datetime:
    """The first instant of a local day, in UTC. A midnight that a zone skips is read with the offset before the gap."""
    return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)


def window(from_date: date, days: int, zone: str) -> tuple[datetime, datetime]:
    """First instant, and the first instant after, of ``days`` local days."""
    return day_start(from_date, zone), day_start(from_date + timedelta(days=days), zone)
