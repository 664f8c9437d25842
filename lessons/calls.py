"""Whom a teacher should call today, and what to ask her: calls teach more than messages do.

Of the last month the answers count that lessons.reports counts. The weakest come first; whoever was called is left in peace for
a week. Only learners whose guardian has consented are listed: nobody else is called unasked.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lessons import reports
from lessons.course import FIRST, Item, Quiz, quiz_from_json, say
from lessons.judging_tables import Called
from lessons.kinds import kinds
from lessons.readings import reading
from lessons.tables import Answer, Attempt, QuizEdition
from schools.tables import Class, Learner

MOST = 6
LOOKS_BACK = timedelta(days=30)
PEACE = timedelta(days=7)
WELL = 0.8  # whoever has this share right needs no call


@dataclass(frozen=True, slots=True)
class Missed:
    """What to ask: a question that she got wrong, what she said, what is right and why. ``right_ones`` of ``others`` classmates
    got it right."""

    quiz_id: int
    quiz: str
    item: Item
    typed: str
    right: str
    why: str
    right_ones: int
    others: int


@dataclass(frozen=True, slots=True)
class Progress:
    """A learner of a class and her month: ``right`` of ``answered``, ``almost`` right besides; ``missed``: the best thing to ask
    first."""

    id: int
    name: str
    msisdn: str
    right: int
    almost: int
    answered: int
    quizzes: int
    last_at: datetime | None
    called_at: datetime | None
    may_be_called: bool
    missed: tuple[Missed, ...]

    @property
    def share(self) -> float:
        """An almost right answer counts half."""
        return (self.right + self.almost / 2) / self.answered if self.answered else 0.0


def progress(db: Session, class_id: int, now: datetime) -> list[Progress]:
    """Every learner of a class, weakest first; those who answered nothing come last."""
    people = db.execute(
        select(Learner.id, Learner.name, Learner.msisdn, reports.newest_consent().label("consent"))
        .where(Learner.class_id == class_id)
        .order_by(Learner.name, Learner.id)
    ).all()
    called: dict[int, datetime] = {
        row.learner_id: row.at
        for row in db.execute(
            select(Called.learner_id, func.max(Called.at).label("at"))
            .where(Called.learner_id.in_([p.id for p in people]))
            .group_by(Called.learner_id)
        )
    }
    rows, asked = _answers(db, class_id, now)
    facility: dict[tuple[int, str], Counter[bool]] = {}
    of: dict[int, list[Any]] = {}
    for row in rows:
        facility.setdefault((row.quiz_id, row.item_id), Counter())[row.mark != "wrong"] += 1
        of.setdefault(row.learner_id, []).append(row)
    found = []
    for person in people:
        given = of.get(person.id, [])
        marks = Counter(x.mark for x in given)
        has_consent = person.consent == "given"
        found.append(
            Progress(
                id=person.id, name=(person.name or "") if has_consent else "", msisdn=person.msisdn or "",
                right=marks["right"], almost=marks["almost"], answered=len(given), quizzes=len({x.quiz_id for x in given}),
                last_at=max((x.answered_at for x in given), default=None), called_at=called.get(person.id),
                may_be_called=has_consent and bool(person.msisdn), missed=_missed(given, asked, facility),
            )
        )  # fmt: skip
    return sorted(found, key=lambda p: (not p.answered, p.share, p.name, p.id))


def six(found: list[Progress], now: datetime) -> tuple[list[Progress], list[Progress]]:
    """(those to call today with what to ask, those to call because nothing was heard of them), MOST together."""
    free = [p for p in found if p.may_be_called and (p.called_at is None or now - p.called_at >= PEACE)]
    weak = [p for p in free if p.missed and p.share < WELL][:MOST]
    silent = [p for p in free if not p.answered][: MOST - len(weak)] if any(p.answered for p in found) else []
    return weak, silent


def called(db: Session, learner: Learner, staff_id: int, now: datetime) -> None:
    db.add(Called(learner_id=learner.id, staff_id=staff_id, at=now))


def uncalled(db: Session, learner: Learner, now: datetime) -> None:
    """Takes back what ``called`` noted of her in the last week."""
    for row in db.scalars(select(Called).where(Called.learner_id == learner.id, Called.at > now - PEACE)).all():
        db.delete(row)


def _answers(db: Session, class_id: int, now: datetime) -> tuple[list[Any], dict[int, Quiz]]:
    """(answers of the class in its newest attempts at each quiz, editions they were asked in)."""
    newest = (
        select(Attempt.learner_id, Attempt.quiz_id, func.max(Attempt.number).label("number"))
        .join(Learner, Learner.id == Attempt.learner_id)
        .where(Learner.class_id == class_id, Attempt.started_at > now - LOOKS_BACK)
        .group_by(Attempt.learner_id, Attempt.quiz_id)
        .subquery()
    )
    is_newest = (
        (newest.c.learner_id == Attempt.learner_id) & (newest.c.quiz_id == Attempt.quiz_id) & (newest.c.number == Attempt.number)
    )
    rows = db.execute(
        select(
            Attempt.learner_id, Attempt.quiz_id, Attempt.edition_id, Answer.item_id, Answer.typed, Answer.mark, Answer.answered_at
        )
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .join(newest, is_newest)
        .order_by(Answer.answered_at, Answer.id)
    ).all()
    editions = db.execute(select(QuizEdition).where(QuizEdition.id.in_({row.edition_id for row in rows}))).scalars()
    return list(rows), {e.id: quiz_from_json(e.content, id=e.quiz_id, edition=e.id) for e in editions}


def _missed(given: list[Any], asked: dict[int, Quiz], facility: dict[tuple[int, str], Counter[bool]]) -> tuple[Missed, ...]:
    """What she got wrong; first what most classmates know: the gap that is hers, and that a call can close."""
    found = []
    for row in given:
        quiz = asked.get(row.edition_id)
        item = next((i for i in quiz.items if i.id == row.item_id), None) if quiz else None
        if row.mark != "wrong" or quiz is None or item is None or item.kind not in kinds():
            continue
        counts = facility[row.quiz_id, row.item_id]
        right = kinds()[item.kind].mark(item, "", FIRST).right
        found.append(Missed(
            row.quiz_id, say(quiz.title, FIRST), item, reading(item, row.typed).shown, right,
            say(item.explanation, FIRST), counts[True],
            counts.total() - 1,
        ))  # fmt: skip
    return tuple(sorted(found, key=lambda m: (-(m.right_ones / m.others if m.others else 0), m.quiz_id, m.item.id)))


def classes(db: Session, school_id: int | None) -> list[Class]:
    query = select(Class).order_by(Class.grade, Class.name)
    return list(db.scalars(query.where(Class.school_id == school_id) if school_id is not None else query))
