"""Published airings that overlap on a channel: refused by the database, except those that somebody let stand.

PostgreSQL has an exclusion constraint; on SQLite there is one writer at a time, and the same question is asked before its commit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import BigInteger, select, text, type_coerce
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from broadcast_schedule import clashes
from broadcast_schedule.changes import Change
from broadcast_schedule.recurrence import LONGEST_MINUTES
from broadcast_schedule.tables import Channel
from broadcast_schedule.tables import Occurrence as Row
from broadcast_schedule.timetable import Occurrence
from broadcast_schedule.words import Phrases, in_indonesian
from core.problems import Problem, Refused

LONGEST = timedelta(minutes=LONGEST_MINUTES)


def permit(db: Session, changes: Sequence[Change], now: datetime) -> list[Change]:
    """The same changes, those that overlap another airing on their channel marked as allowed to."""
    coming = [c.after for c in changes if c.after.is_on]
    overlapping = _overlapping(db, coming)
    return [
        replace(c, after=replace(c.after, may_overlap=True)) if c.after.is_on and c.after.id in overlapping else c
        for c in changes
    ]


def permitted(db: Session, found: Sequence[Occurrence], until: date) -> list[Occurrence]:
    """What the night adds, marked in the same way: that its slots overlap was let stand when they were published."""
    overlapping = _overlapping(db, found)
    return [replace(one, may_overlap=True) if one.id in overlapping else one for one in found]


def _overlapping(db: Session, new: Sequence[Occurrence]) -> set[str]:
    """Ids among ``new`` that overlap each other or what is published and is not among them."""
    if not new:
        return set()
    ids = {one.id for one in new}
    channels = {one.channel for one in new}
    first, last = min(one.start for one in new) - LONGEST, max(one.end for one in new)
    columns = (Row.slot_id, Channel.key, Row.original_start, Row.start, Row.end, Row.title)
    rows = db.execute(
        select(*columns)
        .join(Channel, Channel.id == Row.channel_id)
        .where(Channel.key.in_(channels), Row.start > first, Row.start < last, Row.status != "cancelled")
    )
    known = [one for one in (Occurrence(*row) for row in rows) if one.id not in ids]
    return {one.id for clash in clashes.clashes([*new, *known]) for one in (clash.earlier, clash.later)} & ids


def refuse(db: Session, stations: Iterable[int], now: datetime, _: Phrases = in_indonesian) -> None:
    """Raises Refused where a channel of these stations would air two things at once, in spite of all that was asked before:
    because somebody else published in the meantime, or because what is published already cannot be changed any more."""
    what = _("Ada siaran lain yang sudah terbit pada saat yang sama.")
    problem = Problem("", what, _("Belum ada yang terbit. Muat ulang halaman ini dan periksa tabrakannya."))
    if db.get_bind().dialect.name == "postgresql":
        try:
            db.execute(text("SET CONSTRAINTS ex_occurrences_overlap IMMEDIATE"))
        except IntegrityError:
            raise Refused(problem) from None
        return
    one, other = aliased(Row), aliased(Row)
    met = (
        select(one.id)
        .join(other, (other.station_id == one.station_id) & (other.channel_id == one.channel_id) & (other.id != one.id))
        .where(
            one.station_id.in_(list(stations)),
            one.start > now,
            one.status != "cancelled",
            ~one.may_overlap,
            other.start <= one.start,
            type_coerce(other.start, BigInteger) > type_coerce(one.start, BigInteger) - LONGEST_MINUTES * 60_000,
            other.end > one.start,
            other.status != "cancelled",
            ~other.may_overlap,
        )
    )
    if db.scalar(met.limit(1)) is not None:
        raise Refused(problem)
