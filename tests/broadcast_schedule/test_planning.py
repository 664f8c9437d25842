"""The draft: what is refused and in which words, and what is kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from broadcast_schedule import carriage, planning
from broadcast_schedule.planning import ProgrammeDraft
from broadcast_schedule.tables import Episode, Slot
from core.problems import Refused
from tests.broadcast_schedule.conftest import NOW


def wheres(call, *args, **more):
    with pytest.raises(Refused) as refused:
        call(*args, **more)
    return [problem.where for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"channel_id": 999}, "channel_id"),
        ({"programme_id": 999}, "programme_id"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 1441}, "minutes"),
        ({"time_zone": "WIB"}, "time_zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"starts_on": date(1066, 1, 1)}, "starts_on"),
        ({"every_weeks": 0}, "every_weeks"),
        ({"ends_on": date(2026, 11, 22)}, "ends_on"),
        ({"ends_on": date(2026, 11, 29), "starts_on": date(2026, 11, 24)}, "weekdays"),
    ],
)
def test_what_cannot_air_is_refused_by_field(plan, wrong, where):
    assert wheres(plan.slot, **wrong) == [where]


def test_all_problems_are_said_at_once(plan):
    assert wheres(plan.slot, minutes=0, time_zone="x", channel_id=0) == ["channel_id", "minutes", "time_zone"]


def test_a_rule_begins_on_its_first_day(plan):
    slot = plan.slot(starts_on=date(2026, 11, 24), every_weeks=2)
    with plan.network.database.reading() as db:
        assert db.get(Slot, slot).starts_on == date(2026, 11, 30)


def test_the_second_of_two_planners_is_told(plan):
    slot = plan.slot()
    plan.slot(slot, version=1, starts_at=time(9, 0))
    with pytest.raises(Refused, match="Orang lain sudah mengubah"):
        plan.slot(slot, version=1, starts_at=time(10, 0))


def test_the_same_episode_is_one_row(plan):
    plan.slot(episode="Magnet", quiz_keyword="sains1")
    plan.slot(starts_at=time(9, 0), episode=" Magnet ", quiz_keyword="SAINS1")
    with plan.network.database.reading() as db:
        assert [(e.title, e.quiz_keyword) for e in db.query(Episode)] == [("Magnet", "SAINS1")]


def test_a_blank_title_is_refused(plan):
    assert wheres(plan.do, planning.save_programme, ProgrammeDraft(" \u200b\x00 ")) == ["title"]


def test_departures_are_refused_in_words(plan):
    slot = plan.slot()
    past = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    assert wheres(plan.depart, slot, "2026-11-24", "skipped") == ["day"]
    assert wheres(plan.depart, slot, "2026-11-23", "skipped", past) == ["day"]
    assert wheres(plan.depart, slot, "2026-11-23", "moved") == ["new_start"]
    yesterday = datetime.fromisoformat("2026-11-21T08:00")
    assert wheres(plan.depart, slot, "2026-11-23", "moved", new_start=yesterday) == ["new_start"]
    far = datetime.fromisoformat("2027-11-21T08:00")
    assert wheres(plan.depart, slot, "2026-11-23", "moved", new_start=far) == ["new_start"]
    assert wheres(plan.depart, slot, "2026-11-23", "moved", new_minutes=0) == ["new_minutes"]
    assert wheres(plan.depart, 999, "2026-11-23", "skipped") == [""]


def test_a_retired_slot_takes_no_edits(plan):
    slot = plan.slot()
    plan.do(planning.retire_slot, slot, NOW)
    assert wheres(plan.slot, slot) == [""]


def test_a_live_programme_is_not_carried_before_it_happens(plan):
    slot = plan.slot(is_live=True)
    east = plan.network.east
    assert wheres(plan.do, carriage.carry, slot, east, "local") == ["mode"]
    plan.do(carriage.carry, slot, east, "local", 120)
    plan.do(carriage.carry, slot, east, "relay")


def test_carriage_is_refused_in_words(plan):
    slot = plan.slot()
    assert wheres(plan.do, carriage.carry, slot, plan.network.west, "relay") == ["channel_id"]
    assert wheres(plan.do, carriage.carry, slot, plan.network.east, "pigeon") == ["channel_id"]
    assert wheres(plan.do, carriage.carry, slot, plan.network.east, "relay", -1) == ["delay_minutes"]
    assert wheres(plan.do, carriage.uncarry, 999) == [""]
