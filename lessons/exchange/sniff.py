"""Which format a file has, by its content. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from lessons.exchange import Read, aiken, csv, gift, moodle_xml, words, xlsx
from lessons.exchange.table import COLUMNS, folded

_ANSWER = re.compile(r"^[ \t]*ANSWER:", re.M)
_OPTION = re.compile(r"^[ \t]*[A-Za-z][).][ \t]*\S", re.M)
READERS: dict[str, Callable[[bytes], Read]] = {
    "gift": gift.read,
    "aiken": aiken.read,
    "xml": moodle_xml.read,
    "csv": csv.read,
    "xlsx": xlsx.read,
}


def reader(raw: bytes, hint: str = "") -> Callable[[bytes], Read]:
    return READERS[format_of(raw, hint)]


def format_of(raw: bytes, hint: str = "") -> str:
    """A name of READERS. ``hint`` (a file's name) decides only where the content says nothing."""
    if raw.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")):
        return "xlsx"
    text = words.text_of(raw[:200_000]).lstrip()
    if re.match(r"<(\?xml|!|quiz\b|question\b|[A-Za-z_][\w.:-]*[\s>/])", text) and not _ANSWER.search(text):
        return "xml"
    head, _, rest = text.partition("\n")
    if re.fullmatch(r"\s*\"?sep=.\"?\s*", head):  # what Excel writes above a table
        head = rest.partition("\n")[0]
    names = {folded(cell) for cell in re.split(r"[,;\t|]", head.replace('"', ""))}
    if len(names & set(COLUMNS)) >= 2 and "{" not in head:
        return "csv"
    unescaped = re.sub(r"\\.", "", text)
    if _ANSWER.search(text) and not ("{" in unescaped and "}" in unescaped and not _OPTION.search(text)):
        return "aiken"
    if "{" in unescaped or "::" in text or text.startswith(("//", "$CATEGORY:")):
        return "gift"
    extension = hint.rpartition(".")[2].lower()
    if extension in ("xml", "csv", "xlsx", "gift", "aiken"):
        return extension
    return "aiken" if _OPTION.search(text) else "gift"
