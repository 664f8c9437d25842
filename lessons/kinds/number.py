"""A number. ``key``: {"number": "12,5", "tolerance": "0,5", "unit": "km"}; the last two may be missing or "".
A tolerance may be a share of the number: "10%".

``number`` may be a range ("10..12", "10 sampai 12"): every number within is right.
Numbers of a key are texts as the teacher wrote them, read in the Indonesian way ("1.500" is 1500); a fraction stays one.
An answer in another unit of the same dimension is turned into the key's ("3000 m" is 3 km). Never "almost".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from core.problems import N_, Problem
from lessons.course import FIRST, Item, say
from lessons.kinds import Asked, Verdict
from lessons.kinds._wording import UNREADABLE, prompt_problems, verdict
from lessons.marking import figures, folding, numbers, typos, units


@dataclass(frozen=True, slots=True)
class _Key:
    """``value`` and how far an answer may be from it; of a range the middle and its half."""

    value: Fraction
    tolerance: Fraction
    unit: units.Unit | None
    written: str  # the fraction or the range as the teacher wrote it, or ""
    unit_written: str


class Number:
    name = "number"
    label = N_("Angka")
    fields = ("number", "tolerance", "unit")

    def problems(self, item: Item) -> list[Problem]:
        found = prompt_problems(item)
        if not str(item.key.get("number", "")).strip():
            found.append(
                Problem("number", N_("Belum ada jawaban yang benar."), N_("Tulis angkanya, misalnya 12 atau 0,5 atau 1/2."))
            )
        elif _key(item) is None:
            found.append(
                Problem("number", N_("Angka ini tidak terbaca."), N_("Tulis satu angka saja, misalnya 1.500 atau 0,5 atau 1/2."))
            )
        tolerance = _text(item, "tolerance")
        if tolerance and ((read := numbers.exact(tolerance)) is None or read < 0):
            found.append(Problem("tolerance", N_("Toleransi ini tidak terbaca."), N_("Kosongkan, atau tulis angka seperti 0,5.")))
        if len(_text(item, "unit")) > 20:
            found.append(Problem("unit", N_("Satuan ini terlalu panjang."), N_("Pakai singkatannya, misalnya km atau cm2.")))
        for why in self.unsuited_of(item).values():
            found.append(Problem("number", why, N_("Beri juga soal lain, atau biarkan: lewat SMS dan USSD bisa."), stops=False))
        if (
            not any(problem.stops for problem in found)
            and self.mark(item, self.mark(item, "", FIRST).right, FIRST).mark != "right"
        ):  # "1 0": which is the number?
            found.append(Problem("unit", N_("Satuan ini tidak terbaca di belakang angkanya."), N_("Pakai huruf, misalnya km.")))
        return found

    def unsuited_of(self, item: Item) -> dict[str, str]:
        """A call has digits, and a star for the comma."""
        key = _key(item)
        if key is None or key.value + key.tolerance >= 0:
            return {}
        return {"voice": N_("Lewat telepon suara murid tidak bisa mengetik tanda minus.")}

    def ask(self, item: Item, language: str) -> Asked:
        return Asked(say(item.prompt, language), (), "number")

    def mark(self, item: Item, typed: str, language: str) -> Verdict:
        key = _key(item)
        if key is None:
            return UNREADABLE
        shown = _shown(key, language)
        quantity = numbers.read(typed)
        if quantity is None:
            if key.written and folding.tight(typed) == folding.tight(shown):
                return verdict(True, shown)
            several = len(re.findall(r"\d+(?:[.,]\d+)*", typed[: folding.CAP])) > 1
            return Verdict(None, 0, shown, why=N_("Tulis satu angka saja, yang sudah dihitung.") if several else "")
        if "^" in folding.plain(typed) and _repeats(item, typed):
            return Verdict(None, 0, shown, why=N_("Tulis satu angka saja, yang sudah dihitung."))
        found = verdict(numbers.is_near(quantity, key.value, key.tolerance, key.unit, bool(key.unit_written)), shown)
        if found.mark == "right" and key.unit_written and quantity.beside:
            return _beside(quantity, key, found)
        if (
            found.mark == "wrong"
            and quantity.unit
            and numbers.is_near(replace(quantity, unit=None), key.value, key.tolerance, None)
        ):
            return replace(found, why=N_("Angkanya benar, satuannya belum."))
        return found


def _beside(quantity: numbers.Quantity, key: _Key, found: Verdict) -> Verdict:
    """The verdict where the number is right and a word stands in the unit's place that is no unit we know.

    The key's own word, and a thing that is counted ("24 permen" for 24 buah), is right; a slip of a unit is that unit; of
    another word nobody knows what it measures, and she is asked again.
    """
    said, written = quantity.beside, folding.words(key.unit_written)
    if said in written or (key.unit and key.unit.dimension == "count") or any(typos.is_typo(said, word) for word in written):
        return found
    meant = units.misspelt(said)
    if meant and key.unit and numbers.is_near(replace(quantity, unit=meant), key.value, key.tolerance, key.unit):
        return found
    why = N_("Angkanya benar, satuannya belum.")
    return Verdict("wrong", 0, found.right, why=why) if meant else Verdict(None, 0, found.right, why=why)


def _text(item: Item, field: str) -> str:
    written = item.key.get(field)
    if isinstance(written, float):
        written = repr(written)  # a file that was not written by our form: 12.5, not 12.500000001
    return "" if written is None or isinstance(written, bool) else str(written).strip()


_RANGE = re.compile(
    r"^(\S.*?)\s*(?:\.\.+|…|\bsampai(?: dengan)?\b|\bhingga\b|\bs/d\b|\bto\b|\s-\s|(?<=\d)[-–](?=\d))\s*(\S.*)$", re.I
)


def _key(item: Item) -> _Key | None:
    text = _text(item, "number")
    quantity = numbers.read(text)
    low = high = None
    if quantity is None and (match := _RANGE.match(text)):
        low, high = numbers.read(match[1]), numbers.read(match[2])
        quantity = high
        if low is None or high is None or low.values[0] >= high.values[0] or (low.unit and low.unit != high.unit):
            return None
    if quantity is None:
        return None
    written = _text(item, "unit")
    unit = units.named(written) if written else quantity.unit
    value = quantity.values[0]
    tolerance = _tolerance(_text(item, "tolerance"), value, unit)
    if low is not None:
        value, tolerance = (low.values[0] + value) / 2, (value - low.values[0]) / 2 + tolerance
    name = written or ("" if quantity.unit is None else "%" if quantity.unit.dimension == "percent" else "")
    return _Key(value, tolerance, unit, text if "/" in text or low is not None else "", name)


def _tolerance(text: str, value: Fraction, unit: units.Unit | None) -> Fraction:
    """How far off an answer may be: "0,5", or a share of the number, "10%"; of a number that is a percentage itself, points."""
    read = numbers.read(text)
    if read is None:
        return Fraction(0)
    share = read.unit if read.unit and read.unit.dimension == "percent" else None
    if share is None or (unit and unit.dimension == "percent"):
        return abs(read.values[0])
    return abs(value * read.values[0] * share.factor / 100)


def _repeats(item: Item, typed: str) -> bool:
    """True where ``typed`` is a piece of the question: "10^3" is no answer to "10^3 = ?"."""
    said = folding.tight(typed)
    return any(said in folding.tight(text) for text in item.prompt.values())


def _shown(key: _Key, language: str) -> str:
    number = key.written or figures.show(key.value, language)
    if key.unit and key.unit.dimension == "money" and not key.written:
        return f"Rp {number}"
    return f"{number}{'' if key.unit_written == '%' else ' '}{key.unit_written}".strip()


kind = Number()
