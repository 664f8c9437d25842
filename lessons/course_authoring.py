"""Courses as a teacher writes them: drafts saved, put away, copied. Publishing is ``lessons.authoring.publish_course``.

Functions take ``db`` first and never commit.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from core.problems import Problem, Refused
from lessons import media, scope, versions
from lessons.authoring import new_item_id, raise_version
from lessons.check import CODE
from lessons.course import Course, Lesson, course_from_json, course_to_json
from lessons.tables import Course as CourseRow
from schools.tables import Staff

FIRST_CODE = "KURSUS1"


def blank_course(code: str) -> Course:
    """What the form of a new course shows: one empty lesson."""
    return Course(code, {"id": ""}, (Lesson(new_item_id(), {"id": ""}, {"id": ""}),))


def draft_of(row: CourseRow) -> Course:
    return course_from_json(row.draft, id=row.id)


def free_code(db: Session, wanted: str) -> str:
    """``wanted``, or the first of its kin with a higher number at its end that no course has. A suggestion, no promise."""
    taken = set(db.scalars(select(CourseRow.code)))
    stem, number = re.fullmatch(r"(.*?)(\d{0,4})", wanted, re.DOTALL).groups()  # type: ignore[union-attr]
    at = int(number or 1)
    while wanted in taken or not CODE.fullmatch(wanted):
        at += 1
        wanted = (stem or "KURSUS")[: 20 - len(str(at))] + str(at)
        stem = stem if CODE.fullmatch(wanted) else "KURSUS"
    return wanted


def new_course(db: Session, staff: Staff, draft: Course, now: datetime) -> CourseRow:
    """A new course of the teacher's school. Raises Refused where its code cannot be one, or is another's."""
    if not CODE.fullmatch(draft.code):
        what, remedy = _("Kode ini tidak bisa dipakai."), _("Pakai 2 sampai 20 huruf besar atau angka.")
        raise Refused(Problem("code", what, remedy))
    row = CourseRow(code=draft.code, school_id=staff.school_id, staff_id=staff.id, draft=course_to_json(draft), updated_at=now)
    try:
        with db.begin_nested():
            db.add(row)
            db.flush()
    except IntegrityError:
        free = free_code(db, draft.code)
        what = _("Kode %(word)s sudah dipakai pelajaran lain.", word=draft.code)
        raise Refused(Problem("code", what, _("Yang masih bebas: %(word)s.", word=free))) from None
    media.grant(db, row.school_id, row.draft, staff.id, now)
    return row


def save_course(db: Session, row: CourseRow, draft: Course, version: int, staff: Staff, now: datetime) -> None:
    """Keeps ``draft``, and what was there before for *undo*. ``version`` is the one that was read when the form was shown.

    Raises Refused where somebody saved in between; then nothing has changed.
    """
    conflict = Problem(
        "version",
        _("Pelajaran ini sudah diubah di tempat lain sementara Anda menulis."),
        _("Yang Anda ketik masih ada di sini. Simpan sekali lagi untuk menggantikan perubahan itu."),
    )
    if row.version != version:
        raise Refused(conflict)
    content = course_to_json(replace(draft, code=row.code))
    if content == row.draft:
        return
    try:
        with db.begin_nested():
            versions.keep(db, "course", row.id, row.draft, staff.id, now)
            row.draft, row.updated_at = content, now
            db.flush()
    except StaleDataError:
        raise Refused(conflict) from None
    media.grant(db, row.school_id, content, staff.id, now)


def archive(db: Session, row: CourseRow, now: datetime) -> None:
    """Puts a course away: learners find it no more; what they did stays. Twice is once."""
    if row.archived_at is None:
        row.archived_at = now
        raise_version(db)


def restore(db: Session, row: CourseRow) -> None:
    if row.archived_at is not None:
        row.archived_at = None
        raise_version(db)


def duplicate(db: Session, row: CourseRow, staff: Staff, now: datetime) -> CourseRow:
    """A new draft of the teacher's own school with the same lessons, as she may read them."""
    old = course_from_json(scope.content(db, staff, row))
    title = {language: f"{text} (2)" if text else text for language, text in old.title.items()}
    return new_course(db, staff, replace(old, title=title, code=free_code(db, old.code)), now)
