"""GET /api/v1/stations/<slug>…: what a station may read; and /openapi.json, which describes all of the API."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from broadcast_schedule import (
    feed_views,
    file_views,
    guide,
    offers,
    report_api_views,  # noqa: F401  its routes are the API's too
)
from broadcast_schedule.api import as_json, as_problem, described, document, station
from broadcast_schedule.api import blueprint as api
from broadcast_schedule.tables import Carriage, Channel, Programme, Slot
from core.database import database
from schools.access import public

blueprint = Blueprint("api_description", __name__)
OPEN = "guarded by the station's key or calendar token, unless it is open data"


@blueprint.get("/openapi.json")
@public("describes the API; holds nothing of anybody")
def openapi() -> Response:
    return jsonify(document())


@api.get("/<slug>")
@public(OPEN)
@described("StationFacts", operation_id="station")
def facts(slug: str) -> Response:
    """The station: its zone, revision and channels."""
    with database().reading() as db:
        station(db, slug)
        found = guide.station_by_slug(db, slug)
        assert found is not None, "it was let in"
        channels = [{"id": each.key, "name": each.name} for each in guide.channels(db, found.id)]
        return _json(
            {
                "station": found.slug,
                "name": found.name,
                "time_zone": found.time_zone,
                "medium": found.medium,
                "frequency": found.frequency,
                "revision": found.revision,
                "channels": channels,
            }
        )


@api.get("/<slug>/timetable")
@public(OPEN)
@described("Timetable", operation_id="timetable", query="Since")
def timetable(slug: str) -> Response:
    """The published timetable, the same as /stations/{slug}/timetable.json."""
    return _fed(lambda: feed_views.timetable(slug, "json"))


@api.get("/<slug>/now")
@public(OPEN)
@described("Now", operation_id="now")
def now(slug: str) -> Response:
    """What is on now and what comes next, on every channel."""
    return _fed(lambda: feed_views.now_and_next(slug))


@api.get("/<slug>/files")
@public(file_views.GUARDED)
@described("FileList", operation_id="files", query="Window")
def files(slug: str) -> Response:
    """Recordings, scripts and notes of what the station airs, with checksums; the same as /stations/{slug}/files.json."""
    return _fed(lambda: file_views.listed(slug))


@api.get("/<slug>/carriage")
@public(OPEN)
@described("CarriageList", operation_id="carriage")
def carriage(slug: str) -> Response:
    """What is offered to the station, and what it answered."""
    with database().reading() as db:
        row = station(db, slug)
        asked = offers.all_of(db, row.id)
        wanted = (
            select(Carriage, Channel.key, Programme.title)
            .join(Channel, Channel.id == Carriage.channel_id)
            .join(Slot, Slot.id == Carriage.slot_id)
            .join(Programme, Programme.id == Slot.programme_id)
            .where(Channel.station_id == row.id, Slot.retired_at.is_(None))
            .order_by(Carriage.id)
        )
        found = [
            {
                "code": one.code, "slot": one.slot_id, "title": one.title, "channel": one.channel, "mode": one.mode,
                "delay_minutes": one.delay_minutes, "language": one.language, "state": one.state, "proposed_at": one.proposed_at,
            }
            for one in asked
        ]  # fmt: skip
        named = {(one.slot_id, one.channel_id) for one in asked}
        found += [
            {
                "code": None, "slot": c.slot_id, "title": title, "channel": key, "mode": c.mode, "delay_minutes": c.delay_minutes,
                "language": "", "state": c.state, "proposed_at": "",
            }
            for c, key, title in db.execute(wanted)
            if (c.slot_id, c.channel_id) not in named
        ]  # fmt: skip
    return _json({"station": slug, "carriage": found})


def _fed(pull: Any) -> Response:
    try:
        return as_problem(pull())
    except HTTPException as error:
        if error.response is None:
            raise
        return as_problem(error.response)  # type: ignore[arg-type]


def _json(body: dict[str, Any]) -> Response:
    return Response(as_json(body), content_type="application/json", headers={"Cache-Control": "private, no-cache"})
