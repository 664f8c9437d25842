"""Scenes, one file each: what is shown there (``show``) and what an answer leads to (``hear``)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Protocol

from lessons.course import Item
from lessons.dialogue.happenings import Happening
from lessons.dialogue.state import Place, State
from lessons.dialogue.turn import Choice, Prompt
from lessons.dialogue.world import Person, World
from lessons.kinds import Verdict
from lessons.readings import marked

BACK, HOME, MORE = "0", "00", "9"


@dataclass(frozen=True, slots=True)
class Here:
    """Where a scene stands: who speaks, in which language (``_``), in which world."""

    world: World
    state: State
    person: Person
    medium: str
    _: Callable[..., str] = field(repr=False)
    place: Place = field(init=False, repr=False, compare=False)  # of her who speaks: asked a dozen times a turn

    def __post_init__(self) -> None:
        object.__setattr__(self, "place", self.state.place)

    @property
    def language(self) -> str:
        return self.person.language or self.world.languages[0][0]

    def to(self, scene: str, **facts: Any) -> State:
        """The state at another scene; an attempt under way is kept."""
        return self.state.at(Place(scene, facts, going=self.place.going))

    def mark(self, item: Item, said: str) -> Verdict:
        """How ``said`` is marked as her answer, in her language and by what her teachers accepted."""
        return marked(item, said, self.language, self.person.school)

    def back(self) -> Choice:
        return Choice(BACK, self._("Kembali"))

    def home(self) -> Choice:
        return Choice(HOME, self._("Menu"))


@dataclass(frozen=True, slots=True)
class Step:
    """Where an answer leads, what has happened, and what is said about it before the next prompt.

    ``hint`` is said on the same page, where there is room for it: what she typed could not be read.
    """

    state: State
    happenings: tuple[Happening, ...] = ()
    lead: str = ""
    why: str = ""
    hint: str = ""


class Scene(Protocol):
    def show(self, here: Here) -> Prompt: ...

    def hear(self, here: Here, said: str) -> Step | None:
        """None: not understood, the same prompt is shown again with a hint."""


@cache
def scenes() -> dict[str, Scene]:
    """{name: scene}: each module of this folder."""
    return {info.name: import_module(f"{__name__}.{info.name}") for info in iter_modules(__path__)}


def picked(said: str, count: int) -> int | None:
    """The position (from 0) that ``said`` picks of ``count`` choices numbered by ``numbered``; None where it picks none."""
    said = said.strip().rstrip(".)")
    keys = [key for key, _ in numbered(["x"] * count)]
    return keys.index(said) if said in keys else None


def spelt(choices: Sequence[Choice], said: str) -> str | None:
    """The key of the choice whose words she typed, with its key before them or without; None where that is not just one."""
    words = _words(said)
    keys = [c.key for c in choices if words and words in (_words(c.label), _words(f"{c.key} {c.label}"))]
    return keys[0] if len(keys) == 1 and keys[0] != said else None


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def numbered(labels: list[str]) -> list[tuple[str, str]]:
    """Labels with their keys: 1 to 8, then 10 on, because 9 means more."""
    return [(str(n if n < int(MORE) else n + 1), label) for n, label in enumerate(labels, 1)]


def listed(labels: list[str]) -> tuple[Choice, ...]:
    return tuple(Choice(key, label) for key, label in numbered(labels))
