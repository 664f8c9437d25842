"""A planner's pages of what lies over the plan: seasons, blackouts, holidays as proposals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from broadcast_schedule import draft, overlays, planning, weeks
from broadcast_schedule.holidays_ahead import proposals
from broadcast_schedule.overlays import SeasonDraft
from broadcast_schedule.planning import today_in
from broadcast_schedule.planning_tables import Blackout, Season, SeasonEffect
from broadcast_schedule.slot_forms import read_date, read_number, read_time
from broadcast_schedule.tables import Programme, Slot, Station
from broadcast_schedule.views import beside
from core import clock
from core.database import database
from core.pages import page_language
from core.problems import Problem, Refused
from core.text import clean
from schools.access import requires

blueprint = Blueprint("overlays", __name__, url_prefix="/plan", template_folder="templates")
CHOICES = 300  # slots that a form offers; more are found by their channel


def _saved() -> None:
    flash(_("Tersimpan di draf. Stasiun melihatnya sesudah diterbitkan."), "done")


def _removed(remove: Callable[..., None], number: int, said: str, back: str) -> Any:
    """Takes a season or a blackout out of the draft; 404 where there is none."""
    try:
        with database().writing() as db:
            remove(db, number, _)
    except Refused:
        abort(404)
    flash(said, "done")
    return redirect(url_for(back), 303)


def _day(values: dict[str, str], name: str) -> date:
    """Raises Refused beside its field for what is no date of this calendar."""
    day = read_date(values[name])
    if day is None or day > planning.NEWEST:
        raise Refused(Problem(name, _("Ini belum terbaca."), _("Tulis tanggal, seperti 2026-07-13.")))
    return day


@blueprint.get("/seasons")
@requires("planner")
def seasons() -> Any:
    with database().reading() as db:
        found = db.scalars(select(Season).order_by(Season.starts_on, Season.id)).all()
        return render_template("broadcast_schedule/seasons.html", seasons=found)


@blueprint.get("/seasons/new")
@requires("planner")
def new_season() -> Any:
    given = {name: clean(request.args.get(name, ""), 120) for name in ("name", "starts_on", "ends_on", "is_provisional")}
    return _season_form(given, (), None)


@blueprint.post("/seasons/new")
@requires("planner")
def add_season() -> Any:
    return _save_season(None)


@blueprint.get("/seasons/<int(max=2147483647):season_id>")
@requires("planner")
def season(season_id: int) -> Any:
    with database().reading() as db:
        found = db.get(Season, season_id) or abort(404)
        return _season_form(_shown(found), (), season_id)


@blueprint.post("/seasons/<int(max=2147483647):season_id>")
@requires("planner")
def change_season(season_id: int) -> Any:
    return _save_season(season_id)


def _shown(found: Season) -> dict[str, str]:
    return {
        "name": found.name,
        "starts_on": found.starts_on.isoformat(),
        "ends_on": found.ends_on.isoformat(),
        "is_provisional": "1" if found.is_provisional else "",
        "version": str(found.version),
    }


def _save_season(season_id: int | None) -> Any:
    names = ("name", "starts_on", "ends_on", "is_provisional", "version")
    values = {name: clean(request.form.get(name, ""), 200) for name in names}
    try:
        first, last = _day(values, "starts_on"), _day(values, "ends_on")
        wanted = SeasonDraft(values["name"], first, last, bool(values["is_provisional"]), read_number(values["version"]))
        with database().writing() as db:
            saved = overlays.save_season(db, wanted, season_id, _).id
    except Refused as refused:
        return _season_form(values, refused.problems, season_id), 422
    except StaleDataError:
        return _season_form(values, _meanwhile(), season_id), 422
    _saved()
    return redirect(url_for("overlays.season", season_id=saved), 303)


def _meanwhile() -> tuple[Problem, ...]:
    what = _("Orang lain sudah mengubah musim ini sementara Anda menulis.")
    return (Problem("", what, _("Muat ulang untuk melihat yang tersimpan.")),)


def _season_form(values: dict[str, str], problems: Any, season_id: int | None) -> str:
    with database().reading() as db:
        found = db.get(Season, season_id) or abort(404) if season_id is not None else None
        return render_template(
            "broadcast_schedule/season.html",
            season=found,
            values=values,
            problems=problems,
            beside=beside(problems),
            effects=_effects(db, season_id) if season_id is not None else [],
            slots=_slots(db) if season_id is not None else [],
        )


def _effects(db: Session, season_id: int) -> list[tuple[SeasonEffect, str]]:
    """(effect, programme's title) by title."""
    rows = db.execute(
        select(SeasonEffect, Programme.title)
        .join(Slot, Slot.id == SeasonEffect.slot_id)
        .join(Programme, Programme.id == Slot.programme_id)
        .where(SeasonEffect.season_id == season_id)
        .order_by(Programme.title, Slot.id)
    )
    return [(effect, title) for effect, title in rows]


def _slots(db: Session) -> list[tuple[int, str]]:
    """Living slots to choose from: "X-Sains, Sen 08.00, TVRI Nasional"."""
    slots = list(db.scalars(select(Slot).where(Slot.retired_at.is_(None)).order_by(Slot.id.desc()).limit(CHOICES)))
    places = draft.places(db)
    rules = weeks.rules(db, slots, page_language())
    named = [
        (s.id, f"{title}, {days or s.starts_on} {s.starts_at:%H.%M}, {places[s.channel_id].name}") for s, title, days in rules
    ]
    return sorted(named, key=lambda pair: pair[1])


@blueprint.post("/seasons/<int(max=2147483647):season_id>/shift")
@requires("planner")
def shift(season_id: int) -> Any:
    """``days`` is 1 or -1: the whole season a day later or earlier."""
    days = {"1": 1, "-1": -1}.get(request.form.get("days", ""))
    if days is None:
        abort(404)
    try:
        with database().writing() as db:
            overlays.shift_season(db, season_id, days, read_number(request.form.get("version", "")), _)
    except Refused as refused:
        return _season_again(season_id, refused.problems)
    except StaleDataError:
        return _season_again(season_id, _meanwhile())
    flash(_("Musim ini bergeser sehari di draf. Hanya hari tepinya yang berubah."), "done")
    return redirect(url_for("overlays.season", season_id=season_id), 303)


def _season_again(season_id: int, problems: Any) -> Any:
    with database().reading() as db:
        values = _shown(db.get(Season, season_id) or abort(404))
    return _season_form(values, problems, season_id), 422


@blueprint.post("/seasons/<int(max=2147483647):season_id>/remove")
@requires("planner")
def remove_season(season_id: int) -> Any:
    return _removed(overlays.remove_season, season_id, _("Musim itu dihapus dari draf."), "overlays.seasons")


@blueprint.post("/seasons/<int(max=2147483647):season_id>/effects")
@requires("planner")
def effect(season_id: int) -> Any:
    form = request.form
    try:
        starts_at = read_time(form["starts_at"]) if form.get("starts_at") else None
        minutes = read_number(form["minutes"]) if form.get("minutes") else None
        if form.get("starts_at") and starts_at is None:
            raise Refused(Problem("starts_at", _("Ini belum terbaca."), _("Tulis jam mulainya, seperti 08.00.")))
        if form.get("minutes") and minutes is None:
            raise Refused(Problem("minutes", _("Ini belum terbaca."), _("Tulis panjangnya dalam menit.")))
        with database().writing() as db:
            slot_id = read_number(form.get("slot_id", "")) or 0
            overlays.set_effect(db, season_id, slot_id, form.get("kind", ""), starts_at, minutes, _)
    except Refused as refused:
        return _season_again(season_id, refused.problems)
    _saved()
    return redirect(url_for("overlays.season", season_id=season_id), 303)


@blueprint.get("/blackouts")
@requires("planner")
def blackouts() -> Any:
    given = {name: clean(request.args.get(name, ""), 120) for name in ("name", "first_day", "last_day", "station_id")}
    return _blackouts({"first_time": "00:00", "last_time": "24:00", **given}, ())


@blueprint.post("/blackouts")
@requires("planner")
def add_blackout() -> Any:
    names = ("name", "station_id", "first_day", "first_time", "last_day", "last_time")
    values = {name: clean(request.form.get(name, ""), 120) for name in names}
    try:
        begin, end = _when(values, "first"), _when(values, "last")
        with database().writing() as db:
            station = read_number(values["station_id"]) if values["station_id"] else None
            overlays.add_blackout(db, station, values["name"], begin, end, clock.now(), _)
    except Refused as refused:
        return _blackouts(values, refused.problems), 422
    _saved()
    return redirect(url_for("overlays.blackouts"), 303)


def _when(values: dict[str, str], which: str) -> datetime:
    """A local time; 24:00 is the end of its day."""
    day = _day(values, f"{which}_day")
    is_end = values[f"{which}_time"].strip() in ("24:00", "24.00")
    at = read_time("00:00" if is_end else values[f"{which}_time"])
    if at is None:
        raise Refused(Problem(f"{which}_time", _("Ini belum terbaca."), _("Tulis jam, seperti 06.00.")))
    return datetime.combine(day, at) + timedelta(days=is_end)


def _blackouts(values: dict[str, str], problems: Any) -> str:
    with database().reading() as db:
        names = [(s.id, s.name) for s in db.scalars(select(Station).order_by(Station.name))]
        return render_template(
            "broadcast_schedule/blackouts.html",
            blackouts=db.scalars(select(Blackout).order_by(Blackout.starts_at.desc()).limit(100)).all(),
            names=dict(names),
            stations=[("", _("Semua stasiun")), *names],
            values=values,
            problems=[Problem("last_day" if p.where == "ends_at" else p.where, p.what, p.remedy) for p in problems],
            beside=beside(problems),
        )


@blueprint.post("/blackouts/<int(max=2147483647):blackout_id>/remove")
@requires("planner")
def remove_blackout(blackout_id: int) -> Any:
    return _removed(overlays.remove_blackout, blackout_id, _("Mati siar itu dihapus dari draf."), "overlays.blackouts")


@blueprint.get("/holidays")
@requires("planner")
def holidays() -> Any:
    """The year ahead. Nothing is applied: each is a proposal with a way to take it up."""
    today = today_in("Asia/Jakarta", clock.now())
    found = proposals(today, today + timedelta(days=365), page_language())
    with database().reading() as db:
        counts = overlays.airings_on(db, [holiday.day for holiday in found])
    return render_template("broadcast_schedule/holidays.html", holidays=found, counts=counts)
