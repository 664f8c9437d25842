"""Files that people hand in (recordings, pictures, papers): kept once each, named by their own content.

They lie in ``instance/files`` and not in the database: the one writer that a keypress waits for would be held up by megabytes.
A file is whole and on the disk before ``keep`` returns, and never changes afterwards; so a row may name it in a transaction of
its own, and one that no row names any more is swept away by ``sweep``.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from core.problems import Refused

PIECE = 1 << 16  # bytes read at a time: a recording never stands in memory whole
HEAD = 16  # bytes that tell what a file is
YOUNG = 24 * 3600  # seconds that a file without a row is left alone: its row may be on its way
DIGEST = re.compile(r"[0-9a-f]{64}")


class Kept(NamedTuple):
    """``digest`` is SHA-256 in hex, ``size`` bytes, ``media_type`` what its first bytes say it is, whatever its name said."""

    digest: str
    size: int
    media_type: str


# What the first bytes say. (offset, bytes) of which one must be there; the media type; the family it belongs to.
KINDS: dict[str, tuple[str, tuple[tuple[tuple[int, bytes], ...], ...]]] = {
    "audio/mpeg": ("audio", (((0, b"ID3"),), ((0, b"\xff\xfb"),), ((0, b"\xff\xf3"),), ((0, b"\xff\xf2"),))),
    "audio/ogg": ("audio", (((0, b"OggS"),),)),
    "audio/wav": ("audio", (((0, b"RIFF"), (8, b"WAVE")),)),
    "audio/mp4": ("audio", (((4, b"ftypM4A"),), ((4, b"ftypmp42"),), ((4, b"ftypisom"),))),
    "image/jpeg": ("picture", (((0, b"\xff\xd8\xff"),),)),
    "image/png": ("picture", (((0, b"\x89PNG\r\n\x1a\n"),),)),
    "image/webp": ("picture", (((0, b"RIFF"), (8, b"WEBP")),)),
    "application/pdf": ("paper", (((0, b"%PDF-"),),)),
}
ENDINGS = {
    "audio/mpeg": "mp3", "audio/ogg": "ogg", "audio/wav": "wav", "audio/mp4": "m4a",
    "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "application/pdf": "pdf",
}  # fmt: skip


class TooLarge(Refused):
    """More bytes than were asked for. Nothing of it is kept."""


class UnknownKind(Refused):
    """Not one of the kinds that were asked for, by its first bytes. Nothing of it is kept."""


def media_type_of(head: bytes) -> str:
    """What a file is by its first HEAD bytes; "" for everything that is not in KINDS."""
    for media_type, (_, marks) in KINDS.items():
        if any(all(head[at : at + len(mark)] == mark for at, mark in every) for every in marks):
            return media_type
    return ""


def keep(folder: Path, stream: BinaryIO, *, most: int, families: Collection[str]) -> Kept:
    """Takes a file in, at most ``most`` bytes of a kind of ``families`` (audio, picture, paper). The same bytes are kept once.

    Raises TooLarge and UnknownKind (the caller says it in the reader's language), OSError where the disk is full.
    """
    head = stream.read(HEAD)
    media_type = media_type_of(head)
    if not media_type or KINDS[media_type][0] not in families:
        raise UnknownKind("unknown kind of file")
    folder.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".part-", delete=False) as part:
        try:
            for piece in _pieces(head, stream):
                size += len(piece)
                if size > most:
                    raise TooLarge(f"more than {most} bytes")
                digest.update(piece)
                part.write(piece)
            part.flush()
            os.fsync(part.fileno())
            place = path_of(folder, digest.hexdigest())
            place.parent.mkdir(exist_ok=True)
            os.replace(part.name, place)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise
    for above in (place.parent, folder):
        sync(above)
    return Kept(digest.hexdigest(), size, media_type)


def path_of(folder: Path, digest: str) -> Path:
    """Where the file of a digest lies, if it was kept. Raises ValueError for what is no digest: it never names another place."""
    if not DIGEST.fullmatch(digest):
        raise ValueError("not a SHA-256 in hex")
    return folder / digest[:2] / digest


def sweep(folder: Path, named: Collection[str], now: float | None = None) -> int:
    """Deletes what no row names and is older than a day. ``named`` are all digests in use; returns how many files went."""
    old = (time.time() if now is None else now) - YOUNG
    gone = 0
    for file in [*folder.glob(".part-*"), *folder.glob("??/*")]:
        if file.name not in named and file.stat().st_mtime < old:
            file.unlink(missing_ok=True)
            gone += 1
    return gone


def _pieces(head: bytes, stream: BinaryIO) -> Iterator[bytes]:
    yield head
    while piece := stream.read(PIECE):
        yield piece


def sync(path: Path) -> None:
    """What was written to a file, or which names a folder has, is on the disk when this returns."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
