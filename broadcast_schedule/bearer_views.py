"""A station's page of how it is received."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from broadcast_schedule import bearers, guide
from broadcast_schedule.feeds import spi
from broadcast_schedule.station_choice import chosen
from broadcast_schedule.views import beside
from core import clock
from core.database import database
from core.problems import Refused
from core.text import clean
from schools.access import requires

blueprint = Blueprint("bearers", __name__, url_prefix="/station/bearers", template_folder="templates")
BLANK = {"channel_id": "", "uri": "", "cost": "20", "mime": "", "kbps": ""}


@blueprint.get("")
@requires("station", "planner")
def page() -> Any:
    return _page(BLANK, ())


@blueprint.post("")
@requires("station", "planner")
def add() -> Any:
    values = {name: clean(request.form.get(name, ""), 200) for name in BLANK}
    channel = values["channel_id"]
    try:
        with database().writing() as db:
            station, _everyone = chosen(db)
            number = int(channel) if channel.isascii() and channel.isdecimal() and len(channel) < 10 else 0
            bearers.add(db, station, number, values["uri"], values["cost"], values["mime"], values["kbps"], clock.now(), _)
            slug = station.slug
    except Refused as refused:
        return _page(values, refused.problems), 422
    flash(_("Pembawa sudah ditambahkan."), "done")
    return redirect(url_for("bearers.page", station=slug), 303)


@blueprint.post("/<int(max=2147483647):bearer_id>/remove")
@requires("station", "planner")
def remove(bearer_id: int) -> Any:
    try:
        with database().writing() as db:
            station, _everyone = chosen(db)
            bearers.remove(db, station, bearer_id, clock.now(), _)
            slug = station.slug
    except Refused as refused:
        return _page(BLANK, refused.problems), 422
    flash(_("Pembawa sudah dihapus."), "done")
    return redirect(url_for("bearers.page", station=slug), 303)


def _page(values: dict[str, str], problems: Any) -> str:
    with database().reading() as db:
        station, everyone = chosen(db)
        addresses = [(channel.name, spi.paths(channel)[0]) for channel in guide.channels(db, station.id)]
        return render_template(
            "broadcast_schedule/bearers.html",
            station=station,
            stations=everyone,
            channels=bearers.bearers(db, station.id),
            addresses=addresses,
            values=values,
            problems=problems,
            beside=beside(problems),
        )
