"""A teacher's imports and exports: upload, a report by line with how each question will look, then the button that does it.

What the report showed is what is done: it travels signed inside the form, so nothing is kept on the server meanwhile.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from functools import partial
from typing import Any, BinaryIO, cast

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy.orm import Session

from core import clock
from core.database import database
from core.files import Kept, path_of
from core.phrases import phrases
from core.problems import Problem, Refused
from core.text import clean
from lessons import (
    authoring,
    course_bundle,
    course_exchange,
    enclosed,
    exchange,
    exporting,
    forms,
    importing,
    licences,
    media,
    media_views,
    scope,
)  # fmt: skip
from lessons.course import FIRST, Item, Quiz, item_from_json, item_to_json, say
from lessons.exchange import course_file
from lessons.exchange.course_file import Held
from lessons.importing import Plan, Target
from lessons.kinds import kinds
from lessons.library import library
from lessons.preview import Preview
from lessons.quiz_views import ID, me
from lessons.tables import Course as CourseRow
from schools.access import requires

blueprint = Blueprint("imports", __name__, url_prefix="/teach", template_folder="templates")
blueprint.url_value_preprocessor(partial(media_views.roomy, most=course_bundle.MOST_BYTES + 1024 * 1024))
FIELDS = ("course", "keyword", "title")


@blueprint.get("/import")
@requires("teacher")
def upload() -> Any:
    return _form({"course": request.args.get("course", "")}, ())


@blueprint.post("/import")
@requires("teacher")
def report() -> Any:
    """What the file holds, line by line. Nothing is changed."""
    values = {name: clean(request.form.get(name, ""), 80) for name in FIELDS}
    file = request.files.get("file")
    if file is None or not file.filename:
        return _form(values, (Problem("file", _("Belum ada berkas yang dipilih.")),)), 422
    if course_bundle.is_bundle(file.stream):  # type: ignore[arg-type]
        return _bundle_report(file.stream)
    raw = file.read(exchange.MOST_BYTES + 1)
    if raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" and b'"kentongan-course"' in raw[:2000]:
        return _course_report(raw)
    read = exchange.read(raw, file.filename)
    try:
        with database().reading() as db:
            target = _target(db, values, read.title or clean(file.filename, 80).rpartition(".")[0])
            planned = importing.plan(db, read.items, target) if read.found else None
            return _report(read, planned, values, target.name)
    except Refused as refused:
        return _form(values, refused.problems), 422


@blueprint.post("/import/quiz")
@requires("teacher")
def confirm() -> Any:
    """Makes what the report showed."""
    held = _held("quiz")
    if held is None:
        return _stale()
    items = [item_from_json(item) for item in held["items"]]
    try:
        with database().writing() as db:
            target = _target(db, held["values"], held["name"])
            planned = importing.plan(db, items, target)
            row = importing.carry_out(db, planned, me(), target.school_id, clock.now())
            quiz_id = row.id
    except Refused as refused:
        return _form(held["values"], refused.problems), 422
    told = {
        "new": _("Kuis ini menjadi draf. Periksa soalnya, lalu terbitkan."),
        "changed": _("Soal kuis ini diganti dengan yang di berkas. Yang sudah terbit belum berubah."),
        "same": _("Kuis ini sudah sama dengan berkas itu. Tidak ada yang berubah."),
    }
    flash(told[planned.change], "done")
    return redirect(url_for("teach.quiz", quiz_id=quiz_id), 303)


@blueprint.post("/import/course")
@requires("teacher")
def confirm_course() -> Any:
    held = _held("course")
    if held is None:
        return _stale()
    try:
        course = course_file.read(held["file"].encode())
        kept = _still_kept(held.get("files", ()))
        most = current_app.extensions["settings"].media_mb_per_school * 1_000_000
        with database().writing() as db:
            for one in kept:
                media.add(db, me().school_id, one, course.course.code, me().id, clock.now(), most)
            course_exchange.take(db, course, me().school_id, me(), clock.now())
    except Refused as refused:
        return _form({}, refused.problems), 422
    library().expire()
    flash(_("Pelajaran dan kuisnya sudah masuk sebagai draf."), "done")
    return redirect(url_for("teach.quizzes"), 303)


@blueprint.get(f"/quizzes/{ID}/export.<format>")
@requires("teacher")
def export(quiz_id: int, format: str) -> Any:
    """The draft of her own quiz: gift, csv, xlsx."""
    if format not in exporting.MEDIA_TYPES:
        abort(404)
    with database().reading() as db:
        draft = authoring.draft_of(scope.own_quiz(db, me(), quiz_id) or abort(404))
    draft = enclosed.abroad(draft, media_views.base())
    raw, _notes = exporting.write(draft, format, excel=request.args.get("excel") == "1")
    media_type, extension = exporting.MEDIA_TYPES[format]
    return _file(raw, media_type, f"{clean(draft.keyword, 12) or quiz_id}.{extension}")


@blueprint.get("/courses/<code>/export.json")
@requires("teacher")
def export_course(code: str) -> Any:
    """The course as one file: JSON, or where it has recordings or pictures a ZIP of it and them."""
    with database().reading() as db:
        row: CourseRow = scope.own_course(db, me(), code) or abort(404)
        held = course_exchange.hold(db, row)
    if not course_bundle.references(held):
        return _file(course_file.write(held), "application/json", f"{clean(code, 20)}.kentongan.json")
    packed = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    course_bundle.write(held, media_views.folder(), cast(BinaryIO, packed))
    packed.seek(0)
    name = f"{clean(code, 20)}.kentongan.zip"
    response = send_file(packed, mimetype="application/zip", as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _courses(db: Session) -> list[CourseRow]:
    """Her own, drafts too, and the published ones of everybody."""
    return list({row.id: row for row in (*scope.own_courses(db, me()), *scope.courses(db, me()))}.values())


def _target(db: Session, values: dict[str, str], name: str) -> Target:
    """Where the questions go, of what the form says. Raises Refused."""
    code = values.get("course", "")
    course = next((row for row in _courses(db) if row.code == code), None) if code else None
    if code and course is None:
        raise Refused(Problem("course", _("Pelajaran %(code)s tidak ada.", code=code)))
    school = me().school_id if me().role != "admin" else course.school_id if course else None
    keyword = importing.read_keyword(values.get("keyword", ""))
    return Target(course, school, keyword, values.get("title", ""), name, media_views.base())


def _report(read: exchange.Read, planned: Plan | None, values: dict[str, str], name: str) -> Any:
    problems = [(exchange.line_of(problem), problem.told(_)) for problem in read.problems]
    held = {"items": [item_to_json(item) for item in read.items], "values": values, "name": name}
    shown = [] if planned is None else list(_shown(read, planned.draft))
    return render_template(
        "lessons/import_report.html",
        format=_FORMATS.get(read.format, read.format), problems=problems, found=shown, plan=planned, name=name,
        refused=len({line for line, _problem in problems}), held=_signer("quiz").dumps(held) if read.found else "",
        title=say(planned.draft.title, FIRST) if planned else name,
    ), 422 if not read.found else 200  # fmt: skip


_FORMATS = {"gift": "GIFT", "aiken": "Aiken", "xml": "Moodle XML", "csv": "CSV", "xlsx": "XLSX"}


def _shown(read: exchange.Read, draft: Quiz) -> Iterable[dict[str, Any]]:
    drawn = Preview(draft, phrases)
    for at, found in enumerate(read.found):
        asked = drawn.item(at)
        yield {
            "line": found.line, "item": found.item, "kind": _(kinds()[found.item.kind].label), "right": _right(found.item),
            "notes": [note.told(_) for note in found.notes], "screens": asked.question, "whole": asked.whole,
            "message": asked.message,
        }  # fmt: skip


def _right(item: Item) -> str:
    return kinds()[item.kind].mark(item, "", FIRST).right


def _bundle_report(stream: Any) -> Any:
    """Its files are kept already, without a row: what is not confirmed is swept away after a day."""
    try:
        held = course_bundle.read(stream)
        kept = course_bundle.keep(stream, held, media_views.folder())
    except Refused as refused:
        return _form({}, refused.problems), 422
    return _course_report(held, kept)


def _still_kept(told: Iterable[Iterable[Any]]) -> list[Kept]:
    """What the report kept. Raises Refused where a day has passed and it was swept away."""
    kept = [Kept(*one) for one in told]
    if any(not path_of(media_views.folder(), one.digest).is_file() for one in kept):
        raise Refused(Problem("file", _("Laporan ini sudah tidak berlaku."), _("Pilih berkasnya sekali lagi.")))
    return kept


def _course_report(read: bytes | Held, kept: Iterable[Kept] = ()) -> Any:
    try:
        held = course_file.read(read) if isinstance(read, bytes) else read
        with database().reading() as db:
            lines = course_exchange.take(db, held, me().school_id, me(), clock.now(), dry_run=True)
    except Refused as refused:
        return _form({}, refused.problems), 422
    signed = _signer("course").dumps({"file": course_file.write(held).decode(), "files": [list(one) for one in kept]})
    return render_template(
        "lessons/import_course.html",
        course=held.course,
        lines=lines,
        held=signed,
        title=say(held.course.title, FIRST),
        licence=licences.named(held.course.licence) if held.course.licence in licences.LICENCES else held.course.licence,
    )


def _form(values: dict[str, str], problems: Iterable[Problem]) -> Any:
    told = [problem.told(_) for problem in problems]
    with database().reading() as db:
        courses = [(row.code, say(row.draft["title"], FIRST) or row.code) for row in _courses(db)]
    beside = {problem.where: problem for problem in told}
    return render_template(
        "lessons/import.html", values=values, problems=told, beside=beside, courses=courses, most=forms.MOST_ITEMS
    )


def _signer(what: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"import {what} of {me().id}")


def _held(what: str) -> Any:
    """What the report signed, for her alone; None where it was not that."""
    try:
        return _signer(what).loads(request.form.get("held", ""))
    except BadData:
        return None


def _stale() -> Any:
    what = Problem("file", _("Laporan ini sudah tidak berlaku."), _("Pilih berkasnya sekali lagi."))
    return _form({}, (what,)), 400


def _file(raw: bytes, media_type: str, name: str) -> Response:
    response = Response(raw, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
