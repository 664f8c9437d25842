"""A planner's pages of one airing: moved, skipped, taken back; and of one more beside the rule."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, abort, flash, render_template, request
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcast_schedule import departing, draft, slot_forms
from broadcast_schedule.planning import today_in
from broadcast_schedule.recurrence import airs_on, part_on
from broadcast_schedule.slot_views import living, to_week
from broadcast_schedule.tables import Programme, Slot, SlotException
from broadcast_schedule.views import beside
from core import clock
from core.database import database
from core.problems import Refused
from core.text import clean
from schools.access import requires

blueprint = Blueprint("airings", __name__, url_prefix="/plan", template_folder="templates")
FIELDS = ("new_date", "new_time", "new_minutes")


@blueprint.get("/slots/<int(max=2147483647):slot_id>/add")
@requires("planner")
def adding(slot_id: int) -> Any:
    with database().reading() as db:
        return _adding_page(db, slot_id, {"new_date": clean(request.args.get("day", ""), 10)}, ())


@blueprint.post("/slots/<int(max=2147483647):slot_id>/add")
@requires("planner")
def add(slot_id: int) -> Any:
    form = request.form
    try:
        start, minutes = slot_forms.read_move(form)
        with database().writing() as db:
            channel_id = living(db, slot_id).channel_id
            assert start is not None, "read_move refuses a blank one"
            departing.add(db, slot_id, start, minutes, clock.now(), _)
    except Refused as refused:
        values = {name: clean(form.get(name, ""), 40) for name in FIELDS}
        with database().reading() as db:
            return _adding_page(db, slot_id, values, refused.problems), 422
    flash(_("Siaran tambahan tersimpan di draf. Stasiun melihatnya sesudah diterbitkan."), "done")
    return to_week(channel_id, start.date())


def _adding_page(db: Session, slot_id: int, values: dict[str, str], problems: Any) -> str:
    found = living(db, slot_id)
    part = part_on(draft.rule_of(found), today_in(found.time_zone, clock.now()))
    given = {"new_time": f"{part.starts_at:%H:%M}", "new_minutes": str(part.minutes)}
    return render_template(
        "broadcast_schedule/adding.html",
        slot=found,
        place=draft.places(db)[found.channel_id],
        programme=db.get(Programme, found.programme_id),
        values={**given, **values},
        problems=problems,
        beside=beside(problems),
    )


@blueprint.get("/slots/<int(max=2147483647):slot_id>/<day>")
@requires("planner")
def airing(slot_id: int, day: str) -> Any:
    """``by`` (minutes) is how far it was dragged on the grid: the form is then filled in, and nothing more."""
    by = request.args.get("by", "")
    dragged = timedelta(minutes=int(by)) if re.fullmatch(r"-?[0-9]{1,5}", by, re.ASCII) else None
    return _page(slot_id, day, {}, (), dragged)


@blueprint.post("/slots/<int(max=2147483647):slot_id>/<day>")
@requires("planner")
def depart(slot_id: int, day: str) -> Any:
    """``what`` is skip, move or restore."""
    form = request.form
    kind = {"skip": "skipped", "move": "moved", "restore": "planned"}.get(form.get("what", ""))
    which = slot_forms.read_date(day)
    if kind is None or which is None:
        abort(404)
    try:
        new_start, new_minutes = slot_forms.read_move(form) if kind == "moved" else (None, None)
        with database().writing() as db:
            channel_id = living(db, slot_id).channel_id
            departing.depart(db, slot_id, which, kind, clock.now(), new_start=new_start, new_minutes=new_minutes, _=_)  # type: ignore[arg-type]
    except Refused as refused:
        values = {name: clean(form.get(name, ""), 40) for name in FIELDS}
        return _page(slot_id, day, values, refused.problems), 422
    flash(_("Tersimpan di draf. Stasiun melihatnya sesudah diterbitkan."), "done")
    return to_week(channel_id, which)


def _page(slot_id: int, day: str, values: dict[str, str], problems: Any, dragged: timedelta | None = None) -> str:
    which = slot_forms.read_date(day) or abort(404)
    with database().reading() as db:
        found = living(db, slot_id)
        exception = _exception(db, slot_id, which)
        rule = draft.rule_of(found)
        if not airs_on(rule, which) and (exception is None or exception.kind not in ("added", "cancelled")):
            abort(404)
        local, minutes = _now_planned(found, which, exception)
        wanted = local + dragged if dragged is not None else local
        given = {"new_date": f"{wanted:%Y-%m-%d}", "new_time": f"{wanted:%H:%M}", "new_minutes": str(minutes)}
        return render_template(
            "broadcast_schedule/occurrence.html",
            slot=found,
            place=draft.places(db)[found.channel_id],
            programme=db.get(Programme, found.programme_id),
            day=which,
            local=local,
            exception=exception,
            is_dragged=dragged is not None,
            is_out=exception is not None and exception.kind in ("skipped", "cancelled"),
            values={**given, **values},
            problems=problems,
            beside=beside(problems),
        )


def _exception(db: Session, slot_id: int, day: date) -> SlotException | None:
    found = db.scalars(select(SlotException).where(SlotException.slot_id == slot_id))
    return next((e for e in found if e.original_start.date() == day), None)


def _now_planned(slot: Slot, day: date, exception: SlotException | None) -> tuple[datetime, int]:
    """(local start, minutes) of the airing as the draft has it."""
    part = part_on(draft.rule_of(slot), day)
    local = (exception and exception.new_start) or datetime.combine(day, part.starts_at)
    return local, (exception and exception.new_minutes) or part.minutes
