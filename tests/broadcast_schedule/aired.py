"""One programme on two stations, at 08.00 in each one's local time, and regions that they reach."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from broadcast_schedule import as_runs, carriage, openings
from broadcast_schedule.tables import Coverage, Occurrence
from core import clock
from schools.tables import Region
from tests.broadcast_schedule.conftest import Plan, two_stations

BILLED = datetime(2026, 11, 23, 8, 0)  # noqa: DTZ001 - wall time: the airing's identity
ENDS_WEST = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)  # 08.30 WIB
ENDS_EAST = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # 08.30 WIT: the local repeat there comes two hours before
WEST, EAST = 1, 2


class Aired:
    """08.00 on Mondays at two stations, in each one's local time; a region for each, and a district inside the western one."""

    def __init__(self, database, keyword=""):
        self.database = database
        self.network = two_stations(database)
        self.plan = Plan(self.network)
        self.keyword = keyword
        self.slot, self.west, self.district, self.east, self.none = self.plan.kept(f"aired {keyword}", self._make)

    def _make(self):
        more = {"episode": "Energi", "quiz_keyword": self.keyword} if self.keyword else {}
        slot = self.plan.slot(**more)
        self.plan.do(carriage.carry, slot, self.network.east, "local")
        self.plan.publish()
        with self.database.writing() as db:
            rows = [Region(code=c, name=c, kind="city", time_zone="Asia/Jakarta") for c in ("west", "east", "none")]
            db.add_all(rows)
            db.flush()
            west, east, none = (row.id for row in rows)
            district = Region(code="w1", name="w1", kind="district", time_zone="Asia/Jakarta", parent_id=west)
            db.add(district)
            db.add_all([Coverage(station_id=WEST, region_id=west), Coverage(station_id=EAST, region_id=east)])
            db.flush()
            return slot, west, district.id, east, none

    def over(self, region, since=None):
        """As learners' phones ask and as pages ask: the same."""
        if self.keyword:
            hot = self.database.step(lambda db: openings.of_keyword(db, self.keyword, since, region))
            with self.database.reading() as db:
                page = openings.of_keyword(db, self.keyword, since, region)
        else:
            hot = self.database.step(lambda db: openings.of_slot(db, self.slot, BILLED, region))
            with self.database.reading() as db:
                page = openings.of_slot(db, self.slot, BILLED, region)
        assert page == hot
        return hot.at

    def airing(self, station, at=BILLED):
        with self.database.reading() as db:
            of = select(Occurrence.id).where(Occurrence.station_id == station, Occurrence.original_start == at)
            return db.scalars(of).one()

    def reports(self, station, start=None, end=None, failed=False):
        """What the station says of that airing, when it is over."""
        airing, now = self.airing(station), clock.to_ms(ENDS_WEST + timedelta(hours=3))

        def say(db):
            row = as_runs.of_id(db, airing, station)
            if failed:
                return as_runs.failed(db, row, "listrik", "sms", now)
            return as_runs.aired(db, row, "sms", now, start and clock.to_ms(start), end and clock.to_ms(end))

        self.database.step(say)
