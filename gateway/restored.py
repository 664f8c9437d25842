"""A restored copy sends nothing until an operator says so: what it holds as waiting may have been sent since it was made."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, insert, null, select, update
from sqlalchemy.orm import Session

from core import clock
from core.hot import Hot, Statement
from core.tables import Epoch
from gateway.tables import Outbox

_SEALED = Statement(select(Epoch.id).where(Epoch.released_at.is_(None)).limit(1))
_BEGIN = Statement(insert(Epoch.__table__).values(restored_at=bindparam("now"), released_at=null()))  # type: ignore[arg-type]
_HOLD = Statement(update(Outbox.__table__).where(Outbox.state == "created").values(state="held"))  # type: ignore[arg-type]


def holds(db: Hot) -> bool:
    """True from a restore to its release: nothing may be claimed, and what waits, new messages too, is shown as held."""
    if db.one(_SEALED) is None:
        return False
    db.run(_HOLD)
    return True


def begin(db: Hot, now: datetime) -> None:
    """The database is a copy that was put back."""
    db.run(_BEGIN, now=clock.to_ms(now))


def end(db: Session, now: datetime) -> None:
    """It may send again."""
    db.execute(update(Epoch).where(Epoch.released_at.is_(None)).values(released_at=now))
