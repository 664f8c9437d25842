"""A planner's pages of one slot: its rule, its next dates, who carries it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from broadcast_schedule import draft, offers, planning, slot_forms
from broadcast_schedule.filters import weekday_name
from broadcast_schedule.planning import ProgrammeDraft, today_in
from broadcast_schedule.recurrence import DAYS, airs_on, dates
from broadcast_schedule.tables import Carriage, Episode, Programme, Slot, SlotException
from broadcast_schedule.views import beside
from core import clock
from core.database import database
from core.problems import Problem, Refused
from core.text import clean, one_line
from schools.access import current_staff, requires

blueprint = Blueprint("slots", __name__, url_prefix="/plan", template_folder="templates")
SHOWN_DATES = 8
OUTSIDE = (("Asia/Jakarta", "WIB"), ("Asia/Makassar", "WITA"), ("Asia/Jayapura", "WIT"))


@blueprint.get("/channels/<int(max=2147483647):channel_id>/slots/new")
@requires("planner")
def new(channel_id: int) -> Any:
    with database().reading() as db:
        place = draft.places(db).get(channel_id) or abort(404)
        values = {
            "starts_on": today_in(place.time_zone, clock.now()).isoformat(),
            "minutes": "30",
            "every_weeks": "1",
            "time_zone": place.time_zone,
            "weekdays": [],
            "repeats": "weekly",
        }
        return _page(db, place, values, (), None)


@blueprint.post("/channels/<int(max=2147483647):channel_id>/slots/new")
@requires("planner")
def add(channel_id: int) -> Any:
    return _save(channel_id, None)


@blueprint.get("/slots/<int(max=2147483647):slot_id>")
@requires("planner")
def slot(slot_id: int) -> Any:
    with database().reading() as db:
        found = living(db, slot_id)
        place = draft.places(db)[found.channel_id]
        episode = db.get(Episode, found.episode_id) if found.episode_id else None
        values = slot_forms.shown(found, episode)
        from_day = slot_forms.read_date(request.args.get("from", ""))
        values["from_day"] = from_day.isoformat() if from_day else ""
        return _page(db, place, values, (), found)


@blueprint.post("/slots/<int(max=2147483647):slot_id>")
@requires("planner")
def change(slot_id: int) -> Any:
    with database().reading() as db:
        channel_id = living(db, slot_id).channel_id
    return _save(channel_id, slot_id)


def living(db: Session, slot_id: int) -> Slot:
    found = db.get(Slot, slot_id)
    if found is None or found.retired_at is not None:
        abort(404)
    return found


def _save(channel_id: int, slot_id: int | None) -> Any:
    values = slot_forms.typed(request.form)
    try:
        with database().writing() as db:
            if draft.places(db).get(channel_id) is None:
                abort(404)
            wanted = slot_forms.read_slot(db, values, channel_id, _programme(db, values))
            today = today_in(wanted.time_zone, clock.now())
            from_day = max(slot_forms.read_date(values["from_day"]) or today, today)  # what has been stays as it was
            if from_day >= planning.NEWEST:
                abort(404)
            planning.save_slot(db, wanted, slot_id, _, from_day=from_day)
    except Refused as refused:
        return _again(channel_id, slot_id, values, refused.problems)
    except StaleDataError:
        what = _("Orang lain sudah mengubah slot ini sementara Anda menulis.")
        return _again(channel_id, slot_id, values, (Problem("", what, _("Muat ulang untuk melihat yang tersimpan.")),))
    flash(_("Slot tersimpan di draf. Pendengar dan stasiun melihatnya sesudah diterbitkan."), "done")
    return to_week(channel_id, max(wanted.starts_on, from_day) if slot_id else wanted.starts_on)


def to_week(channel_id: int, day: date) -> Any:
    """The channel's page with the week of ``day``, where it shows so far."""
    address: dict[str, Any] = {"channel_id": channel_id}
    if planning.OLDEST < day < planning.NEWEST - timedelta(days=14):
        address["from"] = day.isoformat()
    return redirect(url_for("plan.channel", **address), 303)


def _programme(db: Session, values: dict[str, object]) -> int | None:
    """The programme that was chosen, or a new one of the name that was typed."""
    title = one_line(clean(str(values["new_programme"]), 160))
    if title:
        return planning.save_programme(db, ProgrammeDraft(title, audience=str(values["audience"])), _=_).id
    return slot_forms.read_number(values["programme_id"])


def _again(channel_id: int, slot_id: int | None, values: dict[str, object], problems: Any) -> Any:
    with database().reading() as db:
        place = draft.places(db).get(channel_id) or abort(404)
        return _page(db, place, values, problems, db.get(Slot, slot_id) if slot_id else None), 422


