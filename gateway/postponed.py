"""Announcements that wait: for the morning, or for the next day's budget. In bulk, so that many of them hold up nobody else."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, bindparam, null, select, update

from core.hot import Hot, Statement
from gateway import ledger, quiet
from gateway.outbox_states import HELD_BY
from gateway.tables import Outbox

OVER_BUDGET = "anggaran hari ini habis / today's budget is used up"

_TABLE = Outbox.__table__
_OUTBOX = _TABLE.c
_WAITS = {"rank": 0, "lease_until": null(), "paid": "no", "not_before": bindparam("from_")}
_UNPAID = Statement(update(_TABLE).where(*HELD_BY).values(paid="no"))  # type: ignore[arg-type]
_LATER = Statement(update(_TABLE).where(*HELD_BY).values(**_WAITS, state="created"))  # type: ignore[arg-type]
_HOLD = Statement(update(_TABLE).where(*HELD_BY).values(**_WAITS, state="held", reason=OVER_BUDGET))  # type: ignore[arg-type]


def _due_announcements(*which: ColumnElement[bool]) -> Any:
    """Those that nobody is claiming just now: whoever claims them waits for the ledger, which we have locked."""
    found = select(_OUTBOX.id).where(
        _OUTBOX.state == "created", _OUTBOX.urgency == 1, _OUTBOX.not_before <= bindparam("now"), *which
    )
    return update(_TABLE).where(_OUTBOX.id.in_(found.with_for_update(skip_locked=True)))  # type: ignore[arg-type]


_ALL_LATER = Statement(_due_announcements(_OUTBOX.quiet_at == bindparam("of_quiet")).values(not_before=bindparam("from_")))
_held = {"state": "held", "reason": OVER_BUDGET, "not_before": bindparam("from_")}
_HOLD_SCHOOL = Statement(
    _due_announcements(_OUTBOX.school_id == bindparam("of_school"), _OUTBOX.segments > bindparam("left")).values(**_held)
)
_HOLD_ALL = Statement(_due_announcements(_OUTBOX.segments > bindparam("left")).values(**_held))
_ANOTHER_DAY = Statement(
    update(_TABLE)  # type: ignore[arg-type]
    .where(_OUTBOX.state == "held", _OUTBOX.reason == OVER_BUDGET, _OUTBOX.not_before <= bindparam("now"))
    .values(state="created", reason="")
)
_RAISED = Statement(
    update(_TABLE)  # type: ignore[arg-type]
    .where(_OUTBOX.state == "held", _OUTBOX.reason == OVER_BUDGET, _OUTBOX.school_id == bindparam("of_school"))
    .values(state="created", reason="", not_before=bindparam("now"))
)
_EXPIRED = Statement(
    update(_TABLE)  # type: ignore[arg-type]
    .where(
        (_OUTBOX.state == "created") | ((_OUTBOX.state == "held") & (_OUTBOX.reason == OVER_BUDGET)),
        _OUTBOX.expires_at <= bindparam("now"),
    )
    .values(state="expired", rank=9, reason="terlambat / too late", settled_at=bindparam("now"))
)


def kept(db: Hot, rows: list[Any], at: int, limit: int) -> list[Any]:
    """Those of the just claimed ``rows`` that may go now, their money reserved; the others are given back to wait."""
    loud = [row for row in rows if not _is_quiet(db, row, at)]
    if not loud:
        return []
    day = ledger.day_of(at)
    refused = ledger.reserve(db, day, limit, loud)
    tomorrow = ledger.begins_at(day + 1)
    for row, _, _ in refused:
        db.run(_HOLD, of_id=row.id, of_fence=row.fence, from_=tomorrow)
    for school, left in {school: left for _, school, left in refused}.items():
        if school == ledger.ALL:
            db.run(_HOLD_ALL, now=at, left=left, from_=tomorrow)
        else:
            db.run(_HOLD_SCHOOL, of_school=school, now=at, left=left, from_=tomorrow)
    gone = {row.id for row, _, _ in refused}
    return [row for row in loud if row.id not in gone]


def _is_quiet(db: Hot, row: Any, at: int) -> bool:
    morning = quiet.ends_at(at, row.quiet_at)
    if morning is None:
        return False
    db.run(_LATER, of_id=row.id, of_fence=row.fence, from_=morning)
    db.run(_ALL_LATER, of_quiet=row.quiet_at, now=at, from_=morning)
    return True


def unpaid(db: Hot, row: Any) -> None:
    """The claimed ``row`` ended before anything was reserved for it."""
    db.run(_UNPAID, of_id=row.id, of_fence=row.fence)


def another_day(db: Hot, at: int) -> int:
    """Lets go what waited for the day that has begun, and ends what came too late while it waited; how many went on."""
    db.run(_EXPIRED, now=at)
    return db.run(_ANOTHER_DAY, now=at)


def raised(db: Hot, school_id: int, at: int) -> int:
    """A school's limit was changed: what waited for it is looked at again at once."""
    return db.run(_RAISED, of_school=school_id, now=at)
