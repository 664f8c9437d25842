"""A day as children write it: "17 Agustus 1945", "17-8-1945", "tgl 17/08/1945". Pure."""

from __future__ import annotations

import re

from lessons.marking import folding, numerals

_MONTHS = (
    "januari jan january",
    "februari pebruari feb peb february",
    "maret mar mrt march",
    "april apr",
    "mei may",
    "juni jun june",
    "juli jul july",
    "agustus agt agst ags agu aug august",
    "september sept sep",
    "oktober okt oct october",
    "november nopember nov nop",
    "desember des dec december",
)
_MONTH = {name: n for n, names in enumerate(_MONTHS, 1) for name in names.split()}
_DAY = re.compile(
    r"^(?:(?:tanggal|tgl)\.?\s*)?(\d{1,2}|[^\W\d_]+(?: [^\W\d_]+){,2}(?=\s))\s*[-/.]?\s*"
    r"([^\W\d_]+|(?<=[-/.\s])\d{1,2}(?=[-/.\s]))\.?\s*[-/]?\s*(?:(?:tahun|thn|th)\.?\s*)?(\d{4})$"
)
_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})$")


def day(text: str) -> tuple[int, int, int] | None:
    """(year, month, day), the day first as Indonesia writes it; None where ``text`` is anything else, or no month."""
    text = _ISO.sub(r"\3-\2-\1", folding.bare(folding.plain(text)).strip(" .,!?\"'"))
    match = _DAY.match(text)
    if not match:
        return None
    month = int(match[2]) if match[2].isdigit() else _MONTH.get(match[2], 0)
    named = [part for word in match[1].split() for part in numerals.pieces(word)]
    day = int(match[1]) if match[1].isdigit() else int(numerals.value(named) or 0) if len(named) >= len(match[1].split()) else 0
    return (int(match[3]), month, day) if 1 <= month <= 12 and 1 <= day <= 31 else None
