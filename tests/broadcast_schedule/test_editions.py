"""Publishing: identity, sequence, revision, and what it never touches."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import func, select

from broadcast_schedule import carriage, editions, planning, stations
from broadcast_schedule.planning import ProgrammeDraft, SlotDraft
from broadcast_schedule.tables import Channel, Edition, Occurrence, Slot, Station
from core.problems import Refused
from tests.broadcast_schedule.conftest import NOW

LATER = NOW + timedelta(days=9)  # Tuesday 1 December


def local(text):
    return datetime.fromisoformat(text)


def test_a_publication_writes_the_horizon(plan):
    plan.slot()
    published = plan.publish()
    assert (published.number, published.revisions, len(published.changes)) == (1, {"tvri-nasional": 1}, 62)
    assert plan.rows(limit=2) == [("11-23T01:00", "planned", 0, 1), ("11-30T01:00", "planned", 0, 1)]


def test_a_first_publication_reaches_sixty_days_back(plan):
    plan.slot(starts_on=local("2026-01-05T00:00").date())
    plan.publish()
    assert plan.rows(limit=1) == [("09-28T01:00", "planned", 0, 1)]


def test_a_draft_is_not_on_the_air(plan):
    plan.slot()
    assert plan.rows() == []
    assert plan.revisions() == {"tvri-nasional": 0, "rri-jayapura": 0}


def test_publishing_nothing_keeps_the_revision(plan):  # case 43
    slot = plan.slot()
    plan.publish()
    assert plan.publish().number is None
    plan.slot(slot)  # saved again, just the same
    assert plan.publish().number is None
    assert plan.revisions() == {"tvri-nasional": 1, "rri-jayapura": 0}


def test_only_the_station_that_changed_gets_a_revision(plan):  # case 44
    plan.slot()
    plan.publish()
    plan.slot(channel_id=plan.network.east)
    assert plan.publish().revisions == {"rri-jayapura": 1}
    assert plan.revisions() == {"tvri-nasional": 1, "rri-jayapura": 1}


def test_moved_keeps_its_row_and_counts(plan):
    slot = plan.slot()
    plan.publish()
    plan.depart(slot, "2026-11-30", "moved", new_start=local("2026-12-01T10:00"))
    assert [c.kind for c in plan.publish().changes] == ["moved"]
    assert plan.rows(limit=3) == [
        ("11-23T01:00", "planned", 0, 1),
        ("12-01T03:00", "moved", 1, 2),
        ("12-07T01:00", "planned", 0, 1),
    ]


def test_skipped_stays_as_cancelled_and_comes_back(plan):
    slot = plan.slot()
    plan.publish()
    plan.depart(slot, "2026-11-30", "skipped")
    plan.publish()
    assert plan.rows(limit=2)[1] == ("11-30T01:00", "cancelled", 1, 2)
    plan.depart(slot, "2026-11-30", "planned")
    assert [c.kind for c in plan.publish().changes] == ["restored"]
    assert plan.rows(limit=2)[1] == ("11-30T01:00", "planned", 2, 3)


def test_skipping_what_was_moved_leaves_nothing_at_either_time(plan):  # case 10
    slot = plan.slot()
    plan.publish()
    plan.depart(slot, "2026-11-30", "moved", new_start=local("2026-12-01T10:00"))
    plan.depart(slot, "2026-11-30", "skipped")
    plan.publish()
    assert plan.rows(limit=2)[1] == ("11-30T01:00", "cancelled", 1, 2)


def test_a_new_hour_moves_what_is_coming_and_nothing_past(plan):  # case 41
    slot = plan.slot()
    plan.publish()
    plan.slot(slot, starts_at=time(9, 0))
    published = plan.publish(LATER)
    assert {c.kind for c in published.changes} == {"moved", "new"}  # new: nine days later the horizon lies further
    assert plan.rows(limit=3) == [
        ("11-23T01:00", "planned", 0, 1),
        ("11-30T01:00", "planned", 0, 1),
        ("12-07T02:00", "moved", 1, 2),
    ]


def test_what_has_begun_is_never_edited(plan):
    slot = plan.slot()
    plan.publish()
    plan.do(planning.retire_slot, slot, NOW)
    during = datetime(2026, 11, 30, 1, 10, tzinfo=UTC)
    plan.publish(during)
    assert plan.rows(limit=3) == [
        ("11-23T01:00", "planned", 0, 1),
        ("11-30T01:00", "planned", 0, 1),
        ("12-07T01:00", "cancelled", 1, 2),
    ]


def test_a_retired_slot_keeps_all_its_rows(plan):  # case 54
    slot = plan.slot()
    plan.publish()
    plan.do(planning.retire_slot, slot, NOW)
    plan.publish()
    with plan.network.database.reading() as db:
        counted = dict(db.execute(select(Occurrence.status, func.count()).group_by(Occurrence.status)).all())
    assert counted == {"cancelled": 62}


def test_new_words_reach_the_stations_without_a_sequence(plan):
    plan.slot()
    plan.publish()
    plan.do(planning.save_programme, ProgrammeDraft("X-Sains", "Baru", "SD 4-6"), plan.network.programme)
    assert {c.kind for c in plan.publish().changes} == {"reworded"}
    assert plan.rows(limit=1) == [("11-23T01:00", "planned", 0, 2)]


def test_carriage_puts_the_slot_on_another_station(plan):
    slot = plan.slot()
    plan.publish()
    plan.do(carriage.carry, slot, plan.network.east, "relay")
    assert plan.publish().revisions == {"rri-jayapura": 1}
    assert plan.rows(plan.network.east, 1) == [("11-23T01:00", "planned", 0, 1)]
    plan.do(carriage.carry, slot, plan.network.east, "local")
    assert plan.publish().revisions == {"rri-jayapura": 2}
    assert plan.rows(plan.network.east, 1) == [("11-22T23:00", "moved", 1, 2)]


def test_what_is_only_offered_is_not_aired(plan):
    slot = plan.slot()
    plan.do(carriage.carry, slot, plan.network.east, "relay", state="offered")
    assert plan.publish().revisions == {"tvri-nasional": 1}


def test_a_clash_stops_the_publication_and_nothing_is_written(plan):
    plan.slot()
    plan.slot(starts_at=time(8, 15))
    with pytest.raises(Refused) as refused:
        plan.publish()
    (problem,) = refused.value.problems
    assert problem.what.startswith("X-Sains (08.15–08.45 WIB) bertabrakan dengan X-Sains (08.00–08.30 WIB)")
    assert plan.rows() == []
    assert plan.publish(allow_clashes=True).number == 1


def test_a_clash_with_what_is_published_already_is_found(plan):
    plan.slot()
    plan.publish()
    plan.slot(starts_at=time(8, 15))
    with pytest.raises(Refused):
        plan.publish()


def test_a_clash_on_a_carrying_channel_is_found(plan):
    slot = plan.slot()
    plan.slot(channel_id=plan.network.east, time_zone="Asia/Jayapura", starts_at=time(10, 15))
    plan.publish()
    plan.do(carriage.carry, slot, plan.network.east, "relay")
    with pytest.raises(Refused):
        plan.publish()


def test_skipping_one_of_two_ends_the_clash_and_taking_it_back_finds_it_again(plan):  # case 33
    first = plan.slot(weekdays=frozenset())
    second = plan.slot(starts_at=time(8, 15), ends_on=local("2026-11-30T00:00").date())
    plan.depart(second, "2026-11-23", "skipped")
    assert plan.publish().number == 1
    plan.depart(second, "2026-11-23", "planned")
    with pytest.raises(Refused):
        plan.publish()
    assert first != second


def test_an_edition_keeps_what_it_changed_in_words(plan):
    plan.slot(weekdays=frozenset())
    plan.publish()
    with plan.network.database.reading() as db:
        (edition,) = db.scalars(select(Edition))
        assert (edition.number, edition.changes) == (
            1,
            [
                {
                    "channel": "tvri-nasional.kentongan.id",
                    "name": "TVRI Nasional",
                    "count": 1,
                    "lines": ["Baru: X-Sains Sen 23 Nov 08.00-08.30 WIB"],
                    "sms": "Baru: X-Sains Sen 23 Nov 08.00-08.30 WIB",
                }
            ],
        )


def test_the_difference_is_what_publishing_does(plan):
    slot = plan.slot()
    plan.publish()
    plan.depart(slot, "2026-11-30", "skipped")
    with plan.network.database.reading() as db:
        shown = editions.difference(db, NOW)
    published = plan.publish()
    assert (shown.changes, shown.problems) == (published.changes, ())


def test_publishing_keeps_the_version_of_an_open_form(plan):
    slot = plan.slot()
    plan.publish()
    with plan.network.database.reading() as db:
        assert db.get(Slot, slot).version == 1


def test_the_night_extends_without_a_revision(plan):
    slot = plan.slot()
    plan.depart(slot, "2026-11-30", "skipped")
    plan.publish()
    assert plan.do(editions.extend, NOW) == 0
    assert plan.do(editions.extend, NOW + timedelta(days=70)) == 10
    assert plan.do(editions.extend, NOW + timedelta(days=70)) == 0
    assert plan.revisions() == {"tvri-nasional": 1, "rri-jayapura": 0}


def test_the_night_leaves_drafts_alone(plan):
    slot = plan.slot()
    plan.publish()
    plan.slot(slot, starts_at=time(9, 0))
    assert plan.do(editions.extend, NOW + timedelta(days=70)) == 0


def test_two_publishers_at_once_make_one_edition(any_database):
    """On SQLite one waits for the other's lock, on PostgreSQL for its rows; the second finds nothing to publish."""
    with any_database.writing() as db:
        station = stations.create_station(db, "rri-x", "RRI X", "Asia/Jakarta")
        programme = planning.save_programme(db, ProgrammeDraft("X"))
        channel = db.scalars(select(Channel.id).where(Channel.station_id == station.id)).one()
        day = local("2026-11-23T00:00").date()
        planning.save_slot(db, SlotDraft(channel, programme.id, day, time(8), 30, "Asia/Jakarta", frozenset({0})))
    together = threading.Barrier(4)

    def publish(_number):
        together.wait(5)
        with any_database.writing() as db:
            return editions.publish(db, NOW, None).number

    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(publish, range(4)))
    assert sorted(numbers, key=str) == [1, None, None, None]
    with any_database.reading() as db:
        assert db.scalar(select(Station.revision)) == 1
        assert db.scalar(select(func.count(Occurrence.id))) == 62
