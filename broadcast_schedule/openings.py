"""When an airing is over for a listener: what opens a quiz on it.

Hers is the airing of the nearest station that reaches her region and carries it. That it was moved or cancelled there counts,
and what the station says it aired counts more than what was billed: a late start opens later, and one that failed not at all.
Of somebody whose station nobody knows it is the last of all airings: were it the first, who hears it last could be told the
answers by those who had it before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from broadcast_schedule.carriage_tables import AsRun
from broadcast_schedule.tables import Coverage, Occurrence
from core import clock
from core.hot import Hot, Statement
from schools.tables import Region

MOST = 60  # airings that are looked at for one listener: her stations' of one episode


@dataclass(frozen=True, slots=True)
class Over:
    """``at`` is when it is over; None: it was called off, or none is planned."""

    at: datetime | None = None


def _near(which: Sequence[ColumnElement[bool]]) -> Any:
    """Airings on stations that reach a region or one that it lies in, the nearest station first."""
    own = Region
    above, higher, top = (aliased(Region) for _ in range(3))
    depth = case(
        (Coverage.region_id == own.id, 0), (Coverage.region_id == above.id, 1), (Coverage.region_id == higher.id, 2), else_=3
    )
    return (
        select(Occurrence.station_id, Occurrence.end, Occurrence.status, AsRun.state, AsRun.end.label("ran_until"))
        .select_from(Occurrence)
        .join(Coverage, Coverage.station_id == Occurrence.station_id)
        .join(own, own.id == bindparam("region"))
        .outerjoin(above, above.id == own.parent_id)
        .outerjoin(higher, higher.id == above.parent_id)
        .outerjoin(top, top.id == higher.parent_id)
        .outerjoin(AsRun, AsRun.occurrence_id == Occurrence.id)
        .where(or_(*(Coverage.region_id == each.id for each in (own, above, higher, top))), *which)
        .order_by(depth, Coverage.rank, Occurrence.station_id, Occurrence.start)
        .limit(MOST)
    )


def _last(which: Sequence[ColumnElement[bool]]) -> Any:
    """The end of the last station's first airing."""
    first = (
        select(func.min(func.coalesce(AsRun.end, Occurrence.end)).label("over"))
        .select_from(Occurrence)
        .outerjoin(AsRun, AsRun.occurrence_id == Occurrence.id)
        .where(Occurrence.status != "cancelled", or_(AsRun.state.is_(None), AsRun.state != "failed"), *which)
        .group_by(Occurrence.station_id)
        .subquery()
    )
    return select(func.max(first.c.over).label("over"))


_OF_SLOT = (Occurrence.slot_id == bindparam("slot"), Occurrence.original_start == bindparam("original"))
_NAMED = (
    Occurrence.quiz_keyword == bindparam("keyword"), Occurrence.quiz_keyword != "", Occurrence.end >= bindparam("since"),
)  # fmt: skip
_NEAR_OF_SLOT, _LAST_OF_SLOT = Statement(_near(_OF_SLOT)), Statement(_last(_OF_SLOT))
_NEAR_NAMED, _LAST_NAMED = Statement(_near(_NAMED)), Statement(_last(_NAMED))


def of_slot(db: Hot | Session, slot: int, original: datetime, region: int | None) -> Over:
    """When the airing that the slot planned for ``original`` (naive wall time in its zone) is over for a listener there."""
    which = {"slot": slot, "original": original if isinstance(db, Session) else f"{original:%Y-%m-%d %H:%M:%S}.000000"}
    return _over(db, _NEAR_OF_SLOT, _LAST_OF_SLOT, which, region)


def of_keyword(db: Hot | Session, keyword: str, since: datetime | None, region: int | None) -> Over:
    """When the first airing that names the quiz is over for a listener there; of those that end at ``since`` or later."""
    from_then = since or clock.from_ms(0)
    which = {"keyword": keyword, "since": from_then if isinstance(db, Session) else clock.to_ms(from_then)}
    return _over(db, _NEAR_NAMED, _LAST_NAMED, which, region)


def _over(db: Hot | Session, near: Statement, last: Statement, which: dict[str, Any], region: int | None) -> Over:
    rows = _all(db, near, {**which, "region": region}) if region is not None else []
    if rows:
        hers = [row for row in rows if row.station_id == rows[0].station_id]
        ends = [end for end in map(_end, hers) if end is not None]
        return Over(_instant(min(ends)) if ends else None)
    found = _all(db, last, which)
    return Over(_instant(found[0].over) if found and found[0].over is not None else None)


def _all(db: Hot | Session, statement: Statement, values: dict[str, Any]) -> Sequence[Any]:
    return db.execute(statement.clause, values).all() if isinstance(db, Session) else db.all(statement, **values)  # type: ignore[call-overload]


def _end(row: Any) -> Any:
    if row.status == "cancelled" or row.state == "failed":
        return None
    return row.ran_until if row.state == "aired" and row.ran_until is not None else row.end


def _instant(value: Any) -> datetime:
    return value if isinstance(value, datetime) else clock.from_ms(int(value))
