"""What a teacher does about a learner's phone: clear a PIN, doubt a number; and the board of classes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.database import database
from lessons import board, scope
from lessons.practice_tables import ClassBoard, Habit
from lessons.quiz_views import me
from schools.access import requires
from schools.tables import Class, Learner

blueprint = Blueprint("phone_owner", __name__, url_prefix="/teach", template_folder="templates")


def _learner(db: Session, learner_id: int) -> Learner:
    return scope.learner(db, me(), learner_id) or abort(404)


def _habit(db: Session, learner: Learner) -> Habit:
    found = db.get(Habit, learner.id)
    if found is None:
        found = Habit(learner_id=learner.id)
        db.add(found)
        db.flush()
    return found


@blueprint.get("/learners/<int:learner_id>/phone")
@requires("teacher")
def phone(learner_id: int) -> Any:
    now = clock.now()
    with database().reading() as db:
        learner = _learner(db, learner_id)
        habit = db.get(Habit, learner.id) or Habit(learner_id=learner.id)
        shared = db.scalars(select(Learner).where(Learner.msisdn == learner.msisdn, Learner.msisdn.is_not(None)))
        count = len(list(shared))
        zone = clock.zone_label(now, scope.zone_of(db, me()))
        is_locked = habit.pin_locked_until is not None and habit.pin_locked_until > now
        return render_template(
            "lessons/phone_owner.html", learner=learner, habit=habit, count=count, is_locked=is_locked, zone=zone
        )


@blueprint.post("/learners/<int:learner_id>/phone/pin")
@requires("teacher")
def clear_pin(learner_id: int) -> Any:
    with database().writing() as db:
        habit = _habit(db, _learner(db, learner_id))
        habit.pin, habit.pin_failed, habit.pin_locked_until = None, 0, None
    flash(_("PIN dihapus. Murid bisa membuat yang baru di teleponnya."))
    return redirect(url_for("phone_owner.phone", learner_id=learner_id), 303)


@blueprint.post("/learners/<int:learner_id>/phone/doubt")
@requires("teacher")
def doubt(learner_id: int) -> Any:
    """The number may be somebody else's now: nobody's name is shown on it until somebody has said hers. Again: it is not."""
    with database().writing() as db:
        habit = _habit(db, _learner(db, learner_id))
        habit.doubted_at = clock.now() if habit.doubted_at is None else None
        told = _("Telepon itu akan ditanya dulu siapa pemiliknya.") if habit.doubted_at else _("Nomor ini dipercaya lagi.")
    flash(told)
    return redirect(url_for("phone_owner.phone", learner_id=learner_id), 303)


@blueprint.get("/board")
@requires("teacher")
def classes_board() -> Any:
    now = clock.now()
    with database().reading() as db:
        rows = board.ranked(db, now)
        school = scope.learners_school(me())
        own = list(db.scalars(select(Class).where(Class.school_id == school).order_by(Class.name))) if school else []
        agreed = set(db.scalars(select(ClassBoard.class_id)))
        return render_template(
            "lessons/board.html", rows=rows, own=own, agreed=agreed, least=board.LEAST, days=board.LOOKS_BACK.days
        )  # fmt: skip


@blueprint.post("/board/<int:class_id>")
@requires("teacher")
def join(class_id: int) -> Any:
    """The class takes part, or no more."""
    with database().writing() as db:
        room = db.get(Class, class_id)
        if room is None or room.school_id != scope.learners_school(me()):
            abort(404)
        found = db.get(ClassBoard, class_id)
        if found is None:
            db.add(ClassBoard(class_id=class_id, staff_id=me().id, at=clock.now()))
        else:
            db.delete(found)
    return redirect(url_for("phone_owner.classes_board"), 303)
