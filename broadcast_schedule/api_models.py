"""What the stations' API takes and gives, as models: for its description, and to read what a station sends.

Imported only there (``api.document``, ``report_api_views``): pydantic with its Rust half is 9 MB of a process.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field, field_validator

from broadcast_schedule.playout_log import YEARS
from broadcast_schedule.reporting import MOST


class Problem(BaseModel):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str


class Window(BaseModel):
    """Which days: by default today in the station's zone, and 14 days."""

    from_: str | None = Field(None, alias="from", description="First local day, YYYY-MM-DD; from 60 days back to 400 ahead.")
    days: int | None = Field(None, ge=1, le=400)


class Since(Window):
    since: int | None = None


class Airing(BaseModel):
    title: str
    episode: str
    start: datetime
    end: datetime
    quiz_keyword: str


class ChannelFacts(BaseModel):
    id: str
    name: str


class StationFacts(BaseModel):
    station: str
    name: str
    time_zone: str
    medium: str
    frequency: str
    revision: int
    channels: list[ChannelFacts]


class Timetable(BaseModel):
    """Described in full by /stations/timetable.schema.json."""

    station: str
    revision: int
    occurrences: list[dict[str, Any]]
    removed: list[str] | None = None


class ChannelNow(BaseModel):
    id: str
    name: str
    now: Airing | None
    next: Airing | None


class Now(BaseModel):
    station: str
    time_zone: str
    revision: int
    now: Airing | None
    next: Airing | None
    channels: list[ChannelNow]


class Carried(BaseModel):
    """``code`` is what an answer names; null where a planner put the slot there without asking."""

    code: int | None
    slot: int
    title: str
    channel: str
    mode: str
    delay_minutes: int
    language: str
    state: str
    proposed_at: str


class CarriageList(BaseModel):
    station: str
    carriage: list[Carried]


class Airs(BaseModel):
    """``id`` is that of the JSON timetable."""

    id: str
    channel: str
    start: datetime


class FileFacts(BaseModel):
    """``fetched_at`` is when the station last fetched it, null before."""

    kind: str = Field(description="recording, script or notes")
    title: str
    series: str
    episode: str
    name: str
    media_type: str
    size: int = Field(description="bytes")
    sha256: str
    url: str
    fetched_at: datetime | None
    airs: list[Airs]


class FileList(BaseModel):
    """Files of what the station airs in the window; what airs first stands first."""

    station: str
    revision: int
    files: list[FileFacts]


class CarriageAnswer(BaseModel):
    """``code`` is the offer's; ``time`` ("11:00", the station's own zone) belongs to propose."""

    code: int = Field(ge=1, le=2**31 - 1)
    answer: Literal["accept", "decline", "propose"]
    time: str = Field("", pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^$")


class Offered(Carried):
    code: int


class Reported(BaseModel):
    """Which airing: ``id`` as in the JSON timetable, or its actual ``start``; RFC 3339 with an offset."""

    id: str = Field("", max_length=200)
    start: datetime | None = None
    end: datetime | None = None
    title: str = Field("", max_length=200)
    state: Literal["aired", "failed"] = "aired"
    reason: str = Field("", max_length=160)

    @field_validator("start", "end")
    @classmethod
    def with_offset(cls, value: datetime | None) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("needs an offset, as in 2026-11-23T08:00:00+07:00")
        if value is not None and value.year not in YEARS:
            raise ValueError("is no year of broadcasts")
        return value


class AsRunReport(BaseModel):
    airings: list[Reported] = Field(min_length=1, max_length=MOST)


class Outcome(BaseModel):
    id: str
    result: Literal["recorded", "known", "unmatched", "refused"]
    detail: str = ""


class Outcomes(BaseModel):
    station: str
    results: list[Outcome]


class Aired(BaseModel):
    id: str
    title: str
    state: str
    start: datetime | None
    end: datetime | None
    reason: str
    source: str


class AsRunList(BaseModel):
    station: str
    airings: list[Aired]
