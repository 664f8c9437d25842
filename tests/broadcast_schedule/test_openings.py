"""When an airing is over for a listener: on her own station, as it was moved, called off, or really aired."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from broadcast_schedule import openings
from broadcast_schedule.tables import Coverage, Occurrence
from tests.broadcast_schedule.aired import BILLED, EAST, ENDS_EAST, ENDS_WEST, WEST, Aired
from tests.broadcast_schedule.conftest import NOW


@pytest.fixture
def aired(any_database):
    return Aired(any_database)


def test_it_is_the_airing_of_her_own_station_that_counts(aired):
    assert [aired.over(r) for r in (aired.west, aired.district, aired.east)] == [ENDS_WEST, ENDS_WEST, ENDS_EAST]


def test_whose_station_nobody_knows_waits_for_the_last_one(aired):
    assert [aired.over(r) for r in (None, aired.none, 10**6)] == [ENDS_WEST] * 3


def test_moved_it_is_over_later_there_and_nowhere_else(aired):
    aired.plan.depart(aired.slot, "2026-11-23", "moved", new_start=datetime(2026, 11, 23, 9, 15))  # noqa: DTZ001
    aired.plan.publish()
    assert aired.over(aired.west) == ENDS_WEST + timedelta(minutes=75)


def test_cancelled_it_is_never_over(aired):
    aired.plan.depart(aired.slot, "2026-11-23", "skipped")
    aired.plan.publish()
    assert [aired.over(r) for r in (aired.west, aired.east, None)] == [None, None, None]


def test_an_airing_that_was_never_planned_is_never_over(aired):
    with aired.database.reading() as db:
        assert openings.of_slot(db, aired.slot, BILLED + timedelta(days=1), aired.west).at is None


def test_a_late_start_is_over_later_there(aired):
    aired.reports(WEST, ENDS_WEST - timedelta(minutes=10))
    assert [aired.over(r) for r in (aired.west, aired.east)] == [ENDS_WEST + timedelta(minutes=20), ENDS_EAST]
    assert aired.over(None) == ENDS_WEST + timedelta(minutes=20)


def test_one_that_failed_is_never_over_there_and_others_do_not_wait_for_it(aired):
    aired.reports(WEST, failed=True)
    assert [aired.over(r) for r in (aired.west, aired.east, None)] == [None, ENDS_EAST, ENDS_EAST]


def test_of_two_stations_the_nearer_decides_even_where_it_called_it_off(aired):
    with aired.database.writing() as db:
        db.add(Coverage(station_id=EAST, region_id=aired.west, rank=1))
    assert aired.over(aired.west) == ENDS_WEST
    with aired.database.writing() as db:
        db.get(Occurrence, aired.airing(WEST)).status = "cancelled"
    assert aired.over(aired.west) is None


def test_a_station_of_her_own_district_is_nearer_than_one_of_the_region(aired):
    with aired.database.writing() as db:
        db.add(Coverage(station_id=EAST, region_id=aired.district, rank=9))
    assert [aired.over(r) for r in (aired.district, aired.west)] == [ENDS_EAST, ENDS_WEST]


@pytest.fixture
def named(any_database):
    return Aired(any_database, "ENERGI")


def test_the_first_airing_that_names_the_quiz_counts_and_where_it_falls_out_the_next(named):
    assert named.over(named.west) == ENDS_WEST
    named.plan.depart(named.slot, "2026-11-23", "skipped")
    named.plan.publish()
    assert [named.over(r) for r in (named.west, None)] == [ENDS_WEST + timedelta(days=7)] * 2


def test_of_airings_before_the_teachers_own_opening_none_counts(named):
    assert named.over(named.west, ENDS_WEST) == ENDS_WEST
    assert named.over(named.west, ENDS_WEST + timedelta(seconds=1)) == ENDS_WEST + timedelta(days=7)
    assert named.over(None, NOW + timedelta(days=3000)) is None


def test_a_word_that_no_airing_names_is_never_over(any_database):
    plain = Aired(any_database)
    plain.keyword = "LAIN"
    assert [plain.over(r) for r in (plain.west, None)] == [None, None]
    plain.keyword = ""
    with any_database.reading() as db:  # what names nothing is no keyword
        assert openings.of_keyword(db, "", None, plain.west).at is None


def test_over_the_change_of_clocks_the_length_is_exact(any_database):
    """01.30 in Berlin on 28 March 2027 for an hour: 00:30Z to 01:30Z, when clocks there show 03.30."""
    made = Aired(any_database)
    day = datetime(2027, 3, 28, 1, 30)  # noqa: DTZ001
    slot = made.plan.slot(
        time_zone="Europe/Berlin", starts_on=day.date(), starts_at=time(1, 30), minutes=60, weekdays=frozenset()
    )
    made.plan.publish()
    assert made.database.step(lambda db: openings.of_slot(db, slot, day, made.west)).at == datetime(
        2027, 3, 28, 1, 30, tzinfo=UTC
    )
