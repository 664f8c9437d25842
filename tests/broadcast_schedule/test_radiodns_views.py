"""RadioDNS over HTTP: who may read, which service, which day."""

from __future__ import annotations

from pathlib import Path

import pytest
import time_machine
from lxml import etree
from sqlalchemy import select

from broadcast_schedule.feed_tables import Bearer
from broadcast_schedule.feeds.spi import NAMESPACE
from broadcast_schedule.tables import Station
from tests.broadcast_schedule.conftest import NOW

WEST, EAST = "tvri-nasional", "rri-jayapura"
BASE = "/radiodns/spi/3.1"
FM = f"{BASE}/fm/cf2/c123/10250"
HOST = f"{BASE}/id/{WEST}.kentongan.id/tvrinasional"
NS = {"s": NAMESPACE}
SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).parent / "feeds" / "spi_34.xsd"))


@pytest.fixture(autouse=True)
def at_ten_on_sunday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def get(client, plan):
    plan.kept("two slots and a bearer", lambda: two_slots_and_a_bearer(plan))

    def get(address, station=WEST, **headers):
        key = {"Authorization": f"Bearer {plan.network.keys[station].key}"} if station else {}
        return client.get(address, headers={**key, **{k.replace("_", "-"): v for k, v in headers.items()}})

    return get


def two_slots_and_a_bearer(plan):
    plan.slot()
    plan.slot(starts_at=plan.wanted().starts_at.replace(hour=23, minute=30), minutes=60)
    plan.publish()
    with plan.network.database.writing() as db:
        db.add(Bearer(channel_id=plan.network.west, uri="fm:cf2.c123.10250", cost=20))


def read(response):
    root = etree.fromstring(response.data)
    assert SCHEMA.validate(root), SCHEMA.error_log
    return root


def test_services_are_those_of_the_key(get, client, plan):
    root = read(get(f"{BASE}/SI.xml"))
    assert [each.findtext("s:longName", namespaces=NS) for each in root.iterfind(".//s:service", NS)] == ["TVRI Nasional"]
    assert [each.get("id") for each in root.iterfind(".//s:bearer", NS)] == ["fm:cf2.c123.10250"]
    assert get(f"{BASE}/SI.xml", station=None).status_code == 401
    assert client.get(f"{BASE}/SI.xml?key={plan.network.keys[WEST].calendar_token}").status_code == 200
    assert client.get(f"{BASE}/SI.xml?key=kc_wrong").status_code == 401


def test_open_data_is_there_for_everybody(get, database):
    with database.writing() as db:
        db.scalars(select(Station).where(Station.slug == EAST)).one().is_open_data = True
    root = read(get(f"{BASE}/SI.xml", station=None))
    assert [each.findtext("s:longName", namespaces=NS) for each in root.iterfind(".//s:service", NS)] == ["RRI Jayapura"]


@pytest.mark.parametrize("base", [FM, HOST, FM.replace("cf2", "CF2")])
def test_a_day_of_a_service(get, base):
    found = get(f"{base}/20261123_PI.xml")
    assert (found.status_code, found.content_type) == (200, "application/xml; charset=utf-8")
    times = [each.get("time") for each in read(found).iterfind(".//s:time", NS)]
    assert times == ["2026-11-23T08:00:00+07:00", "2026-11-23T23:30:00+07:00"]
    next_day = read(get(f"{base}/20261124_PI.xml"))
    assert [each.get("time") for each in next_day.iterfind(".//s:time", NS)] == ["2026-11-23T23:30:00+07:00"]


def test_groups(get):
    for address in (f"{FM}/GI.xml", f"{BASE}/GI.xml"):
        root = read(get(address))
        assert [each.get("type") for each in root.iterfind(".//s:programmeGroup", NS)] == ["series"]


@pytest.mark.parametrize(
    ("address", "station", "expected"),
    [
        (f"{FM}/20261123_PI.xml", None, 401),
        (f"{FM}/20261123_PI.xml", EAST, 404),
        (f"{FM}/20261131_PI.xml", WEST, 404),
        (f"{FM}/20160101_PI.xml", WEST, 404),
        (f"{FM}/20291231_PI.xml", WEST, 404),
        (f"{FM}/2026112_PI.xml", WEST, 404),
        (f"{FM}/index.html", WEST, 404),
        (f"{BASE}/fm/cf2/c123/09999/20261123_PI.xml", WEST, 404),
        (f"{BASE}/fm/%00/20261123_PI.xml", WEST, 404),
        (f"{FM}/GI.xml", EAST, 404),
    ],
)
def test_what_is_not_there_or_not_hers(get, address, station, expected):
    assert get(address, station).status_code == expected


def test_nothing_is_sent_twice(get):
    first = get(f"{FM}/20261123_PI.xml", Accept_Encoding="gzip")
    assert first.headers["Content-Encoding"] == "gzip"
    again = get(f"{FM}/20261123_PI.xml", If_None_Match=first.headers["ETag"], Accept_Encoding="gzip")
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
