"""What a quiz or a course was before: its editions with what each changed, and the last savings of its draft, to go back to."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.database import database
from core.problems import Refused
from lessons import authoring, course_authoring, course_views, forms, scope, versions
from lessons.course import course_from_json, quiz_from_json, say
from lessons.course_views import CODE
from lessons.differences import differences
from lessons.quiz_views import ID, me, own
from lessons.tables import CourseEdition, QuizEdition
from schools.access import requires
from schools.tables import Staff

blueprint = Blueprint("history", __name__, url_prefix="/teach", template_folder="templates")


@blueprint.get(f"/quizzes/{ID}/history")
@requires("teacher")
def quiz(quiz_id: int) -> Any:
    with database().reading() as db:
        row = own(db, quiz_id)
        editions = db.scalars(select(QuizEdition).where(QuizEdition.quiz_id == row.id).order_by(QuizEdition.number)).all()
        back, restore = url_for("teach.quiz", quiz_id=row.id), url_for("history.restore_quiz", quiz_id=row.id)
        return _page(db, "quiz", row, editions, back, restore)


@blueprint.get(f"/courses/{CODE}/history")
@requires("teacher")
def course(code: str) -> Any:
    with database().reading() as db:
        row = course_views.own(db, code)
        of = select(CourseEdition).where(CourseEdition.course_id == row.id).order_by(CourseEdition.number)
        back, restore = url_for("courses.edit", code=row.code), url_for("history.restore_course", code=row.code)
        return _page(db, "course", row, db.scalars(of).all(), back, restore)


def _page(db: Session, of: str, row: Any, editions: Any, back: str, restore: str) -> str:
    saved = versions.kept(db, of, row.id)
    ids = {x.staff_id for x in (*editions, *saved) if x.staff_id}
    names = {s.id: s.name for s in db.scalars(select(Staff).where(Staff.id.in_(ids)))}
    published = [
        (edition, names.get(edition.staff_id, ""), differences(editions[at - 1].content, edition.content) if at else [])
        for at, edition in enumerate(editions)
    ][::-1]
    current = next((edition for edition in editions if edition.id == row.edition_id), None)
    return render_template(
        "lessons/history.html",
        row=row, title=say(row.draft["title"], "id") or _("Tanpa judul"), back=back, restore=restore, published=published,
        waiting=differences(current.content, row.draft) if current is not None else [],
        saved=[(x, names.get(x.staff_id or 0, ""), differences(x.content, row.draft)) for x in saved],
        zone=scope.zone_of(db, me()),
    )  # fmt: skip


@blueprint.post(f"/quizzes/{ID}/history")
@requires("teacher")
def restore_quiz(quiz_id: int) -> Any:
    """The draft as it was in ``saved`` or in ``edition``; what is there now is kept too, so this can be undone as well."""
    try:
        with database().writing() as db:
            row = own(db, quiz_id)
            edition = db.get(QuizEdition, _id("edition"))
            content = edition.content if edition is not None and edition.quiz_id == row.id else _saved(db, "quiz", row.id)
            draft = quiz_from_json(content, id=row.id, school=row.school_id)
            authoring.save_quiz(db, row, draft, row.version, clock.now(), me().id)
    except Refused as refused:
        flash(str(refused), "problem")
        return redirect(url_for("history.quiz", quiz_id=quiz_id), 303)
    return _restored(url_for("teach.quiz", quiz_id=quiz_id))


@blueprint.post(f"/courses/{CODE}/history")
@requires("teacher")
def restore_course(code: str) -> Any:
    try:
        with database().writing() as db:
            row = course_views.own(db, code)
            edition = db.get(CourseEdition, _id("edition"))
            content = edition.content if edition is not None and edition.course_id == row.id else _saved(db, "course", row.id)
            draft = course_from_json(content, id=row.id)
            course_authoring.save_course(db, row, draft, row.version, me(), clock.now())
    except Refused as refused:
        flash(str(refused), "problem")
        return redirect(url_for("history.course", code=code), 303)
    return _restored(url_for("courses.edit", code=code))


def _saved(db: Session, of: str, of_id: int) -> Any:
    found = versions.one(db, of, of_id, _id("saved"))
    return found.content if found is not None else abort(404)


def _id(name: str) -> int:
    return forms.row_number(request.form.get(name, ""))


def _restored(address: str) -> Any:
    flash(_("Draf kembali seperti waktu itu. Yang tadi tersimpan di riwayat. Murid melihatnya sesudah diterbitkan."))
    return redirect(address, 303)
