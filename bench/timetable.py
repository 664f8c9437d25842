"""A thousand stations, twenty weekly slots each, a year: a million airings. The audit of all of it, and one edit published.

Beside what one would write first: dateutil expands every rule from its start, and a sort finds what overlaps. Our audit proves
the rules free of each other beyond every horizon and expands nothing; edit-and-publish is a slot saved, compared, checked and
frozen, with its commit. Everything is measured in this process, in turn, on a database on disk.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time as clock_time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from dateutil.rrule import WEEKLY, rrule
from sqlalchemy import func, insert, select

from broadcast_schedule import audits, draft, editions, planning
from broadcast_schedule.planning import SlotDraft
from broadcast_schedule.recurrence import read_weekdays, write_weekdays
from broadcast_schedule.tables import Channel, Edition, Occurrence, Programme, Slot, Station
from core.clock import to_ms
from core.database import Database
from core.migrations import upgrade

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
MONDAY = date(2026, 11, 23)
WEEK = 7 * 86_400_000


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="bench timetable", description=__doc__)
    parser.add_argument("--stations", type=int, default=1000)
    parser.add_argument("--slots", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    wanted = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'bench.db'}")
        upgrade(database)
        print(f"making {wanted.stations} stations with {wanted.slots} weekly slots …", flush=True)
        took, _worked = timed(lambda: make(database, wanted.stations, wanted.slots))
        with database.reading() as db:
            count = db.scalar(select(func.count(Occurrence.id)))
        print(f"{count:,} airings written in {took:.0f} s", flush=True)
        report(database, wanted.rounds)
        database.close()


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """(seconds by the wall, seconds of this process): on a machine that others use the second is the one to compare."""
    begun, worked = clock_time.perf_counter(), clock_time.process_time()
    work()
    return clock_time.perf_counter() - begun, clock_time.process_time() - worked


def make(database: Database, stations: int, slots: int) -> None:
    """Written straight, as published: what is measured is what comes after."""
    hours = [(n % 7, time(6 + n // 7 * 2, 30 * (n % 2))) for n in range(slots)]
    with database.writing() as db:
        db.execute(insert(Programme), [{"id": n + 1, "title": f"Acara {n}"} for n in range(50)])
        rows = [
            {"id": n + 1, "slug": f"s{n}", "name": f"Stasiun {n}", "medium": "radio", "time_zone": ZONES[n % 3], "revision": 1}
            for n in range(stations)
        ]
        db.execute(insert(Station), rows)
        db.execute(
            insert(Channel), [{"id": n + 1, "station_id": n + 1, "key": f"s{n}.k.id", "name": f"S {n}"} for n in range(stations)]
        )
        planned = [
            {
                "id": n * slots + i + 1, "channel_id": n + 1, "programme_id": (n + i) % 50 + 1, "time_zone": ZONES[n % 3],
                "starts_on": MONDAY + timedelta(days=day), "starts_at": at, "minutes": 60, "weekdays": write_weekdays({day}),
                "every_weeks": 1, "is_live": False, "version": 1, "is_draft": False,
            }
            for n in range(stations)
            for i, (day, at) in enumerate(hours)
        ]  # fmt: skip
        db.execute(insert(Slot), planned)
        db.add(Edition(number=1, published_at=NOW, changes=[]))
    until = NOW.date() + timedelta(days=editions.WRITTEN_DAYS)
    with database.writing() as db:
        for first in range(0, stations, 100):
            some = list(db.scalars(select(Slot).where(Slot.channel_id.between(first + 1, first + 100))))
            places = {place.key: place for place in draft.places(db).values()}
            week = draft.occurrences(db, some, MONDAY, MONDAY + timedelta(days=7))
            rows = [editions._values(replace(one, revision=1, updated_at=NOW), places[one.channel]) for one in week]
            names = list(rows[0])
            driver = db.connection().connection.driver_connection
            assert driver is not None, "it is in a transaction"
            quoted = ",".join(f'"{name}"' for name in names)
            sql = f"INSERT INTO occurrences ({quoted}) VALUES ({','.join('?' * len(names))})"
            driver.executemany(sql, (values for row in rows for values in weekly(row, names, until)))


def weekly(row: dict[str, object], names: list[str], until: date) -> Iterator[tuple[object, ...]]:
    """The row of each week until then, as SQLite keeps it."""
    original, n = row["original_start"], 0
    assert isinstance(original, datetime), "it is a naive local time"
    plain = {
        name: int(v) if isinstance(v, bool) else to_ms(v) if isinstance(v, datetime) else v
        for name, v in row.items()
        if name != "original_start"
    }
    while (local := original + timedelta(weeks=n)).date() < until:
        moved = {
            "start": plain["start"] + n * WEEK,
            "end": plain["end"] + n * WEEK,
            "original_start": f"{local:%Y-%m-%d %H:%M:%S.%f}",
        }  # type: ignore[operator]
        yield tuple({**plain, **moved}[name] for name in names)
        n += 1


def audit(database: Database) -> int:
    with database.reading() as db:
        return len(audits.whole_network(db, NOW).problems)


def naively(database: Database) -> int:
    """Every rule of the network through dateutil and a sort, as one would write it first."""
    with database.reading() as db:
        rules = list(db.execute(select(Slot.channel_id, Slot.starts_on, Slot.starts_at, Slot.minutes, Slot.time_zone)))
    until, met = NOW.replace(tzinfo=None) + timedelta(days=365), 0
    by_channel: dict[int, list[tuple[datetime, datetime]]] = {}
    for channel, starts_on, starts_at, minutes, zone in rules:
        begun = datetime.combine(starts_on, starts_at)
        for local in rrule(WEEKLY, dtstart=begun, until=until):
            start = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
            by_channel.setdefault(channel, []).append((start, start + timedelta(minutes=minutes)))
    for spans in by_channel.values():
        spans.sort()
        met += sum(following[0] < before[1] for before, following in pairwise(spans))
    return met


def edit(database: Database, number: int) -> None:
    """A planner moves one slot by five minutes, and it is published."""
    with database.writing() as db:
        slot = db.get(Slot, number)
        assert slot is not None, "the network was made above"
        later = (datetime.combine(MONDAY, slot.starts_at) + timedelta(minutes=5)).time()
        weekdays = read_weekdays(slot.weekdays)
        wanted = SlotDraft(slot.channel_id, slot.programme_id, slot.starts_on, later, 50, slot.time_zone, weekdays)
        planning.save_slot(db, wanted, number)
        published = editions.publish(db, NOW, None)
    assert len(published.revisions) == 1, published


def report(database: Database, rounds: int) -> None:
    edit(database, 3)  # the first one keeps every slot once, to go back to
    with database.reading() as db:
        slots = db.scalar(select(func.count(Slot.id))) or 1
    ours, theirs, edits = [], [], []
    for n in range(rounds):
        ours.append(timed(lambda: audit(database)))
        edits.append(timed(lambda n=n: edit(database, 4 + 37 * n % (slots - 4))))  # type: ignore[misc]
        if n < 2:
            theirs.append(timed(lambda: naively(database)))
    (one, one_cpu), (other, other_cpu), (third, third_cpu) = (
        [statistics.median(column) * 1000 for column in zip(*rows, strict=True)] for rows in (ours, theirs, edits)
    )
    print("                                               wall ms   CPU ms")
    print(f"whole-network audit, beyond every horizon      {one:7.0f}  {one_cpu:7.0f}   (aim: under 1500)")
    print(f"dateutil and a sort, one year only             {other:7.0f}  {other_cpu:7.0f}   CPU ratio {other_cpu / one_cpu:.1f}")
    print(f"one edit saved and published, with its commit  {third:7.0f}  {third_cpu:7.0f}   (aim: under 100)")
