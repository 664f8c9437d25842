"""Everything that a scene may read, as a Protocol. lessons.world has the one over the database, tests a small one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lessons.course import Course, Quiz
from lessons.dialogue.state import Going


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who learns on this number. ``name`` is "" for one who merely dialled or has no consent yet."""

    id: int
    name: str = ""
    school: int | None = None
    language: str = ""  # "" until she chose
    time_zone: str = "Asia/Jakarta"


@dataclass(frozen=True, slots=True)
class Airing:
    """A programme on her station: ``start`` and ``end`` aware, in her own zone."""

    station: str
    title: str
    episode: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a finished attempt went: ``right`` of ``total`` items."""

    title: str
    right: int
    total: int


class World(Protocol):
    now: datetime
    languages: Sequence[tuple[str, str]]  # (code, its own name), Indonesian first

    def phrases(self, language: str) -> Callable[..., str]:
        """``_("Soal %(n)d", n=3)`` in that language."""

    def moment(self, instant: datetime, time_zone: str, language: str) -> str:
        """A day and an hour as people write them, in that zone and with its name: "Sen 13/4 08.00 WIB"."""

    def weekday(self, local: datetime, language: str) -> str:
        """The short name of a local day: "Sen"."""

    def people(self) -> Sequence[Person]:
        """Who learns on this number; never empty."""

    def courses(self, person: Person) -> Sequence[Course]:
        """Published courses she may open, in order."""

    def quizzes(self, person: Person) -> Sequence[Quiz]:
        """Published quizzes she may take that are open now, in order of closing."""

    def quiz(self, keyword: str, person: Person) -> Quiz | None:
        """The published quiz of that keyword, open or not, that she may see; newest edition."""

    def edition(self, edition: int) -> Quiz | None:
        """A frozen edition: what an attempt that has begun goes on with."""

    def attempts(self, person: Person, quiz: Quiz) -> int:
        """How often she has begun this quiz."""

    def unfinished(self, person: Person, quiz: Quiz) -> Going | None:
        """Where she stopped in her newest attempt at this quiz, of whichever edition; None where that is finished."""

    def read(self, person: Person, course: Course) -> frozenset[str]:
        """Ids of the lessons that she has finished."""

    def outcomes(self, person: Person) -> Sequence[Outcome]:
        """Her newest finished attempts, newest first, three at most."""

    def on_air(self, person: Person) -> Sequence[Airing]:
        """What is on the air now and next on her station; empty where nothing is known."""
