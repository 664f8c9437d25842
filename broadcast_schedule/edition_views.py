"""A planner's pages of editions: what each changed, and the way back to one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from broadcast_schedule import editions, rollbacks
from broadcast_schedule.editions import Difference
from broadcast_schedule.tables import Edition
from broadcast_schedule.views import fingerprint, told
from core import clock
from core.database import database
from core.pages import page_language
from core.problems import Problem, Refused
from schools.access import current_staff, requires

blueprint = Blueprint("editions", __name__, url_prefix="/plan/editions", template_folder="templates")


class _OnlyLooked(Exception):
    """Ends a transaction without a trace, carrying what was seen."""

    def __init__(self, difference: Difference, parts: list[dict[str, Any]]):
        self.difference, self.parts = difference, parts


@blueprint.get("/")
@requires("planner")
def all_editions() -> Any:
    with database().reading() as db:
        found = db.scalars(select(Edition).order_by(Edition.number.desc()).limit(100)).all()
        return render_template("broadcast_schedule/editions.html", editions=found, oldest=rollbacks.oldest(db))


@blueprint.get("/<int(max=2147483647):number>/back")
@requires("planner")
def going_back(number: int) -> Any:
    return _page(number, ())


def _page(number: int, refused: Any) -> str:
    """What going back would change; the draft stays as it is."""
    found, parts = _looked(number)
    return render_template(
        "broadcast_schedule/going_back.html",
        number=number,
        difference=found,
        parts=parts,
        refused=[problem for problem in refused if problem not in found.problems],
        seen=fingerprint(found),
    )


def _looked(number: int) -> tuple[Difference, list[dict[str, Any]]]:
    now = clock.now()
    try:
        with database().writing() as db:
            rollbacks.restore(db, number, now, _)
            found = editions.difference(db, now, page_language(), _)
            raise _OnlyLooked(found, told(db, found))
    except _OnlyLooked as looked:
        return looked.difference, looked.parts
    except Refused:
        abort(404)


@blueprint.post("/<int(max=2147483647):number>/back")
@requires("planner")
def go_back(number: int) -> Any:
    now, staff = clock.now(), current_staff()
    try:
        with database().writing() as db:
            touched = rollbacks.restore(db, number, now, _)
            if request.form.get("seen", "") != fingerprint(editions.difference(db, now)):
                what = _("Jadwal ini berubah sejak Anda melihatnya. Belum ada yang terbit.")
                raise Refused(Problem("", what, _("Periksa perbedaannya sekali lagi.")))
            by = staff.id if staff else None
            published = editions.publish(db, now, by, only=touched, rolled_back_to=number, language=page_language(), _=_)
    except Refused as refused:
        return _page(number, refused.problems), 422
    if published.number is None:
        flash(_("Tidak ada yang berbeda dari edisi itu."), "done")
        return redirect(url_for("plan.overview"), 303)
    flash(_("Edisi %(number)s sudah terbit: seperti edisi %(old)s.", number=published.number, old=number), "done")
    return redirect(url_for("plan.edition", number=published.number), 303)
