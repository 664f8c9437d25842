"""The read side: what is published, for feeds, pages and phones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from broadcast_schedule import papers, timetable
from broadcast_schedule.carriage_tables import AsRun
from broadcast_schedule.editions import occurrence
from broadcast_schedule.feed_tables import Bearer
from broadcast_schedule.recurrence import LONGEST_MINUTES
from broadcast_schedule.tables import Channel, Coverage, Occurrence, Station
from broadcast_schedule.timetable import TOMBSTONE_DAYS, Timetable, day_start
from schools.tables import Region

LONGEST = timedelta(minutes=LONGEST_MINUTES)
SOON = timedelta(days=14)  # what is further away is not "next" to a listener


@dataclass(frozen=True, slots=True)
class OnAir:
    """``start`` and ``end`` are aware, UTC; show them in ``time_zone``, the station's."""

    station: str
    title: str
    episode: str
    start: datetime
    end: datetime
    time_zone: str
    quiz_keyword: str = ""
    slot: int = 0
    station_id: int = 0
    channel_id: int = 0
    code: str = ""  # by which a listener names the slot (broadcast_schedule.listeners.codes)
    is_far: bool = False  # she asked for this station by its name, and it is not known to reach her
    alike: int = 1  # how many stations bear that name, where none of them reaches her region


def station_by_slug(db: Session, slug: str) -> Station | None:
    return db.scalar(select(Station).where(Station.slug == slug))


def stations_of_region(db: Session, region_id: int | None) -> list[Station]:
    """Stations that reach the region, nearest first: its own by rank, then those of the regions around it.

    Without any, or without a region: all stations, oldest first.
    """
    return covering(db, region_id) or list(db.scalars(select(Station).order_by(Station.id).limit(20)))


def covering(db: Session, region_id: int | None) -> list[Station]:
    """As ``stations_of_region``, and none where none is known to reach the region."""
    found: list[Station] = []
    seen: set[int] = set()
    while region_id is not None and region_id not in seen:
        seen.add(region_id)
        found += db.scalars(
            select(Station)
            .join(Coverage, Coverage.station_id == Station.id)
            .where(Coverage.region_id == region_id)
            .order_by(Coverage.rank, Station.id)
        )
        region_id = db.scalar(select(Region.parent_id).where(Region.id == region_id))
    return list(dict.fromkeys(found))


def on_air(db: Session, station: Station, now: datetime, limit: int = 3) -> list[OnAir]:
    """What is on the air at ``now`` and what comes next on the station's channels, in order of time."""
    rows = db.scalars(_coming(station, now).order_by(Occurrence.start, Occurrence.channel_id).limit(limit))
    return [told(station, row) for row in rows]


def coming(db: Session, station: Station, now: datetime) -> list[Occurrence]:
    """What is on and what comes within two weeks, in order of time."""
    return list(db.scalars(_coming(station, now).order_by(Occurrence.start, Occurrence.channel_id).limit(500)))


def _coming(station: Station, now: datetime) -> Select[Occurrence]:
    return select(Occurrence).where(
        Occurrence.station_id == station.id,
        Occurrence.start > now - LONGEST,
        Occurrence.start < now + SOON,
        Occurrence.end > now,
        Occurrence.status != "cancelled",
    )


def told(station: Station, row: Occurrence) -> OnAir:
    return OnAir(
        station.name, row.title, row.episode, row.start, row.end, station.time_zone, row.quiz_keyword, row.slot_id, station.id,
        row.channel_id,
    )  # fmt: skip


def now_by_channel(db: Session, station: Station, now: datetime) -> list[tuple[Channel, OnAir | None, OnAir | None]]:
    """(channel, what is on, what comes next), None where there is nothing within two weeks."""
    found: list[tuple[Channel, OnAir | None, OnAir | None]] = []
    for channel in db.scalars(select(Channel).where(Channel.station_id == station.id).order_by(Channel.id)):
        rows = list(
            db.scalars(_coming(station, now).where(Occurrence.channel_id == channel.id).order_by(Occurrence.start).limit(2))
        )
        airings = [told(station, row) for row in rows]
        is_on = bool(airings) and airings[0].start <= now
        found.append((channel, airings[0] if is_on else None, next(iter(airings[is_on:]), None)))
    return found


