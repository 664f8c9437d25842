"""One more airing beside a slot's rule; skips and moves are in test_editions."""

from __future__ import annotations

from datetime import datetime

import pytest

from broadcast_schedule import audits, departing, editions
from broadcast_schedule.tables import SlotException
from core.problems import Refused
from tests.broadcast_schedule.conftest import NOW


def add(plan, slot, start, minutes=30):
    with plan.network.database.writing() as db:
        departing.add(db, slot, datetime.fromisoformat(start), minutes, NOW)


def lines(plan):
    with plan.network.database.reading() as db:
        return [line["lines"] for line in db.get(editions.Edition, 2).changes]


def test_one_more_is_new_in_its_edition_and_can_be_taken_back(plan):
    slot = plan.slot()
    plan.publish()
    add(plan, slot, "2026-11-25T08:00")
    found = plan.publish()
    assert [(c.kind, c.after.start.strftime("%m-%dT%H:%M")) for c in found.changes] == [("new", "11-25T01:00")]
    assert lines(plan) == [["Baru: X-Sains Rab 25 Nov 08.00-08.30 WIB"]]
    assert plan.rows(limit=3) == [
        ("11-23T01:00", "planned", 0, 1), ("11-25T01:00", "planned", 0, 2), ("11-30T01:00", "planned", 0, 1),
    ]  # fmt: skip
    plan.depart(slot, "2026-11-25", "skipped")
    assert [c.kind for c in plan.publish().changes] == ["cancelled"]
    add(plan, slot, "2026-11-25T09:15", 45)  # again, at another hour: the same airing, restored
    assert [(c.kind, c.after.sequence) for c in plan.publish().changes] == [("restored", 2)]


def test_one_more_keeps_its_own_hour_and_length(plan):
    slot = plan.slot()
    add(plan, slot, "2026-11-24T19:05", 90)
    plan.publish()
    assert [r[0] for r in plan.rows(limit=2)] == ["11-23T01:00", "11-24T12:05"]
    plan.depart(slot, "2026-11-24", "moved", new_start=datetime.fromisoformat("2026-11-26T10:00"))
    plan.publish()
    assert plan.rows(limit=2)[1] == ("11-26T03:00", "moved", 1, 2)


@pytest.mark.parametrize(
    ("start", "minutes", "said"),
    [
        ("2026-11-30T08:00", 30, "Slot ini sudah punya siaran pada tanggal itu."),
        ("2026-11-30T15:00", 30, "Slot ini sudah punya siaran pada tanggal itu."),
        ("2026-11-25T08:00", 30, "Slot ini sudah punya siaran pada tanggal itu."),
        ("2026-11-22T09:59", 30, "Waktu itu sudah lewat."),
        ("2100-01-01T08:00", 30, "Waktu itu sudah lewat."),
        ("2026-11-26T08:00", 1441, "Panjang acara harus antara 1 dan 1440 menit."),
        ("2026-11-26T08:00", 0, "Panjang acara harus antara 1 dan 1440 menit."),
    ],
)
def test_what_cannot_be_added_is_said(plan, start, minutes, said):
    slot = plan.slot()
    add(plan, slot, "2026-11-25T10:00")
    with pytest.raises(Refused) as refused:
        add(plan, slot, start, minutes)
    assert [problem.what for problem in refused.value.problems] == [said]


def test_one_more_is_asked_for_clashes_like_any_other(plan):
    first = plan.slot()
    plan.slot(weekdays=frozenset({2}), starts_at=datetime.fromisoformat("2026-01-01T08:15").time())
    assert plan.publish().number == 1
    add(plan, first, "2026-11-25T08:00")
    with pytest.raises(Refused):
        plan.publish()
    with plan.network.database.reading() as db:
        (problem,) = audits.of_slots(db, [first], NOW)
    assert "25 November 2026" in problem.what
    add(plan, first, "2026-11-26T08:00")
    plan.depart(first, "2026-11-25", "skipped")
    assert [c.kind for c in plan.publish().changes] == ["new"]


def test_an_added_date_that_a_file_called_off_airs_again_when_taken_back(plan):
    slot = plan.slot()
    with plan.network.database.writing() as db:
        for day in ("2026-11-25", "2026-11-30"):
            db.add(SlotException(slot_id=slot, original_start=datetime.fromisoformat(f"{day}T08:00"), kind="cancelled"))
    plan.publish()
    assert [row[:2] for row in plan.rows(limit=3)] == [
        ("11-23T01:00", "planned"), ("11-25T01:00", "cancelled"), ("11-30T01:00", "cancelled"),
    ]  # fmt: skip
    plan.depart(slot, "2026-11-25", "planned")
    plan.depart(slot, "2026-11-30", "planned")
    assert [c.kind for c in plan.publish().changes] == ["restored", "restored"]
    plan.depart(slot, "2026-11-25", "skipped")
    assert [c.kind for c in plan.publish().changes] == ["cancelled"]
