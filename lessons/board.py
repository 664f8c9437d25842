"""Classes beside one another: those alone whose teacher agreed, of learners whose guardians did, and never a child."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from lessons.practice_tables import ClassBoard, PracticeAnswer
from lessons.tables import Answer, Attempt
from schools.consent import GIVEN
from schools.tables import Class, Consent, Learner, School

LEAST = 5  # learners who took part: fewer, and a number would tell of a child
LOOKS_BACK = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Row:
    """``active`` of ``learners`` took part; ``answers`` is how many each of those gave, on average."""

    school: str
    name: str
    learners: int
    active: int
    answers: int


def ranked(db: Session, now: datetime) -> list[Row]:
    """The classes that take part, the keenest first: by the share of learners who learned lately, then by answers each."""
    since = now - LOOKS_BACK
    newest = select(func.max(Consent.id)).group_by(Consent.learner_id)
    agreed = (
        select(Learner.id, Learner.class_id)
        .join(ClassBoard, ClassBoard.class_id == Learner.class_id)
        .join(Consent, Consent.learner_id == Learner.id)
        .where(Consent.id.in_(newest), Consent.state == GIVEN)
        .subquery()
    )
    given = union_all(
        select(Attempt.learner_id).join(Answer, Answer.attempt_id == Attempt.id).where(Answer.answered_at >= since),
        select(PracticeAnswer.learner_id).where(PracticeAnswer.answered_at >= since),
    ).subquery()
    counted = select(given.c.learner_id, func.count().label("n")).group_by(given.c.learner_id).subquery()
    rows = db.execute(
        select(
            School.name, Class.name.label("room"), func.count(agreed.c.id).label("learners"),
            func.count(counted.c.n).label("active"), func.coalesce(func.sum(counted.c.n), 0).label("answers"),
        )
        .join(Class, Class.id == agreed.c.class_id)
        .join(School, School.id == Class.school_id)
        .outerjoin(counted, counted.c.learner_id == agreed.c.id)
        .group_by(School.id, School.name, Class.id, Class.name)
    )  # fmt: skip
    found = [Row(r.name, r.room, r.learners, r.active, round(int(r.answers) / r.active)) for r in rows if r.active >= LEAST]
    return sorted(found, key=lambda row: (-row.active / row.learners, -row.answers, row.school, row.name))
