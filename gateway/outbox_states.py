"""The states of an MT, and how it reaches a higher one: the write that every sender shares."""

from __future__ import annotations

from sqlalchemy import bindparam, null, update

from core.hot import Hot, Statement
from gateway.tables import Outbox

RANK = {
    "created": 0, "held": 0, "claimed": 1, "sending": 2, "unknown": 3, "sent": 4,
    "delivered": 9, "failed": 9, "expired": 9, "cancelled": 9,
}  # fmt: skip

_TABLE = Outbox.__table__
_OUTBOX = _TABLE.c
HELD_BY = (_OUTBOX.id == bindparam("of_id"), _OUTBOX.fence == bindparam("of_fence"))
_SETTLE = Statement(
    update(_TABLE)  # type: ignore[arg-type]
    .where(*HELD_BY, _OUTBOX.rank < bindparam("to_rank"))
    .values(
        state=bindparam("to_state"), rank=bindparam("to_rank"), reason=bindparam("to_reason"), lease_until=null(),
        settled_at=bindparam("settled"),
    )
)  # fmt: skip


def reach(db: Hot, its_id: int, fence: int, state: str, reason: str, at: int) -> bool:
    """Writes ``state``; False where the message is as far already, or ``fence`` is not its newest."""
    rank = RANK[state]
    return db.run(
        _SETTLE, of_id=its_id, of_fence=fence, to_state=state, to_rank=rank, to_reason=reason, settled=at if rank == 9 else None
    ) == 1  # fmt: skip
