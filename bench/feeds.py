"""A station's feeds: polls that find nothing new, and the whole timetable in each format, beside a bare Flask view.

All on the same server, asked in turn, A B C C B A, in short slices; ratios are of one round. Whatever formats there are
(broadcast_schedule.feeds) are measured. Last, in this process: how long each format takes to write the demo's timetable, beside
the icalendar library alone writing the same airings.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from icalendar import Calendar, Event

from bench import load, servers
from broadcast_schedule.feeds import feeds
from broadcast_schedule.timetable import Timetable

AIM = 0.85
Streams = Callable[[], Iterator[bytes]]


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="bench feeds", description=__doc__)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=0.5)
    parser.add_argument("--formats", nargs="+", choices=sorted(feeds()), default=sorted(feeds()))
    wanted = parser.parse_args(arguments)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        floor = stack.enter_context(servers.floor(str(folder / "floor.db")))
        port, demo = stack.enter_context(servers.kentongan(folder / "instance"))
        station = demo["stations"][0]
        asked = {"bare": (floor, lambda: itertools.repeat(load.get("/bare")))}
        for extension in wanted.formats:
            asked |= {name: (port, stream) for name, stream in pulls(port, station["slug"], station["key"], extension).items()}
        report(measured(asked, wanted.connections, wanted.rounds, wanted.seconds))
        written(folder / "instance", station["slug"], wanted.formats)


def pulls(port: int, slug: str, key: str, extension: str) -> dict[str, Streams]:
    """The poll with the newest ETag, the same window again and again, and a different window each time."""
    address, bearer = f"/stations/{slug}/timetable.{extension}", f"Authorization: Bearer {key}\r\n"
    request = urllib.request.Request(f"http://127.0.0.1:{port}{address}", headers={"Authorization": f"Bearer {key}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        tag = answer.headers["ETag"]
    days = itertools.cycle(range(1, 200))
    return {
        f"{extension} 304": lambda: itertools.repeat(load.get(address, f"{bearer}If-None-Match: {tag}\r\n")),
        f"{extension} 200 warm": lambda: itertools.repeat(load.get(address, bearer)),
        f"{extension} 200 cold": lambda: (load.get(f"{address}?days={next(days)}", bearer) for _ in itertools.count()),
    }


def measured(
    asked: dict[str, tuple[int, Streams]], connections: int, rounds: int, seconds: float
) -> dict[str, list[load.Measured]]:
    found: dict[str, list[load.Measured]] = {name: [] for name in asked}
    for number in range(rounds + 1):
        for name in list(asked)[:: 1 if number % 2 else -1]:
            port, stream = asked[name]
            # no more at once than exports may be (core.shedding): beyond that they are told to come again
            many = connections if name == "bare" or name.endswith("304") else min(connections, 4)
            slice_ = load.run(port, [stream() for _ in range(many)], seconds, lambda body: not body.startswith(b"odd "))
            if number:  # the first round warms up
                found[name].append(slice_)
    return found


def report(found: dict[str, list[load.Measured]]) -> None:
    print(f"{len(found['bare'])} rounds (medians; the ratio to bare Flask is the median of each round's own)")
    print(f"{'':18}{'answers/s':>12}{'p50 ms':>10}{'p99 ms':>10}{'odd':>6}{'ratio':>9}")
    for name, rounds in found.items():
        rate, p50, p99 = (statistics.median(getattr(m, f) for m in rounds) for f in ("rate", "p50", "p99"))
        ratios = sorted(a.rate / b.rate for a, b in zip(rounds, found["bare"], strict=True) if b.rate)
        span = f"{statistics.median(ratios):9.2f} [{ratios[0]:.2f}-{ratios[-1]:.2f}]"
        aim = f" (aim {AIM})" if name.endswith("304") else ""
        print(f"{name:18}{rate:12.0f}{p50:10.2f}{p99:10.2f}{sum(m.odd for m in rounds):6}{span}{aim}")


def written(instance: Path, slug: str, formats: list[str]) -> None:
    """CPU of writing two weeks, as a ratio to the icalendar library alone."""
    timetable = two_weeks(instance, slug)
    alone = _cpu_ms(lambda: by_icalendar(timetable))
    print(f"\nwriting {len(timetable.occurrences)} airings, ms of CPU (best of five)")
    print(f"{'icalendar alone':18}{alone:12.2f}")
    for extension in formats:
        took = _cpu_ms(lambda extension=extension: feeds()[extension].render(timetable))
        print(f"{extension:18}{took:12.2f}{took / alone:9.2f} of icalendar alone")


def two_weeks(instance: Path, slug: str) -> Timetable:
    from app import create_app
    from broadcast_schedule import guide
    from broadcast_schedule.planning import today_in
    from core import clock
    from core.settings import read_settings

    app = create_app(read_settings(secret_key="bench", instance_dir=instance, database_url="", redis_url=""))
    database = app.extensions["database"]
    try:
        with database.reading() as db:
            station = guide.station_by_slug(db, slug)
            assert station is not None
            return guide.window(db, station, today_in(station.time_zone, clock.now()), 14)
    finally:
        database.close()


def by_icalendar(timetable: Timetable) -> bytes:
    """What anybody would write: an event for each airing, by the library."""
    calendar = Calendar()
    calendar.add("prodid", "-//bench//EN")
    calendar.add("version", "2.0")
    for one in timetable.occurrences:
        event = Event()
        event.add("uid", f"{one.start.isoformat()}@bench")
        event.add("dtstamp", one.start)
        event.add("dtstart", one.start)
        event.add("dtend", one.end)
        event.add("summary", one.title)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _cpu_ms(work: Callable[[], object]) -> float:
    best = 1e9
    for _ in range(5):
        began = time.thread_time()
        work()
        best = min(best, (time.thread_time() - began) * 1000)
    return best
