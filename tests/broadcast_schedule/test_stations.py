"""Stations and channels: what is refused, by field."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from broadcast_schedule import stations
from broadcast_schedule.tables import Station
from core.problems import Refused


@pytest.fixture
def db(database, network):
    with database.reading() as db:
        yield db


def west(db):
    return db.scalars(select(Station).where(Station.slug == "tvri-nasional")).one()


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"slug": "RRI Jayapura"}, "slug"),
        ({"slug": "../x"}, "slug"),
        ({"slug": "rri-"}, "slug"),
        ({"slug": "tvri-nasional"}, "slug"),
        ({"name": " "}, "name"),
        ({"time_zone": "WIT"}, "time_zone"),
        ({"medium": "drum"}, "medium"),
    ],
)
def test_a_station_is_refused_by_field(db, wrong, where):
    given = {"slug": "rri-x", "name": "RRI X", "time_zone": "Asia/Jayapura", **wrong}
    with pytest.raises(Refused) as refused:
        stations.create_station(db, **given)
    assert [p.where for p in refused.value.problems] == [where]


@pytest.mark.parametrize("key", ["no-dot", "with blank.id", "tvri-nasional.kentongan.id", "under_score.id", ".id"])
def test_a_channel_key_that_readers_cannot_take_is_refused(db, key):
    with pytest.raises(Refused):
        stations.create_channel(db, west(db), key, "Pro 2")
