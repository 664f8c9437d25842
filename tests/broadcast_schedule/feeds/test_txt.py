"""The plain sheet."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from broadcast_schedule.feeds.txt import render
from core.text import clean, one_line
from tests.broadcast_schedule.made import occurrence, timetable


def test_a_sheet_as_it_is_written():
    made = (
        occurrence(
            1, title="Gemar Matematika Bersama Pak Ridwan", episode="Operasi Penjumlahan dan Pengurangan", audience="SD 1-3"
        ),
        occurrence(2, at="08:30", quiz_keyword="SAINS"),
        occurrence(3, day="2026-11-24", at="14:03", minutes=27, title="Matematika", status="cancelled"),
    )
    assert render(timetable(*made)).decode().splitlines() == [
        "TVRI Nasional",
        "Revisi 3",
        "",
        "Senin, 23 November 2026",
        "-----------------------",
        "08.00–08.30 WIB  Gemar Matematika Bersama Pak Ridwan: Operasi Penjumlahan dan",
        "    Pengurangan (SD 1-3)",
        "08.30–09.00 WIB  X-Sains (kuis SAINS)",
        "",
        "Selasa, 24 November 2026",
        "------------------------",
        "14.03–14.30 WIB  Matematika BATAL",
    ]


def test_an_empty_sheet_says_so():
    assert render(timetable()).decode().splitlines()[-1] == "Tidak ada siaran."


@given(st.lists(st.text(max_size=200), max_size=4))
def test_no_line_is_longer_than_eighty(titles):
    made = [occurrence(n, title=one_line(clean(title))) for n, title in enumerate(titles)]
    assert max(map(len, render(timetable(*made)).decode().split("\n"))) <= 80


def test_what_goes_on_after_midnight_stands_under_both_days():
    made = timetable(occurrence(1, at="23:30", minutes=60), occurrence(2, day="2026-11-24", at="22:00", minutes=120))
    lines = render(made).decode().splitlines()
    assert [line for line in lines if "X-Sains" in line] == [
        "23.30–00.30 WIB  X-Sains",
        "23.30–00.30 WIB  X-Sains (lanjutan)",
        "22.00–24.00 WIB  X-Sains",
    ]


def test_wide_characters_count_twice():
    text = render(timetable(occurrence(title="漢" * 100))).decode()
    assert max(len(line) for line in text.split("\n") if "漢" in line) == 40
