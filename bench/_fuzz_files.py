"""More of what ``bench fuzz`` feeds: files and messages that people send. As ``bench/_fuzz_targets.py`` says."""

from __future__ import annotations

import re
from contextlib import suppress

from bench._fuzz_targets import Feed, target, text_of

ICS = (
    b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART;TZID=Asia/Jakarta:20261123T080000\r\n"
    b"DURATION:PT30M\r\nRRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20270101\r\nEXDATE;VALUE=DATE:20261130\r\n"
    b"SUMMARY:x\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
XMLTV = (
    b'<tv><channel id="1"><display-name>a</display-name></channel>'
    b'<programme start="20261123080000 +0700" stop="20261123083000 +0700" channel="1"><title>x</title>'
    b"</programme></tv>"
)
ROWS = b"date,start,end,series,channel\n2026-11-23,08:00,08.30,x,a\n23/11/2026;24:00;1:00;y;b\n"


@target("timetables", ICS, XMLTV, ROWS, b"weekdays,starts_on,start,end,title\nSenin,2026-11-23,08:00,09:00,x\n")
def timetables() -> Feed:
    from broadcast_schedule import importing
    from broadcast_schedule.importing.reading import Source
    from core.problems import Refused

    source = Source("Asia/Makassar", ("RRI Contoh", "rri-contoh"))

    def feed(data: bytes) -> None:
        with suppress(Refused):
            importing.read(data, source)

    return feed


GIFT = b"::a::Apa? {=benar ~salah#karena ~%50%hampir}\n\nBenar? {T}\n\nBerapa? {#3.14:0.01}\n\nPasang {=a->b =c->d}\n"
MOODLE = (
    b'<quiz><question type="multichoice"><name><text>a</text></name><questiontext format="html"><text>'
    b'&lt;p&gt;b</text></questiontext><answer fraction="100"><text>c</text></answer><answer fraction="0"><text>'
    b"d</text></answer></question></quiz>"
)


@target(
    "questions",
    GIFT,
    b"Apa?\nA. ya\nB. tidak\nANSWER: A\n",
    MOODLE,
    b"question,kind,a,b,answer\nApa?,multiple_choice,ya,tidak,A\n",
)
def questions() -> Feed:
    from core.problems import Refused
    from lessons.exchange import aiken, csv, gift, moodle_xml, sniff

    def feed(data: bytes) -> None:
        for read in (lambda raw: sniff.reader(raw)(raw), gift.read, aiken.read, csv.read, moodle_xml.read):
            with suppress(Refused):
                read(data)

    return feed


@target("rosters", b"nama,nomor,kelas\nAni,0812 3456 7890,5A\n", b"name;msisdn;class;guardian\n=1+1;+62812;5A;x\n")
def rosters() -> Feed:
    from core.problems import Refused
    from schools import roster_files

    def feed(data: bytes) -> None:
        with suppress(Refused):
            roster_files.read(data)

    return feed


PLAYOUT = (
    b"date,start,end,title\n2026-11-23,10:00:02,10:29:58,X-Sains\n", b"tgl;jam;durasi;acara\n23/11/2026;23.30;01:00:00;x\n",
    b"start,title\n2026-11-23T10:00:02,x\n", b"2026-11-23 10:00:02  00:29:56  X-Sains\n", b"date,start\n0001-01-01,00:10\n",
)  # fmt: skip


@target("playout", *PLAYOUT)
def playout() -> Feed:
    from broadcast_schedule import playout_log
    from core.problems import Refused

    def feed(data: bytes) -> None:
        with suppress(Refused):
            entries, _bad = playout_log.read(data, "Asia/Makassar")
            for one in entries:
                assert one.end is None or one.end > one.start, one
                assert len(one.title) <= 200, one

    return feed


@target("station-words", b"TERIMA 101", b"ganti 101 jam 11.00 WIT", b"GAGAL 101: listrik", "SIAR ١٠١".encode(), b"TOLAK")
def station_words() -> Feed:
    from broadcast_schedule import station_words

    def feed(data: bytes) -> None:
        said = station_words.read(text_of(data))
        if said is not None:
            assert said.code is None or 0 <= said.code < 10**9, said
            assert said.time == "" or re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", said.time), said
            assert len(said.rest) <= 160, said

    return feed


@target("addresses", b"/teach/", b"//evil.example", b"/a?b=c#d", b"https://x/")
def addresses() -> Feed:
    from urllib.parse import urlsplit

    from schools.logins import safe_next

    def feed(data: bytes) -> None:
        found = safe_next(text_of(data)[:500])
        parts = urlsplit(found)
        assert (parts.scheme, parts.netloc) == ("", "")
        assert not found.startswith(("//", "/\\"))

    return feed
