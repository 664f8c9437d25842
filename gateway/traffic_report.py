"""What went over our lines: counted by hour or day and line, what became of it, and what it cost.

In are SMS and USSD hops by when they came; out are messages by when they were posted. Rupiah are what each was priced at when it
was posted (or moved to another line); one without a price counts at what its prefix costs on the line today. A provider may bill
otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, and_, case, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from core import clock
from gateway.lines import segment_price
from gateway.tables import Inbox, Line, Outbox

ZONE = "Asia/Jakarta"  # of an operator's day; she has no school whose zone it could be
HOUR_MS, DAY_MS = 3_600_000, 86_400_000
LEFT = ("sending", "unknown", "sent", "delivered")  # handed over, or as good as
OUTCOMES = {
    "delivered": "delivered", "sent": "sent", "unknown": "unknown", "failed": "failed", "expired": "dropped",
    "cancelled": "dropped", "created": "waiting", "held": "waiting", "claimed": "waiting", "sending": "waiting",
}  # fmt: skip
_HAS_LEFT = or_(Outbox.state.in_(LEFT), and_(Outbox.state == "failed", Outbox.provider_id.is_not(None)))


@dataclass(slots=True)
class Sums:
    """What is added up for an hour, a day or a line. ``mt`` counts what left us; ``outcomes`` everything that was posted."""

    mo: int = 0
    hops: int = 0
    calls: int = 0
    mt: int = 0
    segments: int = 0
    rupiah: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)

    def add(self, other: Sums) -> Sums:
        for name in ("mo", "hops", "calls", "mt", "segments", "rupiah"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.outcomes.update(other.outcomes)
        return self

    @property
    def is_silent(self) -> bool:
        return not (self.mo or self.hops or self.calls or self.outcomes)


@dataclass(frozen=True, slots=True)
class Traffic:
    """``cells`` by (number of the hour or day, line id). A number counts hours or days since 1970 on the operator's clock."""

    cells: dict[tuple[int, int], Sums]
    first: int
    last: int
    width: int

    def by_time(self) -> list[tuple[datetime, Sums]]:
        """Every hour or day in order, silent ones too, each with when it began."""
        found = {number: Sums() for number in range(self.first, self.last + 1)}
        for (number, _), sums in self.cells.items():
            if number in found:
                found[number].add(sums)
        return [(_begin(number, self.width), sums) for number, sums in found.items()]

    def by_line(self) -> dict[int, Sums]:
        found: dict[int, Sums] = {}
        for (_, line_id), sums in self.cells.items():
            found.setdefault(line_id, Sums()).add(sums)
        return found

    def total(self) -> Sums:
        found = Sums()
        for sums in self.cells.values():
            found.add(sums)
        return found


def last_hours(db: Session, now: datetime, hours: int = 24) -> Traffic:
    """The hour that is now and those before it."""
    return _traffic(db, now, hours, HOUR_MS)


def last_days(db: Session, now: datetime, days: int = 14) -> Traffic:
    """Today and the days before it."""
    return _traffic(db, now, days, DAY_MS)


def today(db: Session, now: datetime) -> Traffic:
    return _traffic(db, now, 1, DAY_MS)


def midnight(day: date) -> datetime:
    """When ``day`` begins on the operator's clock."""
    return datetime(day.year, day.month, day.day, tzinfo=clock.zone(ZONE))


def first_since(db: Session, since: datetime) -> int:
    """An id that every message posted at or after ``since`` reaches.

    Ids rise with time, so twenty looks by id find it: an index on the time would cost every message of every day.
    """
    low, highest = db.execute(select(func.min(Outbox.id), func.max(Outbox.id))).one()
    if highest is None:
        return 1
    high = highest + 1
    while low < high:
        middle = (low + high) // 2
        row = db.execute(select(Outbox.id, Outbox.created_at).where(Outbox.id >= middle).order_by(Outbox.id).limit(1)).one()
        if row.created_at >= since:
            high = middle
        else:
            low = row.id + 1
    return int(low)


def _shift() -> int:
    """How far the operator's clock is ahead of UTC, in ms. Hers is a zone that never changes its clocks."""
    offset = datetime(2026, 1, 1, tzinfo=clock.zone(ZONE)).utcoffset()
    return (offset or timedelta()) // timedelta(milliseconds=1)


def _begin(number: int, width: int) -> datetime:
    return clock.from_ms(number * width - _shift())


def _number(column: Any, width: int) -> Any:
    return (type_coerce(column, BigInteger) + _shift()) // width


def _traffic(db: Session, now: datetime, many: int, width: int) -> Traffic:
    last = (clock.to_ms(now) + _shift()) // width
    first = last - many + 1
    since = _begin(first, width)
    cells: dict[tuple[int, int], Sums] = {}
    _count_in(db, cells, since, width)
    _count_out(db, cells, since, width)
    return Traffic(cells, first, last, width)


def _count_in(db: Session, cells: dict[tuple[int, int], Sums], since: datetime, width: int) -> None:
    kind = case((Inbox.key.like("ussd:%"), "hops"), (Inbox.key.like("call:%"), "calls"), else_="mo")
    number = _number(Inbox.received_at, width)
    counted = (
        select(number, Inbox.line_id, kind, func.count())
        .where(Inbox.state.in_(("answered", "waiting", "dead")), Inbox.received_at >= since)
        .group_by(number, Inbox.line_id, kind)
    )
    for at, line_id, what, count in db.execute(counted):
        sums = cells.setdefault((int(at), line_id), Sums())
        setattr(sums, what, getattr(sums, what) + count)


def _count_out(db: Session, cells: dict[tuple[int, int], Sums], since: datetime, width: int) -> None:
    lines = {line.id: line for line in db.scalars(select(Line))}
    number = _number(Outbox.created_at, width)
    prefix = func.substr(Outbox.msisdn, 1, _longest_prefix(lines.values()) + 1)  # the plus counts
    left = case((_HAS_LEFT, 1), else_=0)
    counted = (
        select(
            number,
            Outbox.line_id,
            Outbox.state,
            prefix,
            left,
            func.count(),
            func.sum(Outbox.segments),
            func.sum(Outbox.price),
            func.sum(case((Outbox.price == 0, Outbox.segments), else_=0)),
        )
        .where(Outbox.id >= first_since(db, since), Outbox.created_at >= since)
        .group_by(number, Outbox.line_id, Outbox.state, prefix, left)
    )
    for at, line_id, state, digits, has_left, count, segments, price, unpriced in db.execute(counted):
        sums = cells.setdefault((int(at), line_id), Sums())
        sums.outcomes[OUTCOMES[state]] += count
        if has_left:
            sums.mt += count
            sums.segments += int(segments)
            sums.rupiah += int(price) + int(unpriced) * segment_price(lines[line_id], digits)


def _longest_prefix(lines: Iterable[Line]) -> int:
    return max((len(str(prefix).lstrip("+")) for line in lines for prefix in line.prices or {}), default=0)
