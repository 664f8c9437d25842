"""TZIDs that no name tells: by the offsets of their own VTIMEZONE, beside zoneinfo and the icalendar library."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Timezone

from broadcast_schedule import importing
from broadcast_schedule.importing.ical_lines import parse
from broadcast_schedule.importing.ical_zones import read_definition, same_as
from broadcast_schedule.importing.reading import Source
from tests.examples import examples

INDOCHINA = """BEGIN:VTIMEZONE
TZID:Custom
BEGIN:STANDARD
DTSTART:16010101T000000
TZOFFSETFROM:+0700
TZOFFSETTO:+0700
END:STANDARD
END:VTIMEZONE"""
PARIS = """BEGIN:VTIMEZONE
TZID:Custom
BEGIN:STANDARD
DTSTART:16011028T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010325T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE"""
ODD = INDOCHINA.replace("+0700", "+0715")
WANING = PARIS.replace("BYMONTH=3", "BYMONTH=3;UNTIL=20270328T010000Z").replace("BYMONTH=10", "BYMONTH=10;COUNT=427")
NOBODYS = "aturannya (RRULE) di zona Custom, yang tidak sama dengan zona IANA mana pun."


def vtimezone(text):
    (component,), bad = parse(text.encode(), lambda: None)
    assert bad == []
    return component


def read(definition, *properties, station="Asia/Jayapura", tzid="Custom"):
    """{start in UTC: zone of its rule} and the sentences that refuse."""
    lines = [f"DTSTART;TZID={tzid}:20261123T080000", f"DTEND;TZID={tzid}:20261123T083000", "UID:u1", "SUMMARY:X", *properties]
    event = "\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"])
    text = f"BEGIN:VCALENDAR\n{definition}\n{event}\nEND:VCALENDAR\n"
    found = importing.read(text.encode(), Source(station))
    return [(e.rule.starts_on, e.rule.starts_at.isoformat("minutes"), e.rule.time_zone) for e in found.entries], [
        str(problem) for problem in found.bad
    ]


@pytest.mark.parametrize(
    ("definition", "station", "zone"),
    [
        (INDOCHINA, "Asia/Jayapura", "Asia/Jakarta"),
        (INDOCHINA, "Asia/Pontianak", "Asia/Pontianak"),  # the station's own before others
        (INDOCHINA.replace("+0700", "+0800"), "Asia/Jakarta", "Asia/Makassar"),
        (INDOCHINA.replace("+0700", "+0900"), "Asia/Jakarta", "Asia/Jayapura"),
        (INDOCHINA.replace("+0700", "+0000"), "Asia/Jakarta", "UTC"),
        (INDOCHINA.replace("END:STANDARD", "RRULE:FREQ=YEARLY;UNTIL=99991231T235959Z\nEND:STANDARD"), "UTC", "Asia/Jakarta"),
        (PARIS, "Europe/Berlin", "Europe/Berlin"),
    ],
)
def test_the_zone_of_the_same_offsets(definition, station, zone):
    day = date(2026, 11, 23)
    assert read(definition, "RRULE:FREQ=WEEKLY;COUNT=3", station=station) == ([(day, "08:00", zone)], [])


def test_a_zone_of_summer_time_is_found_by_its_changes():
    ((_day, at, zone),), bad = read(PARIS, "RRULE:FREQ=WEEKLY")
    assert (at, bad) == ("08:00", [])
    moments = [datetime(year, month, 28, tzinfo=UTC) for year in (2026, 2040) for month in range(1, 13)]
    paris = ZoneInfo("Europe/Paris")
    assert [m.astimezone(ZoneInfo(zone)).utcoffset() for m in moments] == [m.astimezone(paris).utcoffset() for m in moments]


def test_an_offset_of_nobody_is_exact_once_and_refused_as_a_rule():
    assert read(ODD) == ([(date(2026, 11, 23), "09:45", "Asia/Jayapura")], [])  # 08.00 at +07:15 is 00:45 UTC
    assert read(ODD, "RRULE:FREQ=WEEKLY") == ([], [NOBODYS])
    assert read(ODD, "RDATE;TZID=Custom:20261125T080000")[0] == [
        (date(2026, 11, 23), "09:45", "Asia/Jayapura")
    ]  # the date is added to it: same hour, same length


def test_a_zone_that_gives_up_summer_time_is_nobodys():
    assert read(WANING, "RRULE:FREQ=WEEKLY")[1] == [
        "aturannya (RRULE) di zona Custom, yang tidak sama dengan zona IANA mana pun."
    ]
    definition = read_definition(vtimezone(WANING))
    assert [definition.offset(datetime(year, 7, 1, tzinfo=UTC)).seconds // 3600 for year in (2026, 2027, 2028)] == [2, 2, 1]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("TZOFFSETTO:+0700", "TZOFFSETTO:7", "TZOFFSETTO"),
        ("DTSTART:16010101T000000", "DTSTART:soon", "soon"),
        ("TZOFFSETTO:+0700", "TZOFFSETTO:+0700\nRRULE:FREQ=HOURLY", "HOURLY"),
        ("TZOFFSETTO:+0700", "TZOFFSETTO:+0700\nRRULE:FREQ=DAILY", "RRULE"),
        ("STANDARD", "OTHER", "STANDARD"),
        ("DTSTART:1601", "DTSTART:0001", "DTSTART"),
        ("DTSTART:16010101T000000", "DTSTART:16010101T000000\nRDATE:00010101T000000", "DTSTART"),
        ("TZOFFSETTO:+0700", "TZOFFSETTO:+0700\nRRULE:FREQ=YEARLY;UNTIL=99991231T235959Z;COUNT=x", "COUNT"),
    ],
)
def test_a_definition_that_cannot_be_read_is_told(old, new, said):
    refused = read(INDOCHINA.replace(old, new))
    assert refused[0] == []
    (sentence,) = refused[1]
    assert sentence.startswith("zona waktu Custom tidak dikenal, dan VTIMEZONE-nya tidak terbaca: ")
    assert said in sentence


def test_a_zone_that_nobody_defines_is_unknown():
    assert read(INDOCHINA, tzid="Other") == ([], ["zona waktu Other tidak dikenal."])


def test_its_name_goes_before_its_offsets():
    text = INDOCHINA.replace("Custom", "Asia/Makassar")
    assert read(text, tzid="Asia/Makassar") == ([(date(2026, 11, 23), "08:00", "Asia/Makassar")], [])
    named = INDOCHINA.replace("TZID:Custom", "TZID:Custom\nX-LIC-LOCATION:Asia/Makassar")
    assert read(named)[0][0][2] == "Asia/Makassar"


@settings(max_examples=examples(60), deadline=None)
@given(
    st.sampled_from(("Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Jakarta", "America/Santiago")),
    st.datetimes(datetime.fromisoformat("2024-01-02"), datetime.fromisoformat("2030-12-30")),
)
def test_a_definition_says_what_zoneinfo_says(name, local):
    made = Timezone.from_tzid(name, first_date=date(2020, 1, 1), last_date=date(2037, 1, 1))
    definition = read_definition(vtimezone(made.to_ical().decode()))
    local = local.replace(microsecond=0)
    assert definition.instant(local) == local.replace(tzinfo=ZoneInfo(name)).astimezone(UTC)
    assert definition.offset(local.replace(tzinfo=UTC)) == local.replace(tzinfo=UTC).astimezone(ZoneInfo(name)).utcoffset()


def test_years_beyond_the_file_count_for_a_whole_cycle():
    definition = read_definition(vtimezone(WANING))
    assert same_as(definition, 2026, 2026, "Europe/Paris") == "Europe/Paris"
    assert same_as(definition, 2026, 2030, "Europe/Paris") == ""


def test_a_gap_and_an_hour_that_comes_twice():
    definition = read_definition(vtimezone(PARIS))
    gap, twice = datetime.fromisoformat("2026-03-29T02:30"), datetime.fromisoformat("2026-10-25T02:30")
    assert definition.instant(gap) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # by the offset before it
    assert definition.instant(twice) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # the first
    assert definition.instant(gap + timedelta(hours=1)) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
