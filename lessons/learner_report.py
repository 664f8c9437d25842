"""How one learner came along: her attempts in the order of time, and what she still gets wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lessons.course import FIRST, Item, quiz_from_json, say
from lessons.kinds import kinds
from lessons.readings import reading
from lessons.tables import Answer, Attempt, QuizEdition


@dataclass(frozen=True, slots=True)
class Go:
    """One attempt. ``right`` counts almost right too, ``almost`` of them.

    ``points`` is the mean of the scores over all its items, in percent.
    """

    quiz_id: int
    title: str
    number: int
    at: datetime
    is_finished: bool
    right: int
    total: int
    points: int
    medium: str
    almost: int = 0

    @property
    def share(self) -> float:
        return self.right / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Open:
    """An item that she got wrong when she last met it."""

    title: str
    item: Item
    typed: str
    right: str
    at: datetime


def goes(db: Session, learner_id: int, quiz_ids: Sequence[int] | None = None) -> tuple[list[Go], list[Open]]:
    """(her attempts, oldest first; what is open, newest first). ``quiz_ids``: the quizzes that the reader may see, None all."""
    query = select(Attempt).where(Attempt.learner_id == learner_id).order_by(Attempt.started_at, Attempt.id)
    if quiz_ids is not None:
        query = query.where(Attempt.quiz_id.in_(quiz_ids))
    attempts = db.scalars(query).all()
    editions = db.scalars(select(QuizEdition).where(QuizEdition.id.in_({a.edition_id for a in attempts})))
    quizzes = {e.id: quiz_from_json(e.content, id=e.quiz_id, edition=e.id) for e in editions}
    given: dict[int, list[Answer]] = {}
    for answer in db.scalars(
        select(Answer).where(Answer.attempt_id.in_([a.id for a in attempts])).order_by(Answer.answered_at, Answer.id)
    ):
        given.setdefault(answer.attempt_id, []).append(answer)
    found: list[Go] = []
    newest: dict[tuple[int, str], tuple[str, Answer, Item | None]] = {}
    for attempt in attempts:
        quiz = quizzes[attempt.edition_id]
        answers = given.get(attempt.id, [])
        total = quiz.asked
        found.append(Go(
            attempt.quiz_id, say(quiz.title, FIRST) or quiz.keyword, attempt.number, attempt.started_at,
            attempt.finished_at is not None, sum(a.mark != "wrong" for a in answers), total,
            round(sum(a.score for a in answers) / total) if total else 0, answers[-1].medium if answers else "",
            sum(a.mark == "almost" for a in answers),
        ))  # fmt: skip
        items = {item.id: item for item in quiz.items}
        for answer in answers:
            newest[attempt.quiz_id, answer.item_id] = (say(quiz.title, FIRST), answer, items.get(answer.item_id))
    still = [
        Open(title, item, reading(item, answer.typed).shown, kinds()[item.kind].mark(item, "", FIRST).right, answer.answered_at)
        for title, answer, item in newest.values()
        if answer.mark == "wrong" and item is not None and item.kind in kinds()
    ]
    return found, sorted(still, key=lambda x: x.at, reverse=True)
