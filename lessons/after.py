"""After which airing a quiz opens, as its draft and its editions say it. Pure.

``EPISODE`` is whatever airing names the quiz's keyword, the first of them at each station; "12@2026-11-24T10:00" is one airing of
slot 12: the one that was planned for that local time in the slot's own zone, however it moved since.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

EPISODE = "episode"


@dataclass(frozen=True, slots=True)
class Tie:
    """``slot`` 0: any airing that names the quiz; else the slot's airing of ``original`` (naive wall time in its zone)."""

    slot: int = 0
    original: datetime | None = None


def read(text: str) -> Tie | None:
    """None for what is no tie; "" is none too."""
    if text == EPISODE:
        return Tie()
    found = re.fullmatch(r"([1-9][0-9]{0,8})@([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2})", text, re.ASCII)
    if found is None:
        return None
    try:
        original = datetime.fromisoformat(found[2])
    except ValueError:
        return None
    return Tie(int(found[1]), original) if 2000 <= original.year <= 2100 else None


def write(slot: int, original: datetime) -> str:
    return f"{slot}@{original:%Y-%m-%dT%H:%M}"
