"""Questions as GIFT, so that ``gift.read`` and Moodle read them back the same. Pure.

GIFT has one language, decimal numbers without units, and no ids. What it cannot carry is a note, not a silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from core.problems import N_, Problem
from lessons.course import FIRST, Item, say
from lessons.exchange import words
from lessons.exchange.made import note
from lessons.exchange.pairs import pairs_of
from lessons.marking import numbers

_ESCAPED = str.maketrans({"\\": "\\\\", **{c: "\\" + c for c in "#=~{}:"}, "\n": "\\n"})


def write(items: Sequence[Item], title: str = "") -> tuple[bytes, list[Problem]]:
    """(the file, what of which question, by its number from 1, it does not carry)."""
    notes: list[Problem] = []
    parts = [f"$CATEGORY: {' '.join(title.replace('/', '-').split())}\n"] if title.strip() else []
    for at, item in enumerate(items, 1):
        answers = _answers(item)
        if answers is None:
            notes.append(note(at, N_("Soal ini tidak bisa ditulis dalam GIFT."), N_("Ekspor sebagai CSV atau XLSX.")))
            continue
        why = say(item.explanation, FIRST)
        general = f"####{_rich(why)}" if why else ""
        parts.append(f"{_rich(say(item.prompt, FIRST), is_first=True)}{{{answers}{general}}}\n")
        notes += _lost(at, item)
    return "\n".join(parts).encode(), notes


def _answers(item: Item) -> str | None:
    key, right = item.key, item.key.get("right")
    if item.kind == "multiple_choice" and type(right) is int:
        return _lines(
            f"{'=' if at == right else '~'}{_option(say(c, FIRST), at == right)}" for at, c in enumerate(item.choices, 1)
        )
    if item.kind == "multiple_response" and isinstance(rights := key.get("rights"), list | tuple) and rights:
        weights = {True: f"%{_percent(len(rights))}%", False: "%-100%"}
        return _lines(f"~{weights[at in rights]}{_rich(say(c, FIRST))}" for at, c in enumerate(item.choices, 1))
    if item.kind == "true_false" and isinstance(right, bool):
        return "TRUE" if right else "FALSE"
    if item.kind == "number":
        value, tolerance = numbers.exact(str(key.get("number", ""))), numbers.exact(str(key.get("tolerance", "") or "0"))
        texts = [None if n is None else _decimal(n) for n in (value, tolerance)]
        return f"#{texts[0]}{f':{texts[1]}' if tolerance else ''}" if None not in texts else None
    if item.kind == "short_answer":
        accepted = _accepted(key.get("accepted"))
        if any("->" in text for text in accepted):
            return None  # it would be read as pairs
        return _lines(f"={'%100%' if text.startswith('%') else ''}{_rich(text.replace('*', chr(92) + '*'))}" for text in accepted)
    if item.kind == "matching":
        pairs = pairs_of(item)
        if pairs is None or any("->" in left for left, _ in pairs):
            return None
        return _lines(f"={_rich(left)} -> {_escaped(right)}" for left, right in pairs)
    return None


def _option(text: str, is_right: bool) -> str:
    return f"%0%{_rich(text)}" if text.startswith("%") and not is_right else _rich(text)


def _lines(lines: Any) -> str:
    return "".join(f"\n\t{line}" for line in lines) + "\n"


def _percent(of: int) -> str:
    """A weight as Moodle's list of grades has it: 50, 33.33333."""
    return f"{100 / of:.5f}".rstrip("0").rstrip(".")


def _decimal(value: Fraction) -> str | None:
    """A number with a decimal point; None for one that never ends."""
    for places in range(16):
        if (value * 10**places).denominator == 1:
            text = f"{abs(value.numerator) * 10**places // value.denominator:0{places + 1}d}"
            whole, part = (text[:-places], "." + text[-places:]) if places else (text, "")
            return f"{'-' if value < 0 else ''}{whole}{part}"
    return None


def _rich(text: str, is_first: bool = False) -> str:
    """A text; with the word that it is plain, where Moodle would take signs in it for more."""
    escaped = _escaped(text)
    is_taken = text.startswith("[") or words.plain(text, "moodle") != text or (is_first and text.startswith(("//", "$CATEGORY")))
    return f"[plain]{escaped}" if is_taken else escaped


def _escaped(text: str) -> str:
    return text.translate(_ESCAPED)


def _accepted(held: Any) -> list[str]:
    if hasattr(held, "items"):
        held = [text for code, texts in sorted(held.items(), key=lambda each: each[0] != FIRST) for text in texts]
    return [held] if isinstance(held, str) else [str(text) for text in held or ()]


def _lost(at: int, item: Item) -> list[Problem]:
    lost = []
    if any(set(words) - {FIRST} for words in (item.prompt, item.explanation, *item.choices) if any(words.values())):
        lost.append(note(at, N_("Terjemahannya tidak ikut: GIFT hanya satu bahasa.")))
    if any(item.hint.values()) or any(item.audio.values()):
        lost.append(note(at, N_("Petunjuk dan rekamannya tidak ikut: GIFT tidak punya tempatnya.")))
    if item.kind == "number" and item.key.get("unit"):
        lost.append(note(at, N_("Satuan %(unit)s tidak ikut: tulis di soalnya."), unit=item.key["unit"]))
    return lost
