"""What a station's person writes by SMS: TERIMA 101, TOLAK 101, GANTI 101 11.00, SIAR 101, GAGAL 101 listrik. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_VERBS: dict[str, Literal["accept", "decline", "propose", "aired", "failed"]] = {
    "TERIMA": "accept", "SETUJU": "accept", "TOLAK": "decline", "GANTI": "propose", "SIAR": "aired", "TAYANG": "aired",
    "GAGAL": "failed",
}  # fmt: skip
_SAID = re.compile(r"\W*([A-Za-z]+)[\s.,:;#-]*(\d{0,9})(?!\d)[\s.,:;-]*(.*)", re.DOTALL)
_TIME = re.compile(r"(?:(?:jam|pukul|pkl\.?|ke)\s*)*(\d{1,2})(?:[.:](\d{2}))?(?:\s*(?:wib|wita|wit))?[\s.!]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """``code`` is None where no number came; ``time`` is "HH:MM" of GANTI or "", ``rest`` the other words."""

    verb: Literal["accept", "decline", "propose", "aired", "failed"]
    code: int | None
    time: str = ""
    rest: str = ""


def read(text: str) -> Said | None:
    """What a message says; None where its first word is none of ours."""
    found = _SAID.match(text)
    verb = found and _VERBS.get(found[1].upper())
    if not found or not verb:
        return None
    code, rest = int(found[2]) if found[2] else None, " ".join(found[3].split())
    return Said(verb, code, _time(rest) if verb == "propose" else "", rest[:160])


def _time(words: str) -> str:
    found = _TIME.fullmatch(words)
    if not found:
        return ""
    hour, minute = int(found[1]), int(found[2] or 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else ""
