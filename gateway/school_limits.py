"""How many segments of announcements each school may send a day, and what it has used today."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from core.problems import Problem, Refused
from gateway import ledger
from gateway.tables import Budget, SchoolBudget
from schools.tables import School

MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class SchoolDay:
    """A school's limit (None: none of its own) and its announcements of today, those on their way counted."""

    name: str
    npsn: str
    limit: int | None
    segments: int
    rupiah: int


def today(db: Session, now: datetime) -> list[SchoolDay]:
    """Every school that has a limit or announced something today, by name."""
    on_day = and_(Budget.school_id == School.id, Budget.day == ledger.today(now))
    rows = db.execute(
        select(School.name, School.npsn, SchoolBudget.daily_segments, Budget)
        .outerjoin(SchoolBudget, SchoolBudget.school_id == School.id)
        .outerjoin(Budget, on_day)
        .where(or_(SchoolBudget.school_id.is_not(None), Budget.school_id.is_not(None)))
        .order_by(School.name)
    )
    return [
        SchoolDay(
            name, npsn, limit,
            book.segments_reserved + book.segments_spent if book else 0, book.rupiah_reserved + book.rupiah_spent if book else 0,
        )
        for name, npsn, limit, book in rows
    ]  # fmt: skip


def change(db: Session, npsn: str, typed: str) -> School:
    """Sets the limit of the school with that NPSN to ``typed``, or takes it away where that is empty. Raises Refused."""
    school = db.scalar(select(School).where(School.npsn == npsn.strip()))
    digits = re.sub(r"[ .]", "", typed)
    problems = []
    if school is None:
        problems.append(Problem("npsn", _("Tidak ada sekolah dengan NPSN itu.")))
    if digits and (not re.fullmatch(r"[0-9]{1,7}", digits) or int(digits) > MOST):
        problems.append(Problem("segments", _("Tulis bilangan 0 sampai 1.000.000, atau kosongkan.")))
    if problems or school is None:
        raise Refused(problems)
    row = db.get(SchoolBudget, school.id)
    if not digits:
        if row is not None:
            db.delete(row)
    elif row is None:
        db.add(SchoolBudget(school_id=school.id, daily_segments=int(digits)))
    else:
        row.daily_segments = int(digits)
    return school
