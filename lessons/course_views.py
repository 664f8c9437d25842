"""Published courses, to read: their lessons, and how they look on the phone."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template
from sqlalchemy.orm import Session

from core.database import database
from core.phrases import phrases
from lessons import preview, scope
from lessons.course import Course, course_from_json
from lessons.quiz_views import me
from lessons.tables import Course as CourseRow
from lessons.tables import CourseEdition
from schools.access import requires

blueprint = Blueprint("courses", __name__, url_prefix="/teach", template_folder="templates")


def _course(db: Session, row: CourseRow) -> Course:
    """The published edition of a row that has one."""
    edition = db.get(CourseEdition, row.edition_id)
    return course_from_json(edition.content if edition else row.draft, id=row.id)


@blueprint.get("/courses")
@requires("teacher")
def courses() -> Any:
    with database().reading() as db:
        found = [_course(db, row) for row in scope.courses(db, me())]
    return render_template("lessons/courses.html", courses=found)


@blueprint.get("/courses/<code>")
@requires("teacher")
def course(code: str) -> Any:
    with database().reading() as db:
        found = next((_course(db, row) for row in scope.courses(db, me()) if row.code == code), None)
    if found is None:
        abort(404)
    screens = {lesson.id: preview.lesson_screens(found, lesson.id, phrases) for lesson in found.lessons}
    return render_template("lessons/course.html", course=found, screens=screens)
