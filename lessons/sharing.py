"""What schools give to one another: a course or a quiz, frozen, with its authors and its licence; and copies of it.

Functions take ``db`` first and never commit. A course is given as it is published; its quizzes are given by themselves.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.problems import Problem, Refused
from lessons import authoring, course_authoring
from lessons.authoring_tables import Shared
from lessons.course import FIRST, Course, course_from_json, quiz_from_json, say
from lessons.licences import LICENCES, may_become
from lessons.tables import Course as CourseRow
from lessons.tables import CourseEdition, QuizEdition
from lessons.tables import Quiz as QuizRow
from schools.tables import School, Staff

Of = Literal["quiz", "course"]
LONGEST_AUTHOR = 80


def given(db: Session, of: Of, of_id: int) -> Shared | None:
    """What was given of a quiz or a course, withdrawn or not."""
    return db.scalar(select(Shared).where(Shared.of == of, Shared.of_id == of_id))


def give(db: Session, row: QuizRow | CourseRow, staff: Staff, licence: str, author: str, now: datetime) -> Shared:
    """Gives the published edition to all schools. Given again it is replaced; what was copied before stays as it was.

    Raises Refused where nothing is published, no author is named, or the licence of what it was made from forbids this one.
    """
    of: Of = "quiz" if isinstance(row, QuizRow) else "course"
    edition: Any = db.get(QuizEdition if of == "quiz" else CourseEdition, row.edition_id) if row.edition_id else None
    author = author.strip()[:LONGEST_AUTHOR]
    problems = []
    if edition is None:
        problems.append(Problem("", _("Ini belum diterbitkan."), _("Terbitkan dulu, lalu bagikan.")))
    if not author:
        problems.append(Problem("author", _("Penulisnya belum disebut."), _("Tulis nama Anda atau nama sekolah.")))
    source = edition.content.get("licence", "") if edition else ""
    if licence not in LICENCES:
        problems.append(Problem("licence", _("Lisensinya belum dipilih.")))
    elif licence not in may_become(source):
        what = _("Ini dibuat dari karya berlisensi %(licence)s.", licence=LICENCES.get(source, source))
        problems.append(Problem("licence", what, _("Pilih lisensi yang sama.")))
    if problems or edition is None:
        raise Refused(problems)
    school = db.get(School, row.school_id) if row.school_id else None
    content = {**edition.content, "licence": licence, "credits": _credits(edition.content, author, school)}
    about = _about(db, content, of)
    found = given(db, of, row.id)
    if found is None:
        found = Shared(of=of, of_id=row.id, copies=0)
        db.add(found)
    found.school_id, found.staff_id, found.author, found.school = row.school_id, staff.id, author, school.name if school else ""
    found.licence, found.content, found.shared_at, found.withdrawn_at = licence, content, now, None
    found.title = (say(content["title"], FIRST) or "?")[:200]
    found.subject, found.phase, found.grade = about
    db.flush()
    return found


def withdraw(db: Session, found: Shared, now: datetime) -> None:
    """Takes it out of the library. Copies stay with those who have them, as the licences say."""
    if found.withdrawn_at is None:
        found.withdrawn_at = now


def search(db: Session, words: str = "", subject: str = "", phase: str = "", grade: str = "") -> list[Shared]:
    """What may be copied, the newest first: every word in title, author, school or subject; the rest exactly."""
    query = select(Shared).where(Shared.withdrawn_at.is_(None)).order_by(Shared.shared_at.desc(), Shared.id.desc())
    for column, wanted in ((Shared.subject, subject), (Shared.phase, phase), (Shared.grade, grade)):
        if wanted:
            query = query.where(column == wanted)
    wanted_words = words.casefold().split()[:10]
    return [x for x in db.scalars(query.limit(500)) if all(w in _text(x) for w in wanted_words)]


def copy(db: Session, found: Shared, staff: Staff, now: datetime, zone: str) -> tuple[Of, str]:
    """A draft of the reader's own school with authors and licence kept: ("quiz", its id) or ("course", its code).

    Raises Refused for what was withdrawn.
    """
    if found.withdrawn_at is not None:
        raise Refused(Problem("", _("Ini sudah ditarik dari perpustakaan.")))
    db.execute(update(Shared).where(Shared.id == found.id).values(copies=Shared.copies + 1))
    if found.of == "course":
        course: Course = course_from_json(found.content)
        made = course_authoring.new_course(db, staff, replace(course, code=course_authoring.free_code(db, course.code)), now)
        return "course", made.code
    quiz = replace(authoring.fresh(db, quiz_from_json(found.content), zone), course="")
    return "quiz", str(authoring.new_quiz(db, staff, quiz, now).id)


def _credits(content: Any, author: str, school: School | None) -> list[str]:
    """Who wrote it so far, and whoever gives it now, once."""
    mine = f"{author}, {school.name}" if school and school.name != author else author
    return list(dict.fromkeys((*content.get("credits", ()), mine)))


def _about(db: Session, content: Any, of: Of) -> tuple[str, str, str]:
    """(subject, phase, grade): a quiz has those of the course it belongs to."""
    if of == "quiz":
        row = db.scalar(select(CourseRow).where(CourseRow.code == content.get("course", "")))
        content = row.draft if row is not None else {}
    return content.get("subject", "")[:60], content.get("phase", "")[:8], content.get("grade", "")[:20]


def _text(found: Shared) -> str:
    return f"{found.title} {found.author} {found.school} {found.subject}".casefold()
