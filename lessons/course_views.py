"""Courses: those that are published, to read; a teacher's own, to write, with the phone beside the form."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core import clock
from core.database import database
from core.phrases import phrases
from core.problems import Problem, Refused
from lessons import authoring, course_authoring, course_forms, course_page, forms, media_views, preview, scope
from lessons.course import Course, course_from_json, say
from lessons.library import library
from lessons.quiz_views import me
from lessons.tables import Course as CourseRow
from lessons.tables import CourseEdition
from schools.access import requires

blueprint = Blueprint("courses", __name__, url_prefix="/teach", template_folder="templates")
blueprint.url_value_preprocessor(media_views.roomy)
CODE = "<string(maxlength=20):code>"


def own(db: Session, code: str) -> CourseRow:
    """Her own course; 404 for any other."""
    return scope.own_course(db, me(), code) or abort(404)


def _course(db: Session, row: CourseRow) -> Course:
    """The published edition of a row that has one."""
    edition = db.get(CourseEdition, row.edition_id)
    return course_from_json(edition.content if edition else row.draft, id=row.id)


@blueprint.get("/courses")
@requires("teacher")
def courses() -> Any:
    archived = request.args.get("archived") == "1"
    with database().reading() as db:
        written = scope.own_courses(db, me(), archived=archived)
        ids = {row.id for row in written}
        read = [] if archived else [_course(db, row) for row in scope.courses(db, me()) if row.id not in ids]
        mine = []
        for row in written:
            edition = db.get(CourseEdition, row.edition_id) if row.edition_id else None
            draft = course_authoring.draft_of(row)
            mine.append({"row": row, "course": draft, "title": say(draft.title, "id") or row.code, "edition": edition,
                         "is_changed": edition is not None and edition.content != row.draft})  # fmt: skip
        gone = request.args.get("gone", "")[:20]
        undo = scope.own_course(db, me(), gone) if gone else None
        undo_code = undo.code if undo is not None and undo.archived_at is not None else ""
    return render_template("lessons/courses.html", courses=read, own=mine, archived=archived, undo=undo_code)


@blueprint.get(f"/courses/{CODE}")
@requires("teacher")
def course(code: str) -> Any:
    with database().reading() as db:
        found = next((_course(db, row) for row in scope.courses(db, me()) if row.code == code), None)
        is_own = scope.own_course(db, me(), code) is not None
    if found is None:
        return redirect(url_for("courses.edit", code=code), 303) if is_own else abort(404)
    screens = {lesson.id: preview.lesson_screens(found, lesson.id, phrases) for lesson in found.lessons}
    return render_template("lessons/course.html", course=found, screens=screens, is_own=is_own)


@blueprint.get("/courses/new")
@requires("teacher")
def new() -> Any:
    with database().reading() as db:
        base = _blank(db)
        typed = course_forms.typed_of(base)
        return course_page.page(db, me(), typed, base, quiet=True)


@blueprint.post("/courses/new")
@requires("teacher")
def create() -> Any:
    do = request.form.get("do", "")
    try:
        typed, untaken = _with_files(me().school_id, do)
    except Refused as refused:
        return _refused(refused)
    with database().reading() as db:
        base = _blank(db)
        draft, unread = course_forms.draft_of(typed, base, may_name=True)
        unread += untaken
        if unread or do not in ("save", "publish"):
            return course_page.page(db, me(), typed, base, problems=unread, quiet=not unread, focus=_focus(typed))
    try:
        with database().writing() as db:
            row = course_authoring.new_course(db, me(), draft, clock.now())
            code, published = row.code, _published(db, row) if do == "publish" else None
    except Refused as refused:
        with database().reading() as db:
            return course_page.page(db, me(), typed, base, problems=refused.problems)
    return _after(code, published)


@blueprint.get(f"/courses/{CODE}/edit")
@requires("teacher")
def edit(code: str) -> Any:
    with database().reading() as db:
        row = own(db, code)
        base = course_authoring.draft_of(row)
        typed = course_forms.typed_of(base, row.version)
        shown = {name: request.args[name] for name in ("at", "medium") if name in request.args}
        typed = course_forms.TypedCourse({**typed.fields, **shown}, typed.lessons)
        return course_page.page(db, me(), typed, base, row, stopped=request.args.get("stopped") == "1")


@blueprint.post(f"/courses/{CODE}/edit")
@requires("teacher")
def save(code: str) -> Any:
    do = request.form.get("do", "save")
    with database().reading() as db:
        school_id = own(db, code).school_id
    try:
        typed, untaken = _with_files(school_id, do)
    except Refused as refused:
        return _refused(refused)
    with database().reading() as db:
        row = own(db, code)
        base = course_authoring.draft_of(row)
        draft, unread = course_forms.draft_of(typed, base)
        unread += untaken
        if unread or do not in ("save", "publish"):
            return course_page.page(db, me(), typed, base, row, problems=unread, quiet=not unread, focus=_focus(typed))
    known = forms.row_number(typed.fields.get("version", ""))
    try:
        with database().writing() as db:
            row = own(db, code)
            course_authoring.save_course(db, row, draft, known, me(), clock.now())
            published = _published(db, row) if do == "publish" else None
    except Refused as refused:
        with database().reading() as db:
            row = own(db, code)
            newer = course_forms.TypedCourse({**typed.fields, "version": str(row.version)}, typed.lessons)
            return course_page.page(db, me(), newer, base, row, problems=refused.problems)
    return _after(code, published, at=typed.at())


@blueprint.post("/courses/new/preview")
@requires("teacher")
def new_preview() -> Any:
    with database().reading() as db:
        return _preview(db, _blank(db), None)


@blueprint.post(f"/courses/{CODE}/edit/preview")
@requires("teacher")
def edit_preview(code: str) -> Any:
    with database().reading() as db:
        row = own(db, code)
        return _preview(db, course_authoring.draft_of(row), row)


@blueprint.post(f"/courses/{CODE}/duplicate")
@requires("teacher")
def duplicate(code: str) -> Any:
    with database().writing() as db:
        row = scope.own_course(db, me(), code) or next((r for r in scope.courses(db, me()) if r.code == code), None)
        copied = course_authoring.duplicate(db, row or abort(404), me(), clock.now()).code
    flash(_("Ini salinannya, dengan kode baru. Yang lama tidak berubah."))
    return redirect(url_for("courses.edit", code=copied), 303)


@blueprint.post(f"/courses/{CODE}/archive")
@requires("teacher")
def archive(code: str) -> Any:
    with database().writing() as db:
        course_authoring.archive(db, own(db, code), clock.now())
    library().expire()
    return redirect(url_for("courses.courses", gone=code), 303)


@blueprint.post(f"/courses/{CODE}/restore")
@requires("teacher")
def restore(code: str) -> Any:
    with database().writing() as db:
        course_authoring.restore(db, own(db, code))
    library().expire()
    flash(_("Pelajaran ini kembali."))
    return redirect(url_for("courses.edit", code=code), 303)


def _blank(db: Session) -> Course:
    return course_authoring.blank_course(course_authoring.free_code(db, course_authoring.FIRST_CODE))


def _read() -> course_forms.TypedCourse:
    return course_forms.read_form(request.form, authoring.new_item_id)


def _with_files(school_id: int | None, do: str) -> tuple[course_forms.TypedCourse, list[Problem]]:
    """The form after its button, with the files that came with it; and why one could not be taken: then the button waits."""
    fields, untaken = media_views.with_files(school_id)
    typed = course_forms.read_form(fields, authoring.new_item_id)
    return (typed if untaken else course_forms.pressed(typed, do, authoring.new_item_id)), untaken


def _preview(db: Session, base: Course, row: CourseRow | None) -> Any:
    try:
        typed = _read()
    except Refused as refused:
        return _refused(refused)
    return course_page.partial(db, me(), typed, base, row)


def _focus(typed: course_forms.TypedCourse) -> int | None:
    return typed.at() if request.form.get("do") == "add" else None


def _refused(refused: Refused) -> Any:
    return render_template("lessons/refused.html", problems=refused.problems), 400


def _published(db: Session, row: CourseRow) -> bool:
    try:
        authoring.publish_course(db, row, me(), clock.now())
    except Refused:
        return False
    return True


def _after(code: str, published: bool | None, at: int = 0) -> Any:
    if published:
        library().expire()
        flash(_("Pelajaran ini terbit. Murid menemukannya di menu Pelajaran."))
    elif published is None:
        flash(_("Tersimpan."))
    else:
        flash(_("Tersimpan, tetapi belum bisa diterbitkan."), "problem")
    return redirect(url_for("courses.edit", code=code, at=at or None, stopped=1 if published is False else None), 303)
