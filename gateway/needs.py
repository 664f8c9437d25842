"""What waits for a person: nobody but an operator will move it on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from core import clock
from gateway import spooled
from gateway.postponed import OVER_BUDGET
from gateway.tables import Inbox, Outbox

INBOX_PATIENCE = timedelta(minutes=1)  # an answer takes a second
OUTBOX_PATIENCE = timedelta(minutes=5)  # a send that is tried again waits longer and longer


@dataclass(frozen=True, slots=True)
class Need:
    """``name``: spooled, unknown, dead, held, unanswered, unsent. ``oldest`` is since when."""

    name: str
    count: int
    oldest: datetime | None


def needs(db: Session, now: datetime) -> list[Need]:
    """Those there are, the gravest first."""
    inbox, outbox = inbox_waits(db), outbox_waits(db, now)
    spool = spool_waits()
    found = [
        Need("spooled", *spool) if _older(spool[1], now, INBOX_PATIENCE) else None,
        Need("unanswered", *inbox["waiting"]) if _older(inbox["waiting"][1], now, INBOX_PATIENCE) else None,
        Need("unsent", *outbox["created"]) if _older(outbox["created"][1], now, OUTBOX_PATIENCE) else None,
        Need("unknown", *outbox["unknown"]),
        Need("dead", *inbox["dead"]),
        Need("held", *outbox["held"]),
    ]
    return [need for need in found if need is not None and need.count]


def spool_waits() -> tuple[int, datetime | None]:
    """The same of what came in while the database was away, and is not in it yet."""
    lines = spooled.spool().waiting()
    return len(lines), clock.from_ms(lines[0]["received_at"]) if lines else None


def inbox_waits(db: Session) -> dict[str, tuple[int, datetime | None]]:
    """(how many, since when) of the messages in that wait or are dead."""
    counted = select(Inbox.state, func.count(), func.min(Inbox.received_at)).where(Inbox.state.in_(("waiting", "dead")))
    return {"waiting": (0, None), "dead": (0, None)} | _waits(db.execute(counted.group_by(Inbox.state)).all())


def outbox_waits(db: Session, now: datetime) -> dict[str, tuple[int, datetime | None]]:
    """The same of messages out that are due or were tried and wait, unknown or held. What is planned for later is not due."""
    is_due = or_(Outbox.not_before <= now, Outbox.attempts > 0)
    counted = select(Outbox.state, func.count(), func.min(Outbox.created_at)).where(
        or_(
            Outbox.state == "unknown",
            and_(Outbox.state == "held", Outbox.reason != OVER_BUDGET),  # those wait for tomorrow, not for a person
            and_(Outbox.state == "created", is_due),
        )
    )
    none: dict[str, tuple[int, datetime | None]] = {"created": (0, None), "unknown": (0, None), "held": (0, None)}
    return none | _waits(db.execute(counted.group_by(Outbox.state)).all())


def age_seconds(since: datetime | None, now: datetime) -> int:
    return 0 if since is None else max(0, (clock.to_ms(now) - clock.to_ms(since)) // 1000)


def _waits(rows: object) -> dict[str, tuple[int, datetime | None]]:
    return {state: (count, oldest) for state, count, oldest in rows}  # type: ignore[attr-defined]


def _older(since: datetime | None, now: datetime, patience: timedelta) -> bool:
    return since is not None and now - since > patience
