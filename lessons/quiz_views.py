"""A teacher's quizzes: the list, the form with the phone beside it, publishing, copying, putting away."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core import clock
from core.database import database
from core.problems import Problem, Refused
from lessons import authoring, forms, media_views, quiz_page, reports, scope
from lessons.course import Quiz, quiz_from_json, say
from lessons.library import library
from lessons.tables import Quiz as QuizRow
from lessons.tables import QuizEdition
from schools.access import current_staff, requires
from schools.tables import Staff

blueprint = Blueprint("teach", __name__, url_prefix="/teach", template_folder="templates")
blueprint.url_value_preprocessor(media_views.roomy)
ID = "<int(max=2147483647):quiz_id>"  # beyond it no database has a row, and SQLite no number


def me() -> Staff:
    staff = current_staff()
    assert staff is not None, "requires() has let her in"
    return staff


def own(db: Session, quiz_id: int) -> QuizRow:
    """Her own quiz; 404 for any other."""
    return scope.own_quiz(db, me(), quiz_id) or abort(404)


@blueprint.get("/")
@requires("teacher")
def quizzes() -> Any:
    now = clock.now()
    archived = request.args.get("archived") == "1"
    with database().reading() as db:
        rows = scope.quizzes(db, me(), archived=archived)
        counts = reports.answers_of(db, [row.id for row in rows], scope.learners_school(me()))
        listed = []
        for row in rows:
            edition = db.get(QuizEdition, row.edition_id) if row.edition_id else None
            shown = quiz_from_json(scope.content(db, me(), row))
            listed.append(
                {
                    "row": row, "quiz": shown, "title": say(shown.title, "id") or _("Tanpa judul"),
                    "state": scope.state(db, row, now),
                    "learners": counts.get(row.id, (0, 0))[0], "is_own": scope.own_quiz(db, me(), row.id) is not None,
                    "is_changed": edition is not None and edition.content != row.draft,
                }
            )  # fmt: skip
        put_away = scope.own_quiz(db, me(), forms.row_number(request.args.get("gone", "")))
        undo = put_away if put_away is not None and put_away.archived_at is not None else None
        return render_template("lessons/quizzes.html", listed=listed, archived=archived, undo=undo, zone=scope.zone_of(db, me()))


@blueprint.get("/quizzes/new")
@requires("teacher")
def new() -> Any:
    with database().reading() as db:
        base = _blank(db)
        typed = forms.typed_of(base)
        wanted = {"course": request.args["course"][:20]} if request.args.get("course") else {}
        return quiz_page.page(db, me(), forms.TypedQuiz({**typed.fields, **wanted}, typed.items), base, quiet=True)


@blueprint.post("/quizzes/new")
@requires("teacher")
def create() -> Any:
    try:
        typed, untaken = _with_files(me().school_id, request.form.get("do", ""))
    except Refused as refused:
        return _refused(refused)
    with database().reading() as db:
        base = _blank(db)
        draft, unread = forms.draft_of(typed, base)
        unread += untaken
        if unread or request.form.get("do") not in ("save", "publish"):
            return quiz_page.page(db, me(), typed, base, problems=unread, quiet=not unread, focus=_focus(typed))
    try:
        with database().writing() as db:
            row = authoring.new_quiz(db, me(), draft, clock.now())
            quiz_id = row.id
            problems = _published(db, row) if request.form.get("do") == "publish" else None
    except Refused as refused:
        with database().reading() as db:
            return quiz_page.page(db, me(), typed, base, problems=refused.problems)
    return _after(quiz_id, problems)


@blueprint.get(f"/quizzes/{ID}")
@requires("teacher")
def quiz(quiz_id: int) -> Any:
    with database().reading() as db:
        row = scope.own_quiz(db, me(), quiz_id)
        if row is None:  # a shared one has nothing to edit, but results to see
            scope.readable_quiz(db, me(), quiz_id) or abort(404)
            return redirect(url_for("results.results", quiz_id=quiz_id), 303)
        base = authoring.draft_of(row)
        at = {"at": request.args["at"]} if request.args.get("at") else {}
        typed = forms.typed_of(base, row.version)
        typed = forms.TypedQuiz({**typed.fields, **at}, typed.items)
        tried = request.args.get("stopped") == "1"
        return quiz_page.page(db, me(), typed, base, row, stopped=tried)


@blueprint.post(f"/quizzes/{ID}")
@requires("teacher")
def save(quiz_id: int) -> Any:
    return _save(quiz_id, publish=request.form.get("do") == "publish")


@blueprint.post(f"/quizzes/{ID}/publish")
@requires("teacher")
def publish(quiz_id: int) -> Any:
    """Saves what the form holds, where one was sent, and publishes."""
    if "version" in request.form:
        return _save(quiz_id, publish=True)
    with database().writing() as db:
        problems = _published(db, own(db, quiz_id))
    return _after(quiz_id, problems)


@blueprint.post("/quizzes/new/preview")
@requires("teacher")
def new_preview() -> Any:
    with database().reading() as db:
        return _preview(db, _blank(db))


@blueprint.post(f"/quizzes/{ID}/preview")
@requires("teacher")
def preview(quiz_id: int) -> Any:
    with database().reading() as db:
        return _preview(db, authoring.draft_of(own(db, quiz_id)))


@blueprint.post(f"/quizzes/{ID}/duplicate")
@requires("teacher")
def duplicate(quiz_id: int) -> Any:
    with database().writing() as db:
        row = scope.readable_quiz(db, me(), quiz_id) or abort(404)
        copy = authoring.duplicate(db, row, me(), clock.now(), scope.zone_of(db, me()))
        copied = copy.id
    flash(_("Ini salinannya, dengan kata kunci baru. Yang lama tidak berubah."))
    return redirect(url_for("teach.quiz", quiz_id=copied), 303)


@blueprint.post(f"/quizzes/{ID}/archive")
@requires("teacher")
def archive(quiz_id: int) -> Any:
    with database().writing() as db:
        authoring.archive(db, own(db, quiz_id), clock.now())
    library().expire()
    return redirect(url_for("teach.quizzes", gone=quiz_id), 303)


@blueprint.post(f"/quizzes/{ID}/restore")
@requires("teacher")
def restore(quiz_id: int) -> Any:
    with database().writing() as db:
        row = own(db, quiz_id)
        before = row.keyword
        authoring.restore(db, row, clock.now())
        after = row.keyword
    library().expire()
    flash(_("Kuis ini kembali."))
    if after != before:
        told = _("Kata kuncinya kini %(word)s, karena %(old)s dipakai kuis lain. Terbitkan lagi.", word=after, old=before)
        flash(told, "advice")
    return redirect(url_for("teach.quiz", quiz_id=quiz_id), 303)


def _blank(db: Session) -> Quiz:
    keyword = authoring.free_keyword(db, authoring.FIRST_KEYWORD)
    return authoring.blank_quiz(scope.zone_of(db, me()), keyword, forms.first_kind())


def _read() -> forms.TypedQuiz:
    return forms.read_form(request.form, authoring.new_item_id)


def _with_files(school_id: int | None, do: str) -> tuple[forms.TypedQuiz, list[Problem]]:
    """The form after its button, with the recordings that came with it; and why one could not be taken: then the button waits."""
    fields, untaken = media_views.with_files(school_id)
    typed = forms.read_form(fields, authoring.new_item_id)
    return (typed if untaken else forms.pressed(typed, do, authoring.new_item_id)), untaken


def _preview(db: Session, base: Quiz) -> Any:
    try:
        typed = _read()
    except Refused as refused:
        return _refused(refused)
    return quiz_page.partial(db, me(), typed, base)


def _focus(typed: forms.TypedQuiz) -> int | None:
    """The question that has just been added."""
    return typed.at() if request.form.get("do", "").startswith("add:") else None


def _refused(refused: Refused) -> Any:
    """A form that nobody wrote by hand: a sentence is all it gets."""
    return render_template("lessons/refused.html", problems=refused.problems), 400


def _save(quiz_id: int, publish: bool) -> Any:
    do = request.form.get("do", "save")
    with database().reading() as db:
        school_id = own(db, quiz_id).school_id
    try:
        typed, untaken = _with_files(school_id, do)
    except Refused as refused:
        return _refused(refused)
    with database().reading() as db:
        row = own(db, quiz_id)
        base = authoring.draft_of(row)
        draft, unread = forms.draft_of(typed, base)
        unread += untaken
        if unread or not (publish or do == "save"):
            return quiz_page.page(db, me(), typed, base, row, problems=unread, quiet=not unread, focus=_focus(typed))
    known, problems = forms.row_number(typed.fields.get("version", "")), None
    try:
        with database().writing() as db:
            row = own(db, quiz_id)
            authoring.save_quiz(db, row, draft, known, clock.now(), me().id)
            problems = _published(db, row) if publish else None
    except Refused as refused:
        with database().reading() as db:
            row = own(db, quiz_id)
            newer = forms.TypedQuiz({**typed.fields, "version": str(row.version)}, typed.items)
            return quiz_page.page(db, me(), newer, base, row, problems=refused.problems)
    return _after(quiz_id, problems, at=typed.at())


def _published(db: Session, row: QuizRow) -> bool:
    """Whether it is published now; what stops it is told by the form."""
    try:
        authoring.publish_quiz(db, row, me(), clock.now())
    except Refused:
        return False
    return True


def _after(quiz_id: int, published: bool | None, at: int = 0) -> Any:
    if published:
        library().expire()
        with database().reading() as db:
            keyword = own(db, quiz_id).keyword
        flash(_("Kuis ini terbit. Murid memulainya dengan mengirim %(word)s.", word=keyword))
    elif published is None:
        flash(_("Tersimpan."))
    else:
        flash(_("Tersimpan, tetapi belum bisa diterbitkan."), "problem")
    return redirect(url_for("teach.quiz", quiz_id=quiz_id, at=at or None, stopped=1 if published is False else None), 303)
