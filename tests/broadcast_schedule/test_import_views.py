"""A station's and a planner's journey from a file to the air, and how a station is received."""

from __future__ import annotations

from io import BytesIO

import pytest
import time_machine
from sqlalchemy import select

from broadcast_schedule.feed_tables import Bearer, Upload
from broadcast_schedule.tables import Slot
from schools.tables import Staff
from tests.broadcast_schedule.conftest import NOW
from tests.broadcast_schedule.test_views import HASHED, Person, text
from tests.kept import kept

GOOD = "date,start,end,series\n2026-11-23,08:00,08:30,Jalan Sesama\n"
BAD = GOOD + "2026-11-24,08:00,08:00,Nol\n"
ICS = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART:20261123\r\nSUMMARY:x\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"


@pytest.fixture(autouse=True)
def at_ten_on_sunday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person(app, network):
    """A browser logged in as ``stasiun`` (of RRI Jayapura), ``penyusun`` or ``guru``."""
    kept(network.database, "a station, a planner, a teacher", lambda: hire(network.database))
    return lambda login: Person(app.test_client()).logged_in(login)


def hire(database):
    with database.writing() as db:
        for login, role, of in (
            ("stasiun", "station", {"station_slug": "rri-jayapura"}),
            ("penyusun", "planner", {}),
            ("guru", "teacher", {}),
        ):
            db.add(Staff(login=login, name=login, role=role, password_hash=HASHED, language="id", created_at=NOW, **of))


def send(someone, content, name="jadwal.csv", **fields):
    raw = content if isinstance(content, bytes) else content.encode()
    return someone.send("/station/import", file=(BytesIO(raw), name), **fields)


def held(response):
    from lxml import html

    return html.fromstring(response.get_data())


def slots(network):
    with network.database.reading() as db:
        return [(s.channel_id, s.is_draft) for s in db.scalars(select(Slot).where(Slot.retired_at.is_(None)))]


def test_a_station_sends_looks_and_takes(person, network):
    someone = person("stasiun")
    report = send(someone, GOOD)
    assert "1 baru, 0 berubah, 0 sama, 0 hilang. Belum ada yang berubah." in text(held(report))
    assert slots(network) == []
    action = held(report).xpath("string(//form[contains(@action, '/station/import/')]/@action)")
    token = held(report).xpath("string(//input[@name='csrf_token']/@value)")
    done = someone.client.post(action, data={"csrf_token": token, "publish": "1"})
    assert done.status_code == 303
    assert "1 acara diambil. Terbit sebagai edisi 1." in text(someone.page(done.location))
    assert slots(network) == [(network.east, False)]
    assert someone.client.post(action, data={"csrf_token": token}).status_code == 404


def test_each_refused_line_is_named(person, network):
    someone = person("stasiun")
    page = text(held(send(someone, BAD)))
    assert "Baris 3: panjangnya nol: akhir sama dengan awal." in page
    assert "Ambil ke rancangan" not in page
    assert "Ambil ke rancangan" in text(held(send(someone, BAD, skips_bad="1")))
    assert "a: ini acara sepanjang hari (DTSTART tanpa jam)." in text(held(send(someone, ICS, "x.ics")))


def test_what_is_wrong_with_the_columns_names_its_line_beside_the_file(person, network):
    page = held(send(person("stasiun"), "date,start,series\n2026-11-23,08:00,X\n"))
    link = page.xpath("//div[@class='problems']//a")[0]
    assert (link.get("href"), text(link)) == ("#file", "Baris 1: kolom end tidak ada.")


def test_clashes_are_told_before(person, plan, network):
    plan.slot()
    plan.publish()
    someone = person("penyusun")
    page = text(held(send(someone, GOOD.replace("08:00,08:30", "08:15,08:45"), station="tvri-nasional")))
    assert "2026-11-23: bertabrakan di TVRI Nasional, pertama kali 2026-11-23 08:15 WIB: Jalan Sesama dengan X-Sains." in page
    assert "Terbitkan sekarang juga" not in page


@pytest.mark.parametrize("content", [b"", b"\x00\xff", b"hello", GOOD.encode() * 3])
def test_what_cannot_be_read_is_one_sentence(person, content, network):
    assert send(person("stasiun"), content).status_code in (200, 422)
    assert slots(network) == []


def test_a_file_is_its_senders_alone(person, network):
    report = held(send(person("stasiun"), GOOD))
    action = report.xpath("string(//form[contains(@action, '/station/import/')]/@action)")
    other = person("penyusun")
    token = other.page("/station/import").xpath("string(//input[@name='csrf_token']/@value)")
    assert other.client.post(action, data={"csrf_token": token}).status_code == 404
    with network.database.reading() as db:
        assert len(db.scalars(select(Upload)).all()) == 1
    assert person("guru").client.get("/station/import").status_code == 404


def test_a_station_does_not_choose_another(person, network):
    someone = person("stasiun")
    send(someone, GOOD, station="tvri-nasional")
    with network.database.reading() as db:
        assert len({u.station_id for u in db.scalars(select(Upload))}) == 1
    assert "RRI Jayapura" in text(someone.page("/station/import?station=tvri-nasional"))


def test_how_a_station_is_received(person, network):
    someone = person("stasiun")
    assert (
        someone.send(
            "/station/bearers", to="/station/bearers?station=rri-jayapura", uri="FM:cf2.C123.10250", cost="10"
        ).status_code
        == 303
    )
    page = someone.page("/station/bearers")
    assert "fm:cf2.c123.10250" in text(page)
    assert "/radiodns/spi/3.1/fm/cf2/c123/10250/" in text(page)
    assert (
        someone.send("/station/bearers", to="/station/bearers?station=rri-jayapura", uri="fm:cf2.c123.10250").status_code == 422
    )
    for wrong in ("radio", "fm:cf2.c123", "javascript:alert(1)", "https://x", ""):
        assert someone.send("/station/bearers", to="/station/bearers?station=rri-jayapura", uri=wrong).status_code == 422
    assert (
        someone.send("/station/bearers", to="/station/bearers?station=rri-jayapura", uri="https://a.id/live").status_code == 422
    )
    assert someone.send("/station/bearers", to="/remove?station=rri-jayapura").status_code == 303
    with network.database.reading() as db:
        assert db.scalars(select(Bearer)).all() == []
