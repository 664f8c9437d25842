"""RadioDNS SPI against its schema, and what the schema leaves open."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from broadcast_schedule.feeds import spi
from broadcast_schedule.timetable import Bearer, Channel, Station
from core.text import clean, one_line
from tests.broadcast_schedule.made import KEY, UPDATED, occurrence, timetable

XSD = Path(__file__).parent / "spi_34.xsd"
NS = {"s": spi.NAMESPACE}
FM = Bearer("fm:cf2.c123.10250", 20)
STREAM = Bearer("https://stream.example.id/live", 40, "audio/mpeg", 64)
RADIO = Channel(KEY, "RRI Yogyakarta Programa 2", (STREAM, FM))


@pytest.fixture(scope="module")
def schema():
    return etree.XMLSchema(etree.parse(XSD))


def read(raw, schema):
    root = etree.fromstring(raw)
    assert schema.validate(root), schema.error_log
    return root


def test_programmes_are_valid_and_whole(schema):
    made = timetable(
        occurrence(1, title="Gemar Matematika Bersama Pak Ridwan", episode="Pecahan", audience="SD 1-3", quiz_keyword="PECAHAN"),
        occurrence(2, at="09:00", minutes=1440, description="x" * 400),
        occurrence(3, at="10:00", status="cancelled"),
        channels=(RADIO,),
        revised_at=UPDATED,
    )
    root = read(spi.render(made), schema)
    first, second = root.iterfind(".//s:programme", NS)
    assert [first.findtext(f"s:{name}", namespaces=NS) for name in ("mediumName", "longName")] == [
        "Gemar Matematika",
        "Gemar Matematika Bersama Pak Ridwan",
    ]
    assert dict(first.find(".//s:time", NS).attrib) == {"time": "2026-11-23T08:00:00+07:00", "duration": "PT30M"}
    assert second.find(".//s:time", NS).get("duration") == "PT24H"
    assert [each.get("id") for each in first.iterfind(".//s:bearer", NS)] == [FM.uri, STREAM.uri]
    assert [len(each.text) for each in second.find("s:mediaDescription", NS)] == [180, 400]
    assert first.get("id") == f"crid://{KEY}/1-20261123T0800"
    assert dict(root.find(".//s:scope", NS).attrib) == {
        "startTime": "2026-11-23T00:00:00+07:00",
        "stopTime": "2026-12-07T00:00:00+07:00",
    }


def test_actual_times_stand_beside_the_billed_ones(schema):
    begun = UPDATED.replace(year=2026, month=11, day=23, hour=1, minute=2, second=5)
    made = timetable(
        occurrence(1, status="aired", actual=(begun, begun + timedelta(minutes=31, seconds=7))),
        occurrence(2, at="09:00", status="aired", actual=(begun, begun + timedelta(hours=25))),
        channels=(RADIO,),
    )
    first, second = read(spi.render(made), schema).iterfind(".//s:time", NS)
    assert dict(first.attrib) == {
        "time": "2026-11-23T08:00:00+07:00",
        "duration": "PT30M",
        "actualTime": "2026-11-23T08:02:05+07:00",
        "actualDuration": "PT31M7S",
    }
    assert second.get("actualDuration") == "PT25H"


def test_services_and_groups_are_valid(schema):
    station = Station("rri-yogyakarta", "RRI Yogyakarta", "Asia/Jakarta", frequency="FM 102.5 MHz")
    root = read(spi.service_information([(station, [RADIO, Channel("dua.x.id", "Dua")])], "Kentongan"), schema)
    assert [each.findtext("s:shortName", namespaces=NS) for each in root.iterfind(".//s:service", NS)] == ["RRI", "Dua"]
    assert dict(root.find(".//s:radiodns", NS).attrib) == {"fqdn": KEY, "serviceIdentifier": "tvrinasional"}
    groups = read(spi.programme_groups(timetable(occurrence(1), occurrence(2, at="09:00"))), schema)
    assert [each.findtext("s:longName", namespaces=NS) for each in groups.iterfind(".//s:programmeGroup", NS)] == ["X-Sains"]


def test_an_empty_window_is_valid(schema):
    assert len(read(spi.render(timetable()), schema).findall("s:schedule", NS)) == 1
    read(spi.programme_groups(timetable()), schema)


def test_where_a_channel_is_found():
    assert spi.paths(RADIO) == ["fm/cf2/c123/10250", f"id/{KEY}/tvrinasional"]
    assert spi.paths(Channel("a-b.c.id", "x", (Bearer("dab:cf2.1000.c221.0"),))) == ["dab/cf2/1000/c221/0", "id/a-b.c.id/ab"]


words = st.text(max_size=300).map(clean).map(one_line)


@given(words.filter(bool), words, words, st.integers(1, 1440), st.integers(0, 9))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whatever_is_planned_is_valid(schema, title, episode, description, minutes, sequence):
    made = occurrence(title=title, episode=episode, description=description, minutes=minutes, sequence=sequence, audience=episode)
    read(spi.render(timetable(made, channels=(RADIO,))), schema)
    read(spi.programme_groups(timetable(made)), schema)
