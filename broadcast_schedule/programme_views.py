"""A planner's pages of programmes: what they are called and for whom."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import func, select

from broadcast_schedule import planning
from broadcast_schedule.planning import ProgrammeDraft
from broadcast_schedule.tables import Programme, Slot
from broadcast_schedule.views import beside
from core.database import database
from core.problems import Refused
from core.text import clean
from schools.access import requires

FIELDS = ("title", "description", "audience", "language", "presenter")
blueprint = Blueprint("programmes", __name__, url_prefix="/plan/programmes", template_folder="templates")


@blueprint.get("/")
@requires("planner")
def programmes() -> Any:
    with database().reading() as db:
        counts = dict(
            db.execute(select(Slot.programme_id, func.count()).where(Slot.retired_at.is_(None)).group_by(Slot.programme_id)).all()
        )
        found = db.scalars(select(Programme).order_by(Programme.title, Programme.audience)).all()
        return render_template("broadcast_schedule/programmes.html", programmes=found, counts=counts)


@blueprint.get("/new")
@requires("planner")
def new_programme() -> Any:
    return _programme_form({"title": "", "description": "", "audience": "", "language": "id", "presenter": ""}, (), None)


@blueprint.get("/<int(max=2147483647):programme_id>")
@requires("planner")
def programme(programme_id: int) -> Any:
    with database().reading() as db:
        found = db.get(Programme, programme_id) or abort(404)
        values = {name: getattr(found, name) for name in FIELDS}
        return _programme_form(values, (), programme_id)


@blueprint.post("/new")
@requires("planner")
def add_programme() -> Any:
    return _save_programme(None)


@blueprint.post("/<int(max=2147483647):programme_id>")
@requires("planner")
def change_programme(programme_id: int) -> Any:
    return _save_programme(programme_id)


def _save_programme(programme_id: int | None) -> Any:
    values = {name: clean(request.form.get(name, ""), 2000) for name in FIELDS}
    try:
        with database().writing() as db:
            title = planning.save_programme(db, ProgrammeDraft(**values), programme_id, _).title
    except Refused as refused:
        return _programme_form(values, refused.problems, programme_id), 422
    flash(_("%(title)s sudah disimpan.", title=title), "done")
    return redirect(url_for("programmes.programmes"), 303)


def _programme_form(values: dict[str, str], problems: Any, programme_id: int | None) -> str:
    return render_template(
        "broadcast_schedule/programme_form.html",
        values=values,
        problems=problems,
        beside=beside(problems),
        programme_id=programme_id,
    )
