"""The wall sheet."""

from __future__ import annotations

from lxml import html

from broadcast_schedule.feeds.html import render
from broadcast_schedule.timetable import Channel
from tests.broadcast_schedule.made import TVRI, occurrence, timetable


def rows(raw):
    root = html.fromstring(raw.decode())
    return [[" ".join(cell.text_content().split()) for cell in row] for table in root.iter("table") for row in table.iter("tr")]


def test_hours_of_three_zones_and_the_word_of_the_quiz():
    made = timetable(
        occurrence(1, episode="Magnet", audience="SD 4-6", quiz_keyword="MAGNET"),
        occurrence(2, at="23:30", minutes=60, title="Malam"),
        occurrence(3, day="2026-11-24", at="14:03", status="cancelled", title="Film"),
    )
    assert rows(render(made)) == [
        ["WIB", "WITA", "WIT", "Acara", "Kuis"],
        ["08.00–08.30", "09.00–09.30", "10.00–10.30", "X-Sains: Magnet (SD 4-6)", "SMS: MAGNET"],
        ["23.30–00.30 +1", "00.30 +1–01.30 +1", "01.30 +1–02.30 +1", "Malam", ""],
        ["WIB", "WITA", "WIT", "Acara", "Kuis"],
        ["23.30 -1–00.30", "00.30–01.30", "01.30–02.30", "Malam (lanjutan)", ""],
        ["14.03–14.33", "15.03–15.33", "16.03–16.33", "Film BATAL", ""],
    ]


def test_channels_are_named_where_there_are_several():
    other = Channel("dua.x.id", "TVRI Dua")
    made = timetable(occurrence(1), occurrence(2, channel="dua.x.id"), channels=(TVRI, other))
    assert [row[4] for row in rows(render(made))] == ["Saluran", "TVRI Nasional", "TVRI Dua"]


def test_a_zone_of_its_own_stands_first():
    assert rows(render(timetable(occurrence(1), zone="Europe/Berlin")))[0][:4] == ["Berlin", "WIB", "WITA", "WIT"]


def test_nothing_is_markup():
    raw = render(timetable(occurrence(1, title="<script>alert(1)</script>&amp;")))
    assert b"<script" not in raw
    assert rows(raw)[1][3] == "<script>alert(1)</script>&amp;"


def test_an_empty_sheet_says_so():
    assert "Tidak ada siaran." in render(timetable()).decode()
