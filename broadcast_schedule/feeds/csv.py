"""CSV for playout logs and spreadsheets: one row for each airing, in the station's own time.

``import-timetable`` reads it back, but for ``status``, ``id`` and ``lesson``. An airing that ends at midnight ends at 24:00, one
that ends earlier than it starts ends the next day. Cancelled ones are left out. A cell that a spreadsheet would read as a formula
begins with an apostrophe.
"""

from __future__ import annotations

import csv
import io
from datetime import timedelta

from broadcast_schedule.feeds import Feed, want
from broadcast_schedule.timetable import Timetable

COLUMNS = (
    *("date", "start", "end", "time_zone", "channel", "series", "episode", "audience", "status", "id"),
    *("quiz_keyword", "lesson"),
)


def render(timetable: Timetable) -> bytes:
    names = {channel.key: channel.name for channel in timetable.channels}
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(COLUMNS)
    for one in timetable.airing:
        start, end = one.start.astimezone(timetable.zone), one.end.astimezone(timetable.zone)
        is_midnight = f"{end:%H:%M}" == "00:00" and end.date() == start.date() + timedelta(days=1)
        row = (
            f"{start:%Y-%m-%d}",
            f"{start:%H:%M}",
            "24:00" if is_midnight else f"{end:%H:%M}",
            timetable.station.time_zone,
            names.get(one.channel, one.channel),
            one.title,
            one.episode,
            one.audience,
            one.status,
            one.id,
            one.quiz_keyword,
            one.lesson,
        )
        writer.writerow([_harmless(cell) for cell in row])
    return sheet.getvalue().encode()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def check(raw: bytes, timetable: Timetable) -> None:
    rows = list(csv.reader(io.StringIO(raw.decode(), newline="")))
    want(len(rows) == 1 + len(timetable.airing), "rows and airings differ in number")
    want({len(row) for row in rows} == {len(COLUMNS)}, "a row has other columns than the first")


feed = Feed("csv", "csv", "text/csv; charset=utf-8", render, check)
