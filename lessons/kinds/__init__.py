"""Question kinds, one file each; each exports ``kind``. What is here is what a teacher may choose.

A kind knows its own ``Item.key``, how it is asked on any medium, and how an answer is marked. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from core.problems import Problem
from lessons.course import Item
from lessons.dialogue.turn import Choice

Mark = Literal["right", "almost", "wrong"]


@dataclass(frozen=True, slots=True)
class Asked:
    """An item as a learner is asked it: ``wants`` is the kind of answer."""

    text: str
    choices: tuple[Choice, ...] = ()
    wants: Literal["key", "number", "words"] = "key"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How an answer was marked. ``mark`` None: it cannot be read as an answer at all; ask again, nothing is lost.

    ``right`` is the right answer as the learner would be shown it ("B. Daun", "12,5 km").
    ``near`` is what her words were taken for, when ``mark`` is "almost".
    """

    mark: Mark | None
    score: int
    right: str
    near: str = ""


class Kind(Protocol):
    name: str  # as in Item.kind; the module's name
    label: str  # for the teacher, a phrase in Indonesian (extracted with N_)
    fields: Sequence[str]  # which parts of the form it uses: "choices", "right", "number", "tolerance", "unit", "accepted"

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


def mark(item: Item, typed: str, language: str) -> Verdict:
    """``typed`` as the item's kind marks it; remembered, since a whole class answers with the same few keys."""
    held = _marked.get((id(item), typed, language))
    if held is None or held[0] is not item:
        if len(_marked) > _MOST:
            _marked.clear()
        held = _marked[id(item), typed, language] = item, kinds()[item.kind].mark(item, typed, language)
    return held[1]


_MOST = 2000  # what is remembered of each, before all of it is forgotten
_asked: dict[tuple[int, str], tuple[Item, Asked]] = {}  # by identity: the item is held too, so its id is not used again
_marked: dict[tuple[int, str, str], tuple[Item, Verdict]] = {}


def kinds() -> dict[str, Kind]:
    """{name: kind}, of every file in this folder."""
    global _found
    if not _found:
        import lessons.kinds as package
        from core.discover import discover

        _found = discover(package, "kind")
    return _found


_found: dict[str, Kind] = {}
