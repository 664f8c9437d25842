"""The horizon moves with the days, and the periodic process moves it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import time_machine
from sqlalchemy import func, select

from broadcast_schedule import editions, planning, stations
from broadcast_schedule.planning import ProgrammeDraft, SlotDraft
from broadcast_schedule.tables import Channel, Occurrence
from workers import periodic, timetables

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def test_a_weekly_slot_grows_by_a_week_in_a_week(app, database):
    with database.writing() as db:
        stations.create_station(db, "rri-x", "RRI X", "Asia/Jakarta")
        programme = planning.save_programme(db, ProgrammeDraft("X"))
        channel = db.scalars(select(Channel.id)).one()
        monday = SlotDraft(channel, programme.id, date(2026, 11, 23), time(8), 30, "Asia/Jakarta", frozenset({0}))
        planning.save_slot(db, monday)
        editions.publish(db, NOW, None)
    written = []
    for days in (0, 7, 7, 14):
        with time_machine.travel(NOW + timedelta(days=days), tick=False):
            written.append(timetables.extend())
    assert written == [0, 1, 0, 1]
    with database.reading() as db:
        assert db.scalar(select(func.count(Occurrence.id))) == 64


def test_the_periodic_process_does_it():
    assert "workers.timetables.extend" in periodic.EVERY
