"""The one gate for text that comes from outside. Pure."""

from __future__ import annotations

import unicodedata

# Characters that draw nothing, or that reorder what a reader sees: categories Cc (controls), Cf (format:
# zero-width, bidi), Cs (lone surrogates), Co and Cn (private, unassigned). Newline is kept, tab becomes a blank.
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn"}
# U+200D joins emoji; without it a family falls apart into people. It is kept.
_KEPT = {"\n", "\u200d"}


def clean(text: str, limit: int | None = None) -> str:
    """``text`` in NFC without NUL, controls, lone surrogates and invisible characters.

    Safe for SQLite (which refuses surrogates) and PostgreSQL (which refuses NUL). Line ends become
    ``\\n``. At most ``limit`` code points are kept. Plain ASCII passes without being copied.
    """
    if limit is not None:
        text = text[: limit * 4]
    if text.isascii() and text.isprintable():
        return text[:limit]
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\t", " ")
    kept = (c for c in text if c in _KEPT or unicodedata.category(c) not in _DROPPED)
    return unicodedata.normalize("NFC", "".join(kept))[:limit]


def decode(raw: bytes) -> str:
    """Bytes of a network as text: UTF-8, or where they are not, Windows-1252 with replacement. Never raises."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def one_line(text: str) -> str:
    """``text`` with every run of white space as one blank."""
    return " ".join(text.split())
