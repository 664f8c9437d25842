"""Units as Indonesian schools use them, and how they turn into one another. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Unit:
    """``dimension`` says what it measures; ``factor`` how many of that dimension's base unit it is."""

    dimension: str
    factor: Fraction


# Base units: metre, square metre, litre, gram, second, month, rupiah, percent, degree, piece.
_TABLE = {
    "length": [
        ("mm milimeter", "1/1000"), ("cm centimeter sentimeter senti", "1/100"), ("dm desimeter", "1/10"), ("m meter mtr metre meters", "1"),
        ("dam dekameter", "10"), ("hm hektometer", "100"), ("km kilometer kilometre kilometers", "1000"), ("inci inch", "127/5000"),
    ],
    "area": [
        ("mmpersegi", "1/1000000"), ("cmpersegi", "1/10000"), ("dmpersegi", "1/100"), ("mpersegi", "1"), ("dampersegi are", "100"),
        ("hmpersegi hektar hektare ha hectare", "10000"), ("kmpersegi", "1000000"),
    ],
    "volume": [
        ("mmkubik", "1/1000000"), ("ml mililiter cc cmkubik", "1/1000"), ("cl sentiliter", "1/100"), ("dl desiliter", "1/10"),
        ("l liter ltr litre liters dmkubik", "1"), ("dal dekaliter", "10"), ("hl hektoliter", "100"), ("kl kiloliter mkubik", "1000"),
    ],
    "mass": [
        ("mg miligram", "1/1000"), ("cg sentigram", "1/100"), ("dg desigram", "1/10"), ("g gr gram grams", "1"), ("dag dekagram", "10"),
        ("hg hektogram ons", "100"), ("pon", "500"), ("kg kilogram kilo kilograms kgs", "1000"), ("kuintal kwintal kw", "100000"),
        ("ton", "1000000"),
    ],
    "time": [
        ("detik dtk s sekon second seconds sec", "1"), ("menit mnt minute minutes", "60"), ("jam j hour hours", "3600"),
        ("hari day days", "86400"), ("minggu pekan week weeks", "604800"),
    ],
    "years": [
        ("bulan bln month months", "1"), ("semester", "6"), ("tahun thn th year years", "12"), ("windu", "96"), ("dasawarsa dekade decade", "120"),
        ("abad century", "1200"),
    ],
    "money": [("rp rupiah idr rupiahs", "1")],
    "percent": [("% persen percent prosen", "1")],
    "angle": [("derajat degree degrees celsius celcius c", "1")],
    "count": [
        ("buah bh biji butir ekor orang org lembar helai potong pcs pieces", "1"), ("lusin dozen", "12"), ("kodi", "20"), ("gros", "144"),
        ("rim", "500"),
    ],
}  # fmt: skip

UNITS = {
    name: Unit(dimension, Fraction(factor))
    for dimension, rows in _TABLE.items()
    for names, factor in rows
    for name in names.split()
}
_POWERS = {"persegi": "persegi", "kuadrat": "persegi", "kubik": "kubik"}
_SHORT = {"milimeter": "mm", "sentimeter": "cm", "centimeter": "cm", "desimeter": "dm", "meter": "m", "dekameter": "dam"}
_SHORT |= {"hektometer": "hm", "kilometer": "km"}


def unit(word: str, then: str = "") -> tuple[Unit | None, int]:
    """The unit that ``word`` (and ``then``, the next word) names, and how many of the two words it took."""
    if then in _POWERS and (found := UNITS.get(_SHORT.get(word, word) + _POWERS[then])):
        return found, 2
    if word == "derajat" and then in ("c", "celsius", "celcius"):
        return UNITS[word], 2
    found = UNITS.get(word)
    return found, 1 if found else 0
