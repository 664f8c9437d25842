"""What an answer was taken for, so that a class's answers can be counted and a teacher can accept one of them for all. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from core.text import one_line
from lessons.course import FIRST, Item, say
from lessons.kinds import Verdict, ask, kinds, mark
from lessons.marking import folding, numbers, series

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
    return Reading((folding.loose(typed) or folding.tight(typed) or shown)[:LONGEST], _in_words(item, typed) or shown)


def _in_words(item: Item, typed: str) -> str:
    """What "CAB" stands for, said as the kind says its right answer, where several options are one answer; "" for all else."""
    if item.kind not in kinds() or ask(item, FIRST).wants != "keys":
        return ""
    fields, held = kinds()[item.kind].fields, item.key.get("matches")
    said = [*item.choices, *(held if isinstance(held, list) else ())]
    codes = dict.fromkeys((FIRST, *(code for words in said if isinstance(words, Mapping) for code in words)))
    labels = [[choice.label for choice in ask(item, code).choices] for code in codes]
    options = [list(texts) for texts in zip(*labels, strict=True)]
    if "matches" in fields:
        lefts = [list(words.values()) for words in item.choices]
        placed = series.pairs(typed, lefts, options) or []
        return "; ".join(f"{say(words, FIRST)}={labels[0][at]}" for words, at in zip(item.choices, placed, strict=False))
    picked = series.several(typed, options) or []
    return ", ".join(labels[0][at] for at in (sorted(picked) if "rights" in fields else picked))


def marked(item: Item, typed: str, language: str, school: int | None) -> Verdict:
    """As lessons.kinds.mark, and what a teacher of hers accepted after the fact counts for a learner of ``school``."""
    found = mark(item, typed, language)
    if not item.also or found.mark not in ("wrong", "almost"):
        return found
    key = reading(item, typed).key
    decided = {also.mark for also in item.also if also.key == key and also.school in (None, school)}
    if "right" in decided:
        return Verdict("right", 100, found.right)
    return Verdict("almost", 50, found.right) if "almost" in decided and found.mark == "wrong" else found


def question_of(item: Item) -> str:
    """A hash of what is asked: an accepted answer answers this question and no other that is put in its place.

    The key is no part of it, and neither are translations: they are mended while the question stays. Options may change places
    where answers are known by their text, and not where they are known by their letters.
    """
    texts = [say(words, FIRST) for words in item.choices]
    kind = kinds().get(item.kind)
    if kind is not None and "right" in kind.fields:
        texts.sort()
    prompt = re.sub(r"\[[^\[\]]*\]", "[]", say(item.prompt, FIRST)) if item.kind == "cloze" else say(item.prompt, FIRST)
    asked = [item.kind, prompt, texts, item.key.get("matches")]
    return sha256(json.dumps(asked, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


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