def now_and_next(db: Session, region_id: int | None, now: datetime) -> list[OnAir]:
    """On now and next, at most three rows, on the first station that covers the region and has anything to say."""
    for station in stations_of_region(db, region_id):
        found = on_air(db, station, now)
        if found:
            return found
    return []


def channels(db: Session, station_id: int) -> list[timetable.Channel]:
    """With their bearers, the cheapest first."""
    rows = list(
        db.execute(select(Channel.id, Channel.key, Channel.name).where(Channel.station_id == station_id).order_by(Channel.id))
    )
    heard: dict[int, list[timetable.Bearer]] = {row.id: [] for row in rows}
    for one in db.scalars(select(Bearer).where(Bearer.channel_id.in_(heard)).order_by(Bearer.cost, Bearer.uri)):
        heard[one.channel_id].append(timetable.Bearer(one.uri, one.cost, one.mime, one.kbps))
    return [timetable.Channel(row.key, row.name, tuple(heard[row.id])) for row in rows]


def _published(db: Session, station_id: int) -> tuple[timetable.Channel, ...]:
    """The station's first channel and every other on which anything was published: a new one shows with its first edition, so
    that feeds of one revision are the same."""
    used = exists().where(Occurrence.channel_id == Channel.id)
    keys = set(db.scalars(select(Channel.key).where(Channel.station_id == station_id, used)))
    return tuple(each for n, each in enumerate(channels(db, station_id)) if n == 0 or each.key in keys)


def window(
    db: Session,
    station: Station,
    from_date: date,
    days: int,
    *,
    until: date | None = None,
    tombstones_since: date | None = None,
    since: int | None = None,
    base: str = "",
) -> Timetable:
    """What the station airs in ``days`` local days of its own zone, whatever overlaps them; nothing from ``until`` on.

    Cancelled occurrences stay while they were cancelled on or after the local day ``tombstones_since`` (default: 14 days
    before the window), so that the same window of the same revision is always the same. ``since`` keeps what
    changed after that revision, and names what to drop; a revision that never was gives everything, ``is_full``.
    ``base`` is the service's own address, with which those of files begin.
    """
    is_full = since is not None and not 0 < since <= station.revision
    after = since if since is not None and not is_full else None
    begin, end = timetable.window(from_date, days, station.time_zone)
    if until is not None:
        end = min(end, day_start(until, station.time_zone))
    oldest = day_start(tombstones_since or from_date - timedelta(days=TOMBSTONE_DAYS), station.time_zone)
    query = (
        select(Occurrence, Channel.key, AsRun.start, AsRun.end)
        .join(Channel, Channel.id == Occurrence.channel_id)
        .outerjoin(AsRun, (AsRun.occurrence_id == Occurrence.id) & (AsRun.state == "aired"))
        .where(Occurrence.station_id == station.id)
        .order_by(Occurrence.start, Channel.key, Occurrence.id)
    )
    if after is not None:
        query = query.where(Occurrence.revision > after, Occurrence.end > begin)
    else:
        query = query.where(Occurrence.start > begin - LONGEST, Occurrence.start < end, Occurrence.end > begin)
    files = papers.of_airings(db, station.id, station.slug, begin - LONGEST, end, base)
    kept, removed = [], []
    for row, key, begun, over in db.execute(query):
        one = occurrence(row, key)
        if begun is not None and over is not None:
            one = replace(one, actual=(begun, over))
        if one.episode_id is not None and one.episode_id in files and one.is_on:
            one = replace(one, files=files[one.episode_id])
        is_inside = one.start < end
        if after is not None and (not one.is_on or (one.sequence and not is_inside)):
            removed.append(one.id)
        if is_inside and (one.is_on or one.updated_at >= oldest):
            kept.append(one)
    return Timetable(
        station=timetable.Station(station.slug, station.name, station.time_zone, station.medium, station.frequency),
        channels=_published(db, station.id),
        occurrences=tuple(kept),
        revision=station.revision,
        from_date=from_date,
        days=days,
        revised_at=station.revised_at,
        since=since,
        removed=tuple(removed),
        is_full=is_full,
    )
