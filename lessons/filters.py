"""What Indonesian operators and their routes filter out of SMS: sent, billed, and never there. Pure.

Aggregators say so of their long-number routes (NusaSMS, FAQ): a number of more than three digits is taken for a one-time
password, links are stripped, and words of money, prizes and passwords are blocked. It is a matter of the route, and nobody
publishes the list; what stands here is what they name and its nearest kin. A lesson that says "nomor" or "1945" meets it as a
fraud does. USSD, voice and web are not filtered. Each SMS line says what its own route filters (``ROUTES``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from core.problems import N_, Problem
from lessons.course import Words

Why = Literal["link", "phone", "number", "password", "prize", "money", "gamble", "word", "shouting"]

ROUTES = ("strict", "registered", "none")
"""What a line's route filters, the strictest first.

``strict``: a long number or a cheap route, all of it. ``registered``: a sender name whose texts the operator has approved; links,
telephone numbers and gambling are stopped there too. ``none``: our own modem or a contract without a filter.
"""
_PASSING: dict[str, tuple[Why, ...]] = {"registered": ("number", "password", "prize", "money", "word", "shouting")}

_PASSWORDS = "otp pin akun account token password passcode sandi verifikasi login cvv"
_PRIZES = "hadiah menang pemenang undian bonus gratis selamat promo voucher cashback"
_MONEY = "dana juta miliar transfer rekening pinjaman kredit pulsa saldo tunai cicilan investasi"
_GAMBLES = "judi togel taruhan slot jackpot kasino casino poker"
_OTHERS = "nomor klik"
_LISTS: dict[Why, str] = {"password": _PASSWORDS, "prize": _PRIZES, "money": _MONEY, "gamble": _GAMBLES, "word": _OTHERS}
_WORDS = {word: why for why, words in _LISTS.items() for word in words.split()}
_ENDS = r"(?:com|id|net|org|info|me|ly|gl|io|app|link|site|xyz|top|biz|co|edu|gov|tv|ai)"
_LINK = re.compile(
    rf"(?:https?://|www\.)\S+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.{_ENDS}\b(?:/\S*)?|\bwa\.me\S*|\S+@[a-z0-9-]+\.[a-z.]+",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<![\d+])(?:\+?62[ -]?|0)8[\d -]{7,14}\d(?!\d)")
_NUMBER = re.compile(r"(?:\d+[.,])*\d{4,}(?:[.,]\d+)*")  # four in a row, behind a comma too; 1.945 has three at most
_RAISED = re.compile("[⁰¹²³⁴-⁹₀-₉]+")
_SHOUT = re.compile(r"[!?]{3,}|\b[A-Z]{2,}(?:\s+[A-Z]{2,}){3,}\b")


@dataclass(frozen=True, slots=True)
class Risk:
    """``found`` is the very text that a filter may take offence at."""

    why: Why
    found: str


_OTHER_WORD = N_("Cari kata lain. USSD tidak terpengaruh.")
_FRAUD = (N_("Kata %(found)s sering disaring operator, karena dipakai penipu."), _OTHER_WORD)
_SAID: dict[Why, tuple[str, str]] = {
    "link": (
        N_("Tautan %(found)s dibuang atau menahan SMS di sebagian operator."),
        N_("Tulis tanpa tautan: USSD dan suara pun tidak bisa membukanya."),
    ),
    "phone": (
        N_("%(found)s tampak seperti nomor telepon: sebagian operator menahan SMS-nya."),
        N_("Hapus, atau sampaikan lewat kelas."),
    ),
    "number": (
        N_("Angka %(found)s bisa dikira kode OTP dan SMS-nya ditahan sebagian operator."),
        N_("Bila bisa, tulis dengan titik (1.945) atau dengan kata. USSD tidak terpengaruh."),
    ),
    "password": _FRAUD,
    "prize": _FRAUD,
    "money": _FRAUD,
    "gamble": (N_("Kata %(found)s disaring operator sebagai judi."), N_("Cari kata lain.")),
    "word": (N_("Kata %(found)s disaring sebagian operator."), _OTHER_WORD),
    "shouting": (
        N_("Tulisan seperti %(found)s sering disaring sebagai iklan."),
        N_("Tulis dengan huruf biasa dan satu tanda baca."),
    ),
}


def strictest(routes: Iterable[str]) -> str:
    """The route among ``routes`` that filters most: who writes a text does not know by which it will leave. Strict of none."""
    return min(routes, key=lambda route: ROUTES.index(route) if route in ROUTES else 0, default=ROUTES[0])


def risks(text: str, route: str = "strict") -> list[Risk]:
    """Everything in ``text`` that the filters of ``route`` may take offence at, in order, each once."""
    passing = _PASSING.get(route, ())
    return [risk for risk in _found(text) if risk.why not in passing] if route != "none" else []


def _found(text: str) -> list[Risk]:
    text = unicodedata.normalize("NFKC", _RAISED.sub(" ", text))
    found: list[tuple[int, Risk]] = []
    taken: list[tuple[int, int]] = []

    def take(start: int, end: int, why: Why) -> None:
        if not any(a < end and start < b for a, b in taken):
            taken.append((start, end))
            found.append((start, Risk(why, text[start:end].strip(" .,;:"))))

    for pattern, why in ((_LINK, "link"), (_PHONE, "phone"), (_NUMBER, "number")):
        for match in pattern.finditer(text):
            take(match.start(), match.end(), why)  # type: ignore[arg-type]
    for match in re.finditer(r"[^\W\d_]+", text):
        kind = _WORDS.get(match.group().casefold())
        if kind is not None:
            take(match.start(), match.end(), kind)
    for match in _SHOUT.finditer(text):
        take(match.start(), match.end(), "shouting")
    seen: set[tuple[str, str]] = set()
    unique = []
    for _at, risk in sorted(found, key=lambda pair: pair[0]):
        if (risk.why, risk.found.casefold()) not in seen:
            seen.add((risk.why, risk.found.casefold()))
            unique.append(risk)
    return unique


def advice(where: str, words: Words, route: str = "strict") -> list[Problem]:
    """One Problem for each reason, naming all that was found for it in any language; never one that stops."""
    by_why: dict[tuple[str, str], list[str]] = {}
    for risk in _all(words.values(), route):
        names = by_why.setdefault(_SAID[risk.why], [])
        if risk.found.casefold() not in (name.casefold() for name in names):
            names.append(risk.found)
    return [
        Problem(where, what, remedy, stops=False, facts={"found": ", ".join(names)}) for (what, remedy), names in by_why.items()
    ]


def on_route(found: Iterable[Problem], route: str) -> list[Problem]:
    """``found`` without the advice of ``advice`` about what ``route`` lets pass."""
    passing = set(_SAID) if route == "none" else set(_PASSING.get(route, ()))
    silent = {_SAID[why][0] for why in passing} - {_SAID[why][0] for why in set(_SAID) - passing}
    return [problem for problem in found if problem.what not in silent]


def _all(texts: Iterable[str], route: str) -> list[Risk]:
    return [risk for text in texts for risk in risks(text, route)]
