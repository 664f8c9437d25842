"""What a teacher writes: drafts saved, editions frozen, quizzes put away and copied.

Functions take ``db`` first and never commit. After the view's commit it calls ``lessons.library.library().expire()``.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from core.problems import Problem, Refused
from lessons import media, openings, scope, versions
from lessons.check import KEYWORD, check_course, check_quiz
from lessons.course import Item, Quiz, course_from_json, course_to_json, quiz_from_json, quiz_to_json
from lessons.dialogue.commands import RESERVED
from lessons.tables import ContentVersion, CourseEdition, QuizEdition
from lessons.tables import Course as CourseRow
from lessons.tables import Quiz as QuizRow
from schools.tables import Staff

LONGEST_KEYWORD = 12
FIRST_KEYWORD = "KUIS1"


def new_item_id() -> str:
    """A short id that stays with an item whatever becomes of it. By chance, so it is made here and in no pure part."""
    return secrets.token_hex(4)


def is_keyword(text: str) -> bool:
    """2 to 12 of A-Z and 0-9, a letter first."""
    return KEYWORD.fullmatch(text) is not None


def free_keyword(db: Session, wanted: str) -> str:
    """``wanted``, or the first of its kin with a higher number at its end that no living quiz has. A suggestion, no promise."""
    taken = RESERVED | set(db.scalars(select(QuizRow.keyword).where(QuizRow.archived_at.is_(None))))
    stem, number = re.fullmatch(r"(.*?)(\d{0,4})", wanted, re.DOTALL).groups()  # type: ignore[union-attr]
    at = int(number or 1)
    while wanted in taken or not is_keyword(wanted):
        at += 1
        wanted = (stem or "KUIS")[: LONGEST_KEYWORD - len(str(at))] + str(at)
        stem = stem if is_keyword(wanted) else "KUIS"
    return wanted


def draft_of(row: QuizRow) -> Quiz:
    """The draft of a row as a value, with the row's id and school."""
    return quiz_from_json(row.draft, id=row.id, school=row.school_id)


def new_quiz(db: Session, staff: Staff, draft: Quiz, now: datetime) -> QuizRow:
    """A new quiz of the teacher's school. Raises Refused where its keyword belongs to another living quiz.

    A draft whose keyword cannot be one yet is kept all the same: its row gets a free one until it can.
    """
    row = QuizRow(
        school_id=staff.school_id, staff_id=staff.id, draft=quiz_to_json(draft), updated_at=now,
        course_id=_course_id(db, draft.course, staff.school_id), keyword=_row_keyword(db, draft.keyword, FIRST_KEYWORD),
    )  # fmt: skip

    def write() -> None:
        db.add(row)

    _judged(db, write, draft.keyword)
    media.grant(db, row.school_id, row.draft, staff.id, now)
    return row


def save_quiz(db: Session, row: QuizRow, draft: Quiz, version: int, now: datetime, staff_id: int | None = None) -> None:
    """Keeps ``draft``, and what was there before for *undo*. ``version`` is the one that was read when the form was shown.

    Raises Refused where somebody saved in between, or where the keyword is another quiz's; then nothing has changed.
    """
    if row.version != version:
        raise Refused(_conflict())
    content = quiz_to_json(draft)
    keyword = _row_keyword(db, draft.keyword, row.keyword)
    course_id = _course_id(db, draft.course, row.school_id)
    if (content, keyword, course_id) == (row.draft, row.keyword, row.course_id):
        return

    def write() -> None:
        versions.keep(db, "quiz", row.id, row.draft, staff_id, now)
        row.draft, row.keyword, row.course_id, row.updated_at = content, keyword, course_id, now

    _judged(db, write, draft.keyword)
    media.grant(db, row.school_id, content, staff_id, now)


def publish_quiz(db: Session, row: QuizRow, staff: Staff | None, now: datetime) -> QuizEdition:
    """Freezes the draft as the next edition, which every learner who begins from now on gets.

    Raises Refused with all that stops it. A draft that is already published as it stands makes no new edition.
    """
    draft = draft_of(row)
    problems = [*(problem for problem in check_quiz(draft) if problem.stops), *media.missing(db, row.draft)]
    problems += [problem for problem in openings.problems(db, draft, row.school_id) if problem.stops]
    if row.archived_at is not None:
        problems.append(Problem("", _("Kuis ini diarsipkan."), _("Pulihkan dulu, lalu terbitkan.")))
    if problems:
        raise Refused(problems)
    current = db.get(QuizEdition, row.edition_id) if row.edition_id else None
    if current is not None and current.content == row.draft:
        return current
    number = db.scalar(select(func.max(QuizEdition.number)).where(QuizEdition.quiz_id == row.id)) or 0
    edition = QuizEdition(
        quiz_id=row.id, number=number + 1, content=row.draft, published_at=now, staff_id=staff.id if staff else None
    )

    def write() -> None:
        db.add(edition)
        db.flush()
        row.keyword, row.edition_id, row.updated_at = draft.keyword, edition.id, now

    _judged(db, write, draft.keyword)
    raise_version(db)
    return edition


