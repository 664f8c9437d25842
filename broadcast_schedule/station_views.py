"""A station's own page: its week as published, and the addresses from which its software pulls it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, render_template, request
from sqlalchemy import select

from broadcast_schedule import compliance, fetches, guide, offers, station_keys, weeks
from broadcast_schedule.feeds import feeds
from broadcast_schedule.planning import today_in
from broadcast_schedule.tables import Station
from core import clock
from core.database import database
from schools.access import current_staff, requires

blueprint = Blueprint("station", __name__, url_prefix="/station", template_folder="templates")
DAYS = 7


@blueprint.get("/")
@requires("station", "planner")
def home() -> Any:
    """A station's account sees its own; a planner and an admin choose with ``?station=``."""
    staff = current_staff()
    assert staff is not None, "requires() has let her in"
    now = clock.now()
    with database().reading() as db:
        if staff.role != "station":
            everyone = db.scalars(select(Station).order_by(Station.name)).all()
            slug = request.args.get("station", "") or (everyone[0].slug if everyone else "")
        else:
            everyone, slug = [], staff.station_slug or ""
        station = guide.station_by_slug(db, slug)
        if station is None:
            if staff.role != "station" and not everyone:
                return render_template("broadcast_schedule/no_station.html")
            abort(404)
        today = today_in(station.time_zone, now)
        found = guide.window(db, station, today, DAYS)
        base = f"{current_app.extensions['settings'].public_base_url}/stations/{station.slug}"
        return render_template(
            "broadcast_schedule/station.html",
            station=station,
            stations=everyone,
            channels={channel.key: channel.name for channel in found.channels},
            days=weeks.by_day(found.occurrences, station.time_zone, today, DAYS),
            on_air=guide.on_air(db, station, now, 2),
            now=now,
            offers=offers.all_of(db, station.id),
            aired=compliance.recent(db, station.id, now),
            keys=station_keys.live_keys(db, station.id),
            fetched=fetches.by_digest(db, station.id),
            files_address=f"{base}/files.json",
            addresses=[(feed.name, f"{base}/timetable.{extension}") for extension, feed in feeds().items()],
        )
