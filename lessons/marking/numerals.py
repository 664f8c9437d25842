"""Numbers in words, Indonesian and English: "dua puluh lima", "tiga perempat", "minus tiga koma lima". Pure.

The grammar is read, not looked up, so that digits may stand in it ("25 ribu", "2,5 juta", "1 per 2"). num2words, which
writes them, is the oracle of the tests.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

UNITS = {
    "nol": 0,
    "kosong": 0,
    "satu": 1,
    "dua": 2,
    "tiga": 3,
    "empat": 4,
    "lima": 5,
    "enam": 6,
    "tujuh": 7,
    "delapan": 8,
    "sembilan": 9,
}
SCALES = {"triliun": 10**12, "miliar": 10**9, "milyar": 10**9, "juta": 10**6, "jt": 10**6, "ribu": 1000, "rb": 1000, "ratus": 100}
HALVES = frozenset(["setengah", "separuh", "separo", "half"])
MINUS = frozenset(["minus", "min", "negatif", "mines", "negative"])
_ONES = {"sepuluh": ["satu", "puluh"], "sebelas": ["satu", "belas"], "seratus": ["satu", "ratus"], "seribu": ["satu", "ribu"]}
_ONES |= {"sejuta": ["satu", "juta"], "semiliar": ["satu", "miliar"], "seper": ["satu", "per"]}
_JOINTS = frozenset(["puluh", "belas", "koma", "per", "dan"])
_BASE = [*UNITS, *SCALES, *_ONES, *HALVES - {"half"}, "puluh", "belas", "koma", "per"]
_GLUED = re.compile("(?:" + "|".join(sorted(_BASE, key=len, reverse=True)) + ")+")
_PARTS = re.compile("|".join(sorted(_BASE, key=len, reverse=True)))

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve "
    "thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
_EN = {word: n for n, word in enumerate(_SMALL.split())}
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_EN |= {word: 10 * n for n, word in enumerate(_TENS.split(), start=2)}
_EN_SCALES = {"trillion": 10**12, "billion": 10**9, "million": 10**6, "thousand": 1000, "hundred": 100}
_EN_PARTS = {"half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_EN_PARTS |= {word + "s": n for word, n in _EN_PARTS.items() if word not in ("half", "halves")}
_EN_JOINTS = frozenset(["and", "point", "a", "an"])

# Whole words alone, and never glued: slips that everybody makes, and numbers of Javanese and Sundanese.
_SAID = {"titik": "koma", "coma": "koma", "comma": "koma", "kome": "koma", "rebu": "ribu", "rbu": "ribu", "stengah": "setengah"}
_SAID |= {
    "stgh": "setengah",
    "stngah": "setengah",
    "siji": "satu",
    "loro": "dua",
    "telu": "tiga",
    "papat": "empat",
    "limo": "lima",
}
_SAID |= {
    "enem": "enam",
    "pitu": "tujuh",
    "wolu": "delapan",
    "songo": "sembilan",
    "sanga": "sembilan",
    "selawe": "dua puluh lima",
}
_SAID |= {
    "rolas": "dua belas",
    "sewelas": "satu belas",
    "satus": "satu ratus",
    "sewu": "satu ribu",
    "hiji": "satu",
    "tilu": "tiga",
}
_SAID |= {
    "opat": "empat",
    "dalapan": "delapan",
    "salapan": "sembilan",
    "sapuluh": "satu puluh",
    "sawelas": "satu belas",
}
_SAID |= {"saratus": "satu ratus", "sarebu": "satu ribu", "lapan": "delapan"}

Token = str | Fraction


def pieces(word: str) -> list[str]:
    """The number words of which ``word`` is glued ("duapuluh", "seperempat"); [] where it is no number word."""
    if word in _SAID:
        return _SAID[word].split()
    if word in _EN or word in _EN_SCALES or word in _EN_PARTS or word in MINUS or word == "point":
        return [word]
    if word in _JOINTS or word in UNITS or word in SCALES or word in HALVES:
        return [word]
    if not _GLUED.fullmatch(word):
        return []
    return [part for piece in _PARTS.findall(word) for part in _ONES.get(piece, [piece])]


def is_numeral(text: str) -> bool:
    """True where the words of ``text`` are a number and nothing else."""
    tokens: list[Token] = []
    for word in text.split():
        parts = ([] if word in _SAID else pieces(word)) or ([word] if word in _EN_JOINTS else [])
        if not parts:
            return False
        tokens += parts
    return value(tokens) is not None


def value(tokens: Sequence[Token]) -> Fraction | None:
    """What a run of number words and numbers in digits says; None where it says no one number."""
    if tokens and tokens[0] in MINUS:
        rest = value(tokens[1:])
        return None if rest is None or rest < 0 else -rest
    if not tokens:
        return None
    if len(tokens) == 1 and isinstance(tokens[0], Fraction):
        return tokens[0]
    said = {t for t in tokens if isinstance(t, str)}
    if said & (_EN.keys() | _EN_SCALES.keys() | _EN_PARTS.keys() | {"point"}):
        return _english(list(tokens))
    return _indonesian(list(tokens))


def _indonesian(tokens: list[Token]) -> Fraction | None:
    if tokens.count("koma") == 1:
        at = tokens.index("koma")
        left, right, scale = tokens[:at], tokens[at + 1 :], 1
        if len(right) > 1 and isinstance(right[-1], str) and right[-1] in SCALES and right[-1] != "ratus":
            scale, right = SCALES[right[-1]], right[:-1]
        whole, digits = _whole(left), _digits(right)
        return None if whole is None or digits is None else (whole + Fraction(int(digits), 10 ** len(digits))) * scale
    if len(tokens) > 1 and tokens[-2] in HALVES and isinstance(tokens[-1], str) and SCALES.get(tokens[-1], 0) >= 1000:
        half = _indonesian(tokens[:-1])  # dua setengah juta
        return None if half is None else half * SCALES[tokens[-1]]
    if tokens[-1] in HALVES:
        rest = [t for t in tokens[:-1] if t != "dan"]
        whole = _whole(rest) if rest else Fraction(0)
        return None if whole is None or whole.denominator > 1 else whole + Fraction(1, 2)
    if tokens.count("per") == 1:
        at = tokens.index("per")
        return _fraction(tokens[:at], tokens[at + 1 :])
    return _whole(tokens)


def _fraction(over: list[Token], under: list[Token]) -> Fraction | None:
    below = _whole(under)
    if not below:
        return None
    if "dan" in over:
        at = over.index("dan")
        whole, above = _whole(over[:at]), _whole(over[at + 1 :])
        return None if whole is None or above is None else whole + above / below
    above = _whole(over)
    if above is not None:
        return above / below
    whole, above = _whole(over[:-1]), _whole(over[-1:])  # dua | satu per empat
    return None if whole is None or above is None else whole + above / below


def _digits(tokens: list[Token]) -> str | None:
    """The digits after a decimal comma: "dua lima" and "dua puluh lima" are both 25, "nol lima" is 05."""
    if not tokens:
        return None
    if all(isinstance(t, str) and t in UNITS for t in tokens):
        return "".join(str(UNITS[str(t)]) for t in tokens)
    whole = _whole(tokens)
    return None if whole is None or whole.denominator > 1 or whole < 0 else str(whole.numerator)


def _whole(tokens: Sequence[Token]) -> Fraction | None:
    if not tokens:
        return None
    for word, scale in SCALES.items():
        if word in tokens:
            at = list(tokens).index(word)
            left, right = _whole(tokens[:at]), _whole(tokens[at + 1 :]) if at + 1 < len(tokens) else Fraction(0)
            if not left or right is None or right >= scale or (right and left.denominator > 1) or left < 0 or right < 0:
                return None
            return left * scale + right
    for word, scale, most in (("puluh", 10, 9), ("belas", 1, 9)):
        if word in tokens:
            at = list(tokens).index(word)
            left, right = _whole(tokens[:at]), _whole(tokens[at + 1 :]) if at + 1 < len(tokens) else Fraction(0)
            if left is None or right is None or not 0 < left <= most or right > 9 or (word == "belas" and right):
                return None
            return left + 10 if word == "belas" else left * scale + right
    if len(tokens) != 1:
        return None
    token = tokens[0]
    if isinstance(token, Fraction):
        return token
    return Fraction(UNITS[token]) if token in UNITS else None


def _english(tokens: list[Token]) -> Fraction | None:
    tokens = [t for t in tokens if t not in ("a", "an")] if tokens != ["a"] else tokens
    if tokens.count("point") == 1:
        at = tokens.index("point")
        whole, after = _english_whole(tokens[:at]) if at else Fraction(0), tokens[at + 1 :]
        if whole is None or not after or not all(isinstance(t, str) and _EN.get(t, 10) < 10 for t in after):
            return None
        digits = "".join(str(_EN[str(t)]) for t in after)
        return whole + Fraction(int(digits), 10 ** len(digits))
    last = tokens[-1]
    if isinstance(last, str) and last in _EN_PARTS:
        rest, whole = tokens[:-1], Fraction(0)
        if "and" in rest:
            at = rest.index("and")
            head = _english_whole(rest[:at])
            if head is None:
                return None
            rest, whole = rest[at + 1 :], head
        above = _english_whole(rest) if rest else Fraction(1)
        return None if above is None else whole + above / _EN_PARTS[last]
    return _english_whole(tokens)


def _english_whole(tokens: Sequence[Token]) -> Fraction | None:
    tokens = [t for t in tokens if t != "and"]
    if not tokens:
        return None
    for word, scale in _EN_SCALES.items():
        if word in tokens:
            at = tokens.index(word)
            left = _english_whole(tokens[:at]) if at else Fraction(1)
            right = _english_whole(tokens[at + 1 :]) if at + 1 < len(tokens) else Fraction(0)
            return None if not left or right is None or right >= scale else left * scale + right
    numbers = [_EN.get(t) if isinstance(t, str) else t for t in tokens]
    if len(numbers) == 1 and numbers[0] is not None:
        return Fraction(numbers[0])
    if len(numbers) == 2 and numbers[0] is not None and numbers[1] is not None and numbers[0] >= 20 and 0 < numbers[1] < 10:
        return Fraction(numbers[0] + numbers[1]) if numbers[0] % 10 == 0 and numbers[0] < 100 else None
    return None
