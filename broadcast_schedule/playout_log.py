"""A station's playout log as a file: CSV with named columns, or fixed width. Pure: bytes in, lines out.

CSV has a header: ``date, start, title`` and, where there are, ``end`` or ``duration``; ``,`` or ``;``. In fixed width each line
begins with a date and a time ("2026-11-23 10:00:02  00:29:30  X-Sains"), a duration may follow, the rest is the title. Hours are
the station's own.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from core import text as gate
from core.problems import N_, Problem, Refused

MAX_BYTES = 1_000_000
MOST_LINES = 5_000
LONGEST_HEAD = 10_000  # characters
YEARS = range(1990, 2200)  # beyond lies no broadcast, and further on not even a calendar
_NAMES = {
    "date": ("date", "tanggal", "tgl"), "start": ("start", "start_time", "time", "mulai", "jam", "actual_start"),
    "end": ("end", "end_time", "selesai", "actual_end"), "duration": ("duration", "durasi", "length", "panjang"),
    "title": ("title", "judul", "acara", "programme", "program", "name"),
}  # fmt: skip
_FIXED = re.compile(
    r"\s*(\d{4}-\d\d-\d\d|\d\d?[/.-]\d\d?[/.-]\d{4})[ T]+(\d\d?[:.]\d\d(?:[:.]\d\d)?)(?:\s+(\d\d?:\d\d(?::\d\d)?))?(?:\s+(.*))?"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: ``start`` and ``end`` aware, UTC; ``line`` counts physical lines from 1."""

    line: int
    start: datetime
    end: datetime | None
    title: str


def read(raw: bytes, time_zone: str) -> tuple[list[Entry], list[Problem]]:
    """(entries, what could not be read, line by line). Raises Refused for a file that is none."""
    if len(raw) > MAX_BYTES:
        raise Refused(N_("Berkas ini lebih dari 1 MB. Kirim log satu minggu saja."))
    lines = gate.clean(gate.decode(raw).removeprefix("\ufeff")).split("\n")
    if len(lines) > MOST_LINES:
        too_long = N_("Berkas ini lebih dari %(most)s baris. Kirim log satu minggu saja.")
        raise Refused(Problem("", too_long, facts={"most": MOST_LINES}))
    zone = ZoneInfo(time_zone)
    first = next((line for line in lines if line.strip()), "")
    if not first:
        raise Refused(N_("Berkas ini kosong."))
    if len(first) > LONGEST_HEAD:
        raise Refused(N_("Baris pertama terlalu panjang untuk nama kolom atau satu siaran."))
    return _fixed(lines, zone) if _FIXED.fullmatch(first) and not _columns(first) else _table(lines, zone)


def _columns(head: str) -> dict[str, int]:
    """{our name: place} of a CSV's first line; empty where it names no start."""
    try:
        cells = next(csv.reader([head], delimiter=_delimiter(head)), [])
    except csv.Error:
        return {}
    places = {name: n for n, cell in enumerate(cells) for name, words in _NAMES.items() if cell.strip().lower() in words}
    return places if "start" in places else {}


def _delimiter(head: str) -> str:
    return max(",;\t", key=head.count)


def _table(lines: list[str], zone: ZoneInfo) -> tuple[list[Entry], list[Problem]]:
    at = next(n for n, line in enumerate(lines) if line.strip())
    columns = _columns(lines[at])
    if not columns:
        raise Refused(N_("Baris pertama harus menyebut kolom: date, start, title, dan bila ada end atau duration."))
    rows = csv.reader(io.StringIO("\n".join(lines[at + 1 :])), delimiter=_delimiter(lines[at]))
    entries: list[Entry] = []
    bad: list[Problem] = []
    try:
        for row in rows:
            number = at + 1 + rows.line_num
            if not any(cell.strip() for cell in row):
                continue
            values = {name: row[place].strip() if place < len(row) else "" for name, place in columns.items()}
            _add(entries, bad, number, zone, values)
    except csv.Error:
        bad.append(Problem(f"line {at + 1 + rows.line_num}", N_("Baris ini tidak terbaca sebagai CSV.")))
    return entries, bad


def _fixed(lines: list[str], zone: ZoneInfo) -> tuple[list[Entry], list[Problem]]:
    entries: list[Entry] = []
    bad: list[Problem] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        found = _FIXED.fullmatch(line)
        if not found:
            bad.append(Problem(f"line {number}", N_("Baris ini tidak dimulai dengan tanggal dan jam.")))
            continue
        values = {"date": found[1], "start": found[2], "duration": found[3] or "", "title": found[4] or ""}
        _add(entries, bad, number, zone, values)
    return entries, bad


def _add(entries: list[Entry], bad: list[Problem], number: int, zone: ZoneInfo, values: dict[str, str]) -> None:
    start = _moment(values.get("date", ""), values.get("start", ""), zone)
    if start is None:
        bad.append(Problem(f"line {number}", N_("Tanggal atau jam mulai tidak terbaca. Tulis misalnya 2026-11-23 dan 10:00:02.")))
        return
    length = _span(values.get("duration", ""))
    end = start + length if length else _end(start, values, zone)
    if end is not None and not timedelta(0) < end - start <= timedelta(days=1):
        end = None
    entries.append(Entry(number, start, end, gate.one_line(values.get("title", ""))[:200]))


def _end(start: datetime, values: dict[str, str], zone: ZoneInfo) -> datetime | None:
    """What is before its start ended on the next day."""
    end = _moment(values.get("date", ""), values.get("end", ""), zone)
    return end if end is None or end > start else _moment(values.get("date", ""), values.get("end", ""), zone, days=1)


def _moment(day: str, clock: str, zone: ZoneInfo, days: int = 0) -> datetime | None:
    """The instant, in UTC: what is added to it is an exact length, whatever the zone's clock does meanwhile."""
    if "T" in clock or " " in clock.strip():  # both in one cell
        day, _, clock = clock.strip().replace("T", " ").partition(" ")
    time = _span(clock)
    parts = re.split(r"[/.-]", day.strip())
    if time is None or len(parts) != 3 or not all(part.isdecimal() and len(part) <= 4 for part in parts):
        return None
    year, month, date = (int(part) for part in (parts if len(parts[0]) == 4 else reversed(parts)))
    try:
        local = datetime(year, month, date, tzinfo=zone) + time + timedelta(days=days)
        return local.astimezone(UTC) if year in YEARS else None
    except ValueError:
        return None


def _span(words: str) -> timedelta | None:
    """ "10:00:02", "10.00" or "00:29:30" as hours, minutes, seconds; None where it is none of these."""
    found = re.fullmatch(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:[.,]\d+)?", words.strip())
    if not found:
        return None
    hours, minutes, seconds = int(found[1]), int(found[2]), int(found[3] or 0)
    if hours > 24 or minutes > 59 or seconds > 59:
        return None
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)
