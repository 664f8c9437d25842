"""A course exported and imported again is equal: the demo's own, with everything that a course can have."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, select

from demo import content
from lessons import course_exchange, versions
from lessons.exchange import course_file
from lessons.exchange.course_file import Held
from lessons.tables import Course as CourseRow
from lessons.tables import Quiz as QuizRow
from schools import staff

NOW = datetime(2026, 11, 23, 1, 10, tzinfo=UTC)
COURSES = [Held(course, (quiz,)) for course, quiz in zip(content.courses(), content.quizzes(), strict=True)]


def around(database, raw):
    """The bytes that an export gives after ``raw`` was imported."""
    with database.writing() as db:
        course_exchange.take(db, course_file.read(raw), None, None, NOW)
    with database.reading() as db:
        return course_file.write(course_exchange.hold(db, db.scalar(select(CourseRow))))


@pytest.mark.parametrize("held", COURSES, ids=lambda held: held.course.code)
def test_a_demo_course_comes_back_equal(database, held):
    quiz = replace(
        held.quizzes[0], opens_at=NOW, closes_at=NOW.replace(month=12), late_until=NOW.replace(month=12, day=31), late_down=20,
        attempts=2, shuffle=True, draw=5, licence="cc-by", credits=("Bu Sri", "Pak Yan"),
    )  # fmt: skip
    held = Held(replace(held.course, licence="cc-by-sa", credits=("Bu Sri",), is_open=False, criterion="2/3"), (quiz,))
    raw = course_file.write(held)
    assert around(database, raw) == raw
    assert around(database, raw) == raw
    with database.writing() as db:
        db.execute(delete(QuizRow))
        db.execute(delete(CourseRow))
    assert around(database, raw) == raw


def test_a_changed_course_changes_its_draft_alone(database):
    held = COURSES[0]
    around(database, course_file.write(held))
    changed = Held(replace(held.course, title={"id": "Lain"}), (replace(held.quizzes[0], attempts=3),))
    with database.writing() as db:
        sri = staff.create(db, "sri", "Bu Sri", "admin", "x", NOW)
        lines = course_exchange.take(db, changed, None, sri, NOW)
        row, by = db.scalars(select(CourseRow)).one(), sri.id
        saved = [versions.kept(db, "course", row.id), versions.kept(db, "quiz", db.scalars(select(QuizRow.id)).one())]
        assert [[(one.content["title"], one.staff_id) for one in of] for of in saved] == [
            [(held.course.title, by)], [(held.quizzes[0].title, by)],
        ]  # fmt: skip
    assert [line.rsplit(", ", 1)[1] for line in lines] == ["diubah", "diubah"]
    assert around(database, course_file.write(changed)) == course_file.write(changed)
