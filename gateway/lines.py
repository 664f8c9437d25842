"""The lines we own: found by the token in a webhook's path, kept in process, priced by prefix."""

from __future__ import annotations

import hashlib
import hmac
import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

import structlog
from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from core.database import Database
from gateway.tables import Line
from lessons.filters import strictest

log = structlog.get_logger()
FRESH_SECONDS = 2.0  # how long a change made by another process may take to be seen
EAGER_SECONDS = 0.25  # an unknown token makes us look again, but not at every guess

# Which lines take which callback: a number that takes messages takes calls too.
MEDIA = {"ussd": {"ussd"}, "ussd-end": {"ussd"}, "sms": {"sms"}, "dlr": {"sms"}, "voice": {"voice", "sms"}}


class Lines:
    """Every active line, at most two seconds old. The rows are detached: read them, change them elsewhere."""

    def __init__(self, database: Database):
        self._database = database
        self._lock = threading.Lock()
        self._read_at = -1e9
        self._by_token: dict[tuple[str, bytes], tuple[Line, str]] = {}
        self._by_id: dict[int, Line] = {}

    def find(self, provider: str, token: str, what: str) -> Line | None:
        """The line of ``provider`` whose token (or old token) it is and which takes ``what``.

        Looked up by a digest and then compared in constant time: how long it takes says nothing about the secret.
        """
        self._refresh(FRESH_SECONDS)
        line = self._seek(provider, token)
        if line is None:
            self._refresh(EAGER_SECONDS)
            line = self._seek(provider, token)
        return line if line is not None and line.medium in MEDIA.get(what, ()) else None

    def of_id(self, line_id: int) -> Line | None:
        self._refresh(FRESH_SECONDS)
        if line_id not in self._by_id:
            self._refresh(EAGER_SECONDS)
        return self._by_id.get(line_id)

    def active(self, medium: str = "") -> list[Line]:
        """Active lines, of one medium where it is given, in the order of their ids."""
        self._refresh(FRESH_SECONDS)
        return [line for line in self._by_id.values() if not medium or line.medium == medium]

    def expire(self) -> None:
        """A line was changed in this process: look at once."""
        self._read_at = -1e9

    def _seek(self, provider: str, token: str) -> Line | None:
        found = self._by_token.get((provider, _digest(token)))
        return found[0] if found and hmac.compare_digest(found[1].encode(), token.encode("utf-8", "replace")) else None

    def _refresh(self, seconds: float) -> None:
        age = time.monotonic() - self._read_at
        if age < seconds or not self._lock.acquire(blocking=self._read_at < 0):
            return  # somebody else is looking; the old lines serve
        if seconds == FRESH_SECONDS and self._by_id and self._read_at > 0 and not self._database.is_sqlite:
            with suppress(RuntimeError):  # no thread can be had now: we look ourselves. Else no hop waits for a server
                threading.Thread(target=self._look, args=(seconds,), name="lines", daemon=True).start()
                return
        self._look(seconds)

    def _look(self, seconds: float) -> None:
        """Reads them; the lock is held, and let go."""
        try:
            if time.monotonic() - self._read_at >= seconds:
                self._keep(self._database)
        except SQLAlchemyError as error:
            if not self._by_id:
                raise
            log.warning("lines_unread", error=type(error).__name__)  # the old ones serve until the database is back
            self._read_at = time.monotonic()
        finally:
            self._lock.release()

    def _keep(self, database: Database) -> None:
        with database.reading() as db:
            lines = list(db.scalars(select(Line).where(Line.is_active.is_(True)).order_by(Line.id)))
            db.expunge_all()
        self._by_id = {line.id: line for line in lines}
        self._by_token = {(line.provider, _digest(t)): (line, t) for line in lines for t in (line.token, line.old_token) if t}
        self._read_at = time.monotonic()


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def lines() -> Lines:
    """The lines of the running application."""
    found: Lines = current_app.extensions["lines"]
    return found


def segment_price(line: Line, msisdn: str) -> int:
    """Rupiah for one segment to ``msisdn``: the price of the longest prefix in ``line.prices``; "" is everybody else's."""
    return prefix_price(line.prices or {}, msisdn)


def prefix_price(prices: Mapping[str, Any], msisdn: str) -> int:
    """``segment_price`` for the ``prices`` of a line."""
    prices = {str(prefix).lstrip("+"): int(price) for prefix, price in prices.items()}
    digits = msisdn.lstrip("+")
    return next((prices[digits[:n]] for n in range(len(digits), -1, -1) if digits[:n] in prices), 0)


def sms_route() -> str:
    """What is filtered on the SMS line that filters most (lessons.filters.ROUTES): a teacher's text may leave by any of them.

    What authoring pages ask: ``current_app.extensions["sms_route"]()``.
    """
    return strictest(line.filters for line in lines().active("sms"))


def price_to(msisdn: str) -> int:
    """Rupiah for one segment to ``msisdn`` on the cheapest priced SMS line; 0 where none is priced.

    What authoring pages ask: ``current_app.extensions["price_to"](msisdn)``.
    """
    prices = [price for line in lines().active("sms") if (price := segment_price(line, msisdn))]
    return min(prices, default=0)


def typical_segment_price(found: Iterable[Line] | None = None) -> int:
    """Rupiah for one segment on the cheapest priced SMS line, for a number without a price of its own; 0 where none is priced.

    What the authoring page multiplies with: ``current_app.extensions["segment_price"]()``.
    """
    candidates = lines().active("sms") if found is None else found
    prices = [price for line in candidates if (price := segment_price(line, ""))]
    return min(prices, default=0)
