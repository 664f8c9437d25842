from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from broadcast_schedule import editions, offers, station_answers
from broadcast_schedule.carriage_tables import AsRun, Offer, StationContact
from broadcast_schedule.tables import Channel, Occurrence, Station
from broadcast_schedule.words import in_indonesian
from tests.broadcast_schedule.conftest import NOW

HERS = "+6281234567890"
MONDAY = NOW + timedelta(hours=23)  # 09.00 WIB of the slot's first Monday: an hour after its airing began there


@pytest.fixture
def write(plan, network, database):
    """X-Sains, Mondays 08.00 WIB, is offered to Jayapura as relay; its person writes."""
    slot = plan.slot()
    with database.writing() as db:
        offers.offer(db, slot, network.east, "relay", 0, "", NOW)
        station = db.scalars(select(Channel.station_id).where(Channel.id == network.east)).one()
        db.add(StationContact(station_id=station, msisdn=HERS, created_at=NOW))

    def say(text, now=NOW, msisdn=HERS):
        return database.step(lambda db: station_answers.reply_to(db, msisdn, text, now, in_indonesian))

    return say


def publish(database):
    with database.writing() as db:
        editions.publish(db, NOW, None)


def offer(database):
    with database.reading() as db:
        return db.execute(select(Offer.state, Offer.proposed_at)).one()


def test_yes_no_and_another_time(write, database):
    assert write("terima 101") == "Terima kasih. 101 X-Sains akan Anda siarkan sesudah jadwal berikutnya terbit."
    assert offer(database) == ("accepted", "")
    assert write("TOLAK 101") == "Tercatat: 101 X-Sains tidak Anda siarkan."
    assert offer(database) == ("declined", "")
    assert write("GANTI 101 11.00") == "Usul jam 11.00 untuk 101 X-Sains sudah diteruskan kepada penyusun."
    assert offer(database) == ("proposed", "11:00")


def test_what_lacks_something_is_told_what(write, database):
    assert write("TERIMA").startswith("Tulis juga kodenya")
    assert write("TERIMA 999").startswith("Kode 999 tidak ada")
    assert write("GANTI 101 nanti") == "Tulis jamnya, misalnya GANTI 101 11.00."
    assert write("SIAR 101") == "Tidak ada siaran 101 X-Sains yang mulai dalam 36 jam terakhir."
    assert offer(database) == ("offered", "")


def test_others_and_other_words_are_a_learners(write):
    assert [write("TERIMA 101", msisdn="+6281299999999"), write("B"), write("JADWAL")] == [None, None, None]


def test_aired_raises_the_stations_revision_once(write, database, network):
    write("TERIMA 101")
    publish(database)
    assert write("SIAR 101 OK", MONDAY) == "Tercatat: X-Sains Sen 23 Nov 10.00 WIT sudah siar. Terima kasih."
    assert write("SIAR 101", MONDAY) == "Tercatat: X-Sains Sen 23 Nov 10.00 WIT sudah siar. Terima kasih."
    with database.reading() as db:
        shown = db.execute(
            select(Occurrence.status, Occurrence.revision).where(Occurrence.channel_id == network.east, Occurrence.start < MONDAY)
        ).all()
        assert shown == [("aired", 2)]
        assert db.scalars(select(Station.revision).order_by(Station.slug)).all() == [2, 1]


def test_failed_takes_it_back_and_keeps_why(write, database, network):
    write("TERIMA 101")
    publish(database)
    write("SIAR 101", MONDAY)
    assert write("GAGAL 101", MONDAY) == "Tulis juga sebabnya, misalnya GAGAL 101 listrik."
    assert write("GAGAL 101 listrik", MONDAY) == "Tercatat: X-Sains Sen 23 Nov 10.00 WIT tidak siar."
    with database.reading() as db:
        said = db.execute(select(AsRun.state, AsRun.reason, AsRun.source, AsRun.start)).all()
        status = db.scalars(
            select(Occurrence.status).where(Occurrence.channel_id == network.east, Occurrence.start < MONDAY)
        ).all()
    assert (said, status) == ([("failed", "listrik", "sms", None)], ["planned"])
