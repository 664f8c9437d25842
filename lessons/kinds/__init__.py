"""Question kinds, one file each; each exports ``kind``. What is here is what a teacher may choose.

A kind knows its own ``Item.key``, how it is asked on any medium, and how an answer is marked. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from core.problems import Problem
from lessons.course import FIRST, Item
from lessons.dialogue.turn import Choice

Mark = Literal["right", "almost", "wrong"]


@dataclass(frozen=True, slots=True)
class Asked:
    """An item as a learner is asked it: ``wants`` is the kind of answer."""

    text: str
    choices: tuple[Choice, ...] = ()
    wants: Literal["key", "keys", "number", "words"] = "key"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How an answer was marked. ``mark`` None: it cannot be read as an answer at all; ask again, nothing is lost.

    ``right`` is the right answer as the learner would be shown it ("B. Daun", "12,5 km").
    ``near`` is what her words were taken for, when ``mark`` is "almost".
    ``why`` explains the mark where its word alone does not, a phrase in Indonesian (N_) with its ``facts``: "" where it does.
    """

    mark: Mark | None
    score: int
    right: str
    near: str = ""
    why: str = field(default="", compare=False)
    facts: Mapping[str, Any] = field(default_factory=dict, compare=False, hash=False)


class Kind(Protocol):
    name: str  # as in Item.kind; the module's name
    label: str  # for the teacher, a phrase in Indonesian (extracted with N_)
    fields: Sequence[str]  # which parts of the form it uses, as lessons.key_fields names them
    # It may have besides: note (said under the question in the form) and unsuited ({medium: why it does not suit it}),
    # or unsuited_of(item) where that depends on its key.

    def problems(self, item: Item) -> list[Problem]:
        """What a teacher must mend before this item can be asked."""

    def ask(self, item: Item, language: str) -> Asked: ...

    def mark(self, item: Item, typed: str, language: str) -> Verdict:
        """Never raises, whatever was typed."""


def ask(item: Item, language: str) -> Asked:
    """``item`` as its kind asks it; remembered, since the same few items are asked of a whole class."""
    held = _asked.get((id(item), language))
    if held is None or held[0] is not item:
        if len(_asked) > _MOST:
            _asked.clear()
        held = _asked[id(item), language] = item, kinds()[item.kind].ask(item, language)
    return held[1]


def unsuited(item: Item) -> Mapping[str, str]:
    """{medium: why ``item`` cannot be answered there}, a phrase in Indonesian; empty for most."""
    kind: Any = kinds()[item.kind]
    found: Mapping[str, str] = kind.unsuited_of(item) if hasattr(kind, "unsuited_of") else getattr(kind, "unsuited", {})
    return found


def mark(item: Item, typed: str, language: str) -> Verdict:
    """``typed`` as the item's kind marks it; remembered, since a whole class answers with the same few keys."""
    held = _marked.get((id(item), typed, language))
    if held is None or held[0] is not item:
        if len(_marked) > _MOST:
            _marked.clear()
        held = _marked[id(item), typed, language] = item, kinds()[item.kind].mark(item, typed, language)
    return held[1]


def mark_answer(
    kind: str, key: Mapping[str, Any], typed: str, choices: Sequence[str] = (), *, prompt: str = "?", language: str = FIRST
) -> Verdict:
    """The marker on plain values: ``mark_answer("number", {"number": "3", "unit": "km"}, "3000 m").mark`` is "right".

    ``key`` as the kind's own file says it; ``choices`` are the texts of the options. Raises KeyError for an unknown kind, and
    nothing else, whatever was typed.
    """
    item = Item("1", kind, {language: prompt, FIRST: prompt}, key, tuple({FIRST: text} for text in choices))
    return kinds()[kind].mark(item, typed, language)


_MOST = 2000  # what is remembered of each, before all of it is forgotten
_asked: dict[tuple[int, str], tuple[Item, Asked]] = {}  # by identity: the item is held too, so its id is not used again
_marked: dict[tuple[int, str, str], tuple[Item, Verdict]] = {}


def kinds() -> dict[str, Kind]:
    """{name: kind}, of every file in this folder: the common ones first, as a teacher finds them."""
    global _found
    if not _found:
        import lessons.kinds as package
        from core.discover import discover

        found = discover(package, "kind")
        _found = {name: found[name] for name in sorted(found, key=lambda name: (*(other != name for other in _COMMON), name))}
    return _found


_COMMON = ("multiple_choice", "true_false", "number", "short_answer")


_found: dict[str, Kind] = {}
