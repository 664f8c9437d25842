"""A network of two stations, and a planner who edits and publishes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from broadcast_schedule import departing, editions, planning, station_keys, stations
from broadcast_schedule.planning import ProgrammeDraft, SlotDraft
from broadcast_schedule.tables import Channel, Occurrence, Station
from tests.kept import kept

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)  # Sunday, 10.00 WIB


@pytest.fixture
def network(app, database):
    return two_stations(database)


def two_stations(database):
    """``west`` in Jakarta and ``east`` in Jayapura with a channel each, and a programme. Ids alone."""
    return SimpleNamespace(**kept(database, "two stations", lambda: _two_stations(database)), database=database)


def _two_stations(database):
    with database.writing() as db:
        west = stations.create_station(db, "tvri-nasional", "TVRI Nasional", "Asia/Jakarta", medium="tv")
        east = stations.create_station(db, "rri-jayapura", "RRI Jayapura", "Asia/Jayapura")
        keys = {s.slug: station_keys.create_keys(db, s, NOW) for s in (west, east)}
        channels = {s.slug: db.scalars(select(Channel.id).where(Channel.station_id == s.id)).one() for s in (west, east)}
        programme = planning.save_programme(db, ProgrammeDraft("X-Sains", "Sains untuk semua", "SD 4-6")).id
        return {"west": channels["tvri-nasional"], "east": channels["rri-jayapura"], "programme": programme, "keys": keys}


@pytest.fixture
def plan(network):
    return Plan(network)


class Plan:
    """What a planner does, each in a transaction of its own."""

    def __init__(self, network):
        self.network = network

    def wanted(self, **more):
        given = {
            "channel_id": self.network.west,
            "programme_id": self.network.programme,
            "starts_on": date(2026, 11, 23),
            "starts_at": time(8, 0),
            "minutes": 30,
            "time_zone": "Asia/Jakarta",
            "weekdays": frozenset({0}),
        }
        return SlotDraft(**{**given, **more})

    def slot(self, slot_id=None, **more):
        with self.network.database.writing() as db:
            return planning.save_slot(db, self.wanted(**more), slot_id).id

    def kept(self, name, make):
        """What ``make()`` plans, made once for all tests; see tests/kept.py."""
        return kept(self.network.database, name, make)

    def on_mondays(self):
        """The id of a slot that is published: the west's X-Sains on Mondays at eight."""

        def make():
            slot = self.slot()
            self.publish()
            return slot

        return self.kept("X-Sains on Mondays", make)

    def do(self, function, *args, **more):
        """``function(db, …)`` of planning, carriage or editions."""
        with self.network.database.writing() as db:
            return function(db, *args, **more)

    def made(self, function, *args, **more):
        """The id of the row that ``function(db, …)`` makes."""
        with self.network.database.writing() as db:
            return function(db, *args, **more).id

    def depart(self, slot_id, day, kind, now=NOW, **more):
        self.do(departing.depart, slot_id, date.fromisoformat(day), kind, now, **more)

    def publish(self, now=NOW, **more):
        return self.do(editions.publish, now, None, **more)

    def rows(self, channel=None, limit=4):
        """(local start in UTC, status, sequence, revision) of the first rows by original date."""
        with self.network.database.reading() as db:
            wanted = select(Occurrence).where(Occurrence.channel_id == (channel or self.network.west))
            found = db.scalars(wanted.order_by(Occurrence.original_start, Occurrence.slot_id).limit(limit))
            return [(f"{o.start:%m-%dT%H:%M}", o.status, o.sequence, o.revision) for o in found]

    def revisions(self):
        with self.network.database.reading() as db:
            return dict(db.execute(select(Station.slug, Station.revision)).all())
