"""How near a word came to the right one. Pure."""

from __future__ import annotations

from rapidfuzz.distance import OSA

from lessons.marking import folding
from lessons.marking.numerals import is_numeral


def allowance(word: str) -> int:
    """Edits forgiven for a text: none under 3 letters, one from 3 to 9, two beyond (H5P's rule, h5p-essay#39)."""
    letters = sum(c.isalpha() for c in word)
    return 0 if letters < 3 else 1 if letters <= 9 else 2


def is_typo(typed: str, meant: str) -> bool:
    """True where ``typed`` is ``meant`` misspelt; both folded by ``folding.loose``. Equal texts are no typo.

    Two neighbours swapped are one edit. Never where either holds a digit or is a number in words: "tiga" and "tige" could
    be anything, and a number that is nearly right is wrong.
    """
    if not typed or not meant or typed == meant or any(c.isdigit() for c in typed + meant):
        return False
    if is_numeral(typed) or is_numeral(meant):
        return False
    most = allowance(meant)
    return most > 0 and OSA.distance(typed, meant, score_cutoff=most) <= most


def edits(typed: str, meant: str) -> int:
    """How many letters apart; two neighbours swapped are one."""
    return OSA.distance(typed, meant)


def is_typo_beside_numbers(typed: str, meant: str) -> bool:
    """As ``is_typo`` for texts with numbers in them ("17 agustis 1945"): the numbers must be the same, each in its place."""
    said, wanted = folding.words(typed), folding.words(meant)
    if len(said) != len(wanted) or not any(_has_digit(word) for word in wanted):
        return False
    pairs = list(zip(said, wanted, strict=True))
    if any(one != other for one, other in pairs if _has_digit(one) or _has_digit(other)):
        return False
    letters = [pair for pair in pairs if not _has_digit(pair[0])]
    return is_typo(" ".join(one for one, _ in letters), " ".join(other for _, other in letters))


def _has_digit(word: str) -> bool:
    return any(c.isdigit() for c in word)
