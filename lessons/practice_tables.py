"""Rows of practice: what a learner set for herself, what she practised, what she is about to forget, what she has shown."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Float, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Instant


class Habit(Base):
    """What belongs to a learner on her phone: how she is called there, her PIN, her days in a row, her hour of practice.

    ``nickname`` is typed by herself and shown on her own phone alone. ``pin`` is a hash. Days count from
    1970-01-01 in her own zone. ``folded_*``: up to which answer her cards are brought forward (lessons.practice).
    """

    __tablename__ = "habits"
    learner_id: Mapped[int] = mapped_column(ForeignKey("learners.id"), primary_key=True)
    nickname: Mapped[str | None] = mapped_column(String(20))
    pin: Mapped[str | None] = mapped_column(String(64))
    pin_failed: Mapped[int] = mapped_column(default=0, server_default="0")
    pin_locked_until: Mapped[datetime | None] = mapped_column(Instant)
    doubted_at: Mapped[datetime | None] = mapped_column(Instant)  # her school thinks that the number is somebody else's now
    streak: Mapped[int] = mapped_column(default=0, server_default="0")
    streak_day: Mapped[int] = mapped_column(default=0, server_default="0")
    longest: Mapped[int] = mapped_column(default=0, server_default="0")
    remind_hour: Mapped[int | None] = mapped_column(index=True)
    reminded_on: Mapped[int] = mapped_column(default=0, server_default="0")
    folded_answer: Mapped[int] = mapped_column(default=0, server_default="0")
    folded_practice: Mapped[int] = mapped_column(default=0, server_default="0")


class PracticeAnswer(Base):
    """An answer that was practice and belongs to no attempt. ``number`` counts hers of that day: the constraint judges."""

    __tablename__ = "practice_answers"
    __table_args__ = (UniqueConstraint("learner_id", "day", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learners.id"))
    day: Mapped[int]
    number: Mapped[int]
    mode: Mapped[str] = mapped_column(String(8))  # daily, climb, place
    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id"), index=True)  # whose ladder; none: the daily set
    level: Mapped[int] = mapped_column(default=0)  # the rung that the item stands on
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id"))
    item_id: Mapped[str] = mapped_column(String(20))
    typed: Mapped[str] = mapped_column(Text)
    mark: Mapped[str] = mapped_column(String(8))
    medium: Mapped[str] = mapped_column(String(8))
    answered_at: Mapped[datetime] = mapped_column(Instant)


class Card(Base):
    """What is known of a learner's memory of one item (fsrs): when she will be about to forget it, and how firm it is."""

    __tablename__ = "cards"
    __table_args__ = (Index("ix_cards_learner_id_due", "learner_id", "due"),)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learners.id"), primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id"), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(20), primary_key=True)
    stability: Mapped[float] = mapped_column(Float)
    difficulty: Mapped[float] = mapped_column(Float)
    due: Mapped[datetime] = mapped_column(Instant)
    last_review: Mapped[datetime] = mapped_column(Instant)


class HintShown(Base):
    """She asked for an item's hint. ``number`` is the attempt's; 0 is practice. It costs nothing."""

    __tablename__ = "hints_shown"
    learner_id: Mapped[int] = mapped_column(ForeignKey("learners.id"), primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    item_id: Mapped[str] = mapped_column(String(20), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)


class Certificate(Base):
    """She finished a course at its criterion. Whoever has the code may verify it at /certificate/<code>."""

    __tablename__ = "certificates"
    __table_args__ = (UniqueConstraint("learner_id", "course_id"),)
    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learners.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    criterion: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime] = mapped_column(Instant)


class WebCode(Base):
    """A code that her phone told her, with which a browser goes on where she is. Used once; only its hash is kept."""

    __tablename__ = "web_codes"
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    msisdn: Mapped[str] = mapped_column(String(16))
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)


class ClassBoard(Base):
    """A class whose teacher agreed that it is ranked among the classes. No row: it is not."""

    __tablename__ = "class_boards"
    class_id: Mapped[int] = mapped_column(ForeignKey("classes.id"), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(Instant)
