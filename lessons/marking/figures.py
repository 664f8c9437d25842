"""Numbers in digits: what "1.234,5" and "1 1/2" can be, and how a number is printed. Pure."""

from __future__ import annotations

import re
from fractions import Fraction

DIGITS = 40
"""Longest number that is read; a longer one is not an answer of a school quiz."""

_GROUPED = {".": re.compile(r"[1-9]\d{0,2}(\.\d{3})+(,\d+)?"), ",": re.compile(r"[1-9]\d{0,2}(,\d{3})+(\.\d+)?")}
_TENS = re.compile(
    r"(?<![\w.,^/])(?:(?P<many>\d[\d.,]*)\s*(?:x|\*|kali)\s*)?10\s*(?:\^|pangkat)\s*(?P<minus>-|min(?:us)?\s*|negatif\s*)?\^?(?P<to>\d(?:\^?\d)?)(?![\d^]|[.,/]\d)"
)
_SCIENTIFIC = re.compile(r"(?<![\w.,^/])(\d[\d.,]*)e\+?(-?)(\d{1,2})(?![\w^]|[.,/]\d)")
_AREA = re.compile(r"(?<![^\W\d_])(mm|cm|dm|m|dam|hm|km|s|detik|dtk|sekon)\s?(?:\^|pangkat )?([23])(?![\w.,]\d|\w)")


def digits(token: str) -> tuple[Fraction, ...]:
    """Every number that a run of digits, dots and commas can be; () where it is none ("1..2", "1.2.3")."""
    if len(token) > DIGITS:
        return ()
    if token.isdigit():
        return (Fraction(int(token)),)
    found = []
    if _GROUPED["."].fullmatch(token):
        found.append(token.replace(".", "").replace(",", "."))
    if re.fullmatch(r"\d*,\d+", token):
        found.append(token.replace(",", "."))
    if _GROUPED[","].fullmatch(token):
        found.append(token.replace(",", ""))
    if re.fullmatch(r"\d*\.\d+", token):
        found.append(token)
    return tuple(dict.fromkeys(Fraction(text) for text in found))


def literal(kind: str, token: str) -> tuple[Fraction, ...]:
    """Every number that a ``token`` can be: a "number", a "fraction", "mixed" (1 1/2) or "spaced" (12 000); () for none."""
    if kind == "number":
        return digits(token)
    parts = [int(part) for part in re.findall(r"\d+", token) if len(part) <= DIGITS]
    if kind == "spaced":
        joined = token.replace(" ", "").replace(",", ".")
        return (Fraction(joined),) if len(joined) <= DIGITS else ()
    if len(parts) != (3 if kind == "mixed" else 2) or not parts[-1]:
        return ()
    return ((parts[0] if kind == "mixed" else 0) + Fraction(parts[-2], parts[-1]),)


def tens(text: str) -> str:
    """Powers of ten worked out: "3x10^2" is "300", "10^-3" is "1/1000", "1e3" is "1000". No other power is a number."""
    return _TENS.sub(_worked_out, _SCIENTIFIC.sub(r"\1x10^\2\3", text))


def _worked_out(match: re.Match[str]) -> str:
    many = digits(match["many"].rstrip(".,")) if match["many"] else (Fraction(1),)
    to = int(match["to"].replace("^", ""))
    if not many or to > DIGITS:
        return match[0]
    value = many[0] * Fraction(10) ** (-to if match["minus"] else to)
    return str(value)


def powers(text: str) -> str:
    """Powers of a unit in words: "m2", "m^2" is "mpersegi", as the table of units has it."""
    return _AREA.sub(lambda m: m[1] + ("persegi" if m[2] == "2" else "kubik"), text)


def show(value: Fraction, language: str) -> str:
    """``value`` as it is printed: "1.234,5" in Indonesian, "1,234.5" in English; a fraction that never ends as "1/3"."""
    below, places = value.denominator, 0
    while below % 10 == 0 or below % 5 == 0 or below % 2 == 0:
        below = below // 10 if below % 10 == 0 else below // 5 if below % 5 == 0 else below // 2
        places += 1
    if below > 1 or places > DIGITS:
        return f"{value.numerator}/{value.denominator}"
    whole, part = f"{abs(value.numerator) * 10**places // value.denominator:0{places + 1}d}", ""
    if places:
        whole, part = whole[:-places], whole[-places:].rstrip("0")
    # four digits stay together, as in "1500 m": on a phone a dot is easily taken for a comma
    grouped = f"{int(whole):,}" if len(whole) > 4 else whole
    if language != "en":
        grouped = grouped.replace(",", ".")
    sign = "-" if value < 0 else ""
    return f"{sign}{grouped}{('.' if language == 'en' else ',') + part if part else ''}"
