"""iCalendar, read back by the icalendar library and by recurring-ical-events, and looked at octet by octet."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import recurring_ical_events
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from broadcast_schedule.feeds.ical import render
from core.text import clean, one_line
from tests.broadcast_schedule.made import RECORDING, occurrence, timetable

FULL = occurrence(
    7,
    title="Mantul, Matematika; Manfaat Betul \\ bagian",
    episode="Perbandingan — ½",
    description="Baris satu\nbaris dua",
    audience="SMP",
    quiz_keyword="MTK1",
    lesson="MTK banding",
    sequence=2,
)


def events(*occurrences, **more):
    return Calendar.from_ical(render(timetable(*occurrences, **more))).walk("VEVENT")


def test_every_property_of_an_event():
    (event,) = events(FULL)
    assert {name: event.decoded(name) for name in event if name not in ("SUMMARY", "DESCRIPTION", "CATEGORIES")} == {
        "UID": "7-20261123T0800@tvri-nasional.kentongan.id",
        "DTSTART": datetime(2026, 11, 23, 1, 0, tzinfo=UTC),
        "DTEND": datetime(2026, 11, 23, 1, 30, tzinfo=UTC),
        "DTSTAMP": datetime(2026, 11, 20, 4, 5, 6, tzinfo=UTC),
        "LAST-MODIFIED": datetime(2026, 11, 20, 4, 5, 6, tzinfo=UTC),
        "SEQUENCE": 2,
        "LOCATION": "TVRI Nasional",
        "STATUS": "CONFIRMED",
        "TRANSP": "TRANSPARENT",
    }
    assert str(event["SUMMARY"]) == FULL.title
    assert str(event["DESCRIPTION"]) == "Perbandingan — ½\nBaris satu\nbaris dua\nKuis: MTK1\nPelajaran: MTK banding"


def test_a_file_is_attached_with_its_size_and_name():  # RFC 8607
    whole = replace(FULL, files=(RECORDING, replace(RECORDING, kind="script", url=RECORDING.url[:-1] + "b")))
    (event,) = events(whole)
    assert [str(each) for each in event["ATTACH"]] == [RECORDING.url, RECORDING.url[:-1] + "b"]
    told = {"FMTTYPE": "audio/mpeg", "SIZE": "12345678", "FILENAME": "magnet-bagian-1-a1a1a1a1.mp3"}
    assert dict(event["ATTACH"][0].params) == told
    assert max(len(line) for line in render(timetable(whole)).split(b"\r\n")) <= 75


def test_cancelled_is_told_as_cancelled():  # case 11
    (event,) = events(occurrence(status="cancelled", sequence=1))
    assert (str(event["STATUS"]), event["SEQUENCE"]) == ("CANCELLED", 1)


def test_the_calendar_says_when_to_come_back():
    calendar = Calendar.from_ical(render(timetable(FULL)))
    assert (calendar["VERSION"], str(calendar["X-WR-CALNAME"]), str(calendar["X-PUBLISHED-TTL"])) == (
        "2.0",
        "TVRI Nasional",
        "PT1H",
    )
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in render(timetable(FULL))


def test_recurring_ical_events_reads_the_same_instants():
    made = [
        occurrence(slot, day=f"2026-11-{day}", at=at) for slot, day, at in ((1, 23, "08:00"), (2, 24, "00:15"), (3, 25, "23:45"))
    ]
    found = recurring_ical_events.of(Calendar.from_ical(render(timetable(*made)))).between(date(2026, 11, 1), date(2026, 12, 1))
    assert sorted((e["DTSTART"].dt, e["DTEND"].dt) for e in found) == [(o.start, o.end) for o in made]


def test_nothing_is_a_calendar_too():
    assert events() == []


# What comes in has passed core.text.clean.
texts = st.text(max_size=120).map(lambda text: one_line(clean(text)))


@given(st.lists(texts, min_size=1, max_size=4))
def test_lines_end_in_crlf_are_short_and_read_back(titles):
    made = [occurrence(slot, title=title) for slot, title in enumerate(titles)]
    raw = render(timetable(*made))
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()  # no line is folded inside a character
    assert [str(e["SUMMARY"]) for e in Calendar.from_ical(raw).walk("VEVENT")] == titles
