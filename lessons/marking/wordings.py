"""Which option's text was typed. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from lessons.marking import dates, folding, keys, numbers, numerals, rewording, typos
from lessons.marking.keys import LETTERS, Option
from lessons.marking.units import UNITS


def within(rest: str, texts: Option, slips: bool = False) -> bool:
    """True where an option's words stand in ``rest``; with ``slips`` also misspelt."""
    said = folding.words(rest)
    for text in texts:
        name = folding.loose(text) or folding.tight(text)
        if name and f" {name} " in f" {' '.join(said)} ":
            return True
        size = len(name.split())
        if slips and any(typos.is_typo(" ".join(said[at : at + size]), name) for at in range(len(said) - size + 1)):
            return True
    return False


_FOLDS: tuple[Callable[[str], object], ...] = (folding.tight, folding.loose, rewording.hour, rewording.formula, dates.day)


def meant(typed: str, options: Sequence[Option], slips: bool = True) -> int | None:
    """Index of the option whose text ``typed`` is, in whatever dress; with ``slips`` also misspelt. None: no one option's."""
    for fold in _FOLDS:
        said = fold(typed)
        same = {at for at, texts in enumerate(options) if said and any(fold(t) == said for t in texts)}
        if same:
            return same.pop() if len(same) == 1 else None
    for reworded in (folding.loose(folding.doubled(typed)), rewording.reworded(folding.loose(typed))):
        same = {
            at
            for at, texts in enumerate(options)
            if reworded and any(rewording.reworded(folding.loose(t)) == reworded for t in texts)
        }
        if len(same) == 1:
            return same.pop()
    if (numeric := _by_number(typed, options)) is not None:
        return numeric
    said = folding.loose(typed)
    if len(joined := said.replace(" ", "")) > 2:  # merahputih
        same = {at for at, texts in enumerate(options) if any(folding.loose(t).replace(" ", "") == joined for t in texts)}
        if len(same) == 1 and not says_otherwise(said, at := same.pop(), options):
            return at
    ways: list[tuple[str, Callable[[str], str]]] = [(said.removesuffix("nya"), str)] if said.endswith("nya") else []
    ways += [(folding.squeezed(said), folding.squeezed)] if slips and folding.is_held(said) else []
    for dressed, held in ways:  # daunnya, dauuun
        same = {
            at for at, texts in enumerate(options) if len(dressed) > 2 and any(held(folding.loose(t)) == dressed for t in texts)
        }
        if same:
            return same.pop() if len(same) == 1 else None
    if not slips:
        return None
    near = [
        at
        for at, texts in enumerate(options)
        if any(typos.is_typo(said, folding.loose(t)) or typos.is_typo_beside_numbers(typed, t) for t in texts)
    ]
    return near[0] if len(near) == 1 and not says_otherwise(said, near[0], options) else None


def says_otherwise(said: str, at: int, options: Sequence[Option]) -> bool:
    """True where a word of ``said`` is the key of another option than ``at``, or denies: it is no slip of a long text."""
    own = {word for text in options[at] for word in folding.loose(text).split()}
    return any(keys.key(w, options) not in (None, at) or w in folding.NEGATIONS or w == "g" for w in said.split() if w not in own)


def _by_number(typed: str, options: Sequence[Option]) -> int | None:
    """An option that is a number, typed in another dress: "1200" for "1.200", "12" for "12 km". A fraction stays a fraction."""
    said = numbers.read(typed)
    if said is None or not (_is_bare_number(typed) or _is_in_words(typed)):
        return None
    if any(w in LETTERS[: len(options)] for w in folding.words(typed)):
        return None  # "12 (b)": number and key are judged together
    if keys.hides_digits(options) and any(1 <= value <= len(options) for value in said.values):
        return None  # "tiga": the third, or the one that reads 3
    near = []
    for at, texts in enumerate(options):
        read = next((q for t in texts if _is_bare_number(t) and (q := numbers.read(t))), None)
        if read is None or any(numbers.is_other_form(typed, t) for t in texts):
            continue
        if rewording.hour(typed) and any(rewording.hour(t) for t in texts):
            continue  # "8 malam" is not 08.00
        if "/" in folding.plain(typed) and any("/" in folding.plain(t) for t in texts):
            continue  # 2/4 is not 1/2 here: which of them is asked may be the very question
        if set(said.values) & {read.values[0]} and (said.unit == read.unit or said.unit is None):
            near.append(at)
    return near[0] if len(near) == 1 else None


def _is_in_words(typed: str) -> bool:
    """A number in words, with at most its unit behind it: "tiga ratus meter"."""
    words = folding.loose(typed).split()
    return any(numerals.is_numeral(" ".join(said)) for said in (words, words[:-1] if words and words[-1] in UNITS else ()))


def _is_bare_number(text: str) -> bool:
    """A number with at most a unit: not "Tahun 1945" or "2 akar dan 3 daun"."""
    return len(folding.plain(text).split()) <= 3 and bool(re.match(r"^(rp\.? ?)?[+-]?[\d.,]+", folding.plain(text)))
