"""Claims: due messages leased to whoever sends them, what somebody waits for first, each with its money reserved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, null, or_, select, update

from core import clock
from core.hot import Hot, Statement
from gateway import ledger, opt_out, postponed, restored
from gateway.lines import prefix_price
from gateway.outbox_states import reach
from gateway.tables import Line, Outbox

LEASE = timedelta(seconds=30)  # longer than a provider may take (gateway.provider)
ROUNDS = 20  # how often a claim looks further where all that it found waits for another day

_TABLE = Outbox.__table__
_OUTBOX = _TABLE.c
ROW = (
    _OUTBOX.id, _OUTBOX.fence, _OUTBOX.line_id, _OUTBOX.msisdn, _OUTBOX.text, _OUTBOX.key, _OUTBOX.expires_at, _OUTBOX.segments,
    _OUTBOX.price, _OUTBOX.school_id, _OUTBOX.urgency, _OUTBOX.quiet_at, _OUTBOX.paid_on,
)  # fmt: skip
_IS_DUE = and_(_OUTBOX.state == "created", _OUTBOX.not_before <= bindparam("now"))
_IN_ORDER = (_OUTBOX.not_before,)  # as the index has them: more would sort a whole broadcast for each claim
# Claimed, and at the same moment reserved: what does not fit the ledger is given back in the same transaction.
_CLAIMED = {
    "state": "claimed", "rank": 1, "fence": _OUTBOX.fence + 1, "lease_until": bindparam("lease"), "paid": "reserved",
    "paid_on": bindparam("day"),
}  # fmt: skip


def is_over(lease: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a lease has ended by ``now``. One that would last longer than any was given before the clock was set back."""
    return or_(lease < bindparam("now"), lease > bindparam("beyond"))


def over(by: datetime) -> dict[str, int]:
    """What ``is_over`` wants to know."""
    return {"now": clock.to_ms(by), "beyond": clock.to_ms(by + 2 * LEASE)}


def _claiming(*which: ColumnElement[bool]) -> Statement:
    wanted = select(_OUTBOX.id).where(_IS_DUE, *which).order_by(*_IN_ORDER).limit(bindparam("n"))
    # A CTE: a subquery PostgreSQL may ask again for each row, and take more than n.
    due = wanted.with_for_update(skip_locked=True).cte("due")
    found = (*ROW, opt_out.has_stopped(_OUTBOX.msisdn).label("is_out"))
    return Statement(update(_TABLE).where(_OUTBOX.id.in_(select(due.c.id))).values(**_CLAIMED).returning(*found))  # type: ignore[arg-type]


_CLAIM = _claiming(_OUTBOX.urgency == bindparam("how_urgent"))
_CLAIM_LINE = _claiming(_OUTBOX.line_id == bindparam("of_line"), _OUTBOX.urgency == bindparam("how_urgent"))
_CLAIM_ONE = _claiming(_OUTBOX.id == bindparam("of_id"))
_FREED = Statement(  # their claimer died before it began to send
    update(_TABLE)  # type: ignore[arg-type]
    .where(
        _OUTBOX.id.in_(
            select(_OUTBOX.id).where(_OUTBOX.state == "claimed", is_over(_OUTBOX.lease_until)).with_for_update(skip_locked=True)
        )
    )
    .values(state="created", rank=0, lease_until=null(), paid="no")
    .returning(*ROW)
)
_MOVED = Statement(
    update(_TABLE)  # type: ignore[arg-type]
    .where(_OUTBOX.id == bindparam("of_id"))
    .values(line_id=bindparam("to_line"), moved_from=bindparam("from_line"), price=bindparam("to_price"))
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A row that we may send, as long as its lease lasts."""

    id: int
    fence: int
    line_id: int
    msisdn: str
    text: str
    expires_at: datetime
    key: str = ""  # what it answers
    segments: int = 1
    price: int = 0
    school_id: int | None = None
    urgency: int = 0
    paid_on: int | None = None


def claim(
    db: Hot, now: datetime, n: int = 1, only: int | None = None, *, line_id: int | None = None, via: Line | None = None,
    limit: int = 0, many: int = 1, most: int = 1_000_000, by: datetime | None = None,
) -> list[Claim]:  # fmt: skip
    """Up to ``n`` due messages (of one line, or the one with id ``only``), leased to the caller; what somebody waits for first.

    Those that have expired, or whose number has said STOP in the meantime, are settled on the way and not returned; those in
    their quiet hours wait for the morning, those beyond a limit (``limit`` segments a day, or their school's) for the next day.
    Of announcements ``many`` count as one, up to ``most`` in all. ``via`` is another line that takes them: their line and price
    change with it, and where they came from is kept. Leases count ``by`` the database's clock (``db.now()``), which all who
    claim share; ``now``, where it is not given.
    """
    if restored.holds(db):
        return []
    at, by = clock.to_ms(now), by or now
    if freed := db.all(_FREED, **over(by)):
        ledger.refund(db, freed)
    values = {"now": at, "lease": clock.to_ms(by + LEASE), "day": ledger.day_of(at)}
    for _ in range(ROUNDS):
        rows = _due(db, n, only, line_id, (many, most), values)
        if via is not None:
            rows = [_moved(db, row, via) for row in rows]
        found = postponed.kept(db, _sendable(db, rows, at), at, limit)
        if found or not rows:
            return [
                Claim(
                    row.id, row.fence, row.line_id, row.msisdn, row.text, clock.from_ms(row.expires_at), row.key,
                    row.segments, row.price, row.school_id, row.urgency, row.paid_on,
                )
                for row in found
            ]  # fmt: skip
    return []


def _due(db: Hot, n: int, only: int | None, line_id: int | None, together: tuple[int, int], values: dict[str, int]) -> list[Any]:
    if only is not None:
        return db.all(_CLAIM_ONE, of_id=only, n=1, **values)
    many, most = together
    rows: list[Any] = []
    for urgency in (0, 1):
        if len(rows) < n:
            which = {"how_urgent": urgency, "n": min((n - len(rows)) * many, most - len(rows)) if urgency else n, **values}
            rows += db.all(_CLAIM, **which) if line_id is None else db.all(_CLAIM_LINE, of_line=line_id, **which)
    return sorted(rows, key=lambda row: (row.urgency, row.id))


def _moved(db: Hot, row: Any, via: Line) -> Any:
    price = row.segments * prefix_price(via.prices or {}, row.msisdn)
    db.run(_MOVED, of_id=row.id, to_line=via.id, from_line=row.line_id, to_price=price)
    return row._replace(line_id=via.id, price=price)


def _sendable(db: Hot, rows: list[Any], at: int) -> list[Any]:
    found = []
    for row in rows:
        if row.expires_at <= at:
            reach(db, row.id, row.fence, "expired", "terlambat / too late", at)
            postponed.unpaid(db, row)
        elif row.is_out and not opt_out.acknowledges(row.key):
            reach(db, row.id, row.fence, "cancelled", "berhenti / opted out", at)
            postponed.unpaid(db, row)
        else:
            found.append(row)
    return found
