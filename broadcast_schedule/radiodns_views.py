"""RadioDNS SPI where receivers look for it: SI.xml for all services, PI and GI for one, by its service identifier path.

The address names no station: the key does. Without a key there are the stations that are open data, where there are any.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime, timedelta

from flask import Blueprint, Response, abort
from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcast_schedule import guide, timetable
from broadcast_schedule.editions import HORIZON_DAYS, PAST_DAYS
from broadcast_schedule.feed_views import answer, held, not_modified, refuse_key, sent_key
from broadcast_schedule.feeds import spi
from broadcast_schedule.planning import today_in
from broadcast_schedule.slot_forms import read_date
from broadcast_schedule.station_keys import owner_of
from broadcast_schedule.tables import Station
from core import clock
from core.database import database
from schools.access import public

blueprint = Blueprint("radiodns", __name__, url_prefix="/radiodns/spi/3.1")
XML = "application/xml; charset=utf-8"
NAMED = re.compile(r"([0-9]{8})_PI\.xml")


@blueprint.get("/SI.xml")
@public("guarded by the station's key or calendar token, unless it is open data")
def service_information() -> Response:
    with database().reading() as db:
        stations = _admitted(db)
        services = [(_station(each), guide.channels(db, each.id)) for each in stations]
        provider = stations[0].name if len(stations) == 1 else "Kentongan"
        raw = spi.service_information(services, provider)
    return _answered(raw, "si")


@blueprint.get("/GI.xml", defaults={"path": ""})
@blueprint.get("/<path:path>/GI.xml")
@public("guarded by the station's key or calendar token, unless it is open data")
def programme_groups(path: str) -> Response:
    """The series that are on within two weeks."""
    now = clock.now()
    with database().reading() as db:
        if path:
            station, channels = _service(db, path)
        else:
            station = _admitted(db)[0]
            channels = tuple(guide.channels(db, station.id))
        found = guide.window(db, station, today_in(station.time_zone, now), 14)
        keys = {channel.key for channel in channels}
        kept = tuple(o for o in found.occurrences if o.channel in keys)
        raw = spi.programme_groups(timetable.narrowed(found, channels, kept))
    return _answered(raw, "gi")


@blueprint.get("/<path:path>/<name>")
@public("guarded by the station's key or calendar token, unless it is open data")
def programme_information(path: str, name: str) -> Response:
    """One local day of one service. What goes on over midnight is in both days' files."""
    now = clock.now()
    with database().reading() as db:
        station, channels = _service(db, path)
        day = _day(name, station, now)
        found = guide.window(db, station, day, 1, until=day + timedelta(days=1))
        kept = tuple(o for o in found.occurrences if o.channel == channels[0].key)
        raw = spi.render(timetable.narrowed(found, channels, kept))
    return _answered(raw, "pi")


def _admitted(db: Session) -> list[Station]:
    """The station whose key was sent; without a key those that are open data. 401 where neither lets anybody in."""
    kind, key = sent_key()
    if key is None:
        found = list(db.scalars(select(Station).where(Station.is_open_data).order_by(Station.id)))
        return found or refuse_key()
    station = db.get(Station, owner_of(db, key, kind) or 0)
    return [station] if station is not None else refuse_key()


def _service(db: Session, path: str) -> tuple[Station, tuple[timetable.Channel, ...]]:
    """(station, its one channel) of a service identifier path. 401 without a key, 404 for what is not the key's own."""
    stations = _admitted(db)
    for station in stations:
        for channel in guide.channels(db, station.id):
            if path.lower() in spi.paths(channel):
                return station, (channel,)
    abort(404)


def _day(name: str, station: Station, now: datetime) -> date:
    found = NAMED.fullmatch(name)
    day = read_date(f"{found[1][:4]}-{found[1][4:6]}-{found[1][6:]}") if found else None
    today = today_in(station.time_zone, now)
    if day is None or not today - timedelta(days=PAST_DAYS) <= day < today + timedelta(days=HORIZON_DAYS):
        abort(404)
    return day


def _station(row: Station) -> timetable.Station:
    return timetable.Station(row.slug, row.name, row.time_zone, row.medium, row.frequency)


def _answered(raw: bytes, what: str) -> Response:
    """These are small and few ask: their ETag is a digest of their bytes."""
    tag = f"spi-{what}-{hashlib.sha256(raw).hexdigest()[:24]}"
    kept = held(tag)
    return not_modified(kept) if kept else answer(raw, XML, tag)
