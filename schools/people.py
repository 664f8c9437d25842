"""Regions, schools, classes and learners: found or made, with names cleaned and numbers read."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import msisdn
from core.problems import Problem, Refused
from core.text import clean, one_line
from schools.tables import Class, Learner, Region, School

Row = TypeVar("Row")
NAME = 80
REGION_KINDS = ("province", "regency", "city", "district")


def read_name(typed: str, limit: int = NAME) -> str:
    """A name as people write it: one line, no invisible characters. Scripts and apostrophes are nobody's business."""
    return one_line(clean(typed, limit * 2))[:limit].strip()


def read_grade(typed: str) -> int:
    """A grade from 1 to 12 as typed; 0 for anything else."""
    return int(typed) if re.fullmatch("0?[1-9]|1[0-2]", typed) else 0


def _found_or_made(db: Session, wanted: Select[Row], make: Callable[[], Row]) -> Row:
    """The row of ``wanted``, else ``make()``. The unique constraint judges when two make it at once."""
    found = db.scalars(wanted).first()
    if found is not None:
        return found
    try:
        with db.begin_nested():
            made = make()
            db.add(made)
            db.flush()
        return made
    except IntegrityError:
        return db.scalars(wanted).one()


def region(db: Session, code: str, name: str, kind: str, time_zone: str, parent: Region | None = None) -> Region:
    """The region of a Kemendagri ``code`` ("91.71"), made where it is missing. ``time_zone`` is IANA's."""
    return _found_or_made(
        db,
        select(Region).where(Region.code == code),
        lambda: Region(code=code, name=name, kind=kind, time_zone=time_zone, parent_id=parent.id if parent else None),
    )


def school(db: Session, npsn: str, name: str, of: Region) -> School:
    """The school of an ``npsn`` (eight digits), made in region ``of`` and its zone where it is missing."""
    if not (len(npsn) == 8 and npsn.isascii() and npsn.isdigit()):
        raise Refused(Problem("npsn", _("NPSN terdiri dari delapan angka.")))
    return _found_or_made(
        db,
        select(School).where(School.npsn == npsn),
        lambda: School(npsn=npsn, name=read_name(name, 120), region_id=of.id, time_zone=of.time_zone),
    )


def class_named(db: Session, school_id: int, name: str, grade: int) -> Class:
    """The class ``name`` of a school, made where it is missing."""
    name = read_name(name, 40)
    return _found_or_made(
        db,
        select(Class).where(Class.school_id == school_id, Class.name == name),
        lambda: Class(school_id=school_id, name=name, grade=grade),
    )


def read_learner(name: str, number: str) -> tuple[str, str]:
    """Her name and E.164 as typed. Raises Refused with every problem at once, naming ``name`` and ``msisdn``."""
    problems = []
    name = read_name(name)
    if not name:
        problems.append(Problem("name", _("Nama murid masih kosong.")))
    e164 = ""
    try:
        e164 = msisdn.read(clean(number, 40))
        if not msisdn.is_mobile(e164):
            problems.append(Problem("msisdn", _("Nomor ini bukan nomor ponsel."), _("Tulis misalnya 0812 3456 7890.")))
    except Refused:
        problems.append(Problem("msisdn", _("Nomor ini tidak terbaca."), _("Tulis misalnya 0812 3456 7890.")))
    if problems:
        raise Refused(problems)
    return name, e164


def add_learner(db: Session, in_class: Class, name: str, number: str, now: datetime) -> Learner:
    """A new learner, without consent yet. Several may share a number; two of one name on one number in a class may not."""
    name, e164 = read_learner(name, number)
    twin = select(Learner).where(Learner.class_id == in_class.id, Learner.name == name, Learner.msisdn == e164)
    if db.scalars(twin).first() is not None:
        raise Refused(Problem("name", _("%(name)s dengan nomor ini sudah ada di kelas.", name=name)))
    learner = Learner(
        school_id=in_class.school_id, class_id=in_class.id, name=name, msisdn=e164, language=None, created_at=now
    )  # fmt: skip
    db.add(learner)
    db.flush()
    return learner


def classes(db: Session, school_id: int) -> list[Class]:
    return list(db.scalars(select(Class).where(Class.school_id == school_id).order_by(Class.grade, Class.name)))


def learners(db: Session, school_id: int) -> list[Learner]:
    """All of a school, by name; those whose data was erased are nobody."""
    somebody = Learner.name.is_not(None) | Learner.msisdn.is_not(None)
    return list(db.scalars(select(Learner).where(Learner.school_id == school_id, somebody).order_by(Learner.name, Learner.id)))


def learner_of(db: Session, learner_id: int, school_id: int) -> Learner | None:
    """The learner where she is of that school, else None: another school's learner is not there."""
    return db.scalars(select(Learner).where(Learner.id == learner_id, Learner.school_id == school_id)).first()


def class_of(db: Session, class_id: int, school_id: int) -> Class | None:
    return db.scalars(select(Class).where(Class.id == class_id, Class.school_id == school_id)).first()
