"""How the items of a quiz worked: how hard, how well they tell who knows from who does not, which wrong answers attract.

Of each learner the attempt counts that lessons.reports counts. An item's *discrimination* is the point-biserial correlation
between getting it right and the share of the other items got right (so that an item is not compared with itself).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from sqlalchemy import select
from sqlalchemy.orm import Session

from lessons import reports
from lessons.course import Item
from lessons.readings import is_key, options, reading
from lessons.tables import Answer

ENOUGH = 10  # learners, below which a correlation says nothing
WEAK = 0.2
ATTRACTS = 0.25  # a wrong option that this share of the answers chose, and two of them at least


@dataclass(frozen=True, slots=True)
class OptionCount:
    """``mark`` is that of all who said it; where some of them were marked otherwise, the worst."""

    shown: str
    count: int
    mark: str
    attracts: bool


@dataclass(frozen=True, slots=True)
class Working:
    """``right`` counts almost right too, ``almost`` of them. ``discrimination`` is from -1 to 1; None where fewer than ENOUGH
    answered, or all alike. ``options`` are those of a closed list in their order, else the most frequent answers.
    """

    number: int
    item: Item
    answers: int
    right: int
    almost: int
    discrimination: float | None
    options: tuple[OptionCount, ...]

    @property
    def says(self) -> str:
        """``few`` (too few answers), ``alike`` (no spread), ``against`` (the strong get it wrong), ``weak``, ``good``."""
        if self.answers < ENOUGH:
            return "few"
        if self.discrimination is None:
            return "alike"
        return "against" if self.discrimination < 0 else "weak" if self.discrimination < WEAK else "good"

    @property
    def attracting(self) -> tuple[OptionCount, ...]:
        return tuple(option for option in self.options if option.attracts)


def workings(db: Session, quiz_id: int, school_id: int | None) -> list[Working]:
    """One for each item, in the order of the quiz."""
    editions = reports.editions(db, quiz_id)
    counted = reports.that_count(quiz_id, school_id)
    rows = db.execute(
        select(counted.c.learner_id, counted.c.edition_id, Answer.item_id, Answer.typed, Answer.mark)
        .join(counted, counted.c.id == Answer.attempt_id)
        .where(counted.c.place == 1)
    ).all()
    asked = {(edition, item.id): item for edition, quiz in editions.items() for item in quiz.items}
    marks: dict[int, dict[str, str]] = {}
    said: dict[str, Counter[str]] = {}
    shown: dict[str, dict[str, str]] = {}
    worst: dict[str, dict[str, str]] = {}
    for row in rows:
        marks.setdefault(row.learner_id, {})[row.item_id] = row.mark
        item = asked.get((row.edition_id, row.item_id))
        if item is None:
            continue
        read = reading(item, row.typed)
        said.setdefault(item.id, Counter())[read.key] += 1
        shown.setdefault(item.id, {}).setdefault(read.key, read.shown)
        held = worst.setdefault(item.id, {})
        held[read.key] = max(held.get(read.key, row.mark), row.mark, key=reports.MARKS.index)
    is_right = [{item: mark != "wrong" for item, mark in of.items()} for of in marks.values()]
    found = []
    for number, item in enumerate(reports.items_of(editions), 1):
        given = Counter(answers[item.id] for answers in marks.values() if item.id in answers)
        total = given.total()
        counts = _options(item, said.get(item.id, Counter()), shown.get(item.id, {}), worst.get(item.id, {}), total)
        right = total - given["wrong"]
        found.append(Working(number, item, total, right, given["almost"], discrimination(item.id, is_right), counts))
    return found


def discrimination(item_id: str, learners: Sequence[Mapping[str, bool]]) -> float | None:
    """The point-biserial correlation of an item with the rest; None for fewer than ENOUGH learners or no spread."""
    pairs = []
    for marks in learners:
        rest = [right for other, right in marks.items() if other != item_id]
        if item_id in marks and rest:
            pairs.append((float(marks[item_id]), sum(rest) / len(rest)))
    if len(pairs) < ENOUGH:
        return None
    xs, ys = [x for x, _ in pairs], [y for _, y in pairs]
    mx, my = sum(xs) / len(xs), sum(ys) / len(ys)
    sx, sy = sqrt(sum((x - mx) ** 2 for x in xs)), sqrt(sum((y - my) ** 2 for y in ys))
    if sx < 1e-9 or sy < 1e-9:
        return None
    return round(sum((x - mx) * (y - my) for x, y in pairs) / (sx * sy), 2)


def _options(
    item: Item, said: Counter[str], shown: Mapping[str, str], marks: Mapping[str, str], total: int
) -> tuple[OptionCount, ...]:
    """How often each was said; an option of a closed list is right by the key alone, so that one nobody chose has a mark too."""
    listed = options(item)
    if listed:
        told = [(x.key, x.shown, "right" if is_key(item, x) else "wrong") for x in listed]
    else:
        told = [(key, shown[key], marks[key]) for key, _count in said.most_common(6)]
    return tuple(
        OptionCount(words, said[key], mark, mark == "wrong" and said[key] >= max(2, ATTRACTS * total))
        for key, words, mark in told
    )
