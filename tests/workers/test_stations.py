from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from broadcast_schedule import editions, offers
from broadcast_schedule.carriage_tables import StationContact
from broadcast_schedule.tables import Channel
from gateway.tables import Outbox
from tests.broadcast_schedule.conftest import NOW, Plan, network, plan
from tests.gateway.conftest import make_line
from workers import stations

__all__ = ["make_line", "network", "plan"]
HERS = "+6281234567890"
EVENING = NOW + timedelta(hours=30)  # Monday 16.00 WIB, 18.00 in Jayapura
MORNING = NOW + timedelta(hours=46)  # Tuesday 08.00 WIB


@pytest.fixture
def offered(app, plan: Plan, network, database, make_line):
    make_line("simulator", "sms")
    slot = plan.slot()
    with database.writing() as db:
        offers.offer(db, slot, network.east, "relay", 0, "", NOW)
        station = db.scalars(select(Channel.station_id).where(Channel.id == network.east)).one()
        db.add(StationContact(station_id=station, msisdn=HERS, created_at=NOW))
    return slot


def at(moment):
    with time_machine.travel(moment, tick=False):
        return stations.tick()


def posted(database):
    with database.reading() as db:
        return db.scalars(select(Outbox.text).order_by(Outbox.id)).all()


def test_an_offer_is_told_once_and_reminded_of_once(offered, database):
    assert [at(NOW), at(NOW), at(NOW + timedelta(days=3)), at(NOW + timedelta(days=6))] == [1, 0, 1, 0]
    assert posted(database) == [
        "Tawaran 101: X-Sains, relai langsung jam 08.00 WIB. Balas TERIMA 101, TOLAK 101, atau GANTI 101 11.00.",
        "Tawaran 101 X-Sains belum Anda jawab. Balas TERIMA 101, TOLAK 101, atau GANTI 101 11.00.",
    ]


def test_by_night_nothing_is_sent_and_in_the_morning_it_is(offered, database):
    assert [at(NOW + timedelta(hours=10)), at(NOW + timedelta(hours=22))] == [0, 1]


def test_an_answered_offer_is_not_reminded_of(offered, database):
    at(NOW)
    database.step(lambda db: offers.decline(db, offers.by_code(db, 101), "SMS", 1))
    assert at(NOW + timedelta(days=3)) == 0


def test_what_was_carried_is_asked_for_once_in_the_evening(offered, database):
    at(NOW)
    database.step(lambda db: offers.accept(db, offers.by_code(db, 101), "SMS", 1))
    with database.writing() as db:
        editions.publish(db, NOW, None)
    assert [at(EVENING - timedelta(hours=2)), at(EVENING), at(EVENING), at(MORNING)] == [0, 1, 0, 0]
    assert posted(database)[1:] == ["Siar atau tidak? 101 X-Sains 10.00. Balas SIAR 101 atau GAGAL 101 dan sebabnya."]
