"""True or false, as it is typed. Pure."""

from __future__ import annotations

import re

from rapidfuzz.distance import OSA

from lessons.marking import folding

_TRUE = folding.bag(
    "1 01 b y benar bener bnr bnar betul btl btul betul2 betoel ya iya iyah iyaa yaa yoi yup yes yep true tru correct right "
    "iy enya benar2 bener2 iyo yo iyes tepat setuju sesuai leres nggih inggih enggih muhun sumuhun"
)
_YES = folding.bag("ya iya iyah iyaa yaa yoi yup yes yep y iy enya nggih inggih enggih muhun sumuhun")
_FALSE = folding.bag("2 02 s f salah slh slah sala2 false wrong incorrect keliru lepat")
_NO = folding.bag(
    "t n tidak tdk gak gk ga nggak ngga enggak engga kagak tak bukan bkn no nope not "
    "tidaklah bukanlah enggk engak nggk kaga g ndak endak ora mboten henteu teu"
)
_LONG = {"benar": True, "betul": True, "salah": False, "tidak": False, "false": False, "correct": True, "wrong": False}
# One edit from a word of _LONG, and another word: "besar" is no slip for "benar".
_OTHERS = folding.bag("besar bentar benak bekal kalah malah celah salam salat saleh salar ketul betel tadak")
_MUST_NOT = folding.UNSURE | folding.bag(
    "kurang belum blm atau or hampir setengah separuh sebagian sebagiannya kadang kadang2 mustahil apakah apa kalau kalo jika "
    "bila antara semoga moga mudah2an harusnya seharusnya benarkah salahkah if almost maybe tergantung relatif jangan kah kali"
)
_STRONG = folding.bag(
    "sekali banget bgt bngt besar total mutlak amat sangat jelas pasti tentu memang emang sudah udah selalu semua semuanya "
    "it is yaudah dong pisan tenan very totally absolutely kayaknya itu sih pernyataan pernyataannya pernyatan kalimat "
    "kalimatnya "
    "tersebut "
    "tsb statement this that adalah ialah"
)
_IS = folding.bag("adalah ialah yaitu yakni seharusnya itu")
_NOT_QUITE = re.compile(r"^(?:kurang|belum|blm) (?:tepat|benar|betul|bener|bnr|sesuai|setuju)(?= *[.!]*$)")
_TICKS = {"✓": True, "✔": True, "✅": True, "☑": True, "✗": False, "✘": False, "❌": False, "✕": False, "✖": False}
_TOKEN = re.compile(r"\^?[^\W_]+(?:'[^\W_]+)?|[,.;:!?/|&+-]")


def read_truth(typed: str, language: str) -> bool | None:
    """True, False, or None where it says neither, or both ("ya, salah", "benar atau salah", "tidak tahu").

    ``t`` is *tidak* for those who learn in Indonesian and *true* for those who learn in English.
    "tidak benar" is false; "tidak salah" is two answers at once, and not readable; nor is "benar tidak?", which asks.
    """
    text = folding.unsigned(folding.reasoned(folding.unsaid(folding.bare(folding.plain(typed)))))
    text = _NOT_QUITE.sub("salah", text)
    if not any(c.isalnum() for c in text.replace("x", "")):
        ticks = {_TICKS[c] for c in typed[: folding.CAP] if c in _TICKS}
        return ticks.pop() if len(ticks) == 1 else None
    text = re.sub(r"\b(?:no|nomor|nomer|nmr)\b\.?\s*(?=0?[12]\b)", " ", text)
    found: set[bool] = set()
    strange, denied, is_parted, says_what = 0, False, False, False
    for word in _TOKEN.findall(text):
        if not word[-1].isalnum():
            is_parted = True
            continue
        word = folding.squeezed(word) if folding.is_held(word) else word
        if word in _MUST_NOT or (word == "f" and denied and is_parted):  # t/f
            return None
        meant = _meant(word, language)
        if meant is False and word in _NO:
            if found or denied:
                return None  # "benar tidak?", "bukan tidak benar"
            denied, is_parted = True, False
        elif meant is not None:
            if strange:
                return None  # "Bandung benar": what is it about?
            if denied:
                if meant is False and is_parted:  # "tidak, salah"
                    found.add(False)
                elif meant is False or word in _YES or is_parted:
                    return None
                meant, denied = False, False
            found.add(meant)
        elif word not in folding.FILLERS and word not in _STRONG:
            strange += 1
        says_what = says_what or (bool(found) and word in _IS)
    if strange > 3 or len(found) > 1 or (says_what and strange):  # "yang benar adalah Bandung"
        return None
    return found.pop() if found else False if denied else None


def _meant(word: str, language: str) -> bool | None:
    if word == "t":
        return language == "en"
    if word in _TRUE:
        return True
    if word in _FALSE or word in _NO:
        return False
    if word in _OTHERS:
        return None
    near = {meant for name, meant in _LONG.items() if len(word) > 3 and OSA.distance(word, name, score_cutoff=1) <= 1}
    return near.pop() if len(near) == 1 else None
