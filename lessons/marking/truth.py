"""True or false, as it is typed. Pure."""

from __future__ import annotations

from rapidfuzz.distance import OSA

from lessons.marking import folding

_TRUE = folding.bag("1 b y benar bener bnr betul btul betoel ya iya iyah yaa yup yes yep true tru correct right tepat setuju")
_YES = folding.bag("ya iya iyah yaa yup yes yep y")
_FALSE = folding.bag("2 s f salah slh false wrong incorrect keliru")
_NO = folding.bag("t n tidak tdk gak gk ga nggak ngga enggak engga kagak tak bukan no nope not")
_LONG = {"benar": True, "betul": True, "salah": False, "tidak": False, "false": False, "correct": True, "wrong": False}
_MUST_NOT = folding.UNSURE | folding.bag("kurang belum blm atau or")


def read_truth(typed: str, language: str) -> bool | None:
    """True, False, or None where it says neither, or both ("ya, salah", "benar atau salah", "tidak tahu").

    ``t`` is *tidak* for those who learn in Indonesian and *true* for those who learn in English.
    "tidak benar" is false; "tidak salah" is two answers at once, and not readable.
    """
    found: set[bool] = set()
    strange, negated, agreed = 0, False, False
    for word in folding.words(typed):
        if word in folding.BECAUSE:
            break
        if word in _MUST_NOT:
            return None
        meant = _meant(word, language)
        if meant is None:
            strange += word not in folding.FILLERS
        elif meant is False and word in _NO:
            negated = True
        else:
            found.add(meant)
            agreed = agreed or word in _YES
    if strange > 3 or len(found) == 2:
        return None
    if negated:
        return None if found == {False} or agreed else False
    return found.pop() if found else None


def _meant(word: str, language: str) -> bool | None:
    if word == "t":
        return language == "en"
    if word in _TRUE:
        return True
    if word in _FALSE or word in _NO:
        return False
    near = {meant for name, meant in _LONG.items() if len(word) > 3 and OSA.distance(word, name, score_cutoff=1) <= 1}
    return near.pop() if len(near) == 1 else None
