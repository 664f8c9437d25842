"""Whose a recording or a picture is, how much room a school has left, and which of them a draft or an edition still names.

Functions take ``db`` first and never commit. The bytes are kept before (core.files), so that no transaction waits for them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _
from sqlalchemy import Text, delete, func, select, type_coerce
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.files import ENDINGS, Kept
from core.problems import Problem, Refused
from core.text import clean
from lessons import enclosed
from lessons.authoring_tables import SavedDraft, Shared
from lessons.enclosed import HandedIn
from lessons.media_tables import MediaFile
from lessons.tables import Course, CourseEdition, Quiz, QuizEdition

_NAMING: tuple[Any, ...] = (
    Course.draft, CourseEdition.content, Quiz.draft, QuizEdition.content, SavedDraft.content, Shared.content,
)  # fmt: skip
"""Every column of JSON that may name what was handed in."""


def add(
    db: Session, school_id: int | None, kept: Kept, name: str, staff_id: int | None, now: datetime, most: int
) -> HandedIn:  # fmt: skip
    """A row for what a school handed in; the same bytes again are the same row. ``most`` bytes may a school have in all.

    Raises Refused, naming what is there already, where that would be more.
    """
    there = select(MediaFile.id).where(_of(school_id), MediaFile.digest == kept.digest)
    if db.scalar(there) is None:
        had = used(db, school_id)
        if had + kept.size > most:
            facts = {"had": megabytes(had), "most": megabytes(most), "size": megabytes(kept.size)}
            raise Refused(Problem(
                "file", _("Ruang sekolah ini penuh: sudah %(had)s dari %(most)s MB, dan berkas ini %(size)s MB.", **facts),
                _("Hapus rekaman atau gambar yang tidak dipakai lagi; malamnya ruangnya kosong."),
            ))  # fmt: skip
        _row(db, school_id, kept.digest, kept.size, kept.media_type, name, staff_id, now)
    return HandedIn(kept.digest, ENDINGS[kept.media_type], kept.size)


def grant(db: Session, school_id: int | None, content: Any, staff_id: int | None, now: datetime) -> None:
    """What ``content`` (a draft as JSON) names becomes this school's too, where it is anybody's: copies keep their recordings.

    Counts as its own from now on, but is never refused for want of room.
    """
    wanted = enclosed.references(json.dumps(content))
    if not wanted:
        return
    wanted -= set(db.scalars(select(MediaFile.digest).where(_of(school_id), MediaFile.digest.in_(wanted))))
    for digest in sorted(wanted):
        row = one(db, digest)
        if row is not None:
            _row(db, school_id, digest, row.size, row.media_type, row.name, staff_id, now)


def missing(db: Session, content: Any) -> list[Problem]:
    """What stops publishing: files that are named but are not there."""
    wanted = enclosed.references(json.dumps(content))
    if wanted:
        wanted -= set(db.scalars(select(MediaFile.digest).where(MediaFile.digest.in_(wanted))))
    what, remedy = _("Sebuah rekaman atau gambar sudah tidak ada di sini."), _("Unggah sekali lagi, atau hapus dari formulir.")
    return [Problem("", what, remedy)] if wanted else []


def one(db: Session, digest: str) -> MediaFile | None:
    """The oldest row of a file, whoever's."""
    return db.scalar(select(MediaFile).where(MediaFile.digest == digest).order_by(MediaFile.id).limit(1))


def used(db: Session, school_id: int | None) -> int:
    """Bytes that a school has handed in or copied."""
    return db.scalar(select(func.coalesce(func.sum(MediaFile.size), 0)).where(_of(school_id))) or 0


def homeward(db: Session, typed: str, base: str) -> str:
    """A typed address, or where it is one of ours that came back from a file what was handed in."""
    found = enclosed.ours(typed, base)
    row = one(db, found[0]) if found else None
    return str(HandedIn(row.digest, ENDINGS[row.media_type], row.size)) if row is not None else typed


def named(db: Session) -> set[str]:
    """The digests that any draft, edition, earlier draft or shared copy names."""
    found: set[str] = set()
    for column in _NAMING:
        content = type_coerce(column, Text)
        likely = content.like("%file:%") | content.like("%/files/%")
        for text in db.scalars(select(content).where(likely).execution_options(yield_per=50)):
            found |= enclosed.named(text)
    return found


def unnamed(db: Session, before: datetime) -> list[int]:
    """Rows of what nothing names, added before ``before``: a form may be open on younger ones."""
    old = db.execute(select(MediaFile.id, MediaFile.digest).where(MediaFile.added_at < before)).all()
    kept = named(db) if old else set()
    return [row.id for row in old if row.digest not in kept]


def forget(db: Session, rows: Sequence[int]) -> int:
    """Takes rows away that were ``unnamed``; how many. Their bytes are swept off the disk when no row names them any more."""
    for at in range(0, len(rows), 500):
        db.execute(delete(MediaFile).where(MediaFile.id.in_(rows[at : at + 500])))
    return len(rows)


def take_down(db: Session, digest: str) -> int:
    """Takes a file away from every school, whatever names it; how many rows. Its address answers 404 from then on, a page says
    its words without it, and publishing asks for another."""
    gone = db.scalars(select(MediaFile.id).where(MediaFile.digest == digest)).all()
    db.execute(delete(MediaFile).where(MediaFile.digest == digest))
    return len(gone)


def digests(db: Session) -> set[str]:
    """All that a row names: what must not be swept off the disk."""
    return set(db.scalars(select(MediaFile.digest).distinct()))


def megabytes(size: int) -> str:
    """1,5 for 1,500,000 bytes."""
    return str(format_decimal(round(size / 1_000_000, 1)))


def _of(school_id: int | None) -> Any:
    return MediaFile.school_id.is_(None) if school_id is None else MediaFile.school_id == school_id


def _row(
    db: Session, school_id: int | None, digest: str, size: int, media_type: str, name: str, staff_id: int | None, now: datetime
) -> None:  # fmt: skip
    row = MediaFile(
        school_id=school_id, digest=digest, size=size, media_type=media_type, name=clean(name, 120), added_by=staff_id,
        added_at=now,
    )  # fmt: skip
    try:
        with db.begin_nested():
            db.add(row)
            db.flush()
    except IntegrityError:  # somebody of the same school hands in the same just now
        pass
