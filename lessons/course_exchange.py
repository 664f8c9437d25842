"""A course between the database and its file: held as values, and taken back to the same thing.

Functions take ``db`` first and never commit.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import available_timezones

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.problems import Problem, Refused
from lessons import authoring, media, versions
from lessons.check import check_course
from lessons.course import FIRST, Quiz, course_from_json, course_to_json, say
from lessons.exchange.course_file import Held
from lessons.scope import ZONE
from lessons.tables import Course as CourseRow
from lessons.tables import Quiz as QuizRow
from schools.tables import Staff


def hold(db: Session, row: CourseRow) -> Held:
    """The draft of a course, and of the living quizzes of it that are its own school's."""
    return Held(
        course_from_json(row.draft), tuple(replace(q, id=0, school=None) for q in map(authoring.draft_of, _quizzes(db, row)))
    )


def take(
    db: Session,
    held: Held,
    school_id: int | None,
    staff: Staff | None,
    now: datetime,
    *,
    dry_run: bool = False,
    publish: bool = False,
) -> list[str]:
    """Writes a course and its quizzes where they differ from what is there; a line for each. Raises Refused.

    A course is known by its code, a quiz by its keyword in that course, or where its keyword is another's, by its questions.
    A quiz whose keyword is taken elsewhere gets a free one. ``dry_run`` only says.
    """
    course = replace(held.course, id=0)
    stops = [problem for problem in check_course(course) if problem.stops and problem.where == "code"]
    if stops:
        raise Refused(stops)
    row = db.scalar(select(CourseRow).where(CourseRow.code == course.code))
    if row is not None and (row.school_id != school_id or row.archived_at is not None):
        what = _("Kode %(code)s sudah dipakai pelajaran lain.", code=course.code)
        raise Refused(Problem("code", what, _("Ubah kodenya di berkas, atau impor ke sekolah yang sama.")))
    change = "new" if row is None else "same" if course_from_json(row.draft) == course else "changed"
    lines = [_line(course.code, say(course.title, FIRST), change)]
    plans = _plans(db, held, row, school_id)
    lines += [_line(quiz.keyword, say(quiz.title, FIRST), change, was) for quiz, _row, change, was in plans]
    if dry_run:
        return lines
    if row is None:
        row = CourseRow(code=course.code, school_id=school_id, draft={}, staff_id=staff.id if staff else None)
        db.add(row)
    if change == "changed":
        versions.keep(db, "course", row.id, row.draft, staff.id if staff else None, now)
    if change != "same":
        row.draft, row.updated_at = course_to_json(course), now
    db.flush()
    media.grant(db, school_id, row.draft, staff.id if staff else None, now)
    for quiz, known, quiz_change, _was in plans:
        if known is None:
            known = authoring.new_quiz(db, Staff(school_id=school_id), quiz, now)
            known.course_id, known.staff_id = row.id, staff.id if staff else None
        elif quiz_change == "changed":
            authoring.save_quiz(db, known, quiz, known.version, now, staff.id if staff else None)
        if publish:
            authoring.publish_quiz(db, known, staff, now)
    if publish:
        authoring.publish_course(db, row, staff, now)
    return lines


def _plans(db: Session, held: Held, row: CourseRow | None, school_id: int | None) -> list[tuple[Quiz, QuizRow | None, str, str]]:
    """(draft, its row, what becomes of it, the keyword that the file had where it is another) for each quiz."""
    there = {known.keyword: known for known in (_quizzes(db, row) if row else ())}
    drafts = {known.id: replace(authoring.draft_of(known), id=0, school=None) for known in there.values()}
    taken = set(db.scalars(select(QuizRow.keyword).where(QuizRow.archived_at.is_(None)))) - set(there)
    plans: list[tuple[Quiz, QuizRow | None, str, str]] = []
    used: set[int] = set()
    for quiz in held.quizzes:
        zone = quiz.time_zone if quiz.time_zone in available_timezones() else ZONE
        quiz = replace(quiz, course=held.course.code, time_zone=zone)
        known = there.get(quiz.keyword)
        if known is None or known.id in used:
            alike = (k for k in there.values() if k.id not in used and _is_alike(drafts[k.id], quiz))
            known = next(alike, None) if quiz.keyword in taken or known is not None else None
        was = ""
        if known is not None:
            used.add(known.id)
            quiz, was = replace(quiz, keyword=known.keyword), quiz.keyword if quiz.keyword != known.keyword else ""
            plans.append((quiz, known, "same" if drafts[known.id] == quiz else "changed", was))
            continue
        if quiz.keyword in taken or not authoring.is_keyword(quiz.keyword):
            free = _free(db, quiz.keyword, taken | set(there))
            quiz, was = replace(quiz, keyword=free), quiz.keyword
        taken.add(quiz.keyword)
        plans.append((quiz, None, "new", was))
    return plans


def _free(db: Session, wanted: str, taken: set[str]) -> str:
    """A keyword that neither the database nor this file has."""
    found = authoring.free_keyword(db, wanted)
    while found in taken:
        stem = found.rstrip("0123456789")
        number = str(int(found[len(stem) :] or 1) + 1)
        found = authoring.free_keyword(db, stem[: authoring.LONGEST_KEYWORD - len(number)] + number)
    return found


def _is_alike(one: Quiz, other: Quiz) -> bool:
    return replace(one, keyword="") == replace(other, keyword="")


def _quizzes(db: Session, row: CourseRow) -> list[QuizRow]:
    own = (QuizRow.course_id == row.id, QuizRow.archived_at.is_(None))
    rows = db.scalars(select(QuizRow).where(*own).order_by(QuizRow.id))
    return [quiz for quiz in rows if quiz.school_id == row.school_id]


def _line(word: str, title: str, change: str, was: str = "") -> str:
    told = {"new": _("baru"), "changed": _("diubah"), "same": _("sama, tidak ada yang berubah")}[change]
    moved = f" ({_('kata kunci %(word)s sudah dipakai', word=was)})" if was else ""
    return f"{word}: {title}, {told}{moved}"
