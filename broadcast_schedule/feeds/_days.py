"""Occurrences under their local days: on the day on which they begin, and again on the next while they go on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from broadcast_schedule.timetable import Occurrence, Timetable, day_start


def by_day(timetable: Timetable, occurrences: Iterable[Occurrence]) -> Iterator[tuple[date, list[tuple[Occurrence, bool]]]]:
    """(day, [(occurrence, whether it began on an earlier day)]), days of the window on which anything airs."""
    last = timetable.from_date + timedelta(days=timetable.days)
    found: dict[date, list[tuple[Occurrence, bool]]] = {}
    for one in occurrences:
        begins = one.start.astimezone(timetable.zone).date()
        day = begins
        while day == begins or day_start(day, timetable.station.time_zone) < one.end:
            if timetable.from_date <= day < last:
                found.setdefault(day, []).append((one, day != begins))
            day += timedelta(days=1)
    yield from sorted(found.items())
