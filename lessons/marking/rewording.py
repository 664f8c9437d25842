"""Other words for the same option. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from lessons.marking import folding, numerals

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


_HOUR = re.compile(
    r"(?P<named>(?:pukul|jam|pkl\.?) ?)?(?:(?P<half>setengah )?0?(?P<hour>\d{1,2}|[^\W\d_]{4,})(?:[.:](?P<minute>\d\d))?)"
    r"(?: ?(?:wi[bt]|wita))?(?: ?(?P<part>pagi|siang|sore|petang|malam))?(?: ?(?:wi[bt]|wita))?"
)
_LATE = {"siang": range(1, 6), "sore": range(1, 12), "petang": range(1, 12), "malam": range(6, 12)}  # twelve hours later


def hour(text: str) -> str:
    """``text`` where it is an hour, written one way: "8:00", "pukul 8" and "jam delapan pagi" are "8.00"; "" for anything else.

    A number alone is none. "8 malam" is "20.00", "setengah 8" is "7.30".
    """
    match = _HOUR.fullmatch(folding.tight(text))
    if not match or not any(match.group("named", "minute", "part", "half")) or (match["half"] and match["minute"]):
        return ""
    said = numerals.value([Fraction(match["hour"])] if match["hour"].isdigit() else numerals.pieces(match["hour"]))
    if said is None or said.denominator > 1 or not 0 <= said < 25 or int(match["minute"] or 0) > 59:
        return ""
    late = 12 if said in _LATE.get(match["part"] or "", ()) else -12 if said == 12 and match["part"] == "malam" else 0
    minutes = (int(said) + late) * 60 + int(match["minute"] or 0) - (30 if match["half"] else 0)
    return f"{minutes // 60}.{minutes % 60:02}" if minutes >= 0 else ""


_FORMULA = re.compile(r"[a-z]{1,2}\d+(?:[a-z]{1,2}\d*)*|(?:[a-z]{1,2}\d+)*[a-z]{1,2}\d*[a-z]\d")
_AREA = re.compile(r"((?:[mcdh]|da|k)?m)\^(?=[23]$)")


def formula(text: str) -> str:
    """A formula or a unit without its blanks and the sign of a power: "h 2 o" is "h2o", "cm^2" is "cm2"; "" for anything else."""
    tight = folding.tight(text)
    joined = _AREA.sub(r"\1", tight.replace(" ", ""))
    return joined if len(tight) < 20 and _FORMULA.fullmatch(joined) else ""
