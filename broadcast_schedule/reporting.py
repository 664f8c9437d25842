"""A batch of what a station aired, by API or from its playout log: which airings are meant, and what became of each line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcast_schedule import as_runs
from broadcast_schedule.as_run import WITHIN, Billed, Line, match
from broadcast_schedule.tables import Channel, Occurrence
from core import clock
from core.hot import Hot
from core.problems import Refused

MOST = 200  # lines in one request: a step that long holds up nobody


@dataclass(frozen=True, slots=True)
class Said:
    """One line of a report. ``id`` is that of the JSON timetable, "" where the start has to tell; instants are aware."""

    id: str = ""
    start: datetime | None = None
    end: datetime | None = None
    title: str = ""
    state: Literal["aired", "failed"] = "aired"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Became:
    """``result``: recorded, known (said before), unmatched, refused (``detail`` says why)."""

    id: str
    result: Literal["recorded", "known", "unmatched", "refused"]
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Meant:
    """A line and the airing it means: its row id, 0 where none was found, and its id in the feeds."""

    said: Said
    row: int
    id: str
    title: str = ""


def meant(db: Session, station_id: int, lines: Sequence[Said]) -> list[Meant]:
    """Which airing of the station each line means: by its id, else the nearest start. Reads only."""
    by_id = {line.id for line in lines if line.id}
    rows = _rows(db, station_id, lines)
    named = {f"{row.slot_id}-{row.original_start:%Y%m%dT%H%M}@{row.key}": row for row in rows}
    names = {row.id: name for name, row in named.items()}
    billed = [Billed(row.id, row.start, row.end, row.title) for name, row in named.items() if name not in by_id]
    log = [(n, Line(line.start, line.end, line.title)) for n, line in enumerate(lines) if not line.id and line.start]
    found = {n: one for (n, _line), one in zip(log, match([line for _n, line in log], billed), strict=True)}
    titles = {row.id: row.title for row in rows}
    result = []
    for n, line in enumerate(lines):
        row = named[line.id].id if line.id in named else one.id if (one := found.get(n)) is not None else 0
        result.append(Meant(line, row, names.get(row, line.id), titles.get(row, "")))
    return result


def _rows(db: Session, station_id: int, lines: Sequence[Said]) -> list[Any]:
    """Airings of the station that any line can mean: those near a start, and those of an id's first publication."""
    starts = [line.start for line in lines if line.start]
    wanted = (
        select(
            Occurrence.id, Occurrence.slot_id, Occurrence.original_start, Occurrence.start, Occurrence.end, Occurrence.title,
            Channel.key,
        )
        .join(Channel, Channel.id == Occurrence.channel_id)
        .where(Occurrence.station_id == station_id, Occurrence.status != "cancelled")
    )  # fmt: skip
    rows: dict[int, Any] = {}
    if starts:
        near = wanted.where(Occurrence.start >= min(starts) - WITHIN, Occurrence.start <= max(starts) + WITHIN)
        rows |= {row.id: row for row in db.execute(near)}
    slots = {int(head) for line in lines if (head := line.id.partition("-")[0]).isdecimal() and len(head) < 10}
    if slots:
        originals = {when for line in lines if (when := _original(line.id)) is not None}
        named = wanted.where(Occurrence.slot_id.in_(slots), Occurrence.original_start.in_(originals))
        rows |= {row.id: row for row in db.execute(named)}
    return list(rows.values())


def _original(name: str) -> datetime | None:
    try:
        return datetime.fromisoformat(name.partition("-")[2].partition("@")[0]).replace(tzinfo=None)
    except ValueError:
        return None


def record(db: Hot, station_id: int, lines: Sequence[Meant], source: str, now: int) -> list[Became]:
    """Writes each line down; what became of them, in their order."""
    return [_record(db, station_id, line, source, now) for line in lines]


def _record(db: Hot, station_id: int, line: Meant, source: str, now: int) -> Became:
    row = as_runs.of_id(db, line.row, station_id) if line.row else None
    if row is None:
        return Became(line.said.id, "unmatched", "Tidak ada siaran terbit yang cocok dengan baris ini.")
    said = line.said
    start, end = (clock.to_ms(when) if when else None for when in (said.start, said.end))
    try:
        if said.state == "failed":
            is_new = as_runs.failed(db, row, said.reason, source, now)
        else:
            is_new = as_runs.aired(db, row, source, now, start, end)
    except Refused as refused:
        return Became(line.id, "refused", str(refused))
    return Became(line.id, "recorded" if is_new else "known")
