"""Static files: addresses that change with their content, so that a slow line fetches each once, and gzip."""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Response, current_app, request, url_for

SQUEEZED = {"text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml"}
WORTH_IT = 600  # bytes; below, the header costs more than gzip saves


def asset(name: str) -> str:
    """The address of a file of core/static, with a mark of its content in it."""
    path = Path(current_app.static_folder or "") / name
    return url_for("static", filename=name, v=_mark(path, path.stat().st_mtime_ns))


@lru_cache(maxsize=64)
def _mark(path: Path, changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def keep(response: Response) -> Response:
    """A static file whose address carries its mark may be kept for a year: a changed file has another address."""
    if request.endpoint == "static" and request.args.get("v") and response.status_code in (200, 304):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def squeeze(response: Response) -> Response:
    """Pages and static files in gzip where the browser takes it. Feeds do their own: their ETags are strong."""
    if (
        response.mimetype not in SQUEEZED
        or response.content_encoding
        or response.status_code in (204, 206, 304)
        or request.path.startswith("/stations/")
        or (response.is_streamed and not response.direct_passthrough)
    ):
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip") <= 0:
        return response
    is_file, source = response.direct_passthrough, response.response
    response.direct_passthrough = False
    body = response.get_data()
    if is_file and hasattr(source, "close"):
        source.close()
    if len(body) < WORTH_IT:
        return response
    response.set_data(_squeezed_file(body) if is_file else gzip.compress(body, 5, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    tag, _ = response.get_etag()
    if tag:
        response.set_etag(tag, weak=True)  # another form of the same file
    return response


@lru_cache(maxsize=32)
def _squeezed_file(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)
