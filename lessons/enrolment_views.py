"""Formal courses want enrolment: a teacher enrols her class. (Informal ones are open to anyone who dials.)"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.orm import Session

from core import clock
from core.database import database
from core.hot import Statement
from core.pages import page_language
from lessons import scope
from lessons.course import Course, course_from_json, say
from lessons.quiz_views import me
from lessons.tables import Course as CourseRow
from lessons.tables import CourseEdition, Enrolment
from schools.access import requires
from schools.tables import Class, Learner

_ENROL = Statement(  # pressed twice at once, whoever came first has enrolled her
    insert(Enrolment.__table__).from_select(  # type: ignore[arg-type]
        ["learner_id", "course_id", "at", "criterion"],
        select(Learner.id, bindparam("course"), bindparam("now"), bindparam("its_criterion")).where(
            Learner.class_id == bindparam("room")
        ),
    ),
    "ON CONFLICT DO NOTHING",
)

blueprint = Blueprint("enrolments", __name__, url_prefix="/teach", template_folder="templates")


def _formal(db: Session) -> list[Course]:
    """Published courses of no school that want enrolment; a school's own are its learners' already."""
    rows = db.execute(
        select(CourseRow.id, CourseEdition.content)
        .join(CourseEdition, CourseEdition.id == CourseRow.edition_id)
        .where(CourseRow.school_id.is_(None), CourseRow.archived_at.is_(None))
        .order_by(CourseRow.id)
    )
    return [course for row in rows if not (course := course_from_json(row.content, id=row.id)).is_open]


@blueprint.get("/enrolments")
@requires("teacher")
def enrolments() -> Any:
    language = page_language()
    with database().reading() as db:
        school, courses = scope.learners_school(me()), _formal(db)
        rooms = list(db.scalars(select(Class).where(Class.school_id == school).order_by(Class.name))) if school else []
        sizes = {row[0]: row[1] for row in db.execute(select(Learner.class_id, func.count()).group_by(Learner.class_id))}
        counted = (
            select(Enrolment.course_id, Learner.class_id, func.count())
            .join(Learner, Learner.id == Enrolment.learner_id)
            .group_by(Enrolment.course_id, Learner.class_id)
        )
        enrolled = {(course, room): n for course, room, n in db.execute(counted)}
        return render_template(
            "lessons/enrolments.html", courses=courses, rooms=rooms, sizes=sizes, enrolled=enrolled,
            said=lambda words: say(words, language),
        )  # fmt: skip


@blueprint.post("/enrolments/<int:course_id>/<int:class_id>")
@requires("teacher")
def enrol(course_id: int, class_id: int) -> Any:
    """All of the class; who is in it already stays as she is, with the criterion that was frozen for her."""
    with database().reading() as db:
        room = db.get(Class, class_id)
        course = next((each for each in _formal(db) if each.id == course_id), None)
        if course is None or room is None or room.school_id != scope.learners_school(me()):
            abort(404)
    values = {"room": class_id, "course": course_id, "now": clock.to_ms(clock.now()), "its_criterion": course.criterion}
    new = database().step(lambda db: db.run(_ENROL, **values), seconds=5)
    flash(_("%(n)d murid didaftarkan.", n=new))
    return redirect(url_for("enrolments.enrolments"), 303)
