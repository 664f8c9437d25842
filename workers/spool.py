"""Gives the database what came in while it was away. Twice is harmless: the inbox's key and the outbox's rank see to it."""

from __future__ import annotations

from typing import Any

import structlog

from core import clock
from core.database import database, is_away
from core.hot import Busy
from core.spool import Away
from gateway import inbox, reports, spooled
from gateway.tables import Line
from gateway.traffic import Dlr

log = structlog.get_logger()


def replay() -> int:
    """How many messages and reports were applied. Where the database is still away they wait on."""
    try:
        found = spooled.spool().replay(apply)
    except Away:
        log.warning("spool_waits")
        return 0
    if found.done or found.kept or found.torn:
        log.info("spool_replayed", done=found.done, kept=found.kept, torn=found.torn)
    return found.done


def apply(entry: dict[str, Any]) -> None:
    """Raises Away where the database still cannot."""
    try:
        if entry["what"] == "sms":
            database().step(
                lambda db: inbox.receive_spooled(
                    db, entry["line"], entry["id"], entry["msisdn"], entry["text"], entry["received_at"], entry["said_at"]
                ),
                seconds=5,
            )
        else:
            line, dlr = Line(id=entry["line"], provider=entry["provider"]), Dlr(**entry["dlr"])
            at = clock.from_ms(entry["received_at"])
            database().step(lambda db: reports.take(db, line, dlr, at), seconds=5)
    except Exception as error:
        if isinstance(error, Busy) or is_away(error):
            raise Away from None
        log.exception("spooled_line_failed", what=entry.get("what"))
        raise
