"""On a learner's page, an admin's: all that is held of her as a file, and its erasure after a typed confirmation."""

from __future__ import annotations

import json
from typing import Any

import structlog
from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core import clock
from core.database import database
from core.problems import Problem
from core.text import clean, one_line
from gateway import person_file, persons
from schools import people
from schools.access import requires
from schools.roster_views import chosen_school, me
from schools.tables import Learner, School

blueprint = Blueprint("persons", __name__, url_prefix="/school", template_folder="templates")
log = structlog.get_logger()


def _learner(db: Session, learner_id: int) -> tuple[School, Learner]:
    """Hers who is of the school that the admin chose, and not erased yet; else 404."""
    school = chosen_school(db)
    found = people.learner_of(db, learner_id, school.id) if school else None
    if school is None or found is None or persons.erased_at(db, found.id) is not None:
        abort(404)
    return school, found


@blueprint.get("/learners/<int:learner_id>/data.json")
@requires("admin")
def data(learner_id: int) -> Any:
    with database().reading() as db:
        _school, found = _learner(db, learner_id)
        told = person_file.write(db, found.id, clock.now())
    log.info("learner_exported", learner=learner_id, staff=me().id)
    response = Response(json.dumps(told, ensure_ascii=False, indent=1) + "\n", mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{_("murid")}-{learner_id}.json"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/learners/<int:learner_id>/erase")
@requires("admin")
def ask(learner_id: int) -> Any:
    return _page(learner_id)


@blueprint.post("/learners/<int:learner_id>/erase")
@requires("admin")
def erase(learner_id: int) -> Any:
    typed = one_line(clean(request.form.get("confirm", ""), 100))
    with database().writing() as db:
        _school, found = _learner(db, learner_id)
        wrong = typed.casefold() != _word(found).casefold()
        busy = persons.on_their_way(db, found.msisdn) if found.msisdn and not persons.sharers(db, found) else 0
        if not wrong and not busy:
            proof = persons.erase(db, found.id, clock.now(), me().id)
    if wrong:
        return _page(learner_id, Problem("confirm", _("Yang diketik tidak sama."), _("Ketik persis seperti di atas."))), 422
    if busy:
        return _page(learner_id, Problem("confirm", _("Ada pesan yang sedang dikirim."), _("Coba lagi sebentar lagi."))), 409
    database().forget()
    log.info("learner_erased", learner=learner_id, staff=me().id)
    flash(_("Data murid %(id)d sudah dihapus (%(at)s). Simpan kalimat ini sebagai bukti.", id=learner_id, at=proof["at"]), "done")
    return redirect(url_for("roster.roster"), 303)


def _word(found: Learner) -> str:
    """What is typed to confirm: her name, or where she has none a word."""
    return found.name or "HAPUS"


def _page(learner_id: int, problem: Problem | None = None) -> Any:
    with database().reading() as db:
        school, found = _learner(db, learner_id)
        return render_template(
            "gateway/erase.html",
            school=school,
            learner=found,
            word=_word(found),
            others=persons.sharers(db, found),
            problem=problem,
        )
