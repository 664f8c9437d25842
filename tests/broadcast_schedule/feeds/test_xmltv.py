"""XMLTV, judged by the tools of the XMLTV project."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from broadcast_schedule.feeds.xmltv import render
from broadcast_schedule.timetable import Channel
from core.text import clean, one_line
from tests.broadcast_schedule.made import KEY, TVRI, occurrence, timetable
from tests.services import XMLTV_DTD, needs

FULL = occurrence(
    7, title="<X> & Sains", episode="Magnet\ndan besi", description="Dua\nbaris", audience="SD 4-6", quiz_keyword="SAINS"
)
OTHER = Channel("pro2.tvri-nasional.kentongan.id", "Pro 2")


def read(*occurrences, **more):
    return etree.fromstring(render(timetable(*occurrences, **more)))


def judged(tmp_path, raw):
    """What tv_validate_file and tv_sort say; nothing is good."""
    path = tmp_path / "feed.xml"
    path.write_bytes(raw)
    validate = ["tv_validate_file", f"--dtd-file={XMLTV_DTD}", str(path)]
    run = subprocess.run(validate, capture_output=True, text=True)
    sort = subprocess.run(["tv_sort", "--by-channel", str(path)], capture_output=True, text=True)
    return (run.returncode, run.stderr.replace("Validated ok.", "").strip(), sort.stderr)


@needs("xmltv")
@pytest.mark.parametrize("medium", ["tv", "radio"])
def test_the_validator_and_the_sorter_have_nothing_to_say(tmp_path, medium):
    made = [FULL, occurrence(8, at="08:30", channel=OTHER.key), occurrence(9, at="09:00")]
    assert judged(tmp_path, render(timetable(*made, channels=(TVRI, OTHER), medium=medium))) == (0, "", "")


@needs("xmltv")
def test_the_judges_see_a_fault(tmp_path):
    raw = render(timetable(FULL, occurrence(8, at="08:15")))
    assert judged(tmp_path, raw)[2] != ""
    assert judged(tmp_path, raw.replace(b" +0700", b" +07:00"))[0] != 0


def test_a_programme_as_it_is_written():
    assert etree.tostring(read(FULL, medium="radio").find("programme")).decode().split("\n  </programme>")[0].split("\n    ") == [
        f'<programme start="20261123080000 +0700" stop="20261123083000 +0700" channel="{KEY}">',
        '<title lang="id">&lt;X&gt; &amp; Sains</title>',
        '<sub-title lang="id">Magnet dan besi</sub-title>',
        '<desc lang="id">Dua\nbaris</desc>',
        '<category lang="id">Pendidikan</category>',
        '<category lang="en">Education</category>',
        '<keyword lang="id">SD 4-6</keyword>',
        '<keyword lang="id">SAINS</keyword>',
        "<language>id</language>",
        "<video>",
        "  <present>no</present>",
        "</video>",
    ]


def test_it_names_its_dtd():
    assert render(timetable(FULL)).splitlines()[:2] == [
        b"<?xml version='1.0' encoding='UTF-8'?>",
        b'<!DOCTYPE tv SYSTEM "xmltv.dtd">',
    ]


def test_cancelled_is_left_out_and_its_channel_with_it():
    root = read(FULL, occurrence(8, channel=OTHER.key, status="cancelled"), channels=(TVRI, OTHER))
    assert [child.get("id") or child.get("channel") for child in root] == [KEY, KEY]


def test_channels_come_first():
    root = read(FULL, occurrence(8, channel=OTHER.key), channels=(TVRI, OTHER))
    assert [child.tag for child in root] == ["channel", "channel", "programme", "programme"]


def test_each_time_has_the_offset_of_its_own_day():
    london = [occurrence(1, day=day, at="14:00") for day in ("2026-10-24", "2026-10-25")]
    root = read(*london, zone="Europe/London")
    assert [p.get("start") for p in root.findall("programme")] == ["20261024080000 +0100", "20261025070000 +0000"]


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=60), st.integers(0, 100_000))
def test_whatever_was_cleaned_is_well_formed_and_reads_back(text, minutes):
    title = one_line(clean(text)) or "x"
    start = datetime(2026, 11, 23, tzinfo=UTC) + timedelta(minutes=minutes)
    made = occurrence(1, title=title, description=clean(text))
    programme = read(made).find("programme")
    assert programme.findtext("title") == title
    assert start.tzinfo is UTC
