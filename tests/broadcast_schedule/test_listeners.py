"""What a listener gets by words."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from broadcast_schedule import carriage, offers, planning, stations
from broadcast_schedule.listeners import asked_for, programme, read_words
from broadcast_schedule.planning import ProgrammeDraft
from broadcast_schedule.tables import Coverage
from schools.tables import Region
from tests.broadcast_schedule.conftest import NOW

MONDAY = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)


@pytest.fixture
def ask(plan, database):
    """(station, title) of what is told."""
    plan.kept("a programme of each level", lambda: plan_levels(plan))

    def ask(wanted, now=MONDAY):
        with database.reading() as db:
            return [(o.station, o.title) for o in asked_for(db, None, now, wanted)]

    return ask


def plan_levels(plan):
    made = {
        "PAUD": (plan.network.west, 7, "Jalan Sesama"),
        "SD 1-3": (plan.network.west, 8, "Gemar Matematika"),
        "SD 4-6": (plan.network.west, 9, "X-Sains"),
        "SMP": (plan.network.west, 10, "Mantul"),
        "SMA/SMK": (plan.network.east, 13, "Matematika"),
    }
    for audience, (channel, hour, title) in made.items():
        with plan.network.database.writing() as db:
            programme = planning.save_programme(db, ProgrammeDraft(title, "", audience)).id
        plan.slot(channel_id=channel, programme_id=programme, starts_at=time(hour))
    plan.publish()


@pytest.mark.parametrize(
    ("wanted", "titles"),
    [
        ("SMP", ["Mantul", "Mantul"]),
        ("smp", ["Mantul", "Mantul"]),
        ("MTs", ["Mantul", "Mantul"]),
        ("SD", ["Gemar Matematika", "X-Sains", "Gemar Matematika"]),
        ("SD 5", ["X-Sains", "X-Sains"]),
        ("sd kelas", ["Gemar Matematika", "X-Sains", "Gemar Matematika"]),
        ("acara hari ini", ["Gemar Matematika", "X-Sains", "Mantul"]),
        ("di radio rri jayapura", ["Matematika", "Matematika"]),
        ("rri jayapua", ["Matematika", "Matematika"]),
        ("JPR", ["Matematika", "Matematika"]),
        ("SMA", ["Matematika", "Matematika"]),
        ("RRI JAYAPURA", ["Matematika", "Matematika"]),
        ("jayapura", ["Matematika", "Matematika"]),
        ("Jaya", ["Matematika", "Matematika"]),
        ("TVRI SMP", ["Mantul", "Mantul"]),
        ("RRI SMP", []),
        ("Radio Gaga", []),
        ("'; DROP TABLE stations", []),
    ],
)
def test_words_name_a_level_or_a_station(ask, wanted, titles):
    assert [title for _station, title in ask(wanted)] == titles


def test_a_title_names_the_level_where_no_audience_is_said(ask, plan):
    with plan.network.database.writing() as db:
        programme_id = planning.save_programme(db, ProgrammeDraft("Televisi Edukasi SMP", "", "")).id
    plan.slot(channel_id=plan.network.west, programme_id=programme_id, starts_at=time(9, 30))
    plan.publish()
    assert [title for _station, title in ask("SMP")] == ["Televisi Edukasi SMP", "Mantul", "Televisi Edukasi SMP"]


def test_without_words_it_is_now_and_next(ask):
    assert [title for _station, title in ask("")] == ["Gemar Matematika", "X-Sains", "Mantul"]


def test_words_of_any_kind_are_read():
    assert read_words("Pro2 é-\x00 ÉCOLE 漢") == ["PRO", "2", "E", "ECOLE"]


def region(database, *stations):
    """The id of a new region that these stations reach, the nearest first."""
    with database.writing() as db:
        made = Region(code="34", name="DIY", kind="city", time_zone="Asia/Jakarta")
        db.add(made)
        db.flush()
        db.add_all([Coverage(station_id=station, region_id=made.id, rank=rank) for rank, station in enumerate(stations)])
        return made.id


def told(database, wanted, of=None):
    with database.reading() as db:
        found = asked_for(db, of, MONDAY, wanted)[0]
        return found.station, found.is_far, found.alike


def test_a_name_that_several_bear_is_told_with_how_many_unless_one_is_near(ask, database):
    with database.writing() as db:
        stations.create_station(db, "rri-jayapura-2", "RRI Jayapura Dua", "Asia/Jayapura")
    assert told(database, "jayapura") == ("RRI Jayapura", True, 2)
    near = region(database, 2)
    assert told(database, "jayapura", near) == ("RRI Jayapura", False, 1)
    assert told(database, "tvri", near) == ("TVRI Nasional", True, 1)
    assert told(database, "", near) == ("RRI Jayapura", False, 1)


@pytest.fixture
def meant(ask, plan, database):
    """(slot, station, code) that a word means to a listener of a region."""

    def meant(said, of=None):
        with database.reading() as db:
            found = programme(db, of, MONDAY, said)
            return found and (found.slot, found.station, found.code)

    return meant


def test_a_programme_is_named_by_its_slot_its_title_or_a_part_of_it(meant):
    found = (3, "TVRI Nasional", "J3")
    assert [meant(said) for said in ("J3", " j3 ", "X-Sains", "sains", "acara x sains")] == [found] * 5
    unknown = ("", "J99", "J", "3", "99999999999", "Radio Gaga", "'; DROP TABLE slots", "J-3", "٣", "\x00")
    assert [meant(said) for said in unknown] == [None] * 10


def test_a_code_is_of_a_slot_and_means_the_nearest_station_that_carries_it(meant, plan, database):
    plan.do(offers.offer, 3, plan.network.east, "relay", 0, "", NOW)
    plan.do(carriage.carry, 3, plan.network.east, "relay")
    plan.publish()
    assert [meant(said) for said in ("101", "J3")] == [(3, "RRI Jayapura", "101"), (3, "TVRI Nasional", "J3")]
    near = region(database, 2)
    assert [meant(said, near) for said in ("101", "J3", "sains")] == [(3, "RRI Jayapura", "101")] * 3
    plan.do(offers.withdraw, 1)
    plan.publish()
    assert meant("101") is None


def test_a_programme_is_named_by_the_word_of_its_quiz(meant, plan, database):
    slot = plan.slot(episode="Energi", quiz_keyword="ENERGI", starts_at=time(15))
    plan.publish()
    assert [meant("energi", region(database, 1)), meant("energi")] == [(slot, "TVRI Nasional", f"J{slot}"), None]
