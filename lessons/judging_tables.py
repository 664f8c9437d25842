"""Rows of marking again: what a teacher decided after the fact, and every mark that this changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Instant


class Remark(Base):
    """One decision of a teacher over the answers to one item: who, when, what was decided, how many marks changed.

    ``answer`` is what she accepted, as learners typed it and as ``key`` folds it; both are "" where she had everything marked
    again by the present key. ``school_id`` is whose learners it is about; none: everybody's. It stands until ``undone_at``.
    """

    __tablename__ = "remarks"
    __table_args__ = (Index("ix_remarks_quiz_id_item_id", "quiz_id", "item_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id"))
    item_id: Mapped[str] = mapped_column(String(20))
    school_id: Mapped[int | None] = mapped_column(ForeignKey("schools.id"))
    answer: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)
    mark: Mapped[str] = mapped_column(String(8))  # what was decided: right, almost; "" by the key
    changed: Mapped[int]
    is_taught: Mapped[bool]  # the answer was written into the draft's key too
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    question: Mapped[str] = mapped_column(String(64), default="", server_default=text("''"))  # of which question: a hash
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class Remarked(Base):
    """One answer before and after. It goes with its answer, when a learner's data is erased."""

    __tablename__ = "remarked"
    remark_id: Mapped[int] = mapped_column(ForeignKey("remarks.id"), primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True, index=True)
    mark_before: Mapped[str] = mapped_column(String(8))
    score_before: Mapped[int]
    mark_after: Mapped[str] = mapped_column(String(8))
    score_after: Mapped[int]


class Called(Base):
    """A teacher has telephoned a learner, so the list of whom to call goes on to others for some days."""

    __tablename__ = "called"
    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learners.id", ondelete="CASCADE"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(Instant)
