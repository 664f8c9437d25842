"""A planner's pages of the whole network: its grid, who carries what, what clashes beyond every horizon."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask_babel import gettext as _
from sqlalchemy import select

from broadcast_schedule import audits, grids, planning
from broadcast_schedule.grids import Chosen
from broadcast_schedule.planning import today_in
from broadcast_schedule.slot_forms import read_date, read_number
from broadcast_schedule.tables import Station
from broadcast_schedule.weeks import INDONESIA
from core import clock
from core.database import database
from core.pages import page_language
from core.text import clean
from schools.access import requires

blueprint = Blueprint("network", __name__, url_prefix="/plan", template_folder="templates")


@blueprint.get("/audit")
@requires("planner")
def audit() -> Any:
    begun = time.perf_counter()
    with database().reading() as db:
        found = audits.whole_network(db, clock.now(), page_language(), _)
    took = max(1, round((time.perf_counter() - begun) * 1000))
    return render_template("broadcast_schedule/audit.html", audit=found, took=took)


@blueprint.get("/grid")
@requires("planner")
def grid() -> Any:
    """``zoom`` day, week, month or term, ``from``, ``level``, ``station``, ``zone``."""
    args = request.args
    zoom = args.get("zoom", "week")
    zone = args.get("zone", INDONESIA[0])
    if zoom not in grids.ZOOMS or zone not in INDONESIA:
        abort(404)
    day = read_date(args.get("from", "")) or today_in(zone, clock.now())
    if not planning.OLDEST + timedelta(days=14) < day < planning.NEWEST - timedelta(days=200):
        abort(404)
    first = grids.begun(day, zoom)
    station_id = read_number(args.get("station", ""))
    chosen = Chosen(zoom, first, zone, station_id, clean(args.get("level", ""), 40))
    kept = {"station": station_id or "", "level": chosen.level, "zone": zone}
    with database().reading() as db:
        found = grids.grid(db, chosen)
        return render_template(
            "broadcast_schedule/grid.html",
            grid=found,
            chosen=chosen,
            kept={name: value for name, value in kept.items() if value},
            last=first + timedelta(days=chosen.days - 1),
            previous=(first - timedelta(days=chosen.days)).isoformat(),
            following=(first + timedelta(days=chosen.days)).isoformat(),
            today=today_in(zone, clock.now()),
            now=clock.now(),
            zooms=[("day", _("Hari")), ("week", _("Minggu")), ("month", _("Bulan")), ("term", _("Semester"))],
            zones=[(name, clock.zone_label(clock.now(), name)) for name in INDONESIA],
            levels=[("", _("Semua jenjang")), *((level, level) for level in grids.levels(db))],
            stations=[("", _("Semua stasiun"))] + [(s.id, s.name) for s in db.scalars(select(Station).order_by(Station.name))],
            three=grids.in_three_zones,
        )


@blueprint.get("/coverage")
@requires("planner")
def coverage() -> Any:
    page, stations = (max(1, read_number(request.args.get(name, "")) or 1) for name in ("page", "stations"))
    with database().reading() as db:
        found = grids.coverage(db, page, stations)
        if page > found.slot_pages or stations > found.station_pages:
            abort(404)
        return render_template("broadcast_schedule/coverage.html", coverage=found, page=page, stations=stations, words=_words)


def _words(what: str) -> str:
    """What a channel does with a slot; never by colour alone."""
    if not what:
        return "–"
    kind, _plus, delay = what.partition("+")
    said = {
        "own": _("asal"),
        "relay": _("relai"),
        "local": _("jam setempat"),
        "offered": _("menunggu jawaban"),
        "declined": _("menolak"),
        "proposed": _("mengusulkan waktu lain"),
    }.get(kind, kind)
    return f"{said}, +{delay} {_('menit')}" if delay else said
