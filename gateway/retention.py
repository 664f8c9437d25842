"""How old rows of the gateway go: in small batches, so that nobody waits for them."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select, tuple_

from core.hot import Hot, Statement
from gateway.tables import Inbox, NetworkSession

BATCH = 500

_INBOX = Inbox.__table__.c
_SESSION = NetworkSession.__table__.c
_OLD_MESSAGES = Statement(
    delete(Inbox.__table__).where(  # type: ignore[arg-type]
        _INBOX.id.in_(
            select(_INBOX.id)
            .where(_INBOX.state.in_(("answered", "orphan")), _INBOX.received_at < bindparam("before"))
            .limit(BATCH)
        )
    )
)
_KEY = (_SESSION.line_id, _SESSION.network_id, _SESSION.msisdn)
_OLD_SESSIONS = Statement(
    delete(NetworkSession.__table__).where(  # type: ignore[arg-type]
        tuple_(*_KEY).in_(select(*_KEY).where(_SESSION.begun_at < bindparam("before")).limit(BATCH))
    )
)


def remove(db: Hot, before: int) -> int:
    """Removes one batch of what is older than ``before`` (ms); how many rows went. The dead stay for a person to see."""
    return db.run(_OLD_MESSAGES, before=before) + db.run(_OLD_SESSIONS, before=before)
