"""Rows of authoring: drafts as they were before the last savings, and what schools share with one another."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Instant, Json


class SavedDraft(Base):
    """A draft as it was until ``replaced_at``, when ``staff_id`` saved another over it. ``of`` is "quiz" or "course"."""

    __tablename__ = "saved_drafts"
    __table_args__ = (Index("ix_saved_drafts_of_of_id", "of", "of_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    of: Mapped[str] = mapped_column(String(8))
    of_id: Mapped[int]
    content: Mapped[Any] = mapped_column(Json)
    replaced_at: Mapped[datetime] = mapped_column(Instant)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class Shared(Base):
    """A course or a quiz that a school gives to all others, frozen as it was when it was given.

    ``author`` and ``school`` are names, kept as they were said; ``licence`` is a key of lessons.licences. Given again, it is
    the same row with newer content; ``withdrawn_at``: it can be copied no more, and the copies stay.
    """

    __tablename__ = "shared"
    __table_args__ = (UniqueConstraint("of", "of_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    of: Mapped[str] = mapped_column(String(8))  # quiz, course
    of_id: Mapped[int]
    school_id: Mapped[int | None] = mapped_column(ForeignKey("schools.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    author: Mapped[str] = mapped_column(String(80))
    school: Mapped[str] = mapped_column(String(120))
    licence: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(60))
    phase: Mapped[str] = mapped_column(String(8))
    grade: Mapped[str] = mapped_column(String(20))
    content: Mapped[Any] = mapped_column(Json)
    copies: Mapped[int] = mapped_column(default=0)
    shared_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
