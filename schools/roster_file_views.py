"""A school's roster as a file: upload, a report by line, then the button that does it; and the same table to download."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeSerializer

from core import clock, sheets
from core.database import database
from core.msisdn import masked
from core.problems import Problem
from schools import roster_files, rosters
from schools.access import requires
from schools.roster_views import chosen_school, me

blueprint = Blueprint("roster_files", __name__, url_prefix="/school", template_folder="templates")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/import")
@requires("teacher")
def upload() -> Any:
    return _form(())


@blueprint.post("/import")
@requires("teacher")
def report() -> Any:
    """What importing would do, line by line. Nothing is changed."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _form((Problem("file", _("Belum ada berkas yang dipilih.")),)), 422
    entries, problems = roster_files.read(file.read(sheets.MOST_BYTES + 1))
    with database().reading() as db:
        school = chosen_school(db)
        if school is None:
            return redirect(url_for("roster.choose"), 303)
        planned = rosters.plan(db, school, entries, problems)
        good = [step.entry for step in planned.steps]
        return render_template(
            "schools/roster_report.html",
            school=school, plan=planned, steps=[_shown(step) for step in planned.steps if step.change != "same"],
            refused=len({problem.where for problem in planned.problems}),
            problems=[(problem.where.removeprefix("line "), problem) for problem in planned.problems],
            held=_signer(school.id).dumps(roster_files.to_json(good)) if planned.count("new") + planned.count("changed") else "",
        ), 422 if not good else 200  # fmt: skip


@blueprint.post("/import/learners")
@requires("teacher")
def confirm() -> Any:
    """Does what the report showed, where it can still be done."""
    with database().writing() as db:
        school = chosen_school(db)
        if school is None:
            abort(404)
        try:
            entries = roster_files.from_json(_signer(school.id).loads(request.form.get("held", "")))
        except BadData:
            return _form((Problem("file", _("Laporan ini sudah tidak berlaku."), _("Pilih berkasnya sekali lagi.")),)), 400
        planned = rosters.plan(db, school, entries)
        rosters.carry_out(db, school, planned, clock.now(), me().id)
        counts = planned.count("new"), planned.count("changed")
    flash(_("%(new)d murid baru, %(changed)d diubah.", new=counts[0], changed=counts[1]), "done")
    return redirect(url_for("roster.roster"), 303)


@blueprint.get("/roster.<any(csv, xlsx):format>")
@requires("teacher")
def export(format: str) -> Any:
    """The learners of the school with their whole numbers: what import reads back without a change."""
    with database().reading() as db:
        school = chosen_school(db) or abort(404)
        found = list(rosters.rows(db, school))
        npsn, name = school.npsn, school.name
    excel = request.args.get("excel") == "1"
    raw = sheets.write_xlsx(rosters.HEAD, found, name) if format == "xlsx" else sheets.write_csv(rosters.HEAD, found, excel=excel)
    response = Response(raw, content_type=XLSX if format == "xlsx" else "text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{_("murid")}-{npsn}.{format}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _shown(step: rosters.Step) -> dict[str, Any]:
    entry = step.entry
    name = entry.name if entry.name != roster_files.KEEP or step.learner is None else step.learner.name
    number = entry.msisdn if entry.msisdn != roster_files.KEEP else step.learner.msisdn if step.learner else ""
    return {
        "line": entry.line, "name": name, "number": masked(number or "")[-6:], "room": entry.class_name, "change": step.change,
        "what": ", ".join(step.what), "consent": entry.consent, "note": step.note,
    }  # fmt: skip


def _form(problems: Iterable[Problem]) -> Any:
    beside = {problem.where: problem for problem in problems}
    with database().reading() as db:
        school = chosen_school(db)
        if school is None:
            return redirect(url_for("roster.choose"), 303)
        return render_template("schools/roster_import.html", school=school, problems=list(problems), beside=beside)


def _signer(school_id: int) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"roster of {school_id} by {me().id}")
