"""The library that all schools share: find, look, copy; and give something of one's own."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core import clock
from core.database import database
from core.phrases import phrases
from core.problems import Refused
from core.text import clean
from lessons import licences, preview, scope, sharing
from lessons.authoring_tables import Shared
from lessons.course import course_from_json, quiz_from_json, say
from lessons.course_forms import PHASES
from lessons.quiz_views import ID, me
from lessons.tables import Course, Quiz
from schools.access import requires

blueprint = Blueprint("shared", __name__, url_prefix="/teach", template_folder="templates")
CODE = "<string(maxlength=20):code>"
blueprint.add_app_template_filter(licences.named, "licence")


@blueprint.get("/library")
@requires("teacher")
def library() -> Any:
    asked = {name: clean(request.args.get(name, ""), 80).strip() for name in ("q", "subject", "phase", "grade")}
    with database().reading() as db:
        everything = sharing.search(db)
        found = (
            sharing.search(db, asked["q"], asked["subject"], asked["phase"], asked["grade"])
            if any(asked.values())
            else everything
        )
        return render_template(
            "lessons/library.html", found=found[:60], more=max(0, len(found) - 60), asked=asked, is_empty=not everything,
            subjects=sorted({x.subject for x in everything if x.subject}),
            grades=sorted({x.grade for x in everything if x.grade}),
            phases=list(PHASES), zone=scope.zone_of(db, me()),
        )  # fmt: skip


@blueprint.get("/library/<int:shared_id>")
@requires("teacher")
def entry(shared_id: int) -> Any:
    with database().reading() as db:
        found = db.get(Shared, shared_id)
        if found is None or (found.withdrawn_at is not None and not _is_own(found)):
            abort(404)
        course = course_from_json(found.content) if found.of == "course" else None
        quiz = quiz_from_json(found.content) if found.of == "quiz" else None
        screens = {x.id: preview.lesson_screens(course, x.id, phrases) for x in course.lessons} if course else {}
        return render_template(
            "lessons/library_entry.html", found=found, course=course, quiz=quiz, screens=screens, is_own=_is_own(found),
            address=licences.ADDRESSES.get(found.licence, ""), zone=scope.zone_of(db, me()),
        )  # fmt: skip


@blueprint.post("/library/<int:shared_id>/copy")
@requires("teacher")
def copy(shared_id: int) -> Any:
    try:
        with database().writing() as db:
            found = db.get(Shared, shared_id) or abort(404)
            of, name = sharing.copy(db, found, me(), clock.now(), scope.zone_of(db, me()))
    except Refused as refused:
        flash(str(refused), "problem")
        return redirect(url_for("shared.library"), 303)
    flash(_("Ini salinan untuk sekolah Anda. Penulis dan lisensinya tetap disebut. Ubah sesuka Anda, lalu terbitkan."))
    address = url_for("courses.edit", code=name) if of == "course" else url_for("teach.quiz", quiz_id=int(name))
    return redirect(address, 303)


@blueprint.post("/library/<int:shared_id>/withdraw")
@requires("teacher")
def withdraw(shared_id: int) -> Any:
    with database().writing() as db:
        found = db.get(Shared, shared_id)
        if found is None or not _is_own(found):
            abort(404)
        sharing.withdraw(db, found, clock.now())
    flash(_("Ditarik dari perpustakaan. Salinan yang sudah dibuat sekolah lain tetap ada."))
    return redirect(url_for("shared.library"), 303)


@blueprint.get(f"/quizzes/{ID}/share")
@requires("teacher")
def give_quiz(quiz_id: int) -> Any:
    with database().reading() as db:
        return _form(db, scope.own_quiz(db, me(), quiz_id) or abort(404))


@blueprint.get(f"/courses/{CODE}/share")
@requires("teacher")
def give_course(code: str) -> Any:
    with database().reading() as db:
        return _form(db, scope.own_course(db, me(), code) or abort(404))


@blueprint.post(f"/quizzes/{ID}/share")
@requires("teacher")
def given_quiz(quiz_id: int) -> Any:
    return _give(lambda db: scope.own_quiz(db, me(), quiz_id) or abort(404))


@blueprint.post(f"/courses/{CODE}/share")
@requires("teacher")
def given_course(code: str) -> Any:
    return _give(lambda db: scope.own_course(db, me(), code) or abort(404))


def _is_own(found: Shared) -> bool:
    return me().role == "admin" or (me().school_id is not None and found.school_id == me().school_id)


def _give(row_of: Any) -> Any:
    author = clean(request.form.get("author", ""), sharing.LONGEST_AUTHOR)
    try:
        with database().writing() as db:
            shared_id = sharing.give(db, row_of(db), me(), request.form.get("licence", ""), author, clock.now()).id
    except Refused as refused:
        with database().reading() as db:
            return _form(db, row_of(db), refused), 422
    flash(_("Terima kasih! Semua sekolah bisa menyalinnya sekarang."))
    return redirect(url_for("shared.entry", shared_id=shared_id), 303)


def _form(db: Session, row: Quiz | Course, refused: Refused | None = None) -> str:
    of = "quiz" if isinstance(row, Quiz) else "course"
    back = url_for("teach.quiz", quiz_id=row.id) if isinstance(row, Quiz) else url_for("courses.edit", code=row.code)
    had = sharing.given(db, of, row.id)  # type: ignore[arg-type]
    chosen = request.form.get("licence") or (had.licence if had else row.draft.get("licence", "")) or "cc-by-sa"
    allowed = licences.may_become(row.draft.get("licence", ""))
    return render_template(
        "lessons/share.html",
        row=row, back=back, title=say(row.draft["title"], "id") or _("Tanpa judul"), had=had, chosen=chosen,
        licences=[(key, name, licences.ADDRESSES[key]) for key, name in licences.LICENCES.items() if key in allowed],
        author=request.form.get("author") or (had.author if had else me().name), problems=refused.problems if refused else (),
        credits=row.draft.get("credits", []), beside={p.where: p for p in refused.problems} if refused else {},
    )  # fmt: skip
