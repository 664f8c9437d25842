"""A poll of a feed that finds nothing new: 304, in front of Flask, after one read by index.

WSGI. Nearly all that stations and calendars ask is this. Nothing is remembered between two of them: a key that is revoked and a
timetable that is published are seen by the next request, in every process. Whatever is not exactly such a poll goes on to
Flask (broadcast_schedule.feed_views), which would have said the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl

import structlog
from flask import Flask

from broadcast_schedule.feed_views import KEEP_BUT_ASK, SEEN_EVERY, BadQuestion, key_in, packed, read_window, tag_of
from broadcast_schedule.feeds import feeds
from broadcast_schedule.station_keys import ADMITTED, key_hash, opens
from core import clock

log = structlog.get_logger()
_ADDRESS = re.compile(r"/stations/([a-z0-9-]+)/timetable\.([a-z0-9]+)")
_HELD = re.compile(r'(?:W/)?"([^"]+)"')  # lists and * are Flask's
_SEEN_EVERY_MS = SEEN_EVERY.total_seconds() * 1000
_HEADERS = [*KEEP_BUT_ASK.items(), ("X-Content-Type-Options", "nosniff")]


class Polls:
    """The WSGI application in front of ``app``'s own."""

    def __init__(self, app: Flask):
        self._next: Callable[..., Iterable[bytes]] = app.wsgi_app
        self._extensions = app.extensions

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        held = _HELD.fullmatch(environ.get("HTTP_IF_NONE_MATCH", "").strip())
        address = _ADDRESS.fullmatch(environ.get("PATH_INFO", "")) if held else None
        if held and address and environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            try:
                is_unchanged = self._is_unchanged(address[1], address[2], held[1], environ)
            except BadQuestion:
                is_unchanged = False
            except Exception as error:  # Flask says it
                log.warning("poll_unanswered", error=type(error).__name__)
                is_unchanged = False
            if is_unchanged:
                start_response("304 NOT MODIFIED", [("ETag", f'"{held[1]}"'), *_HEADERS])
                return ()
        return self._next(environ, start_response)

    def _is_unchanged(self, slug: str, extension: str, held: str, environ: dict[str, Any]) -> bool:
        feed = feeds().get(extension)
        if feed is None or not held.startswith(slug):
            return False
        asked = environ.get("QUERY_STRING", "")
        args = dict(reversed(parse_qsl(asked, keep_blank_values=True))) if asked else {}  # of two the first counts
        kind, key = key_in(environ.get("HTTP_AUTHORIZATION", ""), args.get("key", ""))
        wanted = "" if key is None else key_hash(key)
        row = self._extensions["database"].glance(lambda db: db.one(ADMITTED, slug=slug, wanted=wanted, kind=kind))
        if row is None or not opens(row, key, wanted):
            return False
        now = clock.now()
        if row.pulled_at is None or clock.to_ms(now) - row.pulled_at >= _SEEN_EVERY_MS:
            return False  # this one is noted
        tag = tag_of(row, feed, read_window(row.time_zone, now, args))
        return held in (tag, packed(tag))
