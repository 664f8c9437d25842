"""Bytes as text, and rich text as plain words for a phone. Pure."""

from __future__ import annotations

import re
from html import unescape

from core.text import clean, decode

_BREAK = re.compile(r"(?i)<(?:br|/p|/div|/li|/tr|/h[1-6])(?:\s[^<>]{0,200})?\s?/?>")
_HIDDEN = (("<script", "</script>"), ("<style", "</style>"), ("<!--", "-->"))
_PICTURE = re.compile(r"(?i)<(?:img|audio|video|object|embed|iframe|svg|math)\b|@@PLUGINFILE@@")
# A tag, and not "a<b dan c>d": what follows its name is attributes with values.
_TAG = re.compile(r"""</?[A-Za-z][A-Za-z0-9:-]{0,30}(?:\s+[\w:-]{1,60}(?:\s?=\s?(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+)))*\s*/?>""")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.{1,300}?)(?<=\S)\1", re.S)
_SLANTED = re.compile(r"(?<![\w*])([*])(?=\S)([^*\n]{1,300}?)(?<=\S)\1(?![\w*])")
_CODE = re.compile(r"`([^`\n]{1,300})`")
LONGEST = 20_000  # of one rich text: beyond it, it is cut here, and refused where an item is made of it
_LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\]\([^()\s]{0,500}\)")


def text_of(raw: bytes) -> str:
    """The text of a file, with ``\\n`` at its line ends: UTF-8 or UTF-16 with their marks, else UTF-8, else Windows-1252."""
    is_wide = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = raw.decode("utf-16", "replace") if is_wide else decode(raw.removeprefix(b"\xef\xbb\xbf"))
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", " ").replace("\f", " ")
    return "\n".join(line if line.isascii() and line.isprintable() else clean(line) for line in text.split("\n"))


def has_picture(text: str) -> bool:
    """Whether a rich text shows or plays something that no telephone of ours can."""
    return bool(_PICTURE.search(text))


def plain(text: str, form: str = "html") -> str:
    """A text of Moodle's as plain words. ``form`` is "html", "moodle" (HTML where a line end counts), "markdown" or "plain"."""
    text = text[:LONGEST]
    if form == "markdown":
        for pattern in (_STRONG, _SLANTED):
            text = pattern.sub(r"\2", text)
        text = _LINK.sub(r"\1", _CODE.sub(r"\1", text))
    if form != "plain":
        if form == "html":
            text = re.sub(r"\s+", " ", text)
        text = unescape(_TAG.sub("", _BREAK.sub("\n", _unhidden(text)))).replace("\xa0", " ")
    lines = [line.strip() for line in clean(text).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _unhidden(text: str) -> str:
    """Without what a browser does not show. What is begun and never ended hides all the rest, as there."""
    for begins, ends in _HIDDEN:
        kept, at, low = [], 0, text.lower() if begins in text.lower() else ""
        if len(low) != len(text):  # nothing to hide, or letters that change their length: then they stay
            continue
        while (found := low.find(begins, at)) >= 0:
            kept.append(text[at:found])
            close = low.find(ends, found)
            at = len(text) if close < 0 else close + len(ends)
        text = " ".join([*kept, text[at:]])
    return text
