"""The outbox: an MT is a row from the moment something wants it sent until the network has said what became of it.

Rank only rises, but for a row that surely was not sent and waits again. Whoever sends holds a lease and the newest fence;
every write of a sender says which fence it holds, so one that was paused cannot write over its successor. A row whose
sender died between ``sending`` and its settling is ``unknown``: it may have been posted, so it is never sent again by
itself. Its DLR resolves it, or an operator.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Text, bindparam, insert, null, select, type_coerce, update

from core import clock, gsm7, jobs
from core.hot import Hot, Statement
from gateway import ledger, opt_out, reports
from gateway.claiming import LEASE, ROW, is_over, over
from gateway.claiming import Claim as Claim
from gateway.claiming import claim as claim
from gateway.lines import prefix_price
from gateway.outbox_states import HELD_BY, reach
from gateway.outbox_states import RANK as RANK
from gateway.provider import AMBIGUOUS, NOT_SENT, REFUSED, WAIT, SendFailed
from gateway.tables import Line, Outbox
from gateway.traffic import Receipt

REPLY_LIFE = timedelta(hours=24)  # an answer that comes a day late is worse than none
BACK_OFF_S = (5, 30, 120, 600, 1800, 3600)
ATTEMPTS = 8
SET_MS = 30_000  # clocks of several machines differ by less

_TABLE = Outbox.__table__
_OUTBOX = _TABLE.c

_POST = Statement(
    insert(_TABLE).values(  # type: ignore[arg-type]
        key=bindparam("its_key"), line_id=bindparam("line"), msisdn=bindparam("its_msisdn"), text=bindparam("its_text"),
        segments=bindparam("its_segments"), state="created", rank=0, reason="", attempts=0, fence=0, lease_until=null(),
        not_before=bindparam("from_"), expires_at=bindparam("until"), provider_id=null(), cost="", created_at=bindparam("now"),
        settled_at=null(), urgency=0, price=bindparam("its_price"), school_id=null(), paid="no", paid_on=null(), quiet_at=null(),
        moved_from=null(),
    ),
    "ON CONFLICT DO NOTHING",
)  # fmt: skip
_PRICES = Statement(select(type_coerce(Line.prices, Text).label("prices")).where(Line.id == bindparam("of_line")))
_ID_OF = Statement(select(_OUTBOX.id).where(_OUTBOX.key == bindparam("of_key")))
_SENDING = Statement(
    update(_TABLE)  # type: ignore[arg-type]
    .where(*HELD_BY, _OUTBOX.state == "claimed", _OUTBOX.lease_until > bindparam("now"))
    .values(state="sending", rank=2, attempts=_OUTBOX.attempts + 1, lease_until=bindparam("lease"))
)
_TAKEN = Statement(  # what becomes of nearly every one: it was ours, it has left, and no report came before
    update(_TABLE)  # type: ignore[arg-type]
    .where(*HELD_BY, _OUTBOX.paid == "reserved", _OUTBOX.rank < bindparam("to_rank"))
    .values(
        paid="spent", state=bindparam("to_state"), rank=bindparam("to_rank"), reason="", lease_until=null(),
        provider_id=bindparam("to_provider_id"), cost=bindparam("to_cost"), settled_at=bindparam("settled"),
    )
)  # fmt: skip
_NAMED = Statement(
    update(_TABLE).where(*HELD_BY).values(provider_id=bindparam("to_provider_id"), cost=bindparam("to_cost"))  # type: ignore[arg-type]
)
_AGAIN = Statement(
    update(_TABLE)  # type: ignore[arg-type]
    .where(*HELD_BY, _OUTBOX.state.in_(("claimed", "sending")))
    .values(state="created", rank=0, reason=bindparam("to_reason"), not_before=bindparam("from_"), lease_until=null(), paid="no")
)
_PAID = Statement(
    update(_TABLE).where(*HELD_BY, _OUTBOX.paid == "reserved").values(paid=bindparam("to_paid"))  # type: ignore[arg-type]
)
_ATTEMPTS = Statement(select(_OUTBOX.attempts).where(_OUTBOX.id == bindparam("of_id")))
_LOST = Statement(
    update(_TABLE)  # type: ignore[arg-type]
    .where(_OUTBOX.state == "sending", is_over(_OUTBOX.lease_until))
    .values(state="unknown", rank=3, reason="pengirim terhenti / the sender died", lease_until=null(), paid="spent")
    .returning(*ROW)
)
_NEWEST = Statement(select(_OUTBOX.created_at).order_by(_OUTBOX.id.desc()).limit(1))
_WOUND_BACK = Statement(  # answers that wait for an hour that has been already; an announcement keeps the hour it was planned for
    update(_TABLE)  # type: ignore[arg-type]
    .where(
        _OUTBOX.state == "created", _OUTBOX.urgency == 0, _OUTBOX.created_at > bindparam("later"),
        _OUTBOX.not_before > bindparam("now"),
    )
    .values(not_before=bindparam("now"))
)  # fmt: skip
_CANCEL = Statement(
    update(_TABLE)  # type: ignore[arg-type]
    .where(_OUTBOX.msisdn == bindparam("of_msisdn"), _OUTBOX.state.in_(("created", "held")))
    .values(state="cancelled", rank=9, reason="berhenti / opted out", settled_at=bindparam("now"))
)


def post(
    db: Hot, *, key: str, line_id: int, msisdn: str, text: str, now: datetime,
    life: timedelta = REPLY_LIFE, not_before: datetime | None = None,
) -> int | None:  # fmt: skip
    """The id of the new MT, and its sending asked for; None where one of that ``key`` was posted before.

    The text is rewritten to GSM-7 where a safe rewrite exists, and its segments are counted after. It expires
    ``life`` after ``not_before`` (or after now). What it costs by the line's prices is written down with it.
    """
    text = gsm7.rewrite(text)
    at, begin, segments = clock.to_ms(now), clock.to_ms(not_before or now), gsm7.size(text).segments
    line = db.one(_PRICES, of_line=line_id)
    posted = db.run(
        _POST, its_key=key, line=line_id, its_msisdn=msisdn, its_text=text, its_segments=segments,
        from_=begin, until=begin + life // timedelta(milliseconds=1), now=at,
        its_price=segments * prefix_price(json.loads(line.prices) if line else {}, msisdn),
    )  # fmt: skip
    if not posted:
        return None
    found: int = db.one(_ID_OF, of_key=key).id
    jobs.later(db, "workers.outbox.deliver", found)
    return found


def sending(db: Hot, claimed: Claim, now: datetime) -> bool:
    """Marks the claim as being sent; to be committed before the first byte leaves. False: the lease is lost, do not send.

    ``now`` here, in ``begin`` and in ``sweep`` is the database's (``db.now()``): leases count by it.
    """
    return db.run(
        _SENDING, of_id=claimed.id, of_fence=claimed.fence, now=clock.to_ms(now), lease=clock.to_ms(now + LEASE)
    ) == 1  # fmt: skip


def begin(db: Hot, claims: Sequence[Claim], now: datetime) -> None:
    """``sending`` for what was claimed in this very step, so that no lease can have been lost."""
    at, lease = clock.to_ms(now), clock.to_ms(now + LEASE)
    for claimed in claims:
        db.soon(_SENDING, of_id=claimed.id, of_fence=claimed.fence, now=at, lease=lease)


def settle(db: Hot, claimed: Claim, outcome: Receipt | SendFailed, now: datetime) -> None:
    """Writes down what the network said to the sending, unless a DLR knew more already."""
    settle_all(db, [(claimed, outcome)], now)


def settle_all(db: Hot, outcomes: Sequence[tuple[Claim, Receipt | SendFailed]], now: datetime) -> None:
    """``settle`` for many; the ledger is told once. What surely did not leave costs nothing."""
    at = clock.to_ms(now)
    taken = [(claimed, outcome) for claimed, outcome in outcomes if isinstance(outcome, Receipt)]
    touched = db.each(_TAKEN, [_as_taken(claimed, receipt, at) for claimed, receipt in taken])
    spent = [claimed for (claimed, _), count in zip(taken, touched, strict=True) if count]
    usual = {claimed.id for claimed in spent}
    reports.join_all(
        db, [(one.id, one.line_id, said.provider_id) for one, said in taken if said.provider_id and one.id in usual], now
    )
    unspent: list[Claim] = []
    for claimed, outcome in outcomes:
        if claimed.id in usual:
            continue
        left = isinstance(outcome, Receipt) or outcome.retry == AMBIGUOUS
        # first: the sweep, or a newer fence, may have taken the money's fate out of our hands
        if db.run(_PAID, of_id=claimed.id, of_fence=claimed.fence, to_paid="spent" if left else "no"):
            (spent if left else unspent).append(claimed)
        _settle_one(db, claimed, outcome, at, now)
    ledger.spend(db, spent)
    ledger.refund(db, unspent)


def _as_taken(claimed: Claim, receipt: Receipt, at: int) -> dict[str, Any]:
    rank = RANK[receipt.state]
    return {
        "of_id": claimed.id, "of_fence": claimed.fence, "to_state": receipt.state, "to_rank": rank,
        "to_provider_id": receipt.provider_id and receipt.provider_id[:80], "to_cost": receipt.cost[:24],
        "settled": at if rank == 9 else None,
    }  # fmt: skip


def _settle_one(db: Hot, claimed: Claim, outcome: Receipt | SendFailed, at: int, now: datetime) -> None:
    if isinstance(outcome, Receipt):
        db.run(
            _NAMED, of_id=claimed.id, of_fence=claimed.fence, to_provider_id=outcome.provider_id and outcome.provider_id[:80],
            to_cost=outcome.cost[:24],
        )  # fmt: skip
        reach(db, claimed.id, claimed.fence, outcome.state, "", at)
        if outcome.provider_id:
            reports.join(db, claimed.id, claimed.line_id, outcome.provider_id, now)
        return
    if outcome.stopped:
        opt_out.stop(db, claimed.msisdn, "(operator)", now)
    if outcome.retry == REFUSED:
        reach(db, claimed.id, claimed.fence, "failed", outcome.reason, at)
    elif outcome.retry == AMBIGUOUS:
        reach(db, claimed.id, claimed.fence, "unknown", outcome.reason, at)
    else:
        _wait(db, claimed, outcome, at)


def put_back(db: Hot, claims: Sequence[Claim], until: datetime) -> None:
    """Gives claims up that surely were not sent: they are due at ``until``, and have cost no money."""
    rows = [{"of_id": one.id, "of_fence": one.fence} for one in claims]
    unpaid = db.each(_PAID, [{**row, "to_paid": "no"} for row in rows])
    ledger.refund(db, [one for one, touched in zip(claims, unpaid, strict=True) if touched])
    db.each(_AGAIN, [{**row, "to_reason": "", "from_": clock.to_ms(until)} for row in rows])


def _wait(db: Hot, claimed: Claim, failure: SendFailed, at: int) -> None:
    row = db.one(_ATTEMPTS, of_id=claimed.id)
    tried = row.attempts if row else 0
    assert failure.retry in (NOT_SENT, WAIT)
    if tried >= ATTEMPTS:
        reach(db, claimed.id, claimed.fence, "failed", failure.reason, at)
        return
    pause = failure.seconds or BACK_OFF_S[min(max(tried - 1, 0), len(BACK_OFF_S) - 1)]
    db.run(_AGAIN, of_id=claimed.id, of_fence=claimed.fence, to_reason=failure.reason, from_=at + pause * 1000)


def sweep(db: Hot, now: datetime) -> int:
    """How many rows became unknown because their sender died while it sent."""
    rows = db.all(_LOST, **over(now))
    ledger.spend(db, rows)
    return len(rows)


def wound_back(db: Hot, now: datetime) -> int:
    """How many answers were posted by a clock that was set back since, and would wait until it is that late again."""
    at = clock.to_ms(now)
    newest = db.one(_NEWEST)
    if newest is None or newest.created_at <= at + SET_MS:
        return 0
    return db.run(_WOUND_BACK, now=at, later=at + SET_MS)


def cancel(db: Hot, msisdn: str, now: datetime) -> int:
    """How many messages to ``msisdn`` will not be sent any more."""
    return db.run(_CANCEL, of_msisdn=msisdn, now=clock.to_ms(now))
