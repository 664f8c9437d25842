"""What the gateway asks of courses and learners: whose language, and leaving one course by its code."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, func, select

from core.hot import Hot, Statement
from lessons.tables import Course, Enrolment
from schools.tables import Learner

_LANGUAGE = Statement(
    select(Learner.language).where(Learner.msisdn == bindparam("of_msisdn"), Learner.language.is_not(None)).order_by(Learner.id)
)
_COURSE = Statement(select(Course.id).where(func.upper(Course.code) == bindparam("of_code")))
_LEAVE = Statement(
    delete(Enrolment.__table__).where(  # type: ignore[arg-type]
        Enrolment.course_id == bindparam("of_course"),
        Enrolment.learner_id.in_(select(Learner.id).where(Learner.msisdn == bindparam("of_msisdn"))),
    )
)


def language_of(db: Hot, msisdn: str) -> str:
    """The language that somebody on this number chose; "" where nobody did."""
    row = db.one(_LANGUAGE, of_msisdn=msisdn)
    return row.language if row else ""


def leave(db: Hot, msisdn: str, code: str) -> bool:
    """Takes the number's people out of the course; False where no course has that code. Their results stay."""
    course = db.one(_COURSE, of_code=code.upper())
    if course is None:
        return False
    db.run(_LEAVE, of_course=course.id, of_msisdn=msisdn)
    return True