def _page(db: Session, place: draft.Place, values: dict[str, Any], problems: Any, found: Slot | None) -> str:
    zones = dict(OUTSIDE)
    for name in (place.time_zone, str(values["time_zone"])):
        if name in planning.zones():
            zones.setdefault(name, name)
    programmes = db.scalars(select(Programme).order_by(Programme.title, Programme.audience)).all()
    return render_template(
        "broadcast_schedule/slot.html",
        place=place,
        values=values,
        problems=problems,
        beside=beside(problems),
        slot=found,
        zones=list(zones.items()),
        days=DAYS,
        repeats=_repeats(str(values.get("repeats", ""))),
        nth=[(n, _("ke-%(n)s", n=n) if n != "-1" else _("terakhir")) for n in slot_forms.NTH],
        weekdays=[(day, weekday_name(n)) for n, day in enumerate(DAYS)],
        earlier=draft.rule_of(found).earlier if found else (),
        programmes=[("", _("Pilih acara"))]
        + [(p.id, f"{p.title} ({p.audience})" if p.audience else p.title) for p in programmes],
        coming=_coming(db, found) if found else [],
        carriages=_carriages(db, found) if found else [],
        places=[
            (p.id, f"{p.station}: {p.name}" if p.name != p.station else p.name)
            for p in draft.places(db).values()
            if p.id != place.id
        ],
    )


def _repeats(chosen: str) -> list[tuple[str, str]]:
    """Ways in which a slot may repeat; what a file said and the form cannot say stays a choice."""
    kept = [(chosen, _("Seperti dalam berkas: %(rule)s", rule=chosen))] if chosen.startswith("FREQ=") else []
    return [
        ("weekly", _("Pada hari-hari yang dicentang, atau sekali saja")),
        ("month_day", _("Tiap bulan pada tanggal")),
        ("nth", _("Tiap bulan pada hari ke sekian")),
        *kept,
    ]


def _coming(db: Session, found: Slot) -> list[tuple[date, SlotException | None]]:
    """The next dates of the rule, each with its exception."""
    today = today_in(found.time_zone, clock.now())
    exceptions = {e.original_start.date(): e for e in db.scalars(select(SlotException).where(SlotException.slot_id == found.id))}
    rule = draft.rule_of(found)
    coming = [day for day, _day in zip(dates(rule, today, planning.NEWEST), range(SHOWN_DATES), strict=False)]
    later = [
        day
        for day, e in sorted(exceptions.items())
        if day > today and day not in coming and (e.kind in ("added", "cancelled") or airs_on(rule, day))
    ]
    return [(day, exceptions.get(day)) for day in [*coming, *later]]


def _carriages(db: Session, found: Slot) -> list[tuple[Carriage, draft.Place]]:
    places = draft.places(db)
    rows = db.scalars(select(Carriage).where(Carriage.slot_id == found.id).order_by(Carriage.channel_id))
    return [(row, places[row.channel_id]) for row in rows]


@blueprint.post("/slots/<int(max=2147483647):slot_id>/retire")
@requires("planner")
def retire(slot_id: int) -> Any:
    with database().writing() as db:
        channel_id = living(db, slot_id).channel_id
        planning.retire_slot(db, slot_id, clock.now(), _)
    flash(
        _("Slot dihentikan di draf. Siaran yang akan datang dibatalkan sesudah diterbitkan; yang sudah mengudara tetap."), "done"
    )
    return redirect(url_for("plan.channel", channel_id=channel_id), 303)


@blueprint.post("/slots/<int(max=2147483647):slot_id>/carriages")
@requires("planner")
def carry(slot_id: int) -> Any:
    form, staff = request.form, current_staff()
    delay = slot_forms.read_number(form.get("delay_minutes", "") or "0")
    try:
        with database().writing() as db:
            living(db, slot_id)
            channel_id = slot_forms.read_number(form.get("channel_id", "")) or 0
            mode, delay = form.get("mode", ""), -1 if delay is None else delay
            offers.put(db, slot_id, channel_id, mode, delay, staff.login if staff else "", clock.now(), _)
    except Refused as refused:
        for problem in refused.problems:
            flash(str(problem), "problem")
        return redirect(url_for("slots.slot", slot_id=slot_id), 303)
    flash(_("Tersimpan di draf. Stasiun melihatnya sesudah diterbitkan."), "done")
    return redirect(url_for("slots.slot", slot_id=slot_id), 303)


@blueprint.post("/carriages/<int(max=2147483647):carriage_id>/end")
@requires("planner")
def end_carriage(carriage_id: int) -> Any:
    try:
        with database().writing() as db:
            slot_id = offers.end(db, carriage_id, _)
    except Refused:
        abort(404)
    flash(_("Tersimpan di draf. Stasiun melihatnya sesudah diterbitkan."), "done")
    return redirect(url_for("slots.slot", slot_id=slot_id), 303)
