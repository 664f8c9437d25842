"""The outbox: an MT is a row from the moment something wants it sent until the network has said what became of it.

Rank only rises, but for a row that surely was not sent and waits again. Whoever sends holds a lease and the newest fence;
every write of a sender says which fence it holds, so one that was paused cannot write over its successor. A row whose
sender died between ``sending`` and its settling is ``unknown``: it may have been posted, so it is never sent again by
itself. Its DLR resolves it, or an operator.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, insert, null, or_, select, update

from core import clock, gsm7, jobs
from core.hot import Hot, Statement
from gateway import opt_out, reports
from gateway.provider import AMBIGUOUS, NOT_SENT, REFUSED, WAIT, SendFailed
from gateway.tables import Outbox
from gateway.traffic import Receipt

RANK = {
    "created": 0, "held": 0, "claimed": 1, "sending": 2, "unknown": 3, "sent": 4,
    "delivered": 9, "failed": 9, "expired": 9, "cancelled": 9,
}  # fmt: skip
LEASE = timedelta(seconds=30)  # longer than a provider may take (gateway.provider)
REPLY_LIFE = timedelta(hours=24)  # an answer that comes a day late is worse than none
BACK_OFF_S = (5, 30, 120, 600, 1800, 3600)
ATTEMPTS = 8

_TABLE = Outbox.__table__
_OUTBOX = _TABLE.c

_POST = Statement(
    insert(_TABLE).values(  # type: ignore[arg-type]
        key=bindparam("its_key"), line_id=bindparam("line"), msisdn=bindparam("its_msisdn"), text=bindparam("its_text"),
        segments=bindparam("its_segments"), state="created", rank=0, reason="", attempts=0, fence=0, lease_until=null(),
        not_before=bindparam("from_"), expires_at=bindparam("until"), provider_id=null(), cost="", created_at=bindparam("now"),
        settled_at=null(),
    ),
    "ON CONFLICT DO NOTHING",
)  # fmt: skip
_ID_OF = Statement(select(_OUTBOX.id).where(_OUTBOX.key == bindparam("of_key")))
_FREE = or_(
    and_(_OUTBOX.state == "created", _OUTBOX.not_before <= bindparam("now")),
    and_(_OUTBOX.state == "claimed", _OUTBOX.lease_until < bindparam("now")),  # its claimer died before it began to send
)
_DUE = select(_OUTBOX.id).where(_FREE).order_by(_OUTBOX.not_before, _OUTBOX.id).limit(bindparam("n"))
_CLAIM = Statement(
    update(_TABLE)  # type: ignore[arg-type]
    .where(_OUTBOX.id.in_(_DUE.with_for_update(skip_locked=True)))
    .values(state="claimed", rank=1, fence=_OUTBOX.fence + 1, lease_until=bindparam("lease"))
    .returning(_OUTBOX.id, _OUTBOX.fence, _OUTBOX.line_id, _OUTBOX.msisdn, _OUTBOX.text, _OUTBOX.key, _OUTBOX.expires_at)
)
_CLAIM_ONE = Statement(
    update(_TABLE)  # type: ignore[arg-type]
    .where(_OUTBOX.id == bindparam("of_id"), _FREE)
    .values(state="claimed", rank=1, fence=_OUTBOX.fence + 1, lease_until=bindparam("lease"))
    .returning(_OUTBOX.id, _OUTBOX.fence, _OUTBOX.line_id, _OUTBOX.msisdn, _OUTBOX.text, _OUTBOX.key, _OUTBOX.expires_at)
)
_HELD_BY = (_OUTBOX.id == bindparam("of_id"), _OUTBOX.fence == bindparam("of_fence"))
_SENDING = Statement(
    update(_TABLE)  # type: ignore[arg-type]
    .where(*_HELD_BY, _OUTBOX.state == "claimed", _OUTBOX.lease_until > bindparam("now"))
    .values(state="sending", rank=2, attempts=_OUTBOX.attempts + 1, lease_until=bindparam("lease"))
)
_NAMED = Statement(
    update(_TABLE).where(*_HELD_BY).values(provider_id=bindparam("to_provider_id"), cost=bindparam("to_cost"))  # type: ignore[arg-type]
)
_SETTLE = Statement(
    update(_TABLE)  # type: ignore[arg-type]
    .where(*_HELD_BY, _OUTBOX.rank < bindparam("to_rank"))
    .values(
        state=bindparam("to_state"), rank=bindparam("to_rank"), reason=bindparam("to_reason"), lease_until=null(),
        settled_at=bindparam("settled"),
    )
)  # fmt: skip
_AGAIN = Statement(
    update(_TABLE)  # type: ignore[arg-type]
    .where(*_HELD_BY, _OUTBOX.state.in_(("claimed", "sending")))
    .values(state="created", rank=0, reason=bindparam("to_reason"), not_before=bindparam("from_"), lease_until=null())
)
_ATTEMPTS = Statement(select(_OUTBOX.attempts).where(_OUTBOX.id == bindparam("of_id")))
_LOST = Statement(
    update(_TABLE)  # type: ignore[arg-type]
    .where(_OUTBOX.state == "sending", _OUTBOX.lease_until < bindparam("now"))
    .values(state="unknown", rank=3, reason="pengirim terhenti / the sender died", lease_until=null())
)
_CANCEL = Statement(
    update(_TABLE)  # type: ignore[arg-type]
    .where(_OUTBOX.msisdn == bindparam("of_msisdn"), _OUTBOX.state.in_(("created", "held")))
    .values(state="cancelled", rank=9, reason="berhenti / opted out", settled_at=bindparam("now"))
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


def post(
    db: Hot, *, key: str, line_id: int, msisdn: str, text: str, now: datetime,
    life: timedelta = REPLY_LIFE, not_before: datetime | None = None,
) -> int | None:  # fmt: skip
    """The id of the new MT, and its sending asked for; None where one of that ``key`` was posted before.

    The text is rewritten to GSM-7 where a safe rewrite exists, and its segments are counted after. It expires
    ``life`` after ``not_before`` (or after now).
    """
    text = gsm7.rewrite(text)
    at, begin = clock.to_ms(now), clock.to_ms(not_before or now)
    posted = db.run(
        _POST, its_key=key, line=line_id, its_msisdn=msisdn, its_text=text, its_segments=gsm7.size(text).segments,
        from_=begin, until=begin + life // timedelta(milliseconds=1), now=at,
    )  # fmt: skip
    if not posted:
        return None
    found: int = db.one(_ID_OF, of_key=key).id
    jobs.later(db, "workers.outbox.deliver", found)
    return found


def claim(db: Hot, now: datetime, n: int = 1, only: int | None = None) -> list[Claim]:
    """Up to ``n`` due messages (or the one with id ``only``), leased to the caller.

    Those that have expired, or whose number has said STOP in the meantime, are settled on the way and not returned.
    """
    at = clock.to_ms(now)
    lease = clock.to_ms(now + LEASE)
    rows = db.all(_CLAIM, now=at, lease=lease, n=n) if only is None else db.all(_CLAIM_ONE, of_id=only, now=at, lease=lease)
    claims = []
    for row in sorted(rows, key=lambda row: int(row.id)):
        if row.expires_at <= at:
            _settle(db, row.id, row.fence, "expired", "terlambat / too late", at)
        elif not opt_out.acknowledges(row.key) and opt_out.is_out(db, row.msisdn):
            _settle(db, row.id, row.fence, "cancelled", "berhenti / opted out", at)
        else:
            claims.append(Claim(row.id, row.fence, row.line_id, row.msisdn, row.text, clock.from_ms(row.expires_at), row.key))
    return claims


def sending(db: Hot, claimed: Claim, now: datetime) -> bool:
    """Marks the claim as being sent; to be committed before the first byte leaves. False: the lease is lost, do not send."""
    return db.run(
        _SENDING, of_id=claimed.id, of_fence=claimed.fence, now=clock.to_ms(now), lease=clock.to_ms(now + LEASE)
    ) == 1  # fmt: skip


def settle(db: Hot, claimed: Claim, outcome: Receipt | SendFailed, now: datetime) -> None:
    """Writes down what the network said to the sending, unless a DLR knew more already."""
    at = clock.to_ms(now)
    if isinstance(outcome, Receipt):
        db.run(
            _NAMED, of_id=claimed.id, of_fence=claimed.fence, to_provider_id=outcome.provider_id and outcome.provider_id[:80],
            to_cost=outcome.cost[:24],
        )  # fmt: skip
        _settle(db, claimed.id, claimed.fence, outcome.state, "", at)
        if outcome.provider_id:
            reports.join(db, claimed.id, claimed.line_id, outcome.provider_id, now)
        return
    if outcome.stopped:
        opt_out.stop(db, claimed.msisdn, "(operator)", now)
    if outcome.retry == REFUSED:
        _settle(db, claimed.id, claimed.fence, "failed", outcome.reason, at)
    elif outcome.retry == AMBIGUOUS:
        _settle(db, claimed.id, claimed.fence, "unknown", outcome.reason, at)
    else:
        _wait(db, claimed, outcome, at)


def _wait(db: Hot, claimed: Claim, failure: SendFailed, at: int) -> None:
    row = db.one(_ATTEMPTS, of_id=claimed.id)
    tried = row.attempts if row else 0
    assert failure.retry in (NOT_SENT, WAIT)
    if tried >= ATTEMPTS:
        _settle(db, claimed.id, claimed.fence, "failed", failure.reason, at)
        return
    pause = failure.seconds or BACK_OFF_S[min(max(tried - 1, 0), len(BACK_OFF_S) - 1)]
    db.run(_AGAIN, of_id=claimed.id, of_fence=claimed.fence, to_reason=failure.reason, from_=at + pause * 1000)


def _settle(db: Hot, its_id: int, fence: int, state: str, reason: str, at: int) -> bool:
    rank = RANK[state]
    return db.run(
        _SETTLE, of_id=its_id, of_fence=fence, to_state=state, to_rank=rank, to_reason=reason, settled=at if rank == 9 else None
    ) == 1  # fmt: skip


def sweep(db: Hot, now: datetime) -> int:
    """How many rows became unknown because their sender died while it sent."""
    return db.run(_LOST, now=clock.to_ms(now))


def cancel(db: Hot, msisdn: str, now: datetime) -> int:
    """How many messages to ``msisdn`` will not be sent any more."""
    return db.run(_CANCEL, of_msisdn=msisdn, now=clock.to_ms(now))
