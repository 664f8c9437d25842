"""Editions to go back to; the real timetable of 2020 and its cut; planners and publishers who race."""

from __future__ import annotations

import csv
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from broadcast_schedule import carriage, changes, editions, episodes, offers, overlaps, planning, rollbacks, stations
from broadcast_schedule.episodes import EpisodeDraft
from broadcast_schedule.planning import ProgrammeDraft, SlotDraft
from broadcast_schedule.tables import Channel, Edition, Occurrence, Slot, Station
from core import clock, gsm7
from core.problems import Refused
from core.settings import ROOT
from tests.broadcast_schedule.conftest import NOW

JAKARTA = "Asia/Jakarta"


def restored(plan, number, now=NOW):
    with plan.network.database.writing() as db:
        touched = rollbacks.restore(db, number, now)
        return editions.publish(db, now, None, only=touched, rolled_back_to=number)


def planned(plan, channel=None):
    with plan.network.database.reading() as db:
        coming = select(Occurrence.original_start, Occurrence.start, Occurrence.end, Occurrence.episode).where(
            Occurrence.channel_id == (channel or plan.network.west), Occurrence.status != "cancelled"
        )
        return [tuple(row) for row in db.execute(coming.order_by(Occurrence.start))]


def test_going_back_restores_all_and_makes_a_new_number(plan):
    slot, gone = plan.slot(), plan.slot(starts_at=time(10, 0))
    plan.do(carriage.carry, slot, plan.network.east, "relay")
    plan.depart(slot, "2026-11-30", "skipped")
    one = plan.made(episodes.save_episode, plan.network.programme, EpisodeDraft("Magnet"))
    plan.do(episodes.lay, slot, [one], date(2026, 11, 23), "slot")
    plan.publish()
    before = planned(plan), planned(plan, plan.network.east)
    plan.slot(slot, starts_at=time(9, 0))
    plan.depart(slot, "2026-11-30", "planned")
    plan.do(episodes.lay, slot, [], date(2026, 11, 23), "date")
    plan.do(planning.retire_slot, gone, NOW)
    new = plan.slot(starts_at=time(12, 0))
    with plan.network.database.writing() as db:
        (only,) = db.scalars(select(carriage.Carriage))
        carriage.uncarry(db, only.id)
    assert plan.publish().number == 2
    assert (planned(plan), planned(plan, plan.network.east)) != before
    published = restored(plan, 1)
    assert (published.number, published.revisions) == (3, {"tvri-nasional": 3, "rri-jayapura": 3})
    assert (planned(plan), planned(plan, plan.network.east)) == before
    with plan.network.database.reading() as db:
        assert db.get(Edition, 3).rolled_back_to == 1
        assert db.get(Slot, new).retired_at is not None
    assert plan.publish().number is None


def test_going_back_touches_nothing_past(plan):
    slot = plan.slot()
    plan.publish()
    plan.slot(slot, starts_at=time(9, 0))
    plan.publish()
    restored(plan, 1, NOW + timedelta(days=9))
    assert plan.rows(limit=3) == [
        ("11-23T02:00", "moved", 1, 2),
        ("11-30T02:00", "moved", 1, 2),
        ("12-07T01:00", "moved", 2, 3),  # it was moved twice
    ]


def test_going_back_throws_away_what_is_only_a_draft(plan):
    slot = plan.slot()
    plan.publish()
    plan.slot(slot, starts_at=time(9, 0))
    assert restored(plan, 1).number is None
    with plan.network.database.reading() as db:
        assert db.get(Slot, slot).starts_at == time(8, 0)


def test_an_edition_that_is_not_kept_is_refused(plan):
    for number in (0, 1, 7):
        with pytest.raises(Refused):
            restored(plan, number)


