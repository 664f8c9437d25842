"""Whatever a file holds, reading it gives entries and sentences, or one sentence; never anything else."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcast_schedule import importing
from broadcast_schedule.importing.reading import OLDEST, Source
from broadcast_schedule.recurrence import LONGEST_MINUTES
from core.problems import Refused

ICS = b"""BEGIN:VCALENDAR
BEGIN:VEVENT
UID:a
DTSTART;TZID=Asia/Jakarta:20260105T080000
DURATION:PT30M
RRULE:FREQ=MONTHLY;BYDAY=1MO,-1FR;BYSETPOS=1,-1;UNTIL=20270101;WKST=SU
RDATE;VALUE=PERIOD:20260109T080000/PT1H
EXDATE;VALUE=DATE:20260302
SUMMARY:Jalan\\, Sesama
END:VEVENT
BEGIN:VEVENT
UID:a
RECURRENCE-ID;RANGE=THISANDFUTURE:20260202T010000Z
DTSTART:20260202T020000Z
DTEND:20260202T030000Z
SUMMARY:Jalan\\, Sesama
END:VEVENT
END:VCALENDAR
"""
ZONED = ICS.replace(b"Asia/Jakarta", b"Custom").replace(
    b"BEGIN:VEVENT",
    b"""BEGIN:VTIMEZONE
TZID:Custom
BEGIN:STANDARD
DTSTART:16011028T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010325T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3;UNTIL=20400101T000000Z
RDATE:20410331T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT""",
    1,
)
CSV = b"""date,start,end,time_zone,series,weekdays,starts_on
2026-01-05,08:00,24:00,WIB,"Jalan, Sesama",,
,23:30,00:30,,Malam,SA-MO,2026-01-05
"""
XML = b"""<?xml version="1.0"?><tv><channel id="a.b"><display-name>A</display-name></channel>
<programme start="20260105080000 +0700" stop="20260105083000 WIB" channel="a.b"><title lang="id">Jalan</title></programme></tv>
"""
ODD = (
    b"\x00", b"99991231T235959Z", b"00010101T000000", b"-", b"99999999", b"P9999D", b"COUNT=50000", b"INTERVAL=1000",
    b"BYMONTHDAY=31", b";", b":", b",", b"\n", b"\r\n ", b'"', b"24:00", b"20991231T235900", b"29/02/2028", b"1900-01-01",
    b"\xff\xfe", b"\xc3", b"&a;", b"Pacific/Apia", b"BEGIN:VEVENT\n", b"END:VEVENT\n",
)  # fmt: skip


def read(raw, zone="Asia/Jakarta"):
    try:
        found = importing.read(raw, Source(zone, name="file.ics"))
    except Refused:
        return
    for problem in (*found.bad, *found.notes):
        assert str(problem) != ""
    for entry in found.entries:
        assert 0 < len(entry.title) <= 160
        assert 0 < entry.rule.minutes <= LONGEST_MINUTES
        assert entry.rule.starts_on >= OLDEST
        assert entry.rule.starts_at.second == 0


@given(st.binary(max_size=400))
def test_any_bytes(raw):
    read(raw)


@pytest.mark.parametrize("seed", [ICS, ZONED, CSV, XML], ids=["ics", "zoned", "csv", "xml"])
@given(st.integers(0, 2**32))
def test_files_with_faults(seed, number):
    chance = random.Random(number)
    raw = bytearray(seed)
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(raw))
        what = chance.randrange(4)
        if what == 0:
            raw[at : at + chance.randint(0, 8)] = chance.choice(ODD)
        elif what == 1:
            del raw[at : at + chance.randint(1, 30)]
        elif what == 2:
            raw[at] = chance.randrange(256)
        else:
            raw[at:at] = raw[at : at + chance.randint(1, 60)]
    read(bytes(raw), chance.choice(["Asia/Jakarta", "Europe/Berlin"]))


@pytest.mark.parametrize(
    ("start", "name", "expected"),
    [
        (b"BEGIN:VCALENDAR\n", "a.csv", "ical"),
        (b"\xef\xbb\xbfBEGIN:VCALENDAR\r\n", "", "ical"),
        (b"<?xml version='1.0'?><tv/>", "a.txt", "xmltv"),
        (b"\xff\xfe<\x00t\x00v\x00", "", "xmltv"),
        (b"\xfe\xff\x00<\x00t\x00v", "", "xmltv"),
        (b"\xff\xfed\x00a\x00t\x00e\x00", "", "csv"),
        (b"date;start;end\n", "a.xml", "csv"),
        (b"Series,START\n", "", "csv"),
        (b"what,ever\n", "a.csv", "csv"),
        (b"what,ever\n", "", None),
    ],
)
def test_the_format_is_told_by_content_then_by_name(start, name, expected):
    assert importing.told_format(start, name) == expected
