"""Is this process alive, and can it do its work: /healthz and /readyz."""

from __future__ import annotations

import time
from typing import Any

from flask import Blueprint, current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core.alive import redis_state
from core.database import Database, database, is_away
from core.hot import Busy, Statement
from core.migrations import is_behind
from gateway import spooled
from schools.access import public

blueprint = Blueprint("health", __name__)
WRITE_SECONDS = 1.0  # a write is tried this often at the most, and for so long: anybody may ask, and each costs the disk a sync
_TOUCH = Statement(text("UPDATE alembic_version SET version_num = version_num"))


@blueprint.get("/healthz")
@public("says only that the process answers")
def healthz() -> dict[str, str]:
    return {"status": "ok"}


@blueprint.get("/readyz")
@public("says only which part is missing, for a load balancer")
def readyz() -> tuple[dict[str, str], int]:
    """200 where the database takes a write at the newest revision or a later one, the spool could take one, a Redis that is
    wanted answers and the worker of this process runs; else 503 and what is missing.
    """
    parts = {
        "database": _database_state(database()),
        "spool": _spool_state(),
        "redis": redis_state(current_app.extensions["settings"].redis_url),
        "worker": _worker_state(),
    }
    ready = all(state in ("ok", "not wanted", "not in this process") for state in parts.values())
    return {"status": "ok" if ready else "not ready", **parts}, 200 if ready else 503


def _database_state(found: Database) -> str:
    known: dict[str, Any] = current_app.extensions.setdefault("schema", {})
    try:
        if not known.get("at_head"):  # a schema does not go back under a running server
            known["at_head"] = not is_behind(found)
        if not known["at_head"]:
            return "waits for its migrations: flask --app app db upgrade"
        if time.monotonic() - known.get("written", -1e9) > WRITE_SECONDS:
            found.step(lambda db: db.run(_TOUCH), seconds=WRITE_SECONDS)
            known["written"] = time.monotonic()
        with found.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except Exception as error:
        if not isinstance(error, SQLAlchemyError | OSError | Busy) and not is_away(error):
            raise
        return f"does not answer ({type(error).__name__})"
    return "ok"


def _spool_state() -> str:
    seen: dict[str, Any] = current_app.extensions.setdefault("spool_seen", {})
    if time.monotonic() - seen.get("at", -1e9) > WRITE_SECONDS:
        seen["state"], seen["at"] = spooled.spool().state(), time.monotonic()
    return str(seen["state"])


def _worker_state() -> str:
    worker = current_app.extensions.get("worker")
    if worker is None:
        return "not in this process"
    return "ok" if worker.is_alive() else "has stopped: restart the service"
