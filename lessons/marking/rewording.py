"""Other words for the same option. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lessons.marking import folding

_COMPARED = {"kurang dari": "<", "lebih kecil": "<", "lebih kecil dari": "<", "lebih dari": ">", "lebih besar": ">"}
_COMPARED |= {"lebih besar dari": ">", "sama dengan": "=", "sama": "=", "less than": "<", "greater than": ">", "equal": "="}


def comparison(said: Sequence[str], options: Sequence[Sequence[str]]) -> int | None:
    """The option that is the sign said in words: "kurang dari" is "<"."""
    sign = next((_COMPARED[text] for text in said if text in _COMPARED), "")
    found = [at for at, texts in enumerate(options) if sign and any(folding.plain(each) == sign for each in texts)]
    return found[0] if len(found) == 1 else None


_SAME = {"semuanya": "semua", "smua": "semua", "smuanya": "semua", "betul": "benar", "bener": "benar", "bnr": "benar"}
_SAME |= {"btl": "benar", "slh": "salah", "gak": "tidak", "tdk": "tidak", "nggak": "tidak", "ga": "tidak", "yg": "yang"}
_SAME |= {"dgn": "dengan", "utk": "untuk", "dr": "dari", "krn": "karena", "dlm": "dalam", "pd": "pada", "tsb": "tersebut"}


def reworded(text: str) -> str:
    """``text`` (loose) with its short forms and everyday words written out."""
    return " ".join(_SAME.get(word, word) for word in text.split())


def hour(text: str) -> str:
    """``text`` where it is an hour, written one way: "8:00", "08.00" and "pukul 8.00" are "8.00"; "" for anything else."""
    match = re.fullmatch(r"(?:pukul |jam |pkl\.? )?0?(\d{1,2})[.:](\d\d)(?: ?wi[bt]| ?wita)?", folding.tight(text))
    return f"{match[1]}.{match[2]}" if match and int(match[1]) < 25 and int(match[2]) < 60 else ""