def test_from_here_on_is_one_series_whose_past_stands(plan):  # case 41
    slot = plan.slot(starts_on=date(2026, 11, 2))
    plan.publish()
    with plan.network.database.writing() as db:
        planning.save_slot(db, plan.wanted(starts_on=date(2026, 11, 2), starts_at=time(9, 0)), slot, from_day=date(2026, 12, 7))
    plan.publish()
    assert plan.rows(limit=6)[2:] == [
        ("11-16T01:00", "planned", 0, 1),
        ("11-23T01:00", "planned", 0, 1),
        ("11-30T01:00", "planned", 0, 1),
        ("12-07T02:00", "moved", 1, 2),
    ]


def test_every_second_week_keeps_its_count_from_here_on(plan):
    slot = plan.slot(every_weeks=2)
    with plan.network.database.writing() as db:
        wanted = plan.wanted(every_weeks=2, starts_at=time(9, 0))
        planning.save_slot(db, wanted, slot, from_day=date(2026, 12, 1))
    plan.publish()
    assert [row[0] for row in plan.rows(limit=3)] == ["11-23T01:00", "12-07T02:00", "12-21T02:00"]


def test_ending_a_rule_in_the_past_leaves_what_was(plan):
    slot = plan.slot(starts_on=date(2026, 11, 2))
    plan.publish()
    with plan.network.database.writing() as db:
        wanted = plan.wanted(starts_on=date(2026, 11, 2), ends_on=date(2026, 11, 10))
        found = planning.save_slot(db, wanted, slot, from_day=date(2026, 11, 22))
        assert (found.ends_on, found.earlier) == (date(2026, 11, 21), [])
    assert {c.kind for c in plan.publish().changes} == {"cancelled"}


# --- the real timetable ---------------------------------------------------------------------------------------------


@pytest.fixture
def belajar_dari_rumah(plan):
    """TVRI's first printed day, 14 April 2020, on Monday: all day from 08:00 to 23:30. {start: slot}"""
    rows = csv.DictReader((ROOT / "demo/data/tvri_belajar_dari_rumah_2020.csv").read_text(encoding="utf-8").splitlines())
    found = {}
    for row in rows:
        if row["date"] != "2020-04-14":
            continue
        begin, end = time.fromisoformat(row["start"]), time.fromisoformat(row["end"])
        minutes = (end.hour - begin.hour) * 60 + end.minute - begin.minute
        programme = plan.made(planning.save_programme, ProgrammeDraft(row["series"], audience=row["audience"]))
        found[row["start"]] = plan.slot(
            programme_id=programme, starts_at=begin, minutes=minutes, weekdays=frozenset({0}), episode=row["episode"]
        )
    return found


def test_the_cut_of_2020_is_one_edition_and_one_sms(plan, belajar_dari_rumah):
    """First announced from 08:00 to 23:30, then cut to 08:00 to 11:00, "sementara ini"."""
    assert plan.publish().number == 1
    for start, slot in belajar_dari_rumah.items():
        if start >= "11:00":
            plan.do(planning.retire_slot, slot, NOW)
    with plan.network.database.reading() as db:
        shown = editions.difference(db, NOW)
    published = plan.publish()
    assert (published.number, published.revisions) == (2, {"tvri-nasional": 2})
    assert shown.changes == published.changes
    assert {c.kind for c in published.changes} == {"cancelled"}
    sms = changes.summary(published.changes, JAKARTA)
    assert sms == (
        "Batal: Matematika Sen 23 Nov 14.03 WIB (62 kali). Batal: Keluarga Indonesia Sen 23 Nov 14.30 WIB (62 kali). "
        "Batal: Film Nasional Sen 23 Nov 21.30 WIB (62 kali)"
    )
    assert gsm7.fits_screen(sms, 160)


def test_the_slot_of_14_03_is_odd_and_kept(plan, belajar_dari_rumah):
    with plan.network.database.reading() as db:
        found = editions.difference(db, NOW)
    assert [p.where for p in found.advice] == [f"slot.{belajar_dari_rumah['14:03']}"]
    plan.publish()
    assert datetime(2026, 11, 23, 7, 3, tzinfo=UTC) in [row[1] for row in planned(plan)]


