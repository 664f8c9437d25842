"""Questions of a file become a draft quiz: found again where it was imported before, made where it was not.

Functions take ``db`` first and never commit. The same questions again change nothing, and say so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.problems import Problem, Refused
from core.text import clean, one_line
from lessons import authoring, media
from lessons.course import FIRST, Item, Quiz, say
from lessons.dialogue.commands import RESERVED
from lessons.scope import ZONE
from lessons.tables import Course as CourseRow
from lessons.tables import Quiz as QuizRow
from schools.tables import School, Staff

LONGEST_TITLE = 80


@dataclass(frozen=True, slots=True)
class Target:
    """Where the questions go. ``keyword`` and ``title`` are "" where nobody named them; ``name`` is the file's own."""

    course: CourseRow | None
    school_id: int | None
    keyword: str = ""
    title: str = ""
    name: str = ""
    base: str = ""  # the service's own address: what begins with it is ours that came back


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import does: a ``new`` quiz, an old one ``changed``, or nothing because it is the ``same``."""

    change: Literal["new", "changed", "same"]
    draft: Quiz
    row: QuizRow | None


def course_of(db: Session, code: str) -> CourseRow:
    """The living course of a code, in any case. Raises Refused."""
    code = one_line(clean(code, 20)).upper()
    row = db.scalar(select(CourseRow).where(CourseRow.code == code, CourseRow.archived_at.is_(None)))
    if row is None:
        raise Refused(Problem("course", _("Pelajaran %(code)s tidak ada.", code=code)))
    return row


def school_of(db: Session, npsn: str) -> School:
    found = db.scalar(select(School).where(School.npsn == npsn.strip()))
    if found is None:
        raise Refused(Problem("school", _("Sekolah dengan NPSN %(npsn)s tidak ada.", npsn=clean(npsn, 20))))
    return found


def plan(db: Session, items: Sequence[Item], target: Target) -> Plan:
    """What importing ``items`` would do. Raises Refused, naming ``keyword``, where its keyword belongs elsewhere."""
    items = [_home(db, item, target.base) for item in items]
    course = target.course
    if course is not None and course.school_id is not None and target.school_id != course.school_id:
        raise Refused(Problem("course", _("Pelajaran %(code)s milik sekolah lain.", code=course.code)))
    title = one_line(clean(target.title or target.name, LONGEST_TITLE)) or _("Kuis impor")
    row = _again(db, items, target, title)
    if row is None:
        zone = _zone(db, target.school_id)
        keyword = target.keyword or authoring.free_keyword(db, keyword_from(title))
        made = Quiz(keyword, {FIRST: title}, tuple(items), time_zone=zone, course=course.code if course else "")
        return Plan("new", made, None)
    old = authoring.draft_of(row)
    named = {**old.title, FIRST: one_line(clean(target.title, LONGEST_TITLE))} if target.title else old.title
    draft = replace(old, items=tuple(items), title=named, keyword=target.keyword or old.keyword)
    return Plan("same" if draft == old else "changed", draft, row)


def carry_out(db: Session, planned: Plan, staff: Staff | None, school_id: int | None, now: datetime) -> QuizRow:
    """Does what was planned. Raises Refused as authoring does; then nothing has changed."""
    if planned.row is None:
        author = staff if staff is not None and staff.school_id == school_id else None
        row = authoring.new_quiz(db, author or Staff(school_id=school_id), planned.draft, now)
        row.staff_id = staff.id if staff is not None else None
        return row
    if planned.change == "changed":
        authoring.save_quiz(db, planned.row, planned.draft, planned.row.version, now, staff.id if staff is not None else None)
    return planned.row


def read_keyword(typed: str) -> str:
    """A keyword as somebody typed it, or "". Raises Refused where it cannot be one."""
    keyword = one_line(clean(typed, 40)).upper().replace(" ", "")
    if keyword and (not authoring.is_keyword(keyword) or keyword in RESERVED):
        remedy = _("Pakai 2 sampai 12 huruf besar atau angka, dimulai dengan huruf, tanpa spasi. Contoh: IPA5.")
        raise Refused(Problem("keyword", _("Kata kunci ini tidak bisa dipakai."), remedy))
    return keyword


def keyword_from(title: str) -> str:
    """A keyword made of a title: "Soal IPA, kelas 5" is SOALIPAKELAS."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().upper()
    found = re.sub(r"^[0-9]+", "", re.sub(r"[^A-Z0-9]", "", plain))[: authoring.LONGEST_KEYWORD]
    return found if authoring.is_keyword(found) else authoring.FIRST_KEYWORD


def _home(db: Session, item: Item, base: str) -> Item:
    audio = {code: media.homeward(db, typed, base) for code, typed in item.audio.items()}
    return replace(item, audio=audio) if audio != item.audio else item


def _again(db: Session, items: Sequence[Item], target: Target, title: str) -> QuizRow | None:
    """The quiz that these questions are: of the keyword that was named, else with the same questions, else of the same title."""
    if target.keyword:
        taken = db.scalar(select(QuizRow).where(QuizRow.keyword == target.keyword, QuizRow.archived_at.is_(None)))
        if taken is None or _is_here(taken, target):
            return taken
        free = authoring.free_keyword(db, target.keyword)
        what = _("Kata kunci %(word)s sudah dipakai kuis lain.", word=target.keyword)
        raise Refused(Problem("keyword", what, _("Yang masih bebas: %(word)s.", word=free)))
    rows = db.scalars(select(QuizRow).where(QuizRow.archived_at.is_(None)).order_by(QuizRow.id))
    drafts = [(row, authoring.draft_of(row)) for row in rows if _is_here(row, target)]
    alike = [row for row, draft in drafts if draft.items == tuple(items)]
    return next(iter(alike), None) or next((row for row, draft in drafts if say(draft.title, FIRST) == title), None)


def _is_here(row: QuizRow, target: Target) -> bool:
    return row.school_id == target.school_id and row.course_id == (target.course.id if target.course else None)


def _zone(db: Session, school_id: int | None) -> str:
    school = db.get(School, school_id) if school_id else None
    return school.time_zone if school else ZONE