def publish_course(db: Session, row: CourseRow, staff: Staff | None, now: datetime) -> CourseEdition:
    """As ``publish_quiz``, for a course."""
    problems = [problem for problem in check_course(course_from_json(row.draft, id=row.id)) if problem.stops]
    problems += media.missing(db, row.draft)
    if problems:
        raise Refused(problems)
    current = db.get(CourseEdition, row.edition_id) if row.edition_id else None
    content = course_to_json(course_from_json(row.draft))
    if current is not None and current.content == content:
        return current
    number = db.scalar(select(func.max(CourseEdition.number)).where(CourseEdition.course_id == row.id)) or 0
    edition = CourseEdition(
        course_id=row.id, number=number + 1, content=content, published_at=now, staff_id=staff.id if staff else None
    )
    db.add(edition)
    db.flush()
    row.edition_id = edition.id
    raise_version(db)
    return edition


def archive(db: Session, row: QuizRow, now: datetime) -> None:
    """Puts a quiz away: nobody can begin it, its keyword is free, its answers stay. Twice is once."""
    if row.archived_at is None:
        row.archived_at = now
        raise_version(db)


def restore(db: Session, row: QuizRow, now: datetime) -> None:
    """Undoes ``archive``. Where its keyword has been given away meanwhile, the draft gets a free one, to be published again."""
    if row.archived_at is None:
        return

    def write() -> None:
        row.archived_at, row.updated_at = None, now

    try:
        _judged(db, write, row.keyword)
    except Refused:
        keyword = free_keyword(db, row.keyword)
        row.draft = {**row.draft, "keyword": keyword}
        row.keyword, row.archived_at, row.updated_at = keyword, None, now
        row.edition_id = None  # the published one would answer to a word that is another's now
    raise_version(db)


def duplicate(db: Session, row: QuizRow, staff: Staff, now: datetime, zone: str) -> QuizRow:
    """A new draft of the teacher's own school with the same questions, as she may read them. ``zone`` is hers."""
    old = quiz_from_json(scope.content(db, staff, row))
    title = {language: f"{text} (2)" if text else text for language, text in old.title.items()}
    return new_quiz(db, staff, replace(fresh(db, old, zone), title=title), now)


def fresh(db: Session, old: Quiz, zone: str) -> Quiz:
    """``old`` as another quiz: a free keyword, its own ids, and no opening or closing. ``zone``: in which its hours are said."""
    return replace(
        old, items=tuple(replace(item, id=new_item_id()) for item in old.items), keyword=free_keyword(db, old.keyword),
        opens_at=None, closes_at=None, late_until=None, time_zone=zone, after="",
    )  # fmt: skip


def blank_quiz(zone: str, keyword: str, kind: str) -> Quiz:
    """What the form of a new quiz shows: one empty question."""
    return Quiz(keyword, {"id": ""}, (Item(new_item_id(), kind, {"id": ""}, {}),), time_zone=zone)


def _row_keyword(db: Session, wanted: str, otherwise: str) -> str:
    return wanted if is_keyword(wanted) else otherwise if otherwise != FIRST_KEYWORD else free_keyword(db, otherwise)


def _course_id(db: Session, code: str, school_id: int | None) -> int | None:
    """The row of a course that this school may use, else none."""
    own = (CourseRow.school_id.is_(None)) | (CourseRow.school_id == school_id)
    return db.scalar(select(CourseRow.id).where(CourseRow.code == code, own)) if code else None


def _judged(db: Session, write: Callable[[], Any], keyword: str) -> None:
    """Writes and lets the database judge: the unique index about the keyword, the version about another writer."""
    try:
        with db.begin_nested():
            write()
            db.flush()
    except StaleDataError:
        raise Refused(_conflict()) from None
    except IntegrityError:
        free = free_keyword(db, keyword)
        raise Refused(
            Problem(
                "keyword",
                _("Kata kunci %(word)s sudah dipakai kuis lain.", word=keyword),
                _("Yang masih bebas: %(word)s.", word=free),
            )
        ) from None


def _conflict() -> Problem:
    return Problem(
        "version",
        _("Kuis ini sudah diubah di tempat lain sementara Anda menulis."),
        _("Yang Anda ketik masih ada di sini. Simpan sekali lagi untuk menggantikan perubahan itu."),
    )


def raise_version(db: Session) -> None:
    """Every process reads the published content again within a second."""
    if db.execute(update(ContentVersion).where(ContentVersion.id == 1).values(number=ContentVersion.number + 1)).rowcount == 0:  # type: ignore[attr-defined]
        db.add(ContentVersion(id=1, number=1))
        db.flush()
