"""Who gives way when there is more to do than threads: first exports and feeds, then pages; learners never to either.

The server answers with a fixed number of threads (serve.THREADS). Pages may hold twelve of them at once and the long ones among
them six; a learner's light pages twelve more. Hops may hold HOPS: one more is marked CROWDED, and whoever answers hops says at
once and without the database that it is busy, rather than later than a network waits. The rest of the threads are for messages,
reports, and saying so. Who asks only whether something has changed (If-None-Match) is not counted: that is told in a millisecond.
"""

from __future__ import annotations

import re
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable
from typing import Any

HOPS, LIGHT, PAGES, LONG = 96, 12, 12, 6
CROWDED = "kentongan.crowded"  # in the environment of a hop that is one too many; no header can set it
UNCOUNTED = ("/gateway/", "/healthz", "/readyz", "/metrics", "/static/")
LEARNERS = ("/learn", "/phone", "/files/")  # what a call plays, too
_LONG = re.compile(r"/(stations|radiodns|api)/|/\w+/import\b|.*\.(csv|xlsx|pdf|zip|ics|xml|json|gift)$")
_SORRY = (
    b"<!doctype html><html lang=id><meta charset=utf-8><title>Sedang ramai</title><h1>Sedang ramai</h1><p>Murid didahulukan. "
    b"Tidak ada yang hilang: muat ulang halaman ini beberapa detik lagi.</p><p lang=en>Busy: learners go first. Nothing is lost; "
    b"load this page again in a few seconds.</p></html>"
)


class Shedding:
    """WSGI: counts what is under way. A page too many is answered with 503 and Retry-After at once, a hop too many is marked.

    ``shed`` counts both since the process began, by what they were: hop, light, page, long.
    """

    def __init__(
        self, app: Callable[..., Iterable[bytes]], pages: int = PAGES, long: int = LONG, hops: int = HOPS, light: int = LIGHT
    ):
        self._app, self._most = app, {"light": light, "page": pages, "long": long}
        self._places: deque[None] = deque([None] * hops)  # of hops: taking one and giving it back needs no lock
        self._lock = threading.Lock()
        self._under_way = {"light": 0, "page": 0, "long": 0}  # a long one is a page too
        self.shed: Counter[str] = Counter()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        if path.startswith(UNCOUNTED):
            return self._hop(environ, start_response) if path.endswith("/ussd") else self._app(environ, start_response)
        if "HTTP_IF_NONE_MATCH" in environ:
            return self._app(environ, start_response)
        kinds = ("light",) if path.startswith(LEARNERS) else ("page", "long") if _LONG.match(path) else ("page",)
        with self._lock:
            is_full = any(self._under_way[kind] >= self._most[kind] for kind in kinds)
            if is_full:
                self.shed[kinds[-1]] += 1
            else:
                self._count(kinds, 1)
        if is_full:
            headers = [("Content-Type", "text/html; charset=utf-8"), ("Retry-After", "3"), ("Cache-Control", "no-store")]
            start_response("503 Service Unavailable", [*headers, ("Content-Length", str(len(_SORRY)))])
            return [_SORRY]
        try:
            return self._app(environ, start_response)
        finally:
            with self._lock:
                self._count(kinds, -1)

    def _count(self, kinds: Iterable[str], by: int) -> None:
        for kind in kinds:
            self._under_way[kind] += by

    def _hop(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            self._places.pop()
        except IndexError:
            with self._lock:
                self.shed["hop"] += 1
            environ[CROWDED] = True
            return self._app(environ, start_response)
        try:
            return self._app(environ, start_response)
        finally:
            self._places.append(None)
