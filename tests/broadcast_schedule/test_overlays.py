"""Seasons, blackouts and holidays: they touch exactly their own days, and nothing by themselves."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from broadcast_schedule import carriage, overlays
from broadcast_schedule.holidays_ahead import proposals
from broadcast_schedule.overlays import SeasonDraft
from core.problems import Refused
from tests.broadcast_schedule.conftest import NOW

DAILY = frozenset(range(7))
RAMADAN = SeasonDraft("Ramadan 1448", date(2027, 2, 8), date(2027, 3, 9), is_provisional=True)


def season(plan, wanted=RAMADAN):
    return plan.made(overlays.save_season, wanted)


def told(published):
    """(kind, local day, hour in UTC) of each change."""
    return [(c.kind, f"{c.after.original:%m-%d}", f"{c.after.start:%H:%M}") for c in published.changes]


def test_a_season_moves_a_slot_on_its_days_alone(plan):
    slot = plan.slot(weekdays=DAILY, starts_at=time(16, 0))
    plan.publish()
    plan.do(overlays.set_effect, season(plan), slot, "moved", time(9, 0), 20)
    found = told(plan.publish())
    assert (found[0], found[-1], len(found)) == (("moved", "02-08", "02:00"), ("moved", "03-09", "02:00"), 30)


def test_moving_a_season_by_a_day_changes_exactly_its_edges(plan):
    slot = plan.slot(weekdays=DAILY, starts_at=time(16, 0))
    ramadan = season(plan)
    plan.do(overlays.set_effect, ramadan, slot, "moved", time(9, 0))
    plan.publish()
    plan.do(overlays.shift_season, ramadan, 1)
    assert told(plan.publish()) == [("moved", "02-08", "09:00"), ("moved", "03-10", "02:00")]
    plan.do(overlays.shift_season, ramadan, -1)
    assert told(plan.publish()) == [("moved", "02-08", "02:00"), ("moved", "03-10", "09:00")]


def test_a_season_skips_a_slot_or_has_slots_of_its_own(plan):
    away, own = plan.slot(starts_at=time(16, 0)), plan.slot(weekdays=DAILY, starts_at=time(4, 0))
    ramadan = season(plan)
    plan.do(overlays.set_effect, ramadan, away, "skipped")
    plan.do(overlays.set_effect, ramadan, own, "only")
    published = plan.publish()
    assert len([c for c in published.changes if c.after.slot == own]) == 30
    mondays = [c.after.original.date() for c in published.changes if c.after.slot == away]
    assert [day for day in mondays if RAMADAN.starts_on <= day <= RAMADAN.ends_on] == []
    plan.do(overlays.remove_season, ramadan)
    kinds = {(c.after.slot, c.kind) for c in plan.publish().changes}
    assert kinds == {(away, "new"), (own, "new")}


def test_what_a_planner_decided_for_a_date_goes_before_a_season(plan):
    slot = plan.slot(weekdays=DAILY, starts_at=time(16, 0))
    plan.depart(slot, "2027-02-10", "moved", new_start=datetime.fromisoformat("2027-02-10T17:00"))
    plan.do(overlays.set_effect, season(plan), slot, "skipped")
    starts = [c.after.original.date() for c in plan.publish().changes]
    assert [day for day in starts if RAMADAN.starts_on <= day <= RAMADAN.ends_on] == [date(2027, 2, 10)]


def test_two_planners_of_one_season(plan):
    ramadan = season(plan)
    plan.do(overlays.shift_season, ramadan, 1, 1)
    with pytest.raises(Refused):
        plan.do(overlays.shift_season, ramadan, 1, 1)


@pytest.mark.parametrize(
    "wanted",
    [SeasonDraft("", RAMADAN.starts_on, RAMADAN.ends_on), SeasonDraft("x", RAMADAN.ends_on, RAMADAN.starts_on),
     SeasonDraft("x", date(1, 1, 1), date(1, 1, 2)), SeasonDraft("x", date(2027, 1, 1), date(2029, 1, 1))],
)  # fmt: skip
def test_a_season_that_cannot_be_is_refused(plan, wanted):
    with pytest.raises(Refused):
        season(plan, wanted)


@pytest.mark.parametrize(
    ("kind", "starts_at", "minutes"), [("moved", None, None), ("moved", time(9), 0), ("moved", None, 1441), ("x", None, None)]
)
def test_an_effect_that_cannot_be_is_refused(plan, kind, starts_at, minutes):
    slot, ramadan = plan.slot(), season(plan)
    with pytest.raises(Refused):
        plan.do(overlays.set_effect, ramadan, slot, kind, starts_at, minutes)


def blackout(plan, station, begin, end):
    return plan.made(overlays.add_blackout, station, "Nyepi", datetime.fromisoformat(begin), datetime.fromisoformat(end), NOW)


def test_nyepi_is_dark_on_its_own_station(plan):  # case 52
    slot = plan.slot(weekdays=DAILY)
    plan.do(carriage.carry, slot, plan.network.east, "relay")
    plan.publish()
    nyepi = blackout(plan, 2, "2027-03-08T06:00", "2027-03-09T06:00")
    published = plan.publish()
    assert told(published) == [("cancelled", "03-08", "01:00")]
    assert published.revisions == {"rri-jayapura": 2}
    plan.do(overlays.remove_blackout, nyepi)
    assert told(plan.publish()) == [("restored", "03-08", "01:00")]


def test_a_blackout_ends_where_it_says(plan):
    plan.slot(weekdays=DAILY)
    plan.publish()
    blackout(plan, 1, "2027-03-08T08:30", "2027-03-09T08:00")
    assert told(plan.publish()) == []
    blackout(plan, None, "2027-03-08T08:29", "2027-03-08T08:30")
    assert told(plan.publish()) == [("cancelled", "03-08", "01:00")]


@pytest.mark.parametrize(
    ("station", "begin", "end"),
    [(9, "2027-03-08T06:00", "2027-03-09T06:00"), (None, "2027-03-08T06:00", "2027-03-08T06:00"),
     (None, "2027-03-08T06:00", "2027-04-09T06:00"), (None, "2026-11-01T06:00", "2026-11-02T06:00")],
)  # fmt: skip
def test_a_blackout_that_cannot_be_is_refused(plan, station, begin, end):
    with pytest.raises(Refused):
        blackout(plan, station, begin, end)


def test_the_holidays_of_2026_are_proposals():  # case 52
    found = proposals(date(2026, 1, 1), date(2026, 12, 31))
    assert (len([h for h in found if not h.is_leave]), len([h for h in found if h.is_leave])) == (17, 8)
    (nyepi,) = [h for h in found if h.day == date(2026, 3, 19)]
    assert (nyepi.name, nyepi.is_estimated) == ("Hari Suci Nyepi", False)
    in_2027 = proposals(date(2027, 3, 1), date(2027, 3, 31))
    assert [(h.day.day, h.is_estimated) for h in in_2027 if "Idul Fitri" in h.name and not h.is_leave] == [(10, True), (11, True)]


def test_a_holiday_changes_nothing_by_itself(plan):
    plan.slot(weekdays=DAILY)
    published = plan.publish()
    assert [c.after.status for c in published.changes if c.after.original.date() == date(2026, 12, 25)] == ["planned"]
    with plan.network.database.reading() as db:
        assert overlays.airings_on(db, [date(2026, 12, 25), date(2026, 11, 22)]) == {date(2026, 12, 25): 1, date(2026, 11, 22): 0}
