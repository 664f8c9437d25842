"""Delivery reports: they come late, twice, in any order, and before the call that they report on has returned.

``sent`` never undoes ``delivered`` or ``failed``; ``failed`` never undoes ``delivered``; a ``delivered`` after ``failed`` is
true. A report on an id that nobody knows yet is kept and joined when the provider's id is learnt.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, null, or_, select, update

from core import clock
from core.hot import Hot, Statement
from gateway import opt_out, trail
from gateway.tables import Inbox, Line, Outbox
from gateway.traffic import Dlr

_TABLE = Outbox.__table__
_OUTBOX = _TABLE.c
_INBOX = Inbox.__table__.c
_LINE = Line.__table__.c

_BY_ID = Statement(
    select(_OUTBOX.id, _OUTBOX.key, _OUTBOX.msisdn).where(
        _OUTBOX.id == bindparam("of_id"), _OUTBOX.line_id == bindparam("of_line")
    )
)
_BY_PROVIDER_ID = Statement(  # an account reports on all its lines at the address of one of them
    select(_OUTBOX.id, _OUTBOX.key, _OUTBOX.msisdn)
    .join(Line, Line.id == _OUTBOX.line_id)
    .where(_LINE.provider == bindparam("of_provider"), _OUTBOX.provider_id == bindparam("of_provider_id"))
)
_STATES = {
    "sent": Statement(
        update(_TABLE).where(_OUTBOX.id == bindparam("of_id"), _OUTBOX.rank < 4).values(state="sent", rank=4)  # type: ignore[arg-type]
    ),
    "delivered": Statement(
        update(_TABLE)  # type: ignore[arg-type]
        .where(_OUTBOX.id == bindparam("of_id"), or_(_OUTBOX.rank < 9, _OUTBOX.state == "failed"))
        .values(state="delivered", rank=9, reason="", settled_at=bindparam("now"))
    ),
    "failed": Statement(
        update(_TABLE)  # type: ignore[arg-type]
        .where(_OUTBOX.id == bindparam("of_id"), _OUTBOX.rank < 9)
        .values(state="failed", rank=9, reason=bindparam("to_reason"), settled_at=bindparam("now"))
    ),
}
_ORPHAN = Statement(
    insert(Inbox.__table__).values(  # type: ignore[arg-type]
        line_id=bindparam("line"), key=bindparam("its_key"), msisdn="", text=bindparam("its_text"), received_at=bindparam("now"),
        said_at=null(), state="orphan", attempts=0, not_before=null(), reply=null(),
    ),
    "ON CONFLICT DO NOTHING",
)  # fmt: skip
_PROVIDER = select(_LINE.provider).where(_LINE.id == bindparam("of_line")).scalar_subquery()
_ORPHANS = Statement(
    select(_INBOX.id, _INBOX.key, _INBOX.text).where(
        _INBOX.line_id.in_(select(_LINE.id).where(_LINE.provider == _PROVIDER)),  # as for _BY_PROVIDER_ID
        _INBOX.key.in_([bindparam("k_sent"), bindparam("k_delivered"), bindparam("k_failed")]),
        _INBOX.state == "orphan",
    )
)
_ANY_ORPHAN = Statement(select(_INBOX.id).where(_INBOX.state == "orphan").limit(1))
_JOINED = Statement(
    update(Inbox.__table__).where(_INBOX.id == bindparam("of_id")).values(state="answered")  # type: ignore[arg-type]
)


def take(db: Hot, line: Line, dlr: Dlr, now: datetime) -> bool:
    """Applies a report; False where nothing of ours changed. Unknown ids and words change nothing and are no error."""
    return take_named(db, line, dlr, now)[1]


def take_named(db: Hot, line: Line, dlr: Dlr, now: datetime) -> tuple[dict[str, Any], bool]:
    """``take``, and the names of the message reported on, for the log: none where we know none."""
    row = _reported(db, line, dlr)
    named = {} if row is None else {"message": row.id, "trail": trail.of_outbox(row.id, row.key)}
    return named, _taken(db, line, dlr, row, clock.to_ms(now), now)


def _reported(db: Hot, line: Line, dlr: Dlr) -> Any:
    if dlr.id is not None:
        return db.one(_BY_ID, of_id=dlr.id, of_line=line.id) if dlr.id < 2**31 else None
    if dlr.provider_id:
        return db.one(_BY_PROVIDER_ID, of_provider=line.provider, of_provider_id=dlr.provider_id[:80])
    return None


def _taken(db: Hot, line: Line, dlr: Dlr, row: Any, at: int, now: datetime) -> bool:
    if row is None:
        if dlr.id is None and dlr.provider_id and dlr.state in _STATES:
            db.run(_ORPHAN, line=line.id, its_key=_key(dlr.state, dlr.provider_id), its_text=dlr.reason[:200], now=at)
        return False
    if dlr.stopped:
        opt_out.stop(db, row.msisdn, "(operator)", now)
    return _apply(db, row.id, dlr.state, dlr.reason, at)


def join(db: Hot, outbox_id: int, line_id: int, provider_id: str, now: datetime) -> None:
    """Applies the reports that came before we knew that ``provider_id`` is our ``outbox_id``."""
    keys = {f"k_{state}": _key(state, provider_id) for state in _STATES}
    for row in db.all(_ORPHANS, of_line=line_id, **keys):
        _apply(db, outbox_id, row.key.split(":", 2)[1], row.text, clock.to_ms(now))
        db.run(_JOINED, of_id=row.id)


def join_all(db: Hot, named: Sequence[tuple[int, int, str]], now: datetime) -> None:
    """``join`` for many (outbox id, line id, provider id); one look tells where nothing waits to be joined."""
    if named and db.one(_ANY_ORPHAN) is not None:
        for outbox_id, line_id, provider_id in named:
            join(db, outbox_id, line_id, provider_id, now)


def _apply(db: Hot, outbox_id: int, state: str, reason: str, at: int) -> bool:
    if state not in _STATES:
        return False
    return db.run(_STATES[state], of_id=outbox_id, now=at, to_reason=reason[:200]) == 1


def _key(state: str, provider_id: str) -> str:
    return f"dlr:{state}:{provider_id[:80]}"
