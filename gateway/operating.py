"""What an operator does with what goes out and came in: look, hold everything, release it, send one again, cancel, try again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core import jobs
from core.problems import Refused
from gateway import restored
from gateway.outbox import RANK, REPLY_LIFE
from gateway.postponed import OVER_BUDGET
from gateway.tables import Inbox, Outbox

AGAIN = ("unknown", "failed", "expired", "cancelled")  # a waiting one goes by itself, a sent one has gone


def listed(db: Session, state: str = "", limit: int = 100) -> Sequence[Outbox]:
    """The newest messages, of one state where it is given."""
    wanted = select(Outbox).order_by(Outbox.id.desc()).limit(limit)
    return db.scalars(wanted.where(Outbox.state == state) if state else wanted).all()


def counts(db: Session) -> dict[str, int]:
    """How many messages there are of each state."""
    found = db.execute(select(Outbox.state, func.count()).group_by(Outbox.state))
    return {row[0]: row[1] for row in found}


def seal(db: Session, now: datetime) -> int:
    """Makes this a restored copy: it holds everything and sends nothing until ``release``. How many messages were held."""
    restored.begin(db, now)
    return hold(db)


def hold(db: Session) -> int:
    """Holds everything that would be sent, for a restored copy: it must not repeat yesterday. How many were held."""
    db.execute(update(Outbox).where(Outbox.state == "sending").values(state="unknown", rank=RANK["unknown"], lease_until=None))
    waits = update(Outbox).where(Outbox.state.in_(("created", "claimed", "held")))
    waits = waits.values(state="held", rank=0, lease_until=None, reason="")  # not even the next day's budget lets it go
    return int(db.execute(waits).rowcount)  # type: ignore[attr-defined]


def release(db: Session, now: datetime) -> int:
    """Lets what is held go; what has expired meanwhile will expire instead. How many were released."""
    restored.end(db, now)
    held = list(db.scalars(select(Outbox).where(Outbox.state == "held")))
    for row in held:
        due = now if row.reason == OVER_BUDGET else max(row.not_before, now)
        row.state, row.reason, row.not_before = "created", "", due
    if held:
        jobs.later(db, "workers.outbox.deliver", held[0].id)  # the bell: the poller finds the others
    return len(held)


def resend(db: Session, outbox_id: int, now: datetime) -> Outbox:
    """Posts the message again, as a new row: the fate of the first stays on record. Raises Refused with a sentence."""
    row = db.get(Outbox, outbox_id)
    if row is None:
        raise Refused(f"Pesan {outbox_id} tidak ada. / There is no message {outbox_id}.")
    if row.state not in AGAIN:
        raise Refused(f"Pesan {outbox_id} berstatus {row.state}, tidak dikirim ulang. / It is {row.state} and not sent again.")
    number = db.scalar(select(func.count()).select_from(Outbox).where(Outbox.key.startswith(f"again:{row.id}:", autoescape=True)))
    again = Outbox(
        key=f"again:{row.id}:{(number or 0) + 1}", line_id=row.line_id, msisdn=row.msisdn, text=row.text, segments=row.segments,
        state="created", not_before=now, expires_at=now + REPLY_LIFE, created_at=now, price=row.price, urgency=row.urgency,
        school_id=row.school_id, quiet_at=row.quiet_at,
    )  # fmt: skip
    db.add(again)
    db.flush()
    jobs.later(db, "workers.outbox.deliver", again.id)
    return again


def cancel(db: Session, outbox_id: int, now: datetime) -> None:
    """The message will not be sent. Raises Refused with a sentence where a sender has it already, or it has gone."""
    waits = update(Outbox).where(Outbox.id == outbox_id, Outbox.state.in_(("created", "held")))
    done = waits.values(state="cancelled", rank=RANK["cancelled"], reason="operator", settled_at=now)
    if not db.execute(done).rowcount:  # type: ignore[attr-defined]
        raise Refused(f"Pesan {outbox_id} tidak menunggu lagi. / It no longer waits.")


def dead(db: Session, limit: int = 100) -> Sequence[Inbox]:
    """The newest messages in that could not be answered five times."""
    return db.scalars(select(Inbox).where(Inbox.state == "dead").order_by(Inbox.received_at.desc()).limit(limit)).all()


def try_again(db: Session, inbox_id: int) -> None:
    """Answers a dead message after all, with five tries more. Raises Refused where it is not dead."""
    is_dead = update(Inbox).where(Inbox.id == inbox_id, Inbox.state == "dead")
    if not db.execute(is_dead.values(state="waiting", attempts=0, not_before=None, reply=None)).rowcount:  # type: ignore[attr-defined]
        raise Refused(f"Pesan {inbox_id} tidak menunggu tindakan. / It is not dead.")
    jobs.later(db, "workers.inbox.answer", inbox_id)


def let_go(db: Session, inbox_id: int) -> None:
    """Leaves a dead message unanswered for good. Raises Refused where it is not dead."""
    is_dead = update(Inbox).where(Inbox.id == inbox_id, Inbox.state == "dead")
    if not db.execute(is_dead.values(state="answered", reply="")).rowcount:  # type: ignore[attr-defined]
        raise Refused(f"Pesan {inbox_id} tidak menunggu tindakan. / It is not dead.")