def test_ten_in_jakarta_and_eleven_in_makassar_are_one_instant(plan):
    """RRI, 2020: "Belajar di RRI" at 10:00 WIB, carried in Samarinda at 11:00 WITA."""
    with plan.network.database.writing() as db:
        station = stations.create_station(db, "rri-samarinda", "RRI Samarinda", "Asia/Makassar")
        samarinda = db.scalars(select(Channel.id).where(Channel.station_id == station.id)).one()
    slot = plan.slot(starts_at=time(10, 0), minutes=60)
    plan.do(carriage.carry, slot, samarinda, "relay")
    plan.publish()
    (own,), (there,) = planned(plan)[:1], planned(plan, samarinda)[:1]
    assert own[1] == there[1] == datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
    assert there[1].astimezone(ZoneInfo("Asia/Makassar")).strftime("%H:%M %Z") == "11:00 WITA"


# --- races ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def channel(any_database):
    """(channel, programme) of a station in Jakarta, on either database."""
    with any_database.writing() as db:
        station = stations.create_station(db, "rri-x", "RRI X", JAKARTA)
        programme = planning.save_programme(db, ProgrammeDraft("X")).id
        return db.scalars(select(Channel.id).where(Channel.station_id == station.id)).one(), programme


def slot_of(channel, at=time(8), **more):
    return SlotDraft(*channel, date(2026, 11, 23), at, 30, JAKARTA, frozenset({0}), **more)


def at_once(*works):
    """What each gave, begun together; a refusal or a stale row as its name. Busy ones try again, as a browser would."""
    together = threading.Barrier(len(works))

    def run(work):
        together.wait(5)
        for _try in range(20):
            try:
                return work()
            except (Refused, StaleDataError) as told:
                return type(told).__name__
            except Exception as busy:
                if "lock" not in str(busy).lower():
                    raise
        return "busy"

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_two_planners_and_a_publisher_lose_nothing(any_database, channel):
    with any_database.writing() as db:
        slot = planning.save_slot(db, slot_of(channel)).id
        editions.publish(db, NOW, None)

    def edit(at):
        def work():
            with any_database.writing() as db:
                return planning.save_slot(db, slot_of(channel, at, version=1), slot).version

        return work

    def publish():
        with any_database.writing() as db:
            return editions.publish(db, NOW, None).number

    for _round in range(3):
        first, second, _number = at_once(edit(time(9)), edit(time(10)), publish)
        assert {first, second} & {"Refused", "StaleDataError"}
    publish()
    with any_database.reading() as db:
        kept = db.get(Slot, slot)
        numbers = list(db.scalars(select(Edition.number).order_by(Edition.number)))
        hours = set(db.scalars(select(Occurrence.start).where(Occurrence.status != "cancelled")))
        station = db.scalars(select(Station)).one()
    assert kept.version == 2
    assert {start.astimezone(ZoneInfo(JAKARTA)).time() for start in hours} == {kept.starts_at}
    assert (numbers, station.revision) == (list(range(1, len(numbers) + 1)), len(numbers))


def test_two_who_publish_what_overlaps_do_not_both(any_database, channel):
    """Each saves a slot of her own and publishes only that, at the same moment."""

    def work():
        with any_database.writing() as db:
            slot = planning.save_slot(db, slot_of(channel)).id
            return editions.publish(db, NOW, None, only=[slot]).number

    assert sorted(map(str, at_once(work, work, work))) == ["1", "Refused", "Refused"]
    with any_database.reading() as db:
        starts = list(db.scalars(select(Occurrence.start).where(Occurrence.status != "cancelled")))
        assert len(starts) == len(set(starts)) == 62
        assert db.scalar(select(Station.revision)) == 1


