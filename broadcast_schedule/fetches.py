"""Which station fetched which file, when: written by its download, read by the planner and by its own software."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.orm import Session

from broadcast_schedule.paper_tables import EpisodeFile, FileFetch
from broadcast_schedule.tables import Occurrence, Station
from core.hot import Hot, Statement

_FETCHED = Statement(
    insert(FileFetch.__table__).values(  # type: ignore[arg-type]
        file_id=bindparam("of_file"), station_id=bindparam("of_station"), first_at=bindparam("now"), last_at=bindparam("now"),
        times=1,
    ),
    "ON CONFLICT (file_id, station_id) DO UPDATE SET last_at = excluded.last_at, times = file_fetches.times + 1",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fetched:
    """A station that airs the file's episode or fetched it. ``airs_at`` is its next airing; ``first_at`` is None before."""

    station: str
    slug: str
    time_zone: str
    airs_at: datetime | None
    first_at: datetime | None
    last_at: datetime | None
    times: int


def fetched(db: Hot, files: Iterable[int], station_id: int, now: int) -> None:
    """The station fetched these files; ``now`` in milliseconds."""
    for number in files:
        db.run(_FETCHED, of_file=number, of_station=station_id, now=now)


def by_digest(db: Session, station_id: int) -> dict[str, datetime]:
    """{digest: when the station last fetched these bytes}"""
    its = (
        select(EpisodeFile.digest, func.max(FileFetch.last_at))
        .join(EpisodeFile, EpisodeFile.id == FileFetch.file_id)
        .where(FileFetch.station_id == station_id)
        .group_by(EpisodeFile.digest)
    )
    return dict(db.execute(its).all())


def by_station(db: Session, file_id: int, episode_id: int, now: datetime) -> list[Fetched]:
    """Who still has to fetch it first, the soonest airing before the others; then who fetched it, the last one first."""
    coming = (
        select(Occurrence.station_id, func.min(Occurrence.start).label("airs_at"))
        .where(Occurrence.episode_id == episode_id, Occurrence.start > now, Occurrence.status != "cancelled")
        .group_by(Occurrence.station_id)
        .subquery()
    )
    its = select(FileFetch).where(FileFetch.file_id == file_id).subquery()
    rows = db.execute(
        select(Station.name, Station.slug, Station.time_zone, coming.c.airs_at, its.c.first_at, its.c.last_at, its.c.times)
        .outerjoin(coming, coming.c.station_id == Station.id)
        .outerjoin(its, its.c.station_id == Station.id)
        .where(coming.c.station_id.is_not(None) | its.c.station_id.is_not(None))
    )
    found = [Fetched(name, slug, zone, airs, first, last, times or 0) for name, slug, zone, airs, first, last, times in rows]
    waiting = sorted((one for one in found if one.airs_at and not one.last_at), key=lambda one: (one.airs_at, one.station))
    done = sorted((one for one in found if one.last_at), key=lambda one: (one.last_at, one.station), reverse=True)
    return [*waiting, *done]
