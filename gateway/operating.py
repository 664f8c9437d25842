"""What an operator does with what goes out and came in: look, hold everything, release it, send one again, cancel, try again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, func, literal, null, or_, select, update
from sqlalchemy.orm import Session

from core import jobs
from core.database import Instant
from core.hot import Hot, Statement
from core.problems import Refused
from gateway import ledger, restored
from gateway.claiming import ROW
from gateway.outbox import RANK, REPLY_LIFE
from gateway.postponed import OVER_BUDGET
from gateway.tables import Inbox, Outbox

_TABLE = Outbox.__table__
_OUTBOX = _TABLE.c
_BEGUN = Statement(
    update(_TABLE)  # type: ignore[arg-type]
    .where(_OUTBOX.state == "sending")
    .values(state="unknown", rank=RANK["unknown"], lease_until=null(), paid="spent")
    .returning(*ROW)
)
_UNCLAIMED = Statement(
    update(_TABLE)  # type: ignore[arg-type]
    .where(_OUTBOX.state == "claimed")
    .values(state="created", rank=0, lease_until=null(), paid="no")
    .returning(*ROW)
)
_HOLD = Statement(  # without a reason: not even the next day's budget lets it go
    update(_TABLE).where(_OUTBOX.state.in_(("created", "held"))).values(state="held", reason="")  # type: ignore[arg-type]
)
AGAIN = ("unknown", "failed", "expired", "cancelled")  # a waiting one goes by itself, a sent one has gone
ON_ITS_WAY = ("created", "held", "claimed", "sending")
SETS = {"waiting": ON_ITS_WAY, "dead": ("failed", "expired")}  # an operator's words for more states than one


def listed(db: Session, state: str = "", limit: int = 100) -> Sequence[Outbox]:
    """The newest messages, of one state or one of ``SETS`` where it is given."""
    wanted = select(Outbox).order_by(Outbox.id.desc()).limit(limit)
    return db.scalars(wanted.where(Outbox.state.in_(SETS.get(state, (state,)))) if state else wanted).all()


def counts(db: Session) -> dict[str, int]:
    """How many messages there are of each state."""
    found = db.execute(select(Outbox.state, func.count()).group_by(Outbox.state))
    return {row[0]: row[1] for row in found}


def held(db: Session) -> int:
    """How many messages are held."""
    return db.scalar(select(func.count()).select_from(Outbox).where(Outbox.state == "held")) or 0


def seal(db: Hot, now: datetime) -> int:
    """Makes this a restored copy: it holds everything and sends nothing until ``release``. How many messages were held."""
    restored.begin(db, now)
    return hold(db)


def hold(db: Hot) -> int:
    """Holds everything that would be sent, for a restored copy: it must not repeat yesterday. How many were held.

    What was on its way when the copy was made is unknown and its money spent; what was only claimed has cost nothing.
    """
    ledger.spend(db, db.all(_BEGUN))
    ledger.refund(db, db.all(_UNCLAIMED))
    return db.run(_HOLD)


def release(db: Session, now: datetime) -> int:
    """Lets what is held go; what has expired meanwhile will expire instead. How many were released."""
    restored.end(db, now)
    is_held = Outbox.state == "held"
    first = db.scalar(select(func.min(Outbox.id)).where(is_held))
    if first is None:
        return 0
    at = literal(now, Instant())
    due = case((or_(Outbox.reason == OVER_BUDGET, Outbox.not_before < at), at), else_=Outbox.not_before)
    done = db.execute(update(Outbox).where(is_held).values(state="created", reason="", not_before=due))  # there may be many
    jobs.later(db, "workers.outbox.deliver", first)  # the bell: the poller finds the others
    return int(done.rowcount)  # type: ignore[attr-defined]


def resends(db: Session, row: Outbox) -> Sequence[Outbox]:
    """The messages that were posted to send ``row`` again, the oldest first."""
    again = Outbox.key.startswith(f"again:{row.id}:", autoescape=True)
    found = select(Outbox).where(Outbox.msisdn == row.msisdn, again)  # the number has an index
    return db.scalars(found.order_by(Outbox.id)).all()


def may_go_again(row: Outbox, before: Sequence[Outbox]) -> bool:
    """Whether ``resend`` would take ``row``, ``before`` being its resends: what was erased has nothing left to send."""
    return row.state in AGAIN and bool(row.msisdn and row.text) and not any(one.state in ON_ITS_WAY for one in before)


def resend(db: Session, outbox_id: int, now: datetime) -> Outbox:
    """Posts the message again, as a new row: the fate of the first stays on record. Raises Refused with a sentence.

    Not while it is on its way again already: a button is soon pressed twice.
    """
    row = db.get(Outbox, outbox_id, with_for_update=True)
    if row is None:
        raise Refused(f"Pesan {outbox_id} tidak ada. / There is no message {outbox_id}.")
    if row.state not in AGAIN:
        raise Refused(f"Pesan {outbox_id} berstatus {row.state}, tidak dikirim ulang. / It is {row.state} and not sent again.")
    if not row.msisdn or not row.text:
        raise Refused(f"Isi pesan {outbox_id} sudah dihapus, tidak dikirim ulang. / It was erased and is not sent again.")
    before = resends(db, row)
    if waits := [one.id for one in before if one.state in ON_ITS_WAY]:
        raise Refused(f"Pesan {outbox_id} sedang dikirim ulang sebagai {waits[0]}. / It is being sent again as {waits[0]}.")
    again = Outbox(
        key=f"again:{row.id}:{len(before) + 1}", line_id=row.line_id, msisdn=row.msisdn, text=row.text, segments=row.segments,
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
