"""A school's own pages: its classes and learners, and what their guardians have agreed to."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.database import database
from core.msisdn import masked
from core.problems import Problem, Refused
from schools import consent, people
from schools.access import current_staff, requires
from schools.tables import Class, Learner, School, Staff

blueprint = Blueprint("roster", __name__, url_prefix="/school", template_folder="templates")


@blueprint.app_template_filter("masked")
def masked_short(msisdn: str) -> str:
    """The number as a page shows it, in the width of a small screen: •••890."""
    return masked(msisdn)[-6:]


def me() -> Staff:
    staff = current_staff()
    assert staff is not None, "requires() has let her in"
    return staff


def chosen_school(db: Session) -> School | None:
    """The school whose pages these are: a teacher's own, or the one that an admin chose."""
    staff = me()
    chosen = staff.school_id if staff.role != "admin" else session.get("school")
    return db.get(School, chosen) if chosen else None


def _learner(db: Session, learner_id: int) -> tuple[School, Learner]:
    school = chosen_school(db)
    learner = people.learner_of(db, learner_id, school.id) if school else None
    if school is None or learner is None:
        abort(404)
    return school, learner


@blueprint.get("/")
@requires("teacher")
def roster() -> Any:
    with database().reading() as db:
        school = chosen_school(db)
        if school is None:
            return redirect(url_for("roster.choose"), 303)
        learners = people.learners(db, school.id)
        states = consent.states(db, [learner.id for learner in learners])
        by_class: dict[int | None, list[Learner]] = {}
        for learner in learners:
            by_class.setdefault(learner.class_id, []).append(learner)
        rooms = [(room, by_class.get(room.id, [])) for room in people.classes(db, school.id)]
        return render_template("schools/roster.html", school=school, rooms=rooms, states=states, without=by_class.get(None, []))


@blueprint.get("/choose")
@requires("admin")
def choose() -> Any:
    with database().reading() as db:
        schools = db.scalars(select(School).order_by(School.name)).all()
        return render_template("schools/choose.html", schools=schools)


@blueprint.post("/choose")
@requires("admin")
def chosen() -> Any:
    with database().reading() as db:
        school = db.scalars(select(School).where(School.npsn == request.form.get("npsn", "")[:8])).first()
        if school is None:
            abort(404)
        session["school"] = school.id
    return redirect(url_for("roster.roster"), 303)


@blueprint.get("/learners/new")
@requires("teacher")
def new_learner() -> Any:
    return _form(request.args.to_dict(), ())


@blueprint.post("/learners/new")
@requires("teacher")
def add_learner() -> Any:
    form = request.form
    try:
        with database().writing() as db:
            school = chosen_school(db)
            if school is None:
                abort(404)
            learner = _added(db, school, form)
            name = learner.name
    except Refused as refused:
        return _form(form.to_dict(), refused.problems), 422
    flash(_("%(name)s sudah ditambahkan.", name=name), "done")
    return redirect(url_for("roster.roster"), 303)


def _added(db: Session, school: School, form: Any) -> Learner:
    """The learner of the form, with her consent where one was given. Raises Refused with every problem at once."""
    how = form.get("how", "")
    problems: list[Problem] = []
    rooms: list[Class] = []
    for read in (
        lambda: people.read_learner(form.get("name", ""), form.get("msisdn", "")),
        lambda: rooms.append(_room(db, school, form)),
        lambda: consent.read_statement(form.get("guardian", ""), how) if how else None,
    ):
        try:
            read()
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(problems)
    added = people.add_learner(db, rooms[0], form.get("name", ""), form.get("msisdn", ""), clock.now())
    if how:
        consent.give(db, added.id, form.get("guardian", ""), how, clock.now(), me().id)
    return added


def _room(db: Session, school: School, form: Any) -> Class:
    """The class that was chosen, or the one that was named anew."""
    named = people.read_name(form.get("new_class", ""), 40)
    if named:
        grade = people.read_grade(form.get("grade", ""))
        if not grade:
            raise Refused(Problem("grade", _("Tingkat kelas adalah angka 1 sampai 12.")))
        return people.class_named(db, school.id, named, grade)
    typed = form.get("class", "")[:9]
    room = people.class_of(db, int(typed), school.id) if typed.isascii() and typed.isdigit() else None
    if room is None:
        raise Refused(Problem("class", _("Pilih kelas, atau tulis nama kelas baru.")))
    return room


def _form(values: dict[str, str], problems: tuple[Problem, ...]) -> Any:
    with database().reading() as db:
        school = chosen_school(db)
        if school is None:
            return redirect(url_for("roster.choose"), 303)
        return render_template(
            "schools/new_learner.html", school=school, rooms=people.classes(db, school.id), values=values,
            problems=problems, beside={problem.where: problem for problem in problems}, text=consent.text(), ways=_ways(),
        )  # fmt: skip


def _ways() -> list[tuple[str, str]]:
    return [("paper", _("Lembar bertanda tangan")), ("call", _("Lisan, lewat telepon atau bertemu")), ("sms", _("SMS dari wali"))]


@blueprint.get("/learners/<int:learner_id>")
@requires("teacher")
def learner(learner_id: int) -> Any:
    return _page(learner_id, ())


def _page(learner_id: int, problems: tuple[Problem, ...]) -> Any:
    with database().reading() as db:
        school, found = _learner(db, learner_id)
        said = consent.history(db, found.id)
        writers = {s.id: s.name for s in db.scalars(select(Staff).where(Staff.id.in_([c.staff_id for c in said if c.staff_id])))}
        return render_template(
            "schools/learner.html", school=school, learner=found, said=said, writers=writers, text=consent.text(),
            room=db.get(Class, found.class_id) if found.class_id else None, ways=_ways(), problems=problems,
            state=said[0].state if said else consent.UNKNOWN, beside={problem.where: problem for problem in problems},
            values=request.form,
        )  # fmt: skip


@blueprint.post("/learners/<int:learner_id>/consent")
@requires("teacher")
def give_consent(learner_id: int) -> Any:
    return _stated(learner_id, consent.give, _("Persetujuan wali sudah dicatat."))


@blueprint.post("/learners/<int:learner_id>/withdrawal")
@requires("teacher")
def withdraw_consent(learner_id: int) -> Any:
    return _stated(learner_id, consent.withdraw, _("Penarikan persetujuan sudah dicatat."))


def _stated(learner_id: int, record: Any, told: str) -> Any:
    try:
        with database().writing() as db:
            _, found = _learner(db, learner_id)
            record(db, found.id, request.form.get("guardian", ""), request.form.get("how", ""), clock.now(), me().id)
    except Refused as refused:
        return _page(learner_id, refused.problems), 422
    flash(told, "done")
    return redirect(url_for("roster.learner", learner_id=learner_id), 303)
