"""A class and its learners: whom to call today and what to ask, and how each came along."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core import clock
from core.database import database
from lessons import calls, climbed, learner_report, scope
from lessons.quiz_views import me
from schools import consent
from schools.access import requires
from schools.tables import Class, Learner

blueprint = Blueprint("classes", __name__, url_prefix="/teach", template_folder="templates")


def _class(db: Session, class_id: int) -> Class:
    school, room = scope.learners_school(me()), db.get(Class, class_id)
    return room if room is not None and (school is None or room.school_id == school) else abort(404)


def _learner(db: Session, learner_id: int) -> Learner:
    return scope.learner(db, me(), learner_id) or abort(404)


@blueprint.get("/classes")
@requires("teacher")
def classes() -> Any:
    with database().reading() as db:
        rooms = calls.classes(db, scope.learners_school(me()))
        return render_template("lessons/classes.html", rooms=rooms)


@blueprint.get("/classes/<int:class_id>")
@requires("teacher")
def room(class_id: int) -> Any:
    """``?show=`` a learner's id, or ``all`` for a sheet to print, shows that number; all others stay masked."""
    now = clock.now()
    with database().reading() as db:
        found = _class(db, class_id)
        progress = calls.progress(db, found.id, now)
        weak, silent = calls.six(progress, now)
        zone = scope.zone_of(db, me())
    shown = request.args.get("show", "")
    return render_template(
        "lessons/class.html", room=found, progress=progress, weak=weak, silent=silent, shown=shown, zone=zone, now=now,
        days=calls.LOOKS_BACK.days, peace=calls.PEACE.days,
        called=[p for p in progress if p.called_at is not None and now - p.called_at < calls.PEACE],
    )  # fmt: skip


@blueprint.post("/classes/<int:class_id>/called/<int:learner_id>")
@requires("teacher")
def called(class_id: int, learner_id: int) -> Any:
    """She was called; with ``undo`` she was not."""
    with database().writing() as db:
        learner = _learner(db, learner_id)
        if learner.class_id != _class(db, class_id).id:
            abort(404)
        if request.form.get("do") == "undo":
            calls.uncalled(db, learner, clock.now())
            told = _("Catatan telepon itu dihapus.")
        else:
            calls.called(db, learner, me().id, clock.now())
            told = _(
                "Dicatat: sudah ditelepon. Ia kembali ke daftar ini sesudah %(n)d hari, bila masih perlu.", n=calls.PEACE.days
            )
    flash(told)
    return redirect(url_for("classes.room", class_id=class_id), 303)


@blueprint.get("/learners/<int:learner_id>")
@requires("teacher")
def learner(learner_id: int) -> Any:
    """How she came along, over the quizzes that the reader may see."""
    with database().reading() as db:
        found = _learner(db, learner_id)
        seen = (
            None
            if me().role == "admin"
            else [q.id for archived in (False, True) for q in scope.quizzes(db, me(), archived=archived)]
        )
        goes, still = learner_report.goes(db, found.id, seen)
        weeks = climbed.weeks(db, found.id, seen)
        states = consent.states(db, [found.id])
        return render_template(
            "lessons/learner.html", learner=found, name=(found.name or "") if states.get(found.id) == "given" else "",
            room=db.get(Class, found.class_id) if found.class_id else None, goes=goes, still=still[:20], weeks=weeks,
            ladders=sorted({title for week in weeks for title in week.rungs}),
            more=max(0, len(still) - 20), zone=scope.zone_of(db, me()),
        )  # fmt: skip
