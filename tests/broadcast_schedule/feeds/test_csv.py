"""The playout log, read back by the csv module."""

from __future__ import annotations

import csv
import io

from broadcast_schedule.feeds.csv import render
from tests.broadcast_schedule.made import KEY, occurrence, timetable


def rows(*occurrences):
    return list(csv.DictReader(io.StringIO(render(timetable(*occurrences)).decode(), newline="")))


def test_an_airing_as_it_is_written():
    assert rows(
        occurrence(
            7, title="Mantul, Matematika", episode='"Magnet"', audience="SD 4-6", quiz_keyword="SAINS", lesson="IPA magnet-1"
        )
    ) == [
        {
            "date": "2026-11-23",
            "start": "08:00",
            "end": "08:30",
            "time_zone": "Asia/Jakarta",
            "channel": "TVRI Nasional",
            "series": "Mantul, Matematika",
            "episode": '"Magnet"',
            "audience": "SD 4-6",
            "status": "planned",
            "id": f"7-20261123T0800@{KEY}",
            "quiz_keyword": "SAINS",
            "lesson": "IPA magnet-1",
        }
    ]


def test_midnight_and_after():
    made = (occurrence(at="23:30"), occurrence(at="23:30", minutes=60), occurrence(at="00:00", minutes=1440))
    assert [(r["start"], r["end"]) for r in rows(*made)] == [("23:30", "24:00"), ("23:30", "00:30"), ("00:00", "24:00")]


def test_cancelled_is_left_out():
    assert rows(occurrence(status="cancelled")) == []


def test_no_cell_is_a_formula():
    assert [r["series"] for r in rows(occurrence(title='=HYPERLINK("x")'), occurrence(title="-1"))] == [
        '\'=HYPERLINK("x")',
        "'-1",
    ]
