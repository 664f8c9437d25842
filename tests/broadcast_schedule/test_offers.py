from __future__ import annotations

import datetime
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from broadcast_schedule import carriage, offers
from broadcast_schedule.carriage_tables import Offer
from broadcast_schedule.tables import Carriage, Slot
from core import clock
from core.problems import Refused
from tests.broadcast_schedule.conftest import NOW, Plan, two_stations

AT = clock.to_ms(NOW)


@pytest.fixture
def offered(plan, network, database):
    """A slot of the west at 08.00 WIB, offered to the east as a local airing; the code."""

    def offer(mode="local", delay=0, **more):
        slot = plan.slot(**more)
        with database.writing() as db:
            return offers.offer(db, slot, network.east, mode, delay, "id", NOW).code

    return offer


def said(database, code, do):
    return database.step(lambda db: do(db, offers.by_code(db, code)))


def carried(database):
    with database.reading() as db:
        return db.execute(select(Carriage.mode, Carriage.delay_minutes, Carriage.state)).all()


def state(database, code):
    row = database.step(lambda db: offers.by_code(db, code))
    return row and (row.state, row.proposed_at, row.answered_by)


def test_codes_count_from_101_and_an_offer_said_again_is_the_same(offered, database, network):
    assert offered() == 101
    with database.writing() as db:
        slot = db.scalars(select(Slot.id)).one()
        assert offers.offer(db, slot, network.east, "local", 0, "id", NOW).code == 101
    assert offered(starts_at=datetime.time(9, 0)) == 102


def test_an_accepted_offer_is_in_the_draft_once(offered, database):
    code = offered()
    for _ in range(2):
        said(database, code, lambda db, row: offers.accept(db, row, "SMS", AT))
    assert (carried(database), state(database, code)) == ([("local", 0, "accepted")], ("accepted", "", "SMS"))


def test_a_declined_offer_ends_what_was_accepted(offered, database):
    code = offered()
    said(database, code, lambda db, row: offers.accept(db, row, "SMS", AT))
    said(database, code, lambda db, row: offers.decline(db, row, "API", AT))
    assert (carried(database), state(database, code)) == ([("local", 0, "declined")], ("declined", "", "API"))


def test_another_time_waits_for_the_planner(offered, database):
    code = offered()
    said(database, code, lambda db, row: offers.propose(db, row, "11:00", "SMS", AT))
    assert (carried(database), state(database, code)) == ([], ("proposed", "11:00", "SMS"))
    said(database, code, lambda db, row: offers.agree(db, row, "jadwal", AT))
    assert carried(database) == [("local", 180, "accepted")]


def test_a_time_before_the_slots_own_is_the_next_day(offered, database):
    code = offered()
    said(database, code, lambda db, row: offers.propose(db, row, "07:00", "SMS", AT))
    said(database, code, lambda db, row: offers.agree(db, row, "jadwal", AT))
    assert carried(database) == [("local", 23 * 60, "accepted")]


def test_a_live_programme_is_not_aired_before_it_happens(offered, database):
    code = offered(mode="relay", is_live=True)
    with pytest.raises(Refused, match="belum terjadi"):  # 08.00 WIB is 10.00 WIT
        said(database, code, lambda db, row: offers.propose(db, row, "09:59", "SMS", AT))
    said(database, code, lambda db, row: offers.propose(db, row, "10:00", "SMS", AT))
    assert state(database, code) == ("proposed", "10:00", "SMS")


def test_an_accepted_offer_takes_no_proposal(offered, database):
    code = offered()
    said(database, code, lambda db, row: offers.accept(db, row, "SMS", AT))
    with pytest.raises(Refused, match="sudah menerima"):
        said(database, code, lambda db, row: offers.propose(db, row, "11:00", "SMS", AT))


def test_a_withdrawn_offer_is_nobodys_and_its_carriage_goes(offered, database):
    code = offered()
    said(database, code, lambda db, row: offers.accept(db, row, "SMS", AT))
    with database.writing() as db:
        offers.withdraw(db, offers.all_of(db)[0].id)
    assert (state(database, code), carried(database)) == (None, [])


def test_an_offer_is_its_own_stations(offered, database):
    code = offered()
    assert database.step(lambda db: offers.by_code(db, code, station_id=999)) is None
    assert [database.step(lambda db, n=n: offers.by_code(db, n)) for n in (0, -1, 2**40, 999)] == [None] * 4


def test_the_slots_own_channel_is_offered_nothing(plan, network, database):
    slot = plan.slot()
    with database.writing() as db, pytest.raises(Refused):
        offers.offer(db, slot, network.west, "relay", 0, "", NOW)


def test_a_slot_that_is_carried_waits_for_publication(offered, database, plan):
    code = offered()
    plan.publish()
    said(database, code, lambda db, row: offers.accept(db, row, "SMS", AT))
    with database.reading() as db:
        assert db.scalars(select(Slot.is_draft)).one() is True


def test_carriage_without_an_offer_still_is(plan, network, database):
    slot = plan.slot()
    with database.writing() as db:
        carriage.carry(db, slot, network.east, "relay")
    assert carried(database) == [("relay", 0, "accepted")]


def test_a_station_that_declines_stops_what_it_never_accepted(offered, database, network):
    code = offered()
    with database.writing() as db:
        carriage.carry(db, db.scalars(select(Slot.id)).one(), network.east, "relay")
    said(database, code, lambda db, row: offers.decline(db, row, "SMS", AT))
    assert carried(database) == [("relay", 0, "declined")]


def test_a_carriage_that_a_planner_ends_is_offered_no_more(offered, database):
    code = offered()
    said(database, code, lambda db, row: offers.accept(db, row, "SMS", AT))
    with database.writing() as db:
        offers.end(db, db.scalars(select(Carriage.id)).one())
    assert (state(database, code), carried(database)) == (None, [])


def test_what_a_planner_puts_there_herself_waits_for_no_answer(offered, database, network):
    code = offered()
    with database.writing() as db:
        offers.put(db, db.scalars(select(Slot.id)).one(), network.east, "relay", 30, "jadwal", NOW)
    assert (carried(database), state(database, code)) == ([("relay", 30, "accepted")], ("accepted", "", "jadwal"))


def test_an_offer_that_is_withdrawn_meanwhile_is_not_accepted(any_database):
    network = two_stations(any_database)
    plan = Plan(network)
    code = plan.do(lambda db, slot: offers.offer(db, slot, network.east, "local", 0, "id", NOW).code, plan.slot())

    def accept(db):
        row = offers.by_code(db, code)
        return row and offers.accept(db, row, "SMS", AT)

    with ThreadPoolExecutor(1) as pool:
        with any_database.writing() as db:
            offers.withdraw(db, db.scalars(select(Offer.id)).one())
            answer = pool.submit(any_database.step, accept)
            time.sleep(0.3)  # it waits, however long
        answer.result(10)
    assert (state(any_database, code), carried(any_database)) == (None, [])
