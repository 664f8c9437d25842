"""Published content, kept in process: a keypress reads it without the database.

A publication raises ``content_version``; a second later at the latest, every process has read it again.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask import current_app
from sqlalchemy import bindparam, select

from core.hot import Hot, Statement
from lessons import acceptances
from lessons.course import Course, Quiz, course_from_json, quiz_from_json
from lessons.dialogue.world import Airing
from lessons.tables import ContentVersion, CourseEdition, QuizEdition
from lessons.tables import Course as CourseRow
from lessons.tables import Quiz as QuizRow

FRESH_SECONDS = 1.0

_VERSION = Statement(select(ContentVersion.number).where(ContentVersion.id == 1))
_COURSES = Statement(
    select(CourseRow.id, CourseRow.school_id, CourseEdition.content)
    .join(CourseEdition, CourseRow.edition_id == CourseEdition.id)
    .where(CourseRow.archived_at.is_(None))
    .order_by(CourseRow.id)
)
_QUIZZES = Statement(
    select(QuizRow.id, QuizRow.school_id, QuizEdition.id.label("edition"), QuizEdition.content)
    .join(QuizEdition, QuizRow.edition_id == QuizEdition.id)
    .where(QuizRow.archived_at.is_(None))
    .order_by(QuizRow.id)
)
_EDITION = Statement(
    select(QuizRow.id, QuizRow.school_id, QuizEdition.content)
    .join(QuizEdition, QuizEdition.quiz_id == QuizRow.id)
    .where(QuizEdition.id == bindparam("edition"))
)


@dataclass(frozen=True, slots=True)
class Content:
    """One version of everything that is published. ``courses`` with the school that each belongs to (None: all); ``closed`` are
    those of all schools that want enrolment."""

    version: int = -1
    courses: tuple[tuple[int | None, Course], ...] = ()
    quizzes: tuple[Quiz, ...] = ()
    by_keyword: dict[str, Quiz] = field(default_factory=dict)
    accepted: acceptances.Standing = field(default_factory=dict)
    closed: tuple[Course, ...] = ()


class Library:
    """``on_air(region_id, now, wanted)`` tells what a region's station airs, or the one that she names ("RRI JAYAPURA"), of
    the level that she names ("SMP"); it is asked at most once a minute for each. ``programme(region_id, now, said)`` is the
    next airing of what she names by its code. The hours of both are in the station's own zone."""

    def __init__(
        self,
        on_air: Callable[[int | None, datetime, str], Sequence[Airing]] = lambda region, now, wanted: (),
        programme: Callable[[int | None, datetime, str], Airing | None] = lambda region, now, said: None,
    ):
        self.programme = programme
        self._content = Content()
        self._checked = float("-inf")
        self._editions: dict[int, Quiz] = {}
        self._on_air = on_air
        self._airings: dict[tuple[int | None, int, str], Sequence[Airing]] = {}

    def content(self, db: Hot) -> Content:
        """What is published, at most a second old."""
        now = time.monotonic()
        if now - self._checked >= FRESH_SECONDS:
            row = db.one(_VERSION)
            version = row.number if row else 0
            if version != self._content.version:
                held, self._content = self._content.accepted, _read(db, version)
                if held != self._content.accepted:
                    self._editions = {}
                self._editions |= {quiz.edition: quiz for quiz in self._content.quizzes}
            self._checked = now
        return self._content

    def expire(self) -> None:
        """Something was published in this process: look at once."""
        self._checked = float("-inf")
        self._airings = {}

    def edition(self, db: Hot, edition: int) -> Quiz | None:
        """A frozen edition of a quiz, the current one or an older one that an attempt still holds."""
        accepted = self.content(db).accepted
        found = self._editions.get(edition)
        if found is None:
            row = db.one(_EDITION, edition=edition)
            if row is None:
                return None
            found = quiz_from_json(json.loads(row.content), id=row.id, edition=edition, school=row.school_id)
            found = acceptances.accepting(found, accepted)
            self._editions = {**dict(list(self._editions.items())[-500:]), edition: found}
        return found

    def airings(self, region: int | None, now: datetime, wanted: str = "") -> Sequence[Airing]:
        key = (region, int(now.timestamp() // 60), wanted)
        if key not in self._airings:
            if len(self._airings) > 1000:
                self._airings = {}
            self._airings[key] = self._on_air(region, now, wanted)
        return self._airings[key]


def _read(db: Hot, version: int) -> Content:
    courses = tuple((row.school_id, course_from_json(json.loads(row.content), id=row.id)) for row in db.all(_COURSES))
    accepted = acceptances.standing(db)
    quizzes = tuple(
        acceptances.accepting(
            quiz_from_json(json.loads(row.content), id=row.id, edition=row.edition, school=row.school_id), accepted
        )
        for row in db.all(_QUIZZES)
    )
    closed = tuple(course for school, course in courses if school is None and not course.is_open)
    return Content(version, courses, quizzes, {quiz.keyword: quiz for quiz in quizzes}, accepted, closed)


def library() -> Library:
    """The library of the running application."""
    found: Library = current_app.extensions["library"]
    return found
