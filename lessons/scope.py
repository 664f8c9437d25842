"""Which quizzes and courses a member of staff may see and change. What is another school's is not there at all.

A teacher has her school's; an admin, who has no school, has everything. What is shared (of no school) is everybody's to read.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lessons import openings
from lessons.course import quiz_from_json
from lessons.tables import Course, CourseEdition, Quiz, QuizEdition
from schools.tables import Learner, School, Staff

ZONE = "Asia/Jakarta"  # of those who have no school


def zone_of(db: Session, staff: Staff) -> str:
    school = db.get(School, staff.school_id) if staff.school_id else None
    return school.time_zone if school else ZONE


def own_quiz(db: Session, staff: Staff, quiz_id: int) -> Quiz | None:
    """The quiz where she may change it."""
    row = db.get(Quiz, quiz_id)
    return row if row is not None and _is_own(staff, row) else None


def readable_quiz(db: Session, staff: Staff, quiz_id: int) -> Quiz | None:
    """The quiz where she may see what came of it: her school's, or a published one that is shared."""
    row = own_quiz(db, staff, quiz_id) or db.get(Quiz, quiz_id)
    if row is None or row.school_id == staff.school_id or staff.role == "admin":
        return row
    return row if row.school_id is None and row.edition_id is not None else None


def learners_school(staff: Staff) -> int | None:
    """Whose learners she sees: her school's; None (an admin's) is all."""
    return None if staff.role == "admin" else staff.school_id or 0


def learner(db: Session, staff: Staff, learner_id: int) -> Learner | None:
    """The learner where she is one of those."""
    school, found = learners_school(staff), db.get(Learner, learner_id)
    return found if found is not None and (school is None or found.school_id == school) else None


def quizzes(db: Session, staff: Staff, *, archived: bool = False) -> list[Quiz]:
    """Her own, newest first, and after them the shared ones."""
    query = select(Quiz).where(Quiz.archived_at.is_not(None) if archived else Quiz.archived_at.is_(None))
    if staff.role != "admin":
        shared = Quiz.school_id.is_(None) & Quiz.edition_id.is_not(None)
        query = query.where(or_(Quiz.school_id == staff.school_id, shared))
    return list(db.scalars(query.order_by(Quiz.school_id.is_(None), Quiz.updated_at.desc(), Quiz.id.desc())))


def own_course(db: Session, staff: Staff, code: str) -> Course | None:
    """The course where she may change it."""
    row = db.scalar(select(Course).where(Course.code == code))
    return row if row is not None and _is_own(staff, row) else None


def own_courses(db: Session, staff: Staff, *, archived: bool = False) -> list[Course]:
    """Those that she may change, newest first; drafts too."""
    query = select(Course).where(Course.archived_at.is_not(None) if archived else Course.archived_at.is_(None))
    if staff.role != "admin":
        query = query.where(Course.school_id == (staff.school_id or 0))
    return list(db.scalars(query.order_by(Course.id.desc())))


def courses(db: Session, staff: Staff) -> list[Course]:
    """Published courses that her quizzes may belong to."""
    query = select(Course).where(Course.archived_at.is_(None), Course.edition_id.is_not(None)).order_by(Course.id)
    if staff.role != "admin":
        query = query.where(or_(Course.school_id == staff.school_id, Course.school_id.is_(None)))
    return list(db.scalars(query))


def content(db: Session, staff: Staff, row: Quiz | Course) -> Any:
    """What she may read of it, as JSON: the draft of her own; of another's what is published, where anything is."""
    edition: Any = db.get(QuizEdition if isinstance(row, Quiz) else CourseEdition, row.edition_id) if row.edition_id else None
    return row.draft if edition is None or _is_own(staff, row) else edition.content


def _is_own(staff: Staff, row: Quiz | Course) -> bool:
    return staff.role == "admin" or (staff.school_id is not None and row.school_id == staff.school_id)


def state(db: Session, row: Quiz, now: datetime) -> str:
    """``archived``, ``draft``, ``scheduled``, ``open`` or ``closed``, as learners find it: by its published edition."""
    if row.archived_at is not None:
        return "archived"
    edition: Any = db.get(QuizEdition, row.edition_id) if row.edition_id else None
    if edition is None:
        return "draft"
    quiz = openings.for_school(db, quiz_from_json(edition.content), row.school_id)
    if quiz.is_held or (quiz.opens_at is not None and now < quiz.opens_at):
        return "scheduled"
    return "open" if quiz.is_open(now) else "closed"
