"""Who gives way when there is more to do than threads: first exports and feeds, then pages; learners never to either.

The server answers with a fixed number of threads (sixteen: serve.THREADS). Pages may hold twelve of them at once and the
long ones among them six, so the rest are free for hops and messages whatever teachers, stations and crawlers ask for. Who asks
only whether something has changed (If-None-Match) is not counted: that is told in a millisecond.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable
from typing import Any

PAGES, LONG = 12, 6
LEARNERS = ("/gateway/", "/learn", "/phone", "/healthz", "/readyz", "/metrics", "/static/")
_LONG = re.compile(r"/(stations|radiodns|api)/|.*\.(csv|xlsx|pdf|zip|ics|xml|json)$")
_SORRY = (
    b"<!doctype html><html lang=id><meta charset=utf-8><title>Sedang ramai</title><h1>Sedang ramai</h1><p>Murid didahulukan. "
    b"Tidak ada yang hilang: muat ulang halaman ini beberapa detik lagi.</p><p lang=en>Busy: learners go first. Nothing is lost; "
    b"load this page again in a few seconds.</p></html>"
)


class Shedding:
    """WSGI: counts requests under way that are nobody's hop; one too many is answered with 503 and Retry-After at once."""

    def __init__(self, app: Callable[..., Iterable[bytes]], pages: int = PAGES, long: int = LONG):
        self._app, self._pages, self._long = app, pages, long
        self._lock = threading.Lock()
        self._under_way = self._long_ones = 0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        if path.startswith(LEARNERS) or "HTTP_IF_NONE_MATCH" in environ:
            return self._app(environ, start_response)
        is_long = _LONG.match(path) is not None
        with self._lock:
            is_full = self._under_way >= self._pages or (is_long and self._long_ones >= self._long)
            if not is_full:
                self._under_way += 1
                self._long_ones += is_long
        if is_full:
            headers = [("Content-Type", "text/html; charset=utf-8"), ("Retry-After", "3"), ("Cache-Control", "no-store")]
            start_response("503 Service Unavailable", [*headers, ("Content-Length", str(len(_SORRY)))])
            return [_SORRY]
        try:
            return self._app(environ, start_response)
        finally:
            with self._lock:
                self._under_way -= 1
                self._long_ones -= is_long
