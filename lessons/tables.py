"""Rows of courses, quizzes, their editions, and of what learners did."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Instant, Json, partial


class Course(Base):
    """A course of lessons. ``school_id`` none: everybody's. ``draft`` is lessons.course.Course as JSON."""

    __tablename__ = "courses"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    school_id: Mapped[int | None] = mapped_column(ForeignKey("schools.id"), index=True)
    draft: Mapped[Any] = mapped_column(Json)
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("course_editions.id", use_alter=True))
    archived_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer, default=1)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    updated_at: Mapped[datetime | None] = mapped_column(Instant)
    __mapper_args__ = {"version_id_col": version}


class CourseEdition(Base):
    __tablename__ = "course_editions"
    __table_args__ = (UniqueConstraint("course_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    number: Mapped[int]
    content: Mapped[Any] = mapped_column(Json)
    published_at: Mapped[datetime] = mapped_column(Instant)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class Quiz(Base):
    """A quiz. ``school_id`` none: every school's. ``keyword`` is upper case and belongs to one living quiz."""

    __tablename__ = "quizzes"
    __table_args__ = (
        Index(
            "uq_quizzes_keyword_living", "keyword", unique=True,
            **partial("archived_at IS NULL"),
        ),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id"), index=True)
    school_id: Mapped[int | None] = mapped_column(ForeignKey("schools.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    keyword: Mapped[str] = mapped_column(String(20))
    draft: Mapped[Any] = mapped_column(Json)
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("quiz_editions.id", use_alter=True))
    updated_at: Mapped[datetime] = mapped_column(Instant)
    archived_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer, default=1)
    __mapper_args__ = {"version_id_col": version}


class QuizEdition(Base):
    """A published quiz, frozen: an attempt keeps the edition it began with."""

    __tablename__ = "quiz_editions"
    __table_args__ = (UniqueConstraint("quiz_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id"))
    number: Mapped[int]
    content: Mapped[Any] = mapped_column(Json)
    published_at: Mapped[datetime] = mapped_column(Instant)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class ContentVersion(Base):
    """One row that rises with every publication; the content kept in process is refreshed when it has risen."""

    __tablename__ = "content_version"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(default=0)


class Enrolment(Base):
    __tablename__ = "enrolments"
    learner_id: Mapped[int] = mapped_column(ForeignKey("learners.id"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    criterion: Mapped[str] = mapped_column(String(8), default="3/4", server_default="3/4")  # as the course said it that day
    placed: Mapped[int | None]  # on which rung of the course's ladder five questions put her; none: not yet
    finished_at: Mapped[datetime | None] = mapped_column(Instant)  # every rung above was mastered by the criterion


class LessonRead(Base):
    """A learner reached the end of a lesson (the newest time)."""

    __tablename__ = "lessons_read"
    learner_id: Mapped[int] = mapped_column(ForeignKey("learners.id"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), primary_key=True)
    lesson_id: Mapped[str] = mapped_column(String(20), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)


class Attempt(Base):
    """One go at a quiz. ``number`` counts a learner's goes from 1: what the dialogue knows it by."""

    __tablename__ = "attempts"
    __table_args__ = (UniqueConstraint("learner_id", "quiz_id", "number"), Index("ix_attempts_quiz_id", "quiz_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learners.id"))
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("quiz_editions.id"))
    number: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)


class Answer(Base):
    """What was typed and how it was marked. One for each item of an attempt: the unique constraint judges."""

    __tablename__ = "answers"
    __table_args__ = (UniqueConstraint("attempt_id", "item_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    item_id: Mapped[str] = mapped_column(String(20))
    typed: Mapped[str] = mapped_column(Text)
    mark: Mapped[str] = mapped_column(String(8))  # right, almost, wrong
    score: Mapped[int]  # percent of the item: 100, 50, 0
    medium: Mapped[str] = mapped_column(String(8))
    answered_at: Mapped[datetime] = mapped_column(Instant)
    sheet: Mapped[str] = mapped_column(String(1), default="", server_default=text("''"))  # variant of the paper it was written on


class Conversation(Base):
    """Where the people of one number are: lessons.dialogue.state.State as JSON. It outlives every session."""

    __tablename__ = "conversations"
    msisdn: Mapped[str] = mapped_column(String(16), primary_key=True)
    state: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(Instant)
