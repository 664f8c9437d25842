"""Recordings and pictures for tests, by their first bytes; and the form that carries them."""

from __future__ import annotations

import hashlib
import io
import zlib
from struct import pack

from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from core import files
from core.files import ENDINGS, Kept
from lessons.enclosed import HandedIn


def mp3(n: int = 0, size: int = 2_000) -> bytes:
    return (b"ID3\x04\x00\x00\x00\x00\x00\x00" + bytes([n])).ljust(size, b"~")


def ogg() -> bytes:
    return b"OggS".ljust(900, b"~")


def png(width: int = 8, height: int = 8) -> bytes:
    """A real one: a carrot in the ground."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))

    def colour(x: float, y: float) -> bytes:
        """Of a place from -1 to 1 and from 0 to 1."""
        if y < 0.35:
            return b"\x3f\x8f\x3a" if abs(x) < 0.25 * (0.45 - abs(y - 0.2)) * 3 else b"\xdf\xee\xf6"
        return b"\xe0\x7b\x28" if abs(x) < (1 - y) / 3 else b"\x6f\x4a\x2b"

    rows = b"".join(b"\x00" + b"".join(colour(2 * x / width - 1, y / height) for x in range(width)) for y in range(height))
    head = chunk(b"IHDR", pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def reference(raw: bytes, size: int = 0) -> str:
    """How a draft names it; ``size`` is what it says of it, where that is not the truth."""
    return str(_handed_in(raw, size or len(raw)))


def address(raw: bytes) -> str:
    return _handed_in(raw, len(raw)).path


def _handed_in(raw: bytes, size: int) -> HandedIn:
    return HandedIn(hashlib.sha256(raw).hexdigest(), ENDINGS[files.media_type_of(raw[: files.HEAD])], size)


def upload(raw: bytes, name: str = "soal.mp3") -> FileStorage:
    """As the test client takes a file among the fields."""
    return FileStorage(io.BytesIO(raw), name)


def body(fields: dict[str, object]) -> dict[str, object]:
    """What ``client.post`` takes for a form with files on it: made here, because its own leaves large ones open."""
    boundary, raw = encode_multipart(fields)
    return {"data": raw, "content_type": f"multipart/form-data; boundary={boundary}"}


def kept(settings, raw: bytes) -> Kept:
    """It lies on the disk; no row says so yet."""
    return files.keep(settings.instance_dir / "files", io.BytesIO(raw), most=10_000_000, families=("audio", "picture"))
