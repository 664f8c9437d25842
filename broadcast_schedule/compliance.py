"""Billed and actual: what a station aired of what was billed, by programme. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from broadcast_schedule.carriage_tables import AsRun, Offer
from broadcast_schedule.tables import Channel, Occurrence, Station


@dataclass(frozen=True, slots=True)
class Kept:
    """Airings that are over: billed, and said to be aired or failed. The rest nobody reported."""

    station: str
    slug: str
    programme: str
    billed: int
    aired: int
    failed: int

    @property
    def silent(self) -> int:
        return self.billed - self.aired - self.failed


def by_programme(db: Session, since: datetime, now: datetime, station_id: int | None = None) -> list[Kept]:
    """One for each station and programme, those with the most that is missing first."""
    aired, failed = (func.sum(case((AsRun.state == state, 1), else_=0)) for state in ("aired", "failed"))
    wanted = (
        select(Station.name, Station.slug, Occurrence.title, func.count(), aired, failed)
        .join(Station, Station.id == Occurrence.station_id)
        .outerjoin(AsRun, AsRun.occurrence_id == Occurrence.id)
        .where(Occurrence.status != "cancelled", Occurrence.end <= now, Occurrence.start >= since)
        .group_by(Station.name, Station.slug, Occurrence.title)
    )
    if station_id is not None:
        wanted = wanted.where(Occurrence.station_id == station_id)
    found = [Kept(name, slug, title, n, a or 0, f or 0) for name, slug, title, n, a, f in db.execute(wanted)]
    return sorted(found, key=lambda kept: (-kept.silent - kept.failed, kept.station, kept.programme))


def recent(db: Session, station_id: int, now: datetime, days: int = 3) -> list[Any]:
    """The station's airings that began in the last days, newest first, with what it said of them."""
    return list(
        db.execute(
            select(
                Occurrence.id, Occurrence.title, Occurrence.episode, Occurrence.start, Occurrence.end,
                Channel.name.label("channel"), AsRun.state, AsRun.reason, AsRun.start.label("actual"), Offer.code,
            )
            .join(Channel, Channel.id == Occurrence.channel_id)
            .outerjoin(AsRun, AsRun.occurrence_id == Occurrence.id)
            .outerjoin(Offer, (Offer.slot_id == Occurrence.slot_id) & (Offer.channel_id == Occurrence.channel_id))
            .where(
                Occurrence.station_id == station_id, Occurrence.status != "cancelled", Occurrence.start <= now,
                Occurrence.start >= now - timedelta(days=days),
            )
            .order_by(Occurrence.start.desc(), Occurrence.id)
            .limit(60)
        )
    )  # fmt: skip
