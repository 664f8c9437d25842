"""Bytes as text, and rich text as plain words for a phone. Pure."""

from __future__ import annotations

import re
from html import unescape

from core.text import clean, decode

_BREAK = re.compile(r"(?i)<(?:br|/p|/div|/li|/tr|/h[1-6])(?:\s[^<>]{0,200})?\s?/?>")
_HIDDEN = re.compile(r"(?is)<(script|style)\b[^<>]{0,500}>.*?</\1\s*>|<!--.*?-->")
_PICTURE = re.compile(r"(?i)<(?:img|audio|video|object|embed|iframe|svg|math)\b|@@PLUGINFILE@@")
# A tag, and not "a<b dan c>d": what follows its name is attributes with values.
_TAG = re.compile(r"""</?[A-Za-z][A-Za-z0-9:-]{0,30}(?:\s+[\w:-]{1,60}(?:\s?=\s?(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+)))*\s*/?>""")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", re.S)
_SLANTED = re.compile(r"(?<![\w*])([*])(?=\S)([^*\n]+?)(?<=\S)\1(?![\w*])")
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\]\([^()\s]{0,500}\)")


def text_of(raw: bytes) -> str:
    """The text of a file, with ``\\n`` at its line ends: UTF-8 or UTF-16 with their marks, else UTF-8, else Windows-1252."""
    is_wide = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = raw.decode("utf-16", "replace") if is_wide else decode(raw.removeprefix(b"\xef\xbb\xbf"))
    return clean(text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", " ").replace("\f", " "))


def has_picture(text: str) -> bool:
    """Whether a rich text shows or plays something that no telephone of ours can."""
    return bool(_PICTURE.search(text))


def plain(text: str, form: str = "html") -> str:
    """A text of Moodle's as plain words. ``form`` is "html", "moodle" (HTML where a line end counts), "markdown" or "plain"."""
    if form == "markdown":
        for pattern in (_STRONG, _SLANTED):
            text = pattern.sub(r"\2", text)
        text = _LINK.sub(r"\1", _CODE.sub(r"\1", text))
    if form != "plain":
        if form == "html":
            text = re.sub(r"\s+", " ", text)
        text = unescape(_TAG.sub("", _BREAK.sub("\n", _HIDDEN.sub(" ", text)))).replace("\xa0", " ")
    lines = [line.strip() for line in clean(text).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
