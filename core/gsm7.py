"""The GSM-7 alphabet: what a text costs on a phone, and how to make it cheaper. Pure.

Sources: 3GPP TS 23.038 (alphabet, extension table), 3GPP TS 23.040 (140 octets of user data: 160
septets or 70 UTF-16 units; 153 or 67 in each part of a longer message, because 6 octets go to the header).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")  # each travels as an escape and a character: two septets
_ALPHABET = BASIC | EXTENSION

SINGLE = {"gsm7": 160, "ucs2": 70}
PART = {"gsm7": 153, "ucs2": 67}

# Rewrites that every reader takes for the same thing.
_REWRITES = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "‛": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "`": "'", "´": "'",
        "–": "-", "—": "-", "‐": "-", "‑": "-", "‒": "-", "−": "-", "…": "...", "•": "-", "·": ".",
        "×": "x", "÷": ":", "⋅": "x", "∙": "x", "≤": "<=", "≥": ">=", "≠": "<>", "≈": "~", "√": "akar ", "π": "pi",
        "½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3", "²": "^2", "³": "^3", "°": " derajat",
        "→": "->", "←": "<-", "\t": " ", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u200b": "", "\u2060": "",
        "\ufeff": "", "\u200c": "", "\u200d": "", "\u180e": "", "ç": "c", "™": "TM", "©": "(c)", "®": "(R)",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Size:
    """What a text costs: ``units`` are septets (gsm7) or UTF-16 units (ucs2)."""

    encoding: str
    units: int
    segments: int


def is_gsm7(text: str) -> bool:
    """True where every character is in the GSM-7 alphabet or its extension table."""
    return _ALPHABET.issuperset(text)  # paging asks a thousand times for one screen


def septets(text: str) -> int:
    """Length of a GSM-7 text in septets; extension characters count two. Others count one: ask is_gsm7 first."""
    return len(text) + sum(map(text.count, EXTENSION))


def utf16_units(text: str) -> int:
    """Length in UTF-16 units, as UCS-2 networks count: an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def units(text: str) -> int:
    """Septets where the text is GSM-7, else UTF-16 units."""
    return septets(text) if is_gsm7(text) else utf16_units(text)


def _weights(text: str, encoding: str) -> Iterator[int]:
    if encoding == "gsm7":
        return (2 if c in EXTENSION else 1 for c in text)
    return (2 if ord(c) > 0xFFFF else 1 for c in text)


def size(text: str) -> Size:
    """Encoding, units and SMS segments of a text. The empty text is one segment of nothing.

    An escape pair or a surrogate pair is never split, so a part may carry 152 (or 66) units.
    """
    encoding = "gsm7" if is_gsm7(text) else "ucs2"
    total = septets(text) if encoding == "gsm7" else utf16_units(text)
    if total <= SINGLE[encoding]:
        return Size(encoding, total, 1)
    segments, used = 1, 0
    for weight in _weights(text, encoding):
        if used + weight > PART[encoding]:
            segments, used = segments + 1, 0
        used += weight
    return Size(encoding, total, segments)


def rewrite(text: str) -> str:
    """``text`` with everything rewritten to GSM-7 for which a safe rewrite exists; the rest is left alone.

    Curly quotes, dashes, blanks, signs of arithmetic and simple fractions are replaced; a letter with a
    mark that the alphabet lacks loses the mark (ñ and é are in it and stay). ``…`` becomes three characters: count after.
    Text in another script is returned as it is: half a rewrite would cost UCS-2 all the same.
    """
    if is_gsm7(text):
        return text
    out = []
    for c in unicodedata.normalize("NFC", text).translate(_REWRITES):
        if c in BASIC or c in EXTENSION:
            out.append(c)
            continue
        if "\u0300" <= c <= "\u036f" and out and is_gsm7(out[-1]):
            continue  # a mark that no letter of Unicode has with it, or a second one
        bare = "".join(p for p in unicodedata.normalize("NFKD", c) if not unicodedata.combining(p))
        out.append(bare if bare and is_gsm7(bare) else c)
    return "".join(out)


def screen_budget(text: str, budget: int) -> int:
    """Units that one USSD screen holds for this text: ``budget`` septets, or as many octets in UCS-2.

    160 septets are 140 octets, hence 70 UTF-16 units (3GPP TS 23.038).
    """
    return budget if is_gsm7(text) else budget * 7 // 8 // 2


def fits_screen(text: str, budget: int) -> bool:
    """True where ``text`` fits one USSD screen of ``budget`` septets (70 UTF-16 units for 160 where it is not GSM-7)."""
    return units(text) <= screen_budget(text, budget)
