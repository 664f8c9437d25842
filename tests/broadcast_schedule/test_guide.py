"""What listeners of a region are told."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select

from broadcast_schedule import guide, stations
from broadcast_schedule.tables import Station
from schools.tables import Region


@pytest.fixture
def regions(network, database):
    """Ids of a province and a city in it."""
    with database.writing() as db:
        province = Region(code="91", name="Papua", kind="province", time_zone="Asia/Jayapura")
        db.add(province)
        db.flush()
        city = Region(code="91.71", name="Kota Jayapura", kind="city", parent_id=province.id, time_zone="Asia/Jayapura")
        db.add(city)
        db.flush()
        return province.id, city.id


def cover(database, slug, region, rank=0):
    with database.writing() as db:
        stations.cover(db, db.scalars(select(Station).where(Station.slug == slug)).one(), region, rank)


def told(database, region, now):
    with database.reading() as db:
        found = guide.now_and_next(db, region, now)
        return [(o.station, f"{o.start:%d %H:%M}", o.time_zone) for o in found]


MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def test_on_now_and_what_comes_next_at_most_three(plan, regions, database):
    for hour in (8, 9, 10, 11):
        plan.slot(starts_at=time(hour), minutes=60)
    plan.publish()
    assert [hour for _s, hour, _z in told(database, None, MONDAY + timedelta(minutes=59))] == ["23 01:00", "23 02:00", "23 03:00"]
    assert told(database, None, MONDAY + timedelta(minutes=60))[0] == ("TVRI Nasional", "23 02:00", "Asia/Jakarta")


def test_the_nearest_station_that_has_anything_to_say(plan, regions, database):
    province, city = regions
    plan.slot()
    plan.publish()
    assert told(database, city, MONDAY)[0][0] == "TVRI Nasional"  # nobody covers it: the first station
    cover(database, "tvri-nasional", province)
    cover(database, "rri-jayapura", city)
    assert told(database, city, MONDAY)[0][0] == "TVRI Nasional"  # RRI has nothing
    plan.slot(channel_id=plan.network.east)
    plan.publish()
    assert told(database, city, MONDAY)[0] == ("RRI Jayapura", "23 01:00", "Asia/Jayapura")
    assert told(database, province, MONDAY)[0][0] == "TVRI Nasional"


def test_rank_decides_in_one_region(plan, regions, database):
    _province, city = regions
    plan.slot()
    plan.slot(channel_id=plan.network.east)
    plan.publish()
    cover(database, "tvri-nasional", city, 1)
    cover(database, "rri-jayapura", city, 0)
    assert told(database, city, MONDAY)[0][0] == "RRI Jayapura"
    cover(database, "tvri-nasional", city, -1)
    assert told(database, city, MONDAY)[0][0] == "TVRI Nasional"


def test_cancelled_is_not_on_the_air(plan, database):
    slot = plan.slot()
    plan.depart(slot, "2026-11-23", "skipped")
    plan.publish()
    assert [hour for _s, hour, _z in told(database, None, MONDAY)] == ["30 01:00"]


def test_nothing_known_is_nothing(database, app):
    assert told(database, None, MONDAY) == []
    assert told(database, 999, MONDAY) == []
