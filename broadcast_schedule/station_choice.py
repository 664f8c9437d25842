"""Whose pages these are: a station's account sees its own, a planner or an admin chooses with ``station=``."""

from __future__ import annotations

from flask import abort, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcast_schedule import guide
from broadcast_schedule.tables import Station
from schools.access import current_staff


def chosen(db: Session) -> tuple[Station, list[Station]]:
    """(the station, those to choose from: none for a station's own account). 404 for one that is not there or not hers."""
    staff = current_staff()
    assert staff is not None, "requires() has let her in"
    if staff.role == "station":
        return guide.station_by_slug(db, staff.station_slug or "") or abort(404), []
    everyone = list(db.scalars(select(Station).order_by(Station.name)))
    slug = request.values.get("station", "") or (everyone[0].slug if everyone else "")
    return next((each for each in everyone if each.slug == slug), None) or abort(404), everyone
