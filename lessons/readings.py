"""What an answer was taken for, so that a class's answers can be counted and a teacher can accept one of them for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.text import one_line
from lessons.course import FIRST, Item, say
from lessons.kinds import kinds
from lessons.marking import folding, numbers

LONGEST = 200  # characters of a key


@dataclass(frozen=True, slots=True)
class Reading:
    """``key`` is the same for all that say the same thing; ``shown`` is how a page says it. ``is_option``: of a closed list."""

    key: str
    shown: str
    is_option: bool = False


def reading(item: Item, typed: str) -> Reading:
    """``typed`` as an answer to ``item``. Options are known by their text: whatever their order was in an older edition."""
    for right, label in _options(item):
        if kinds()[item.kind].mark(replace(item, key={**item.key, "right": right}), typed, FIRST).mark == "right":
            return Reading(("=" + (folding.tight(label) or label))[:LONGEST], label, True)
    shown = one_line(typed)[:LONGEST]
    found = numbers.read(typed) if item.kind == "number" else None
    if found and found.values:
        unit = found.unit
        measured = f"{found.values[0] * unit.factor} {unit.dimension}" if unit else str(found.values[0])
        return Reading(measured[:LONGEST], shown)
    return Reading((folding.loose(typed) or folding.tight(typed) or shown)[:LONGEST], shown)


def options(item: Item) -> list[Reading]:
    """Every option of a closed list, in its order; none where an answer is written freely."""
    return [Reading(("=" + (folding.tight(label) or label))[:LONGEST], label, True) for _right, label in _options(item)]


def is_key(item: Item, found: Reading) -> bool:
    """True for the option that the item says is right."""
    return any(
        found == option and right == item.key.get("right")
        for (right, _), option in zip(_options(item), options(item), strict=True)
    )


def _options(item: Item) -> Sequence[tuple[Any, str]]:
    """(what ``right`` in the key would be, the words) of each option, for kinds whose key names exactly one."""
    kind = kinds().get(item.kind)
    if kind is None or "right" not in kind.fields:
        return ()
    if item.choices:
        return [(at, say(words, FIRST)) for at, words in enumerate(item.choices, 1)]
    right = item.key.get("right")
    if not isinstance(right, bool):
        return ()
    return [(value, kind.mark(replace(item, key={**item.key, "right": value}), "", FIRST).right) for value in (True, False)]
