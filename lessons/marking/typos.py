"""How near a word came to the right one. Pure."""

from __future__ import annotations

from rapidfuzz.distance import OSA

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
