"""Is this process alive, and can it do its work: /healthz and /readyz."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core.database import Database, database
from core.migrations import applied, heads
from schools.access import public

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public("says only that the process answers")
def healthz() -> dict[str, str]:
    return {"status": "ok"}


@blueprint.get("/readyz")
@public("says only which part is missing, for a load balancer")
def readyz() -> tuple[dict[str, str], int]:
    """200 where the database answers at the newest revision and a Redis that is wanted answers; else 503 and what is missing."""
    parts = {"database": _database_state(database()), "redis": _redis_state(current_app.extensions["settings"].redis_url)}
    ready = all(state in ("ok", "not wanted") for state in parts.values())
    return {"status": "ok" if ready else "not ready", **parts}, 200 if ready else 503


def _database_state(found: Database) -> str:
    known: dict[str, Any] = current_app.extensions.setdefault("schema", {})
    try:
        if known.get("at_head"):  # a schema does not go back under a running server
            with found.engine.connect() as connection:
                connection.execute(text("SELECT 1"))
            return "ok"
        known["at_head"] = [applied(found)] == heads()
    except SQLAlchemyError as error:
        return f"does not answer ({type(error).__name__})"
    return "ok" if known["at_head"] else "waits for its migrations: flask --app app db upgrade"


def _redis_state(url: str) -> str:
    if not url:
        return "not wanted"
    from redis import Redis, RedisError

    try:
        with Redis.from_url(url, socket_timeout=0.5, socket_connect_timeout=0.5) as redis:
            redis.ping()
    except (RedisError, OSError) as error:
        return f"does not answer ({type(error).__name__})"
    return "ok"
