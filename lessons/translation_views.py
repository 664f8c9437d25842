"""A quiz or a course side by side with itself in another language: what is missing is marked, what is typed is saved."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock
from core.database import database
from core.problems import Refused
from core.text import clean
from lessons import authoring, course_authoring, course_views, forms, media_views, wordings
from lessons.course import FIRST, say
from lessons.course_views import CODE
from lessons.quiz_views import ID, me, own
from schools.access import requires

blueprint = Blueprint("translation", __name__, url_prefix="/teach", template_folder="templates")
blueprint.url_value_preprocessor(media_views.roomy)


@blueprint.get(f"/quizzes/{ID}/translation")
@requires("teacher")
def quiz(quiz_id: int) -> Any:
    with database().reading() as db:
        row = own(db, quiz_id)
        back = url_for("teach.quiz", quiz_id=row.id)
        return _page(row.version, wordings.of_quiz(authoring.draft_of(row)), say(row.draft["title"], FIRST), back)


@blueprint.get(f"/courses/{CODE}/translation")
@requires("teacher")
def course(code: str) -> Any:
    with database().reading() as db:
        row = course_views.own(db, code)
        back = url_for("courses.edit", code=row.code)
        return _page(row.version, wordings.of_course(course_authoring.draft_of(row)), say(row.draft["title"], FIRST), back)


@blueprint.post(f"/quizzes/{ID}/translation")
@requires("teacher")
def save_quiz(quiz_id: int) -> Any:
    with database().reading() as db:
        school_id = own(db, quiz_id).school_id
    language, texts = _typed()
    recorded, untaken = media_views.recordings(school_id)
    texts |= recorded
    try:
        if untaken:
            raise Refused(untaken)
        with database().writing() as db:
            row = own(db, quiz_id)
            draft = wordings.quiz_with(authoring.draft_of(row), language, texts)
            authoring.save_quiz(db, row, draft, forms.row_number(request.form.get("version", "")), clock.now(), me().id)
            missing = sum(x.is_missing(language) for x in wordings.of_quiz(draft))
    except Refused as refused:
        with database().reading() as db:
            row = own(db, quiz_id)
            found, title = wordings.of_quiz(authoring.draft_of(row)), say(row.draft["title"], FIRST)
            return _page(row.version, found, title, url_for("teach.quiz", quiz_id=row.id), refused, texts)
    return _saved(missing, url_for("translation.quiz", quiz_id=quiz_id, to=language))


@blueprint.post(f"/courses/{CODE}/translation")
@requires("teacher")
def save_course(code: str) -> Any:
    language, texts = _typed()
    try:
        with database().writing() as db:
            row = course_views.own(db, code)
            draft = wordings.course_with(course_authoring.draft_of(row), language, texts)
            course_authoring.save_course(db, row, draft, forms.row_number(request.form.get("version", "")), me(), clock.now())
            missing = sum(x.is_missing(language) for x in wordings.of_course(draft))
    except Refused as refused:
        with database().reading() as db:
            row = course_views.own(db, code)
            found, title = wordings.of_course(course_authoring.draft_of(row)), say(row.draft["title"], FIRST)
            return _page(row.version, found, title, url_for("courses.edit", code=code), refused, texts)
    return _saved(missing, url_for("translation.course", code=code, to=language))


def _typed() -> tuple[str, dict[str, str]]:
    """(language, {name: text}) of the form; 400 for a language that we do not know."""
    language = request.form.get("to", "")
    if language not in wordings.LANGUAGES:
        abort(400)
    texts = {n.removeprefix("w."): clean(text, wordings.LONGEST) for n, text in request.form.items() if n.startswith("w.")}
    return language, texts


def _page(
    version: int, found: list[wordings.Wording], title: str, back: str, refused: Refused | None = None,
    typed: dict[str, str] | None = None,
) -> str:  # fmt: skip
    wanted = request.form.get("to") or request.args.get("to", "")
    written = {code for x in found for code, text in x.words.items() if text} - {FIRST}
    language = wanted if wanted in wordings.LANGUAGES else min(written & set(wordings.LANGUAGES), default="en")
    counts = {code: sum(x.is_missing(code) for x in found) for code in wordings.LANGUAGES}
    return render_template(
        "lessons/translation.html",
        found=found, language=language, own_name=wordings.LANGUAGES[language], languages=wordings.LANGUAGES,
        version=version, back=back,
        title=title or _("Tanpa judul"), missing=counts[language], counts=counts, written=written, typed=typed or {},
        problems=refused.problems if refused else (),
    )  # fmt: skip


def _saved(missing: int, address: str) -> Any:
    if missing:
        flash(ngettext("Tersimpan. %(num)d teks belum ada.", "Tersimpan. %(num)d teks belum ada.", missing))
    else:
        flash(_("Tersimpan. Terjemahannya lengkap; murid melihatnya sesudah diterbitkan."))
    return redirect(address, 303)
