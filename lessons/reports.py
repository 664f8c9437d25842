"""What came of a quiz, for reading: counts by question, rows by learner, who has not answered.

Of each learner one attempt counts: the newest that she finished, or the one under way where she finished none. The export
(lessons.results_csv) has them all. ``school_id`` None is every school.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from core import msisdn
from lessons.course import Item, Quiz, quiz_from_json
from lessons.tables import Answer, Attempt, QuizEdition
from schools.tables import Class, Consent, Learner

MARKS = ("right", "almost", "wrong")


@dataclass(frozen=True, slots=True)
class ItemCounts:
    """``number`` is the place of the question in the quiz, from 1."""

    number: int
    item: Item
    right: int = 0
    almost: int = 0
    wrong: int = 0

    @property
    def answers(self) -> int:
        return self.right + self.almost + self.wrong

    @property
    def share_wrong(self) -> float:
        return self.wrong / self.answers if self.answers else 0.0


@dataclass(frozen=True, slots=True)
class LearnerRow:
    """``name`` is "" where no guardian has consented; ``number`` is masked. ``right`` counts almost right too, of ``total``.

    ``attempts``: how often she began. ``marks`` are {item id: mark}.
    """

    id: int
    name: str
    number: str
    class_name: str
    right: int
    answered: int
    total: int
    attempts: int
    is_finished: bool
    at: datetime
    medium: str
    marks: Mapping[str, str]

    @property
    def almost(self) -> int:
        """How many of ``right`` are almost right."""
        return sum(mark == "almost" for mark in self.marks.values())

    @property
    def share(self) -> float:
        """Of the whole quiz, an almost right answer counting half: by this the weakest are found."""
        return (self.right - self.almost / 2) / self.total if self.total else 0.0


def newest_consent() -> Any:
    """The state of the newest consent of the learner of an enclosing query."""
    return select(Consent.state).where(Consent.learner_id == Learner.id).order_by(Consent.id.desc()).limit(1).scalar_subquery()


def editions(db: Session, quiz_id: int) -> dict[int, Quiz]:
    """Every frozen edition of a quiz by the id of its row, oldest first."""
    rows = db.execute(
        select(QuizEdition.id, QuizEdition.content).where(QuizEdition.quiz_id == quiz_id).order_by(QuizEdition.number)
    )
    return {id_: quiz_from_json(content, id=quiz_id, edition=id_) for id_, content in rows}


def items_of(found: Mapping[int, Quiz]) -> list[Item]:
    """The questions of the newest edition in order, then those that only older ones have."""
    items: dict[str, Item] = {}
    for quiz in reversed(list(found.values())):
        for item in quiz.items:
            items.setdefault(item.id, item)
    return list(items.values())


def that_count(quiz_id: int, school_id: int | None) -> Any:
    """Attempts with ``place`` 1 for the one of each learner that counts."""
    place = func.row_number().over(
        partition_by=Attempt.learner_id,
        order_by=(case((Attempt.finished_at.is_(None), 1), else_=0), Attempt.number.desc()),
    )
    query: Select[Any] = (
        select(
            Attempt.id, Attempt.learner_id, Attempt.edition_id, Attempt.finished_at, Attempt.started_at, place.label("place"),
            func.count().over(partition_by=Attempt.learner_id).label("attempts"),
        )
        .join(Learner, Learner.id == Attempt.learner_id)
        .where(Attempt.quiz_id == quiz_id)
    )  # fmt: skip
    if school_id is not None:
        query = query.where(Learner.school_id == school_id)
    return query.subquery()


def by_item(db: Session, quiz_id: int, school_id: int | None) -> list[ItemCounts]:
    """Counts of each question, in the order of the quiz. A quiz without an edition has none."""
    counted = that_count(quiz_id, school_id)
    rows = db.execute(
        select(Answer.item_id, Answer.mark, func.count())
        .join(counted, counted.c.id == Answer.attempt_id)
        .where(counted.c.place == 1)
        .group_by(Answer.item_id, Answer.mark)
    )
    counts = {(item_id, mark): number for item_id, mark, number in rows}
    items = items_of(editions(db, quiz_id))
    return [ItemCounts(number, item, *(counts.get((item.id, mark), 0) for mark in MARKS)) for number, item in enumerate(items, 1)]


def by_learner(db: Session, quiz_id: int, school_id: int | None) -> list[LearnerRow]:
    """One row for each learner who began, weakest first: those to call stand on top."""
    counted = that_count(quiz_id, school_id)
    totals = {id_: quiz.asked for id_, quiz in editions(db, quiz_id).items()}
    rows = db.execute(
        select(
            counted.c.id, counted.c.edition_id, counted.c.attempts, counted.c.finished_at, counted.c.started_at,
            Learner.id.label("learner"), Learner.name, Learner.msisdn, Class.name.label("class_name"),
            newest_consent().label("consent"),
        )
        .select_from(counted)
        .join(Learner, Learner.id == counted.c.learner_id)
        .outerjoin(Class, Class.id == Learner.class_id)
        .where(counted.c.place == 1)
    ).all()  # fmt: skip
    answers = db.execute(
        select(Answer.attempt_id, Answer.item_id, Answer.mark, Answer.medium, Answer.answered_at)
        .join(counted, counted.c.id == Answer.attempt_id)
        .where(counted.c.place == 1)
        .order_by(Answer.answered_at, Answer.id)
    ).all()
    of: dict[int, list[Any]] = {}
    for answer in answers:
        of.setdefault(answer.attempt_id, []).append(answer)
    found = []
    for row in rows:
        given = of.get(row.id, [])
        found.append(
            LearnerRow(
                id=row.learner, name=(row.name or "") if row.consent == "given" else "", number=msisdn.masked(row.msisdn or ""),
                class_name=row.class_name or "", right=sum(a.mark != "wrong" for a in given), answered=len(given),
                total=totals.get(row.edition_id, 0), attempts=row.attempts, is_finished=row.finished_at is not None,
                at=given[-1].answered_at if given else row.started_at, medium=given[-1].medium if given else "",
                marks={a.item_id: a.mark for a in given},
            )
        )  # fmt: skip
    return sorted(found, key=lambda row: (row.share, row.name, row.id))


def not_yet(db: Session, quiz_id: int, school_id: int) -> list[tuple[str, str, str]]:
    """(class, name, masked number) of those with consent who have not begun, in the classes where somebody has."""
    began = select(Attempt.learner_id).where(Attempt.quiz_id == quiz_id)
    classes = select(Learner.class_id).where(Learner.id.in_(began), Learner.school_id == school_id)
    rows = db.execute(
        select(Class.name, Learner.name, Learner.msisdn)
        .join(Class, Class.id == Learner.class_id)
        .where(
            Learner.school_id == school_id, Learner.class_id.in_(classes), Learner.id.not_in(began), newest_consent() == "given"
        )
        .order_by(Class.name, Learner.name)
    )
    return [(class_name, name or "", msisdn.masked(number or "")) for class_name, name, number in rows]


def answers_of(db: Session, quiz_ids: Sequence[int], school_id: int | None) -> dict[int, tuple[int, int]]:
    """{quiz: (learners who began, answers given)} over all attempts; quizzes without any are left out."""
    query = (
        select(Attempt.quiz_id, func.count(Attempt.learner_id.distinct()), func.count(Answer.id))
        .outerjoin(Answer, Answer.attempt_id == Attempt.id)
        .where(Attempt.quiz_id.in_(quiz_ids))
        .group_by(Attempt.quiz_id)
    )
    if school_id is not None:
        query = query.join(Learner, Learner.id == Attempt.learner_id).where(Learner.school_id == school_id)
    return {quiz: (learners, answers) for quiz, learners, answers in db.execute(query)}


def class_sizes(db: Session, school_id: int | None) -> list[tuple[str, int]]:
    """(class, learners with a phone) of a school, by name; at most a dozen."""
    if school_id is None:
        return []
    rows = db.execute(
        select(Class.name, func.count(Learner.id))
        .join(Learner, Learner.class_id == Class.id)
        .where(Class.school_id == school_id, Learner.msisdn.is_not(None))
        .group_by(Class.id, Class.name)
        .order_by(Class.name)
        .limit(12)
    )
    return [(name, number) for name, number in rows]
