"""The right level: the ladder of a course, where five questions put a learner on it, what comes next, what is mastered. Pure.

``marks`` are strings of "1" (right or almost) and "0" (wrong), the oldest first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from lessons.course import Course, Item, Quiz

PLACING = 5  # questions that place a learner
MISSES, HITS = 2, 3  # in a row: then easier, or harder
ITEM_OF = tuple[int, str]
"""Where an item is found again: (edition of its quiz, its id)."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """Mastered: ``right`` of the last ``of`` answers. Frozen as "3/4" when she enrols."""

    right: int = 3
    of: int = 4

    @classmethod
    def read(cls, said: str) -> Criterion:
        """ "3/4"; what cannot be read, or asks for more than there is, is the usual one."""
        found = re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})", said or "")
        right, of = (int(found[1]), int(found[2])) if found else (0, 0)
        return cls(right, of) if 1 <= right <= of <= 20 else cls()

    def __str__(self) -> str:
        return f"{self.right}/{self.of}"

    def is_met(self, marks: str) -> bool:
        return marks[-self.of :].count("1") >= self.right


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: the items of a lesson (or of a hardness), the easier ones first. ``level`` counts from 1."""

    level: int
    items: tuple[ITEM_OF, ...]


def ladder(course: Course, quizzes: Sequence[Quiz]) -> tuple[Rung, ...]:
    """The rungs of ``course`` from the easiest: its lessons in order, each with its items.

    An item stands on the rung that it names (``level``, or the lesson that it belongs to); one that names none stands where
    its place in its quiz puts it, because teachers ask the easy ones first. Rungs without an item are left out.
    """
    count = max(1, len(course.lessons))
    lessons = {lesson.id: at for at, lesson in enumerate(course.lessons, 1)}
    found: dict[int, list[ITEM_OF]] = {}
    for quiz in quizzes:
        for at, item in enumerate(quiz.items):
            found.setdefault(_level(item, at, len(quiz.items), count, lessons), []).append((quiz.edition, item.id))
    return tuple(Rung(n, tuple(found[level])) for n, level in enumerate(sorted(found), 1))


def _level(item: Item, at: int, total: int, count: int, lessons: Mapping[str, int]) -> int:
    return min(count, item.level) if item.level > 0 else lessons.get(item.lesson) or 1 + at * count // total


def placed_at(rungs: int, marks: str) -> int:
    """The rung (from 1) to ask on after ``marks``; after PLACING of them, the rung that she is placed on.

    From the middle, up after a hit and down after a miss, by steps that halve: five hits end on top, five misses at the bottom.
    """
    at = (rungs + 1) // 2
    for n, mark in enumerate(marks[:PLACING]):
        step = max(1, -(-rungs // 2 ** (n + 2)))
        at = min(rungs, at + step) if mark == "1" else max(1, at - step)
    return max(1, at)


def next_level(level: int, run: str, rungs: int, mastered: Sequence[bool], placed: int) -> tuple[int, str]:
    """(the rung to practise on now, the run of marks there): easier after two misses, harder after three hits.

    ``run`` is what she answered on ``level`` since she came to it; ``mastered`` tells it of each rung. Harder is the next rung
    above that is not mastered; from the top back to the lowest that is not, from ``placed`` on.
    """
    if run.endswith("0" * MISSES) and level > 1:
        return level - 1, ""
    if run.endswith("1" * HITS) or (mastered[level - 1] and run.endswith("1")):
        above = [n for n in range(level + 1, rungs + 1) if not mastered[n - 1]]
        below = [n for n in range(placed, level) if not mastered[n - 1]]
        following = (above or below or [min(rungs, level + 1)])[0]
        return following, "" if following != level else run
    return level, run


def is_finished(mastered: Sequence[bool], placed: int) -> bool:
    """True where every rung from where she was placed is mastered; those below are taken as known."""
    return bool(mastered) and all(mastered[placed - 1 :])


def pick(items: Sequence[ITEM_OF], seed: str, asked: Sequence[ITEM_OF] = ()) -> ITEM_OF:
    """The item to ask: one not asked yet, drawn by lot, else the one asked longest ago; the same ``seed`` draws the same lot."""
    newest = {item: at for at, item in enumerate(asked)}
    return min(items, key=lambda item: (newest.get(item, -1), sha256(f"{seed} {item[0]} {item[1]}".encode()).digest()))
