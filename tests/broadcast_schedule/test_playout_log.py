from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcast_schedule.playout_log import Entry, read
from core.problems import Refused

WIT = "Asia/Jayapura"


def utc(hour, minute=0, second=0, day=23):
    return datetime(2026, 11, day, hour, minute, second, tzinfo=UTC)


X_SAINS = Entry(2, utc(1, 0, 2), utc(1, 30), "X-Sains")


@pytest.mark.parametrize(
    "log",
    [
        "date,start,end,title\n2026-11-23,10:00:02,10:30,X-Sains\n",
        "\ufeffTanggal;Mulai;Selesai;Acara\r\n23/11/2026;10.00.02;10.30;X-Sains\r\n",
        "title,date,start,end,x\n X-Sains ,23-11-2026,10:00:02,10:30,9\n\n",
        "start,end,title\n2026-11-23 10:00:02,2026-11-23T10:30:00,X-Sains\n",
        "\n2026-11-23 10:00:02 00:29:58 X-Sains",
    ],
)
def test_a_log_is_read(log):
    assert read(log.encode(), WIT) == ([X_SAINS], [])


def test_an_end_before_its_start_is_tomorrow_and_a_length_may_lack():
    assert read(b"date,start,end,title\n2026-11-23,23:30,00:15,Malam", WIT)[0] == [Entry(2, utc(14, 30), utc(15, 15), "Malam")]
    assert read(b"2026-11-23 10:00 X-Sains", WIT)[0] == [Entry(1, utc(1), None, "X-Sains")]


def test_what_cannot_be_read_is_named_by_line_and_the_rest_is_taken():
    entries, bad = read(b"date,start,title\n2026-11111111111-23,10:00,A\n2026-11-23,25:99,B\n2026-11-23,10:00,C", WIT)
    assert ([e.title for e in entries], [p.where for p in bad]) == (["C"], ["line 2", "line 3"])


@pytest.mark.parametrize("raw", [b"", b"\n\n", b"nothing at all", b"a,b\n1,2", b"x" * 1_000_001])
def test_a_file_that_is_no_log_is_refused(raw):
    with pytest.raises(Refused):
        read(raw, WIT)


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda t: ("date,start,title\n" + t).encode()))
def test_nothing_else_breaks_it(raw):
    with suppress(Refused):
        read(raw, WIT)


@pytest.mark.parametrize(
    "log", ["date,start\n0001-01-01,00:10\n", "9999-12-31 23:10:00 02:00 x", "date,start,end\n9999-12-31,23:10,02:00\n"]
)
def test_a_day_at_the_end_of_the_calendar_is_a_bad_line(log):
    entries, bad = read(log.encode(), "Asia/Makassar")
    assert (entries, len(bad)) == ([], 1)


def test_a_first_line_longer_than_any_csv_is_refused():
    with pytest.raises(Refused):
        read(b'start,"' + b"a" * 200_000, WIT)


def test_a_length_is_exact_where_the_clock_is_put_back():
    log = b"date,start,duration,title\n2026-10-25,01:30,02:00:00,Malam\n"
    ((only,), bad) = read(log, "Europe/Berlin")
    assert (f"{only.start:%dT%H:%M}", f"{only.end:%dT%H:%M}", bad) == ("24T23:30", "25T01:30", [])


def test_an_end_of_the_next_day_is_on_its_own_clock():
    ((only,), _bad) = read(b"date,start,end,title\n2026-10-24,23:30,07:00,Malam\n", "Europe/Berlin")
    assert (f"{only.start:%dT%H:%M}", f"{only.end:%dT%H:%M}") == ("24T21:30", "25T06:00")
