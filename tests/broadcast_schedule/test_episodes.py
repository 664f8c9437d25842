"""Episodes along a slot, premieres and repeats."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from broadcast_schedule import episodes, overlays
from broadcast_schedule.episode_runs import lay, repeat
from broadcast_schedule.episodes import EpisodeDraft
from broadcast_schedule.recurrence import Departure, expand
from core.problems import Refused
from tests.broadcast_schedule.conftest import NOW
from tests.broadcast_schedule.test_endless import weekly

UNTIL = date(2026, 2, 10)


def airings(**departures):
    return expand(weekly(), {date.fromisoformat(d): k for d, k in departures.items()}, date(2026, 1, 1), UNTIL)


def in_order(found):
    return {f"{day:%d-%m}": episode for day, episode in sorted(found.items())}


def test_what_falls_out_airs_next_time_or_not_at_all():
    gone = expand(weekly(), {date(2026, 1, 12): Departure("skipped")}, date(2026, 1, 1), UNTIL)
    assert in_order(lay(gone, "abcd", "slot")) == {"05-01": "a", "19-01": "b", "26-01": "c", "02-02": "d"}
    assert in_order(lay(gone, "abcd", "date")) == {"05-01": "a", "19-01": "c", "26-01": "d"}


def test_a_moved_airing_takes_its_episode_along():
    moved = {date(2026, 1, 12): Departure("moved", datetime.fromisoformat("2026-01-20T10:00"))}
    found = lay(expand(weekly(), moved, date(2026, 1, 1), UNTIL), "abc", "slot")
    assert in_order(found) == {"05-01": "a", "12-01": "b", "19-01": "c"}


def test_a_dark_station_counts_as_fallen_out():
    assert in_order(lay(airings(), "ab", "slot", {date(2026, 1, 5)})) == {"12-01": "a", "19-01": "b"}


def test_a_repeat_airs_what_aired_last():
    first = airings()
    premieres = lay(first, "abc", "date")
    again = expand(weekly("20:00", weekdays=(0, 2)), {}, date(2026, 1, 1), UNTIL)
    found = repeat(again, premieres, {a.original.date(): a.start for a in first})
    assert list(in_order(found).values())[:6] == ["a", "a", "b", "b", "c", "c"]
    assert repeat(expand(weekly("07:00"), {}, date(2026, 1, 1), date(2026, 1, 6)), premieres, {}) == {}


@pytest.fixture
def made(plan):
    """Three episodes of the network's programme, by id."""
    wanted = [EpisodeDraft(f"Bagian {n}", n, f"sains{n}", f"IPA pelajaran-{n}") for n in (1, 2, 3)]
    return [plan.made(episodes.save_episode, plan.network.programme, one) for one in wanted]


def aired(published):
    return [(f"{c.after.original:%d-%m}", c.after.episode) for c in published.changes][:4]


def test_laid_episodes_are_published_with_their_quiz_and_lesson(plan, made):
    slot = plan.slot(ends_on=date(2026, 12, 14))
    plan.do(episodes.lay, slot, made, date(2026, 11, 30), "slot")
    published = plan.publish()
    assert aired(published) == [("23-11", ""), ("30-11", "Bagian 1"), ("07-12", "Bagian 2"), ("14-12", "Bagian 3")]
    after = published.changes[1].after
    assert (after.quiz_keyword, after.lesson, after.is_repeat) == ("SAINS1", "IPA pelajaran-1", False)


def test_a_skipped_airing_moves_the_rest_along_or_drops_its_own(plan, made):
    slot = plan.slot(ends_on=date(2026, 12, 14))
    plan.do(episodes.lay, slot, made, date(2026, 11, 23), "slot")
    plan.publish()
    plan.depart(slot, "2026-11-30", "skipped")
    assert aired(plan.publish()) == [("30-11", "Bagian 2"), ("07-12", "Bagian 2"), ("14-12", "Bagian 3")]
    plan.do(episodes.lay, slot, made, date(2026, 11, 23), "date")
    assert aired(plan.publish()) == [("07-12", "Bagian 3"), ("14-12", "")]


def test_a_blackout_at_home_moves_the_rest_along(plan, made):
    slot = plan.slot(ends_on=date(2026, 12, 14))
    plan.do(episodes.lay, slot, made, date(2026, 11, 23), "slot")
    plan.publish()
    day = datetime(2026, 11, 30)  # noqa: DTZ001
    plan.do(overlays.add_blackout, 1, "Nyepi", day, day.replace(hour=23), NOW)
    changes = [(f"{c.after.original:%d-%m}", c.kind, c.after.episode) for c in plan.publish().changes]
    assert changes == [("30-11", "cancelled", "Bagian 2"), ("07-12", "reworded", "Bagian 2"), ("14-12", "reworded", "Bagian 3")]


def test_a_repeat_follows_its_premiere_when_that_changes(plan, made):
    premiere = plan.slot(ends_on=date(2026, 12, 7))
    again = plan.slot(starts_at=time(20, 0), ends_on=date(2026, 12, 7))
    plan.do(episodes.lay, premiere, made, date(2026, 11, 23), "slot")
    plan.do(episodes.repeat, again, premiere)
    published = plan.publish()
    found = [(c.after.episode, c.after.is_repeat) for c in published.changes if c.after.slot == again]
    assert found == [("Bagian 1", True), ("Bagian 2", True), ("Bagian 3", True)]
    plan.depart(premiere, "2026-11-30", "skipped")
    found = [(f"{c.after.original:%d-%m}", c.after.episode) for c in plan.publish().changes if c.after.slot == again]
    assert found == [("30-11", "Bagian 1"), ("07-12", "Bagian 2")]


def test_what_cannot_be_laid_is_refused(plan, made):
    slot = plan.slot()
    for wrong in (
        (slot, [999], date(2026, 11, 23), "slot"),
        (slot, made, date(2026, 11, 23), "x"),
        (99, made, date(2026, 1, 1), "slot"),
    ):
        with pytest.raises(Refused):
            plan.do(episodes.lay, *wrong)
    with pytest.raises(Refused):
        plan.do(episodes.repeat, slot, slot)
    with pytest.raises(Refused):
        plan.do(episodes.save_episode, plan.network.programme, EpisodeDraft(" "))
    with pytest.raises(Refused):
        plan.do(episodes.save_episode, 99, EpisodeDraft("x"))


def test_a_changed_episode_is_told_with_the_next_publication(plan, made):
    slot = plan.slot(ends_on=date(2026, 11, 23))
    plan.do(episodes.lay, slot, made, date(2026, 11, 23), "slot")
    plan.publish()
    ready = datetime(2026, 11, 20, tzinfo=UTC)
    plan.do(episodes.save_episode, plan.network.programme, EpisodeDraft("Magnet", 1, "", "", ready), made[0])
    assert [(c.kind, c.after.episode) for c in plan.publish().changes] == [("reworded", "Magnet")]
