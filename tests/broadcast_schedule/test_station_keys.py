"""The life of a key."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from broadcast_schedule import station_keys
from broadcast_schedule.tables import Station, StationKey
from core.problems import Refused
from tests.broadcast_schedule.conftest import NOW


@pytest.fixture
def db(database, network):
    with database.reading() as db:
        yield db


def west(db):
    return db.scalars(select(Station).where(Station.slug == "tvri-nasional")).one()


def test_keys_are_kept_as_hashes_alone(db, network):
    keys = network.keys["tvri-nasional"]
    assert (keys.key[:3], keys.calendar_token[:3]) == ("kt_", "kc_")
    rows = db.scalars(select(StationKey)).all()
    assert [row for row in rows if keys.key in vars(row).values() or keys.calendar_token in vars(row).values()] == []


def test_a_key_opens_only_as_its_kind(db, network):
    keys = network.keys["tvri-nasional"]
    wanted = west(db).id
    assert station_keys.owner_of(db, keys.key, "full") == wanted
    assert station_keys.owner_of(db, keys.calendar_token, "calendar") == wanted
    assert station_keys.owner_of(db, keys.key, "calendar") is None
    assert station_keys.owner_of(db, keys.calendar_token, "full") is None
    assert station_keys.owner_of(db, "", "full") is None
    assert station_keys.owner_of(db, "\ud800", "full") is None


def test_two_live_during_rotation_and_a_third_ends_the_first(db, network):
    first, station = network.keys["tvri-nasional"], west(db)
    second = station_keys.rotate_keys(db, station, NOW)
    assert [station_keys.owner_of(db, k.key, "full") for k in (first, second)] == [station.id] * 2
    third = station_keys.rotate_keys(db, station, NOW)
    assert [station_keys.owner_of(db, k.key, "full") for k in (first, second, third)] == [None, station.id, station.id]


def test_a_third_is_not_created(db):
    station = west(db)
    station_keys.create_keys(db, station, NOW)
    with pytest.raises(Refused):
        station_keys.create_keys(db, station, NOW)


def test_revoking_ends_the_older_then_the_only_one(db, network):
    first, station = network.keys["tvri-nasional"], west(db)
    second = station_keys.rotate_keys(db, station, NOW)
    station_keys.revoke_keys(db, station, NOW)
    assert [station_keys.owner_of(db, k.calendar_token, "calendar") for k in (first, second)] == [None, station.id]
    station_keys.revoke_keys(db, station, NOW)
    assert station_keys.owner_of(db, second.key, "full") is None
    assert station_keys.revoke_keys(db, station, NOW) == []
