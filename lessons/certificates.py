"""Certificates as a school verifies them: by their code alone, without telling more of a child than is needed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from lessons.course import Words, course_from_json
from lessons.marking.folding import words
from lessons.practice_tables import Certificate
from lessons.tables import Course, CourseEdition
from schools import consent
from schools.tables import Learner, School


@dataclass(frozen=True, slots=True)
class Verified:
    """What a certificate says. ``initials`` "" where no guardian agreed; ``name`` only where the very name was asked about."""

    code: str
    title: Words
    grade: str
    school: str
    initials: str
    name: str
    criterion: str
    at: datetime
    zone: str


def read_code(typed: str) -> str:
    """A code as it is kept, whatever stands between its letters; "" for what can be none."""
    code = re.sub(r"[\s.-]", "", typed.upper())
    return code if re.fullmatch(r"[0-9A-Z]{12}", code) else ""


def verified(db: Session, code: str, name: str = "") -> Verified | None:
    """The certificate of that code. Her full name is confirmed where ``name`` is it, and never told otherwise."""
    row = db.get(Certificate, code) if code else None
    course = db.get(Course, row.course_id) if row else None
    learner = db.get(Learner, row.learner_id) if row else None
    if row is None or course is None or learner is None:
        return None
    edition = db.get(CourseEdition, course.edition_id) if course.edition_id else None
    taught = course_from_json(edition.content if edition else course.draft)
    school = db.get(School, learner.school_id) if learner.school_id else None
    known = learner.name if learner.name and consent.state(db, learner.id) == consent.GIVEN else ""
    is_hers = bool(known) and words(name) == words(known)
    return Verified(
        row.code, taught.title, taught.grade, school.name if school else "", initials(known), known if is_hers else "",
        row.criterion, row.at, school.time_zone if school else "Asia/Jakarta",
    )  # fmt: skip


def initials(name: str) -> str:
    """ "Ayu Contoh" is "A. C."."""
    return " ".join(f"{word[0].upper()}." for word in re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", name))
