"""What teachers accepted after the fact, for those who answer later: in whichever edition they are, and in practice.

An accepted answer is no new edition: who is in the middle of one would not have it, an option or a number has no place in a key
for a second right one, and one school may accept in a shared quiz what another does not. So it stands beside the key, for the
learners of whom it was decided, while the question is the same (lessons.readings.question_of); undone, it is gone at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from core.hot import Hot, Statement
from lessons.course import Also, Quiz
from lessons.judging_tables import Remark
from lessons.readings import question_of

Standing = Mapping[tuple[int, str], tuple[tuple[str, Also], ...]]  # by quiz and item: (which question, what counts)

_STANDING = Statement(
    select(Remark.quiz_id, Remark.item_id, Remark.school_id, Remark.key, Remark.mark, Remark.question)
    .where(Remark.undone_at.is_(None), Remark.mark != "", Remark.question != "")
    .order_by(Remark.id)
)


def standing(db: Hot) -> Standing:
    """Everything that is accepted now."""
    return gathered(db.all(_STANDING))


def gathered(rows: Iterable[Any]) -> Standing:
    found: dict[tuple[int, str], tuple[tuple[str, Also], ...]] = {}
    for row in rows:
        also = Also(row.key, row.mark, row.school_id)
        found[row.quiz_id, row.item_id] = (*found.get((row.quiz_id, row.item_id), ()), (row.question, also))
    return found


def accepting(quiz: Quiz, found: Standing) -> Quiz:
    """``quiz`` with what stands accepted beside the key of each item; itself where nothing does."""
    if not any((quiz.id, item.id) in found for item in quiz.items):
        return quiz
    items = []
    for item in quiz.items:
        held = found.get((quiz.id, item.id), ())
        question = question_of(item) if held else ""
        also = tuple(each for of, each in held if of == question)
        items.append(replace(item, also=also) if also else item)
    return replace(quiz, items=tuple(items))
