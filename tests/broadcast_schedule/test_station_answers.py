from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from broadcast_schedule import compliance, editions, offers, reporting, station_answers, station_news
from broadcast_schedule.carriage_tables import AsRun, Offer, StationContact
from broadcast_schedule.tables import Channel, Occurrence, Station
from broadcast_schedule.words import in_indonesian
from tests.broadcast_schedule.conftest import NOW, Plan, two_stations

HERS = "+6281234567890"
MONDAY = NOW + timedelta(hours=23)  # 09.00 WIB of the slot's first Monday: an hour after its airing began there


@pytest.fixture
def write(plan, network, database):
    return written(plan, network, database)


def written(plan, network, database):
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


def test_both_databases_answer_report_and_ask_alike(any_database):
    network = two_stations(any_database)
    write = written(Plan(network), network, any_database)
    told = any_database.step(station_news.untold)
    assert station_news.offer_words(told[0], in_indonesian).startswith("Tawaran 101: X-Sains, relai langsung jam 08.00 WIB.")
    any_database.step(lambda db: station_news.told(db, told[0].id, NOW))
    assert any_database.step(station_news.untold) == []
    later = NOW + station_news.REMIND_AFTER + timedelta(minutes=1)
    assert [row.code for row in any_database.step(lambda db: station_news.unanswered(db, later))] == [101]
    assert write("GANTI 101 11.00") == "Usul jam 11.00 untuk 101 X-Sains sudah diteruskan kepada penyusun."
    any_database.step(lambda db: offers.agree(db, offers.by_code(db, 101), "penyusun", 1))
    with any_database.reading() as db:
        standing = offers.all_of(db, station_id=told[0].station_id)
        assert [(row.state, row.mode, row.delay_minutes, row.answered_by) for row in standing] == [
            ("accepted", "local", 180, "penyusun")
        ]
    assert write("TOLAK 101").startswith("Tercatat: 101 X-Sains tidak")
    assert write("TERIMA 101").startswith("Terima kasih.")
    publish(any_database)
    noon = MONDAY + timedelta(hours=2)
    east = any_database.step(lambda db: offers.by_code(db, 101)).station_id
    assert [row.code for row in any_database.step(lambda db: station_news.unreported(db, east, noon))] == [101]
    assert write("SIAR 101", noon) == "Tercatat: X-Sains Sen 23 Nov 11.00 WIT sudah siar. Terima kasih."
    assert write("GAGAL 101 listrik", noon) == "Tercatat: X-Sains Sen 23 Nov 11.00 WIT tidak siar."
    line = reporting.Said(start=MONDAY + timedelta(minutes=3), title="X-SAINS")
    with any_database.reading() as db:
        meant = reporting.meant(db, east, [line])
    now = int(noon.timestamp() * 1000)
    became = any_database.step(lambda db: reporting.record(db, east, meant, "log", now))
    assert [(one.result, one.id) for one in became] == [("recorded", "1-20261123T0800@rri-jayapura.kentongan.id")]
    with any_database.reading() as db:
        kept = compliance.by_programme(db, NOW, noon, east)
        assert [(k.billed, k.aired, k.failed, k.silent) for k in kept] == [(1, 1, 0, 0)]
        assert [(one.code, one.state) for one in compliance.recent(db, east, noon)] == [(101, "aired")]
    station = any_database.step(lambda db: station_news.to_ask(db, NOW + timedelta(hours=7)))
    assert [any_database.step(lambda db: station_news.take_day(db, station[0], noon)) for _ in "ab"] == [True, False]
