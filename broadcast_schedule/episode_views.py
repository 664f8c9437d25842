"""A planner's pages of episodes: what a programme has, and how they are laid along a slot."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcast_schedule import draft, episodes, papers
from broadcast_schedule.episodes import EpisodeDraft
from broadcast_schedule.planning import NEWEST, OLDEST, today_in
from broadcast_schedule.recurrence import expand, to_utc
from broadcast_schedule.slot_forms import read_date, read_number, read_time
from broadcast_schedule.tables import Episode, Programme, Slot
from broadcast_schedule.views import beside
from core import clock
from core.database import database
from core.problems import Problem, Refused
from core.text import clean
from schools.access import requires

blueprint = Blueprint("episodes", __name__, url_prefix="/plan", template_folder="templates")
FIELDS = ("title", "number", "quiz_keyword", "lesson", "ready_on", "ready_time")
ZONE = "Asia/Jakarta"  # in which a promise of audio is typed: the network's own house
SHOWN = 12


@blueprint.get("/programmes/<int(max=2147483647):programme_id>/episodes")
@requires("planner")
def of_programme(programme_id: int) -> Any:
    return _list(programme_id, {}, ())


@blueprint.post("/programmes/<int(max=2147483647):programme_id>/episodes")
@requires("planner")
def add(programme_id: int) -> Any:
    values = _typed()
    try:
        with database().writing() as db:
            title = episodes.save_episode(db, programme_id, _read(values), _=_).title
    except Refused as refused:
        return _list(programme_id, values, refused.problems), 422
    flash(_("%(title)s sudah disimpan.", title=title), "done")
    return redirect(url_for("episodes.of_programme", programme_id=programme_id), 303)


@blueprint.get("/episodes/<int(max=2147483647):episode_id>")
@requires("planner")
def episode(episode_id: int) -> Any:
    with database().reading() as db:
        found = db.get(Episode, episode_id) or abort(404)
        return _form(db, found, _shown(found), ())


@blueprint.post("/episodes/<int(max=2147483647):episode_id>")
@requires("planner")
def change(episode_id: int) -> Any:
    values = _typed()
    try:
        with database().writing() as db:
            found = db.get(Episode, episode_id) or abort(404)
            programme_id = found.programme_id
            title = episodes.save_episode(db, programme_id, _read(values), episode_id, _).title
    except Refused as refused:
        with database().reading() as db:
            return _form(db, db.get(Episode, episode_id) or abort(404), values, refused.problems), 422
    flash(_("%(title)s sudah disimpan.", title=title), "done")
    return redirect(url_for("episodes.of_programme", programme_id=programme_id), 303)


def _typed() -> dict[str, str]:
    return {name: clean(request.form.get(name, ""), 300) for name in FIELDS}


def _shown(found: Episode) -> dict[str, str]:
    ready = found.ready_at.astimezone(clock.zone(ZONE)) if found.ready_at else None
    return {
        "title": found.title,
        "number": "" if found.number is None else str(found.number),
        "quiz_keyword": found.quiz_keyword,
        "lesson": found.lesson,
        "ready_on": f"{ready:%Y-%m-%d}" if ready else "",
        "ready_time": f"{ready:%H:%M}" if ready else "",
    }


def _read(values: dict[str, str]) -> EpisodeDraft:
    found = []
    number = read_number(values["number"]) if values["number"] else None
    if values["number"] and number is None:
        found.append(Problem("number", _("Ini belum terbaca."), _("Tulis bilangan bulat, atau kosongkan.")))
    ready: datetime | None = None
    if values["ready_on"] or values["ready_time"]:
        day, at = read_date(values["ready_on"]), read_time(values["ready_time"] or "00:00")
        if day is None or at is None or not OLDEST <= day < NEWEST:
            found.append(Problem("ready_on", _("Ini belum terbaca."), _("Tulis tanggal dan jam rekamannya siap.")))
        else:
            ready = to_utc(datetime.combine(day, at), ZONE)
    if found:
        raise Refused(found)
    return EpisodeDraft(values["title"], number, values["quiz_keyword"], values["lesson"], ready)


def _list(programme_id: int, values: dict[str, str], problems: Any) -> str:
    with database().reading() as db:
        found = episodes.of_programme(db, programme_id)
        return render_template(
            "broadcast_schedule/episodes.html",
            programme=db.get(Programme, programme_id) or abort(404),
            episodes=found,
            counts=papers.counted(db, [one.id for one in found]),
            values=values,
            problems=problems,
            beside=beside(problems),
        )


def _form(db: Session, found: Episode, values: dict[str, str], problems: Any) -> str:
    return render_template(
        "broadcast_schedule/episode.html", episode=found, files=papers.offered(db, found.id), values=values, problems=problems,
        beside=beside(problems),
    )  # fmt: skip


@blueprint.get("/slots/<int(max=2147483647):slot_id>/episodes")
@requires("planner")
def laying(slot_id: int) -> Any:
    return _laying(slot_id, ())


@blueprint.post("/slots/<int(max=2147483647):slot_id>/episodes")
@requires("planner")
def lay(slot_id: int) -> Any:
    """``what`` is lay (each episode's place as ``place-<id>``) or repeat (``repeats_id``)."""
    form = request.form
    try:
        with database().writing() as db:
            if form.get("what") == "repeat":
                episodes.repeat(db, slot_id, read_number(form.get("repeats_id", "")), _)
            else:
                run_from = read_date(form.get("run_from", ""))
                if run_from is None or not OLDEST <= run_from < NEWEST:
                    raise Refused(Problem("run_from", _("Ini belum terbaca."), _("Tulis tanggal, seperti 2026-07-13.")))
                episodes.lay(db, slot_id, _places(form), run_from, form.get("follows", ""), _)
    except Refused as refused:
        return _laying(slot_id, refused.problems), 422
    flash(_("Tersimpan di draf. Stasiun melihatnya sesudah diterbitkan."), "done")
    return redirect(url_for("episodes.laying", slot_id=slot_id), 303)


def _places(form: Any) -> list[int]:
    """Episodes in the order of their numbers; those without one are left out."""
    found = []
    for name in form:
        number = read_number(name.removeprefix("place-")) if name.startswith("place-") else None
        if number is not None and form[name].strip():
            place = read_number(form[name])
            if place is None:
                raise Refused(Problem(name, _("Ini belum terbaca."), _("Tulis bilangan bulat, atau kosongkan.")))
            found.append((place, number))
    return [number for _place, number in sorted(found)]


def _laying(slot_id: int, problems: Any) -> str:
    with database().reading() as db:
        slot = db.get(Slot, slot_id)
        if slot is None or slot.retired_at is not None:
            abort(404)
        laid = episodes.laid(db, slot_id)
        places = {number: n + 1 for n, number in enumerate(laid)}
        today = today_in(slot.time_zone, clock.now())
        others = db.scalars(
            select(Slot)
            .where(
                Slot.programme_id == slot.programme_id, Slot.id != slot.id, Slot.retired_at.is_(None), Slot.repeats_id.is_(None)
            )
            .order_by(Slot.id)
        )
        return render_template(
            "broadcast_schedule/laying.html",
            slot=slot,
            place=draft.places(db, [slot.channel_id])[slot.channel_id],
            programme=db.get(Programme, slot.programme_id),
            episodes=sorted(episodes.of_programme(db, slot.programme_id), key=lambda e: places.get(e.id, 999)),
            places=places if problems == () else {k[6:]: v for k, v in request.form.items() if k.startswith("place-")},
            run_from=(slot.run_from or today).isoformat(),
            sources=list(others),
            coming=_coming(db, slot, today),
            problems=problems,
            beside=beside(problems),
        )


def _coming(db: Session, slot: Slot, today: date) -> list[tuple[date, str, Episode | None]]:
    """The next airings with their episodes, as the draft stands."""
    around = draft.Around(db, [slot])
    rule, departures = around.planned(slot)
    if rule is None:
        return []
    until = date.fromordinal(min(today.toordinal() + 400, NEWEST.toordinal()))
    airings = expand(rule, departures, today, until)[:SHOWN]
    found = around.episodes_of(slot, airings, until)
    return [(a.original.date(), a.kind, around.episodes.get(found.get(a.original.date()) or 0)) for a in airings]