def published_past_every_check(any_database, channel):
    """Two slots at one hour, both drafts; the second is written as if nobody had looked."""
    with any_database.writing() as db:
        planning.save_slot(db, slot_of(channel))
        editions.publish(db, NOW, None)
    with any_database.writing() as db:
        row = db.scalars(select(Occurrence).order_by(Occurrence.start)).first()
        other = planning.save_slot(db, slot_of(channel, time(12))).id
        names = [c.name for c in Occurrence.__table__.columns if c.name != "id"]
        copy = {name: getattr(row, name) for name in names} | {"slot_id": other, "start": row.start + timedelta(minutes=29)}
        db.add(Occurrence(**copy | {"end": row.end + timedelta(minutes=29)}))
        db.flush()
        overlaps.refuse(db, [row.station_id], NOW)


def test_the_database_itself_refuses_an_overlap(any_database, channel):
    with pytest.raises(Refused):
        published_past_every_check(any_database, channel)
    with any_database.reading() as db:
        assert db.scalar(select(func.count(Occurrence.id))) == 62


def test_postgresql_refuses_an_overlap_at_the_commit(any_database, channel, monkeypatch):
    if any_database.is_sqlite:
        pytest.skip("one writer at a time asks before its commit")
    monkeypatch.setattr(overlaps, "refuse", lambda *_args: None)
    with pytest.raises(IntegrityError):
        published_past_every_check(any_database, channel)


def test_who_publishes_meanwhile_is_waited_for_or_told(any_database, channel):
    if any_database.is_sqlite:
        pytest.skip("there the second waits for the file's lock")
    with any_database.engine.begin() as other:
        other.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": editions.PUBLISHING})
        with pytest.raises(Refused) as refused, any_database.writing() as db:
            editions.publish(db, NOW, None)
    assert refused.value.problems[0].what == "Orang lain sedang menerbitkan jadwal."


def test_airings_may_change_places_in_one_edition(any_database, channel):
    with any_database.writing() as db:
        first, second = (planning.save_slot(db, slot_of(channel, at)).id for at in (time(8), time(9)))
        editions.publish(db, NOW, None)
    with any_database.writing() as db:
        planning.save_slot(db, slot_of(channel, time(9)), first)
        planning.save_slot(db, slot_of(channel, time(8)), second)
        assert editions.publish(db, NOW, None).number == 2


def test_a_clash_that_was_let_stand_stays_and_is_extended(any_database, channel):
    with any_database.writing() as db:
        for at in (time(8), time(8, 15)):
            planning.save_slot(db, slot_of(channel, at))
        assert editions.publish(db, NOW, None, allow_clashes=True).number == 1
    with any_database.writing() as db:
        assert editions.extend(db, NOW + timedelta(days=7)) == 2
    with any_database.writing() as db:
        planning.save_slot(db, slot_of(channel, time(12)))
        assert editions.publish(db, NOW, None).number == 2
    with any_database.reading() as db:
        assert db.scalar(select(func.count(Occurrence.id)).where(Occurrence.may_overlap)) == 62 * 2 + 2
        assert db.scalar(text("SELECT count(*) FROM edition_slots")) == 3


def test_going_back_does_not_undo_what_a_station_answered(plan):
    slot, other = plan.slot(), plan.slot(starts_at=time(10, 0))
    east = plan.network.east

    def answered(of, do):
        code = plan.do(lambda db: offers.offer(db, of, east, "relay", 0, "", NOW).code)
        plan.network.database.step(lambda db: do(db, offers.by_code(db, code), "SMS", clock.to_ms(NOW)))

    answered(slot, offers.accept)
    plan.publish()
    answered(slot, offers.decline)
    answered(other, offers.accept)
    plan.slot(slot, starts_at=time(9, 0))
    plan.slot(other, starts_at=time(11, 0))
    plan.publish()
    restored(plan, 1)
    assert {f"{start:%H}" for _original, start, *_rest in planned(plan)} == {"01", "03"}  # UTC
    assert {f"{start:%H}" for _original, start, *_rest in planned(plan, east)} == {"03"}
