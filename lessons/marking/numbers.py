"""Quantities as children type them: "1.234,5", "1 1/2", "25%", "Rp 5.000", "dua puluh lima", "3 km 500 m". Pure.

A number may be read in more than one way: "1.500" is 1500 in Indonesia and 1.5 in England. Both readings are kept;
an answer is right where one of them is near the key. "3.5" can only be 3.5, whatever the country.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from rapidfuzz.distance import OSA

from lessons.marking import figures, folding, numerals, units
from lessons.marking.units import Unit


@dataclass(frozen=True, slots=True)
class Quantity:
    """``values``: every number it can be read as, the Indonesian reading first.

    ``beside``: where it has no ``unit``, the word or sign right behind it that is none of the table's ("5 apel").
    """

    values: tuple[Fraction, ...]
    unit: Unit | None = None
    beside: str = field(default="", compare=False)


_NUMBER = r"(?:\d[\d.,]*\d|\d)"
_TOKEN = re.compile(
    rf"(?P<mixed>\d+(?:\s+|\s+dan\s+)\d+\s*/\s*\d+(?![\d/]))"
    rf"|(?P<fraction>\d+\s*/\s*\d+(?![\d/]))"
    rf"|(?P<spaced>(?<![\d.,])[1-9]\d{{0,2}}(?:\ \d{{3}})+(?:,\d+)?(?![\d.,]))"
    rf"|(?P<number>(?<![^\W_])[.,]\d+|{_NUMBER})"
    rf"|(?P<word>[^\W\d_]+)|(?P<sign>[%+\-/:=^_√]|\S)"
)
_NUMBERED = re.compile(r"^(?:no|nmr)\.?\s*(?=\d+\W*$)")  # "no 8"
_QUESTION_NUMBER = re.compile(r"^(?:soal|no|nomor|nmr|number|question)\.?\s*\d{1,2}\s*[:.)=-]\s*(?=.*\d)")
_HEDGES = (folding.NEGATIONS | folding.UNSURE) | folding.bag(
    "atau or lebih antara sampai hingga between more less than under over pangkat akar puluhan belasan ratusan ribuan jutaan "
    "atas bawah minimal maksimal hampir paling setidaknya least most almost basis"
)
_PAUSES = frozenset(".,;:!?'\"*#&@%/\\…")
_FORBIDDEN = frozenset("^_√<>≤≥±")
_UNWORKED = frozenset("/:+~*")  # after a number: a sum, a ratio or a range that was not worked out
_OPERATORS = folding.bag("x kali dikali dikalikan tambah ditambah plus bagi dibagi dikurangi dikurang times dari")
_BEFORE = {"rp": "rp", "rupiah": "rp", "idr": "rp", "$": "usd", "usd": "usd", "rm": "rm"}
_ONE_OF = re.compile(
    r"\bse(?=(?:jam|menit|detik|hari|minggu|pekan|bulan|tahun|abad|windu|meter|kilo|kilometer|kilogram|liter|gram|ons|ton|kuintal|"
    r"lusin|kodi|gros|rim|derajat|persen)\b)"
)


_EITHER_SIGN = re.compile(r"\b(?:plus|positif)\W{0,3}(?:minus|min|negatif)\b|[+]\s*/?\s*-|-\s*/?\s*[+]")
_UNEQUAL = re.compile(r"[<>!≠]\s*=|=\s*[<>!]")
_PARTED = re.compile(r"\b(kilo|hekto|deka|desi|senti|centi|mili) (?=(?:meter|gram|liter|watt|joule)\b)")


_AND_HALF = re.compile(r"([^\W_]+) ([^\W\d_]+) (setengah|stgh|1/2)(?!\S)")


def _half(match: re.Match[str]) -> str:
    """ "1 jam setengah" is "1 setengah jam"."""
    many, name, half = match.groups()
    return f"{many} {half} {name}" if name in units.UNITS and (many.isdigit() or numerals.is_numeral(many)) else match[0]


@lru_cache(maxsize=2048)  # a key is read with every answer to it
def read(typed: str) -> Quantity | None:
    """The one quantity that ``typed`` says; None where there is none, or more than one, or a hedge ("lebih dari 5")."""
    text = folding.reasoned(folding.unsigned(folding.unsaid(folding.bare(folding.plain(typed)))))
    text = figures.tens(_ONE_OF.sub("satu ", _PARTED.sub(r"\1", text)))
    text = re.sub(r"(?<=\d)\s*,-+", "", text)  # Rp 5.000,-
    text = re.sub(r"kurang lebih|lebih kurang", " ", text).replace("se per ", "seper ")
    text = re.sub(r"(?<=[^\W\d_])-(?=[^\W\d_])", " ", _NUMBERED.sub("", _QUESTION_NUMBER.sub("", text)))  # twenty-five
    text = _AND_HALF.sub(_half, text)
    text = _EITHER_SIGN.sub("±", re.sub(r"^-\s+(?=\d)", "-", text))
    if _UNEQUAL.search(text):
        return None
    if "=" in text:
        sides = [side for side in text.split("=") if _found(side)]
        return _only(_found(sides[-1])) if sides else None
    return _only(_found(text))


def _only(found: list[Quantity]) -> Quantity | None:
    if len(found) < 2:
        return found[0] if found else None
    if all(q == found[0] for q in found):
        return found[0]
    return _compound(found)


def _compound(found: list[Quantity]) -> Quantity | None:
    """3 km 500 m; 1 jam 30 menit: one dimension, each unit smaller than the one before."""
    total, last, first = Fraction(0), None, found[0].unit
    for quantity in found:
        unit = quantity.unit
        if unit is None or first is None or unit.dimension != first.dimension or quantity.values[0] < 0:
            return None
        if last is not None and unit.factor >= last:
            return None
        total, last = total + quantity.values[0] * unit.factor, unit.factor
    return Quantity((total / first.factor,), first) if first else None


def _found(text: str) -> list[Quantity]:
    """Every quantity in ``text``; [] where anything in it forbids to read it as a number."""
    text = figures.powers(text)
    tokens = [Token(m.lastgroup or "", m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text)]
    out: list[Quantity] = []
    strange: list[str] = []
    in_words, before, at = False, None, 0
    while at < len(tokens):
        minus = _is_minus(tokens, at)
        run, then = _run(tokens, at + minus)
        if run:
            values = tuple(-v if minus else v for v in _evaluate(run))
            if not values or _is_glued(tokens, at + minus, then) or (minus and _is_signed_twice(tokens, at)):
                return []
            in_words = in_words or all(isinstance(part, str) for part in run)
            unit, took = units.unit(*(t.text for t in tokens[then : then + 4]))
            out.append(Quantity(values, unit or before, "" if unit or before else _beside(tokens, then)))
            before, at = None, then + took
            continue
        kind, said = tokens[at].kind, tokens[at].text
        if (kind == "sign" and (said in _FORBIDDEN or (out and said in _UNWORKED))) or said in _HEDGES:
            return []
        if out and said == "-" and at + 1 < len(tokens) and _is_number(tokens[at + 1]):
            return []  # "3 -3" is a range, a sum, or two answers
        if out and said in _OPERATORS and any(_is_number(token) for token in tokens[at + 1 :]):
            return []  # "5 x 5" is a sum that was not worked out
        if said in _BEFORE:
            before = units.UNITS[_BEFORE[said]]
        elif kind == "word" and len(said) > 1 and said in units.UNITS and not out and not strange:
            before = units.UNITS[said]  # kg 5
        elif kind == "word" and said not in units.UNITS:
            strange.append(said)
        at += 1
    names = _WORDS if in_words else _SCALES
    return [] if any(_is_misspelt(word, names) for word in strange) else out


class Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


def _is_minus(tokens: list[Token], at: int) -> bool:
    """A dash that clings to the number after it and to nothing before it; after another sign ("--3") it says nothing clear."""
    if tokens[at].text != "-" or at + 1 == len(tokens) or tokens[at + 1].start != tokens[at].end:
        return False
    return at == 0 or tokens[at - 1].kind in ("word", "sign")


def _is_signed_twice(tokens: list[Token], at: int) -> bool:
    return at > 0 and tokens[at - 1].text in ("-", "+") and tokens[at - 1].end == tokens[at].start


def _beside(tokens: list[Token], at: int) -> str:
    """The word or sign at ``at`` that looks like a unit: no filling, no punctuation."""
    said = tokens[at].text if at < len(tokens) else ""
    is_word = bool(said) and tokens[at].kind == "word" and said not in folding.FILLERS and said not in folding.BECAUSE
    is_sign = (
        bool(said) and tokens[at].kind == "sign" and unicodedata.category(said[0]) in ("Sc", "So", "Po") and said not in _PAUSES
    )
    return said if is_word or is_sign else ""


Part = str | tuple[Fraction, ...]


def _run(tokens: list[Token], at: int) -> tuple[list[Part], int]:
    """The longest run from ``at`` that is one number: digits, number words, and the words that join them; and what follows it."""
    run: list[Part] = []
    then = at
    while then < len(tokens):
        token = tokens[then]
        if token.kind == "word":
            parts = _joined(tokens, then, run)
            if not parts:
                break
            run += parts
        elif token.kind == "sign" or (run and not isinstance(run[-1], str)):
            break  # two numbers in digits side by side are two numbers
        else:
            run.append(figures.literal(token.kind, token.text))
        then += 1
    if all(part in ("koma", "per", "dan", "point") or part in numerals.MINUS for part in run):
        return [], at
    return run, then


def _joined(tokens: list[Token], at: int, run: list[Part]) -> list[str]:
    """The number words that this word adds to ``run``; [] where the run ends before it."""
    word, clings = tokens[at].text, at > 0 and tokens[at - 1].end == tokens[at].start
    if word in numerals.MINUS and run:
        return []
    if word in ("per", "dan", "and", "a", "an"):
        goes_on = bool(run) and any(_is_number(t) for t in tokens[at + 1 : at + (2 if word in ("per", "dan") else 3)])
        return [word] if goes_on else []
    if word == "k" and len(run) == 1 and clings:
        return ["ribu"]
    return numerals.pieces(word)


def _is_number(token: Token) -> bool:
    return token.kind not in ("word", "sign") or bool(numerals.pieces(token.text))


def _evaluate(run: list[str | tuple[Fraction, ...]]) -> tuple[Fraction, ...]:
    ways = [part if isinstance(part, tuple) else (part,) for part in run]
    if sum(len(way) > 1 for way in ways) > 1 or len(run) > 30:
        return ()
    combinations: Iterable[tuple[str | Fraction, ...]] = product(*ways)
    values = [numerals.value(tokens) for tokens in combinations]
    return tuple(dict.fromkeys(v for v in values if v is not None))


def _is_glued(tokens: list[Token], at: int, then: int) -> bool:
    """True where letters cling to the digits so that they may be a slip: "l0", "1O", "x5", "12b"."""
    if at and tokens[at - 1].kind == "word" and tokens[at - 1].end == tokens[at].start and tokens[at].text[0].isdigit():
        word = tokens[at - 1].text
        if at > 1 and word in units.UNITS and tokens[at - 2].kind != "word":
            return False  # 2kg750g
        return word not in _BEFORE and word not in folding.FILLERS
    if then == len(tokens) or tokens[then].start != tokens[then - 1].end or not tokens[then - 1].text[-1].isdigit():
        return False
    word = tokens[then].text
    return word == "_" or (tokens[then].kind == "word" and len(word) == 1 and (word not in units.UNITS or word in _SLIPS))


_SLIPS = frozenset("afknr")  # signs of units that are seldom typed, beside keys that are easily hit

_SCALES = ("puluh", "ratus", "ribu", "juta", "miliar")
_WORDS = (*numerals.UNITS, *_SCALES, "belas", "koma", "setengah", "seperempat")


def _is_misspelt(word: str, names: Sequence[str]) -> bool:
    """A word beside a number that may be part of it: "dua puluh lma" is not 20, "5 rbu" is not 5."""
    return len(word) > 2 and any(OSA.distance(word, name, score_cutoff=1) <= 1 for name in names)


def exact(text: str) -> Fraction | None:
    """A number that a teacher wrote as a key, by the Indonesian reading ("1.500" is 1500, "3.5" is 3.5); None if unreadable."""
    quantity = read(str(text))
    return quantity.values[0] if quantity else None


def is_near(quantity: Quantity, key: Fraction, tolerance: Fraction, unit: Unit | None, named: bool = False) -> bool:
    """True where a reading of ``quantity``, turned into ``unit``, is at most ``tolerance`` from ``key``.

    Without a unit in the answer the key's is meant. Without one in the key any is taken, and "25%" is 25 as well as 1/4.
    ``named``: the key has a unit that the table does not know ("apel"): an answer in another one is not near.
    """
    values = quantity.values
    if quantity.unit:
        if unit:
            said = quantity.unit.as_one_of(unit.dimension)
            if said is None:
                return False
            values = tuple(v * said.factor / unit.factor for v in values)
        elif named and quantity.unit.dimension != "count":
            return False
        elif quantity.unit.dimension == "count":
            values = (*values, *(v * quantity.unit.factor for v in values))  # selusin is 12 as well as 1
        elif quantity.unit.dimension == "percent":
            shares = tuple(v / 100 for v in values)
            values = (*values, *shares) if abs(key) >= 1 else shares  # of a share below one "0,5%" is no half
    return any(abs(v - key) <= tolerance for v in values)


def is_other_form(typed: str, text: str) -> bool:
    """True where one is written as a fraction and the other as a decimal: equal, but perhaps the very question.

    Words are either.
    """
    one, other = folding.plain(typed), folding.plain(text)
    return any(c.isdigit() for c in one) and any(c.isdigit() for c in other) and ("/" in one) != ("/" in other)
