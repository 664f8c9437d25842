"""A kept file (core.files) on its way out: whole, or from where a bad line broke off.

Its digest is its strong ETag: it never changes, so a part that was fetched yesterday is continued today.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from flask import Response, request

from core.files import ENDINGS, PIECE

ONE_RANGE = re.compile(r"bytes=\s*([0-9]{0,18})-([0-9]{0,18})\s*")
KEEP_BUT_ASK = "private, no-cache, no-transform"  # a right to it may end; and a proxy that packs it would break its ranges


class NoSuchPart(Exception):
    """The range that was asked for lies behind the end."""


class Sent(NamedTuple):
    """``is_to_the_end`` where the last byte is on its way: not for HEAD, nor for "as you have it"."""

    response: Response
    is_to_the_end: bool


def send(path: Path, *, digest: str, media_type: str, name: str) -> Sent:
    """Answers the request with the file at ``path``: HEAD, If-None-Match, Range and If-Range as RFC 9110 has them.

    One range is answered with 206; several at once, and what is no range of bytes, with all of it, as the RFC allows. Raises
    FileNotFoundError where the file is not there.
    """
    size = path.stat().st_size
    headers = {
        "ETag": f'"{digest}"', "Accept-Ranges": "bytes", "Cache-Control": KEEP_BUT_ASK, "Vary": "Authorization, Cookie",
        "X-Content-Type-Options": "nosniff",
    }  # fmt: skip
    if request.if_none_match and request.if_none_match.contains_weak(digest):
        return Sent(Response(status=304, headers=headers), False)
    headers |= {"Content-Disposition": f'attachment; filename="{name}"', "Content-Security-Policy": "sandbox; default-src 'none'"}
    try:
        part = _asked(digest, size)
    except NoSuchPart:
        headers = {"Content-Range": f"bytes */{size}", "Cache-Control": "no-store"}
        return Sent(Response(status=416, headers=headers), False)
    start, stop = part or (0, size)
    if part:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    headers["Content-Length"] = str(stop - start)
    body = Piece(path, start, stop) if request.method == "GET" else ()
    response = Response(body, 206 if part else 200, headers, content_type=media_type, direct_passthrough=True)
    return Sent(response, request.method == "GET" and stop == size)


def _asked(digest: str, size: int) -> tuple[int, int] | None:
    """The part that the request asks for; None: all of it."""
    wanted = request.headers.get("Range", "")
    if not wanted or request.method != "GET":
        return None
    if "If-Range" in request.headers and request.headers["If-Range"].strip() != f'"{digest}"':
        return None  # what was begun is another file
    return span(wanted, size)


def span(wanted: str, size: int) -> tuple[int, int] | None:
    """(first byte, the one after the last) of a Range header; None for one that is to be ignored. Raises NoSuchPart."""
    said = ONE_RANGE.fullmatch(wanted)
    if said is None or not (said[1] or said[2]):
        return None
    if not said[1]:
        start, stop = max(size - int(said[2]), 0), size
    else:
        start, stop = int(said[1]), min(int(said[2]) + 1, size) if said[2] else size
        if said[2] and int(said[2]) < start:
            return None
    if start >= size:
        raise NoSuchPart
    return start, stop


class Piece:
    """The bytes of a file from ``start`` up to ``stop``, a little at a time. Open from the first byte to ``close``."""

    def __init__(self, path: Path, start: int, stop: int):
        self._file, self._left = path.open("rb"), stop - start
        self._file.seek(start)

    def __iter__(self) -> Iterator[bytes]:
        while self._left > 0 and (piece := self._file.read(min(PIECE, self._left))):
            self._left -= len(piece)
            yield piece

    def close(self) -> None:
        self._file.close()


def safe_name(words: str, digest: str, media_type: str, otherwise: str) -> str:
    """A file's name that every system takes: letters, digits and dashes, a mark of its content, the ending of its kind.

    With the mark two versions never have one name: a download that broke off is not continued with another file's bytes.
    """
    plain = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:60].rstrip("-")
    return f"{plain or otherwise}-{digest[:8]}.{ENDINGS.get(media_type, 'bin')}"
