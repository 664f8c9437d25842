"""Drafts as they were before they were saved over: what *undo* goes back to. Functions take ``db`` first and never commit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lessons.authoring_tables import SavedDraft

KEPT = 20  # of each quiz and course


def keep(db: Session, of: str, of_id: int, content: Any, staff_id: int | None, now: datetime) -> None:
    """``content`` is about to be saved over by ``staff_id``. ``of`` is "quiz" or "course"."""
    db.add(SavedDraft(of=of, of_id=of_id, content=content, staff_id=staff_id, replaced_at=now))
    db.flush()
    old = select(SavedDraft.id).where(SavedDraft.of == of, SavedDraft.of_id == of_id).order_by(SavedDraft.id.desc()).offset(KEPT)
    db.execute(delete(SavedDraft).where(SavedDraft.id.in_(list(db.scalars(old)))))


def kept(db: Session, of: str, of_id: int) -> list[SavedDraft]:
    """The newest first."""
    return list(
        db.scalars(select(SavedDraft).where(SavedDraft.of == of, SavedDraft.of_id == of_id).order_by(SavedDraft.id.desc()))
    )


def one(db: Session, of: str, of_id: int, saved_id: int) -> SavedDraft | None:
    found = db.get(SavedDraft, saved_id)
    return found if found is not None and (found.of, found.of_id) == (of, of_id) else None
