"""Timetable files of others, one module for each format. Pure: bytes in, a ``Reading`` out; nothing is guessed.

What a file says is taken exactly or refused, each line or UID with one sentence; nothing is looked up and nothing saved.
"""

from __future__ import annotations

from broadcast_schedule.importing import csv, ical, xmltv
from broadcast_schedule.importing.reading import MAX_BYTES, Reading, Source, readable
from core.problems import N_, Problem, Refused

FORMATS = {"csv": csv.read, "ical": ical.read, "xmltv": xmltv.read}
EXTENSIONS = {"csv": "csv", "txt": "csv", "ics": "ical", "ical": "ical", "ifb": "ical", "xml": "xmltv", "xmltv": "xmltv"}


def told_format(raw: bytes, name: str = "") -> str | None:
    """csv, ical or xmltv, by content; where that says nothing, by the extension of ``name``. None: neither does."""
    start = raw[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:15].upper() == b"BEGIN:VCALENDAR":
        return "ical"
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):  # UTF-16, which XML may be; of a CSV its reader says that it may not
        return "xmltv" if b"<" in start[2:6] else "csv"
    if start.startswith(b"<"):
        return "xmltv"
    if csv.looks_like(start):
        return "csv"
    return EXTENSIONS.get(name.rpartition(".")[2].lower())


def read(raw: bytes, source: Source) -> Reading:
    """What the file says. Raises Refused where it cannot be read at all: too large, empty, of no known format."""
    if len(raw) > MAX_BYTES:
        raise Refused(Problem("file", N_("Berkas ini lebih besar dari 10 MB."), N_("Bagi menjadi beberapa berkas.")))
    if not raw.strip():
        raise Refused(Problem("file", N_("Berkas ini kosong.")))
    found = told_format(raw, source.name)
    if found is None:
        what = N_("Ini bukan CSV jadwal, iCalendar, atau XMLTV.")
        raise Refused(Problem("file", what, N_("Baris pertama CSV menyebut kolomnya, misalnya date,start,end,series.")))
    return readable(FORMATS[found](raw, source), found)
