"""A day as children write it: "17 Agustus 1945", "17-8-1945", "tgl 17/08/1945". Pure."""

from __future__ import annotations

import re

from lessons.marking import folding

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
    r"^(?:(?:tanggal|tgl)\.?\s*)?(\d{1,2})\s*[-/.]?\s*([^\W\d_]+|(?<=[-/.\s])\d{1,2}(?=[-/.\s]))\.?\s*[-/]?\s*(\d{4})$"
)


def day(text: str) -> tuple[int, int, int] | None:
    """(year, month, day), the day first as Indonesia writes it; None where ``text`` is anything else, or no month."""
    match = _DAY.match(folding.bare(folding.plain(text)).strip(" .,!?\"'"))
    if not match:
        return None
    month = int(match[2]) if match[2].isdigit() else _MONTH.get(match[2], 0)
    return (int(match[3]), month, int(match[1])) if 1 <= month <= 12 and 1 <= int(match[1]) <= 31 else None
