"""What stands against publishing, beyond every horizon, in words with a way out."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import select, update

from broadcast_schedule import audits, carriage, editions, planning
from broadcast_schedule.planning import ProgrammeDraft
from broadcast_schedule.planning_tables import Blackout
from broadcast_schedule.tables import Episode, Programme, Slot
from core.problems import Refused
from tests.broadcast_schedule.conftest import NOW


def audit(plan, now=NOW):
    with plan.network.database.reading() as db:
        found = audits.whole_network(db, now)
    return [str(problem) for problem in found.problems]


def live(plan, presenter="Bu Sri", **more):
    slot = plan.slot(is_live=True, **more)
    with plan.network.database.writing() as db:
        db.execute(update(Slot).where(Slot.id == slot).values(presenter=presenter))
    return slot


def test_a_clash_beyond_the_written_horizon_is_found(plan):
    plan.slot(weekdays=frozenset({0}), every_weeks=51)
    plan.slot(weekdays=frozenset({0}), every_weeks=52, starts_on=date(2026, 11, 30))
    (said,) = audit(plan)
    assert said == (
        "X-Sains (08.00–08.30 WIB) bertabrakan dengan X-Sains (08.00–08.30 WIB) di TVRI Nasional pada Senin, 28 September 2076. "
        "Geser X-Sains ke 08.30–09.00 WIB, persingkat X-Sains, atau lewati salah satunya pada tanggal itu."
    )
    with pytest.raises(Refused):
        plan.publish()


def test_the_way_out_leads_into_no_other_programme(plan):
    plan.slot()
    plan.slot(starts_at=time(8, 30))
    plan.slot(starts_at=time(9, 20), minutes=10)
    plan.slot(starts_at=time(8, 15))
    first, second = audit(plan)
    assert [said.partition(", persingkat")[0].partition("Geser ")[2] for said in (first, second)] == [
        "X-Sains ke 09.30–10.00 WIB",
        "X-Sains ke 08.45–09.15 WIB",
    ]


def test_end_equal_to_start_is_no_clash(plan):
    plan.slot()
    plan.slot(starts_at=time(8, 30))
    assert audit(plan) == []


def test_taking_an_exception_back_looks_again(plan):  # case 33
    plan.slot(weekdays=frozenset(), starts_on=date(2026, 11, 30))
    weekly = plan.slot()
    plan.depart(weekly, "2026-11-30", "skipped")
    plan.publish()
    plan.depart(weekly, "2026-11-30", "planned")
    with pytest.raises(Refused) as refused:
        plan.publish()
    assert "Senin, 30 November 2026" in refused.value.problems[0].what


def test_a_presenter_is_live_in_one_place(plan):  # case 36
    live(plan)
    other = live(plan, " bu  SRI ", channel_id=plan.network.east, time_zone="Asia/Jayapura", starts_at=time(10, 15))
    (said,) = audit(plan)
    assert said == (
        "Bu Sri memandu dua siaran langsung sekaligus pada Senin, 23 November 2026: X-Sains (08.00–08.30 WIB, TVRI Nasional) "
        "dan X-Sains (10.15–10.45 WIT, RRI Jayapura). Geser salah satunya, rekam salah satunya lebih dulu, atau relai yang satu "
        "di saluran lain."
    )
    with pytest.raises(Refused):
        plan.publish()
    plan.slot(other, channel_id=plan.network.east, time_zone="Asia/Jayapura", starts_at=time(10, 15))  # recorded
    assert audit(plan) == []


def test_who_relays_a_live_programme_adds_no_booking(plan):  # case 36
    slot = live(plan)
    plan.do(carriage.carry, slot, plan.network.east, "relay")
    assert audit(plan) == []


def test_a_programmes_presenter_counts_for_its_slots(plan):
    with plan.network.database.writing() as db:
        db.execute(update(Programme).values(presenter="Bu Sri"))
    live(plan, "")
    live(plan, "", channel_id=plan.network.east)
    assert len(audit(plan)) == 1


def test_live_is_not_carried_before_it_happens(plan):  # case 38
    slot = plan.slot()
    plan.do(carriage.carry, slot, plan.network.east, "local")
    assert audit(plan) == []
    plan.slot(slot, is_live=True)
    (said,) = audit(plan)
    assert said == (
        "X-Sains disiarkan langsung pukul 08.00 WIB, tetapi RRI Jayapura menyiarkannya pukul 08.00 WIT, 120 menit sebelum "
        "terjadi. Jadikan relai, atau tunda 120 menit di sana."
    )
    with pytest.raises(Refused):
        plan.publish()


def test_a_recording_is_there_before_its_first_airing_in_the_east(plan):  # case 38
    slot = plan.slot(weekdays=frozenset(), episode="Magnet")
    plan.do(carriage.carry, slot, plan.network.east, "local")
    ready = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)  # 07.00 WIB: in time for Jakarta, an hour late for Jayapura
    with plan.network.database.writing() as db:
        db.execute(update(Episode).values(ready_at=ready))
    (said,) = audit(plan)
    assert said == (
        "Rekaman Magnet baru siap Senin, 23 November 2026 pukul 09.00 WIT, padahal RRI Jayapura sudah menyiarkannya "
        "Senin, 23 November 2026 pukul 08.00 WIT. Kirim rekamannya lebih awal, atau geser siarannya."
    )
    with plan.network.database.writing() as db:
        db.execute(update(Episode).values(ready_at=datetime(2026, 11, 22, 23, 0, tzinfo=UTC)))
    assert audit(plan) == []


def test_a_blackout_swallows_a_clash(plan):
    plan.slot(weekdays=frozenset())
    plan.slot(weekdays=frozenset(), starts_at=time(8, 15))
    assert len(audit(plan)) == 1
    with plan.network.database.writing() as db:
        begin, end = datetime(2026, 11, 23), datetime(2026, 11, 24)  # noqa: DTZ001
        db.add(Blackout(station_id=None, name="Nyepi", starts_at=begin, ends_at=end))
    assert audit(plan) == []


def test_an_odd_minute_is_said_and_kept(plan):
    plan.slot(starts_at=time(14, 3), minutes=27)
    with plan.network.database.reading() as db:
        found = editions.difference(db, NOW)
    assert ([str(p) for p in found.advice], found.problems) == (
        ["Slot ini mulai pukul 14.03, menit yang tidak biasa. Biarkan kalau memang begitu."],
        (),
    )
    assert plan.publish().number == 1


def test_other_channels_stay_out_of_it(plan):
    """What two slots do on another channel, published with its clash, does not hold up this one."""
    plan.slot(channel_id=plan.network.east)
    plan.slot(channel_id=plan.network.east)
    plan.publish(allow_clashes=True)
    plan.slot()
    assert plan.publish().revisions == {"tvri-nasional": 1}
    plan.slot(channel_id=plan.network.east, starts_at=time(12, 0))
    assert plan.publish().revisions == {"rri-jayapura": 2}
    assert len(audit(plan)) == 1


def test_a_programme_of_its_own_is_named(plan):
    other = plan.made(planning.save_programme, ProgrammeDraft("Jalan Sesama"))
    plan.slot()
    plan.slot(programme_id=other)
    with plan.network.database.reading() as db:
        slots = list(db.scalars(select(Slot.id).order_by(Slot.id)))
        (problem,) = audits.of_slots(db, slots[1:], NOW)
    assert problem.where == f"slot.{slots[1]}"
    assert problem.what.startswith("Jalan Sesama (08.00–08.30 WIB) bertabrakan dengan X-Sains")
    assert problem.what.endswith("kali lagi.")


def test_an_airing_moved_onto_another_of_its_own_slot_is_named(plan):
    daily = plan.slot(weekdays=frozenset(range(7)))
    plan.publish()
    plan.depart(daily, "2026-11-30", "moved", new_start=datetime.fromisoformat("2026-12-01T08:15"))
    said = (
        "X-Sains (08.15–08.45 WIB) bertabrakan dengan X-Sains (08.00–08.30 WIB) di TVRI Nasional pada Selasa, 1 Desember 2026. "
        "Geser X-Sains ke 08.30–09.00 WIB, persingkat X-Sains, atau lewati salah satunya pada tanggal itu."
    )
    assert audit(plan) == [said]
    with plan.network.database.reading() as db:
        assert [str(problem) for problem in editions.difference(db, NOW).problems] == [said]
    with pytest.raises(Refused) as refused:
        plan.publish()
    assert [str(problem) for problem in refused.value.problems] == [said]
    plan.depart(daily, "2026-12-01", "skipped")
    assert [c.kind for c in plan.publish().changes] == ["cancelled", "moved"]
