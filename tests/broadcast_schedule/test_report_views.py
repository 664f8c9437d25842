"""A planner offers, a station answers and says what it aired, each on its pages."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from lxml import html
from sqlalchemy import select

from broadcast_schedule.carriage_tables import AsRun, Offer, StationContact
from broadcast_schedule.tables import Occurrence
from tests.broadcast_schedule.conftest import NOW
from tests.broadcast_schedule.test_import_views import person
from tests.broadcast_schedule.test_views import text

__all__ = ["person"]
MONDAY = NOW + timedelta(hours=23)


@pytest.fixture(autouse=True)
def at_ten_on_sunday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def slot(plan):
    return plan.slot()


def offers(network):
    with network.database.reading() as db:
        return db.execute(select(Offer.state, Offer.proposed_at, Offer.answered_by)).all()


def press(someone, address, name, value, **fields):
    """The form of the page that has this button, sent by it; the page that follows."""
    page = someone.page(address)
    form = page.xpath(f"//form[.//button[@name='{name}' and @value='{value}']]")[0]
    answer = someone.client.post(form.get("action"), data={**dict(form.form_values()), name: value, **fields})
    assert answer.status_code == 303, answer.text
    return text(someone.page(answer.location))


def test_an_offer_goes_out_and_comes_back(person, network, slot):
    planner, station = person("penyusun"), person("stasiun")
    refused = planner.send(f"/plan/slots/{slot}/offers", to="/offers", mode="relay")
    assert (refused.status_code, "Belum ada stasiun yang dipilih." in refused.text) == (422, True)
    assert html.fromstring(refused.text).xpath("count(//fieldset[@id='channels'])") == 1  # where the sentence leads
    assert planner.send(f"/plan/slots/{slot}/offers", to="/offers", channels=[str(network.east)]).status_code == 303
    assert "101 · X-Sains Jam 08.00 WIB" in text(station.page("/station/"))
    assert "Usul jam Anda diteruskan" in press(station, "/station/", "what", "propose", time="11:00")
    assert offers(network) == [("proposed", "11:00", "stasiun")]
    page = f"/plan/slots/{slot}/offers"
    assert "ingin jam lain 11.00 WIT" in text(planner.page(page))
    assert planner.send(page, to="/agree").status_code == 303
    assert offers(network) == [("accepted", "", "penyusun")]
    assert "Tidak ada tawaran yang menunggu." in text(station.page("/station/"))
    assert planner.send(page, to="/withdraw").status_code == 303
    assert offers(network) == [("withdrawn", "", "penyusun")]


def test_yes_is_one_button(person, network, slot):
    person("penyusun").send(f"/plan/slots/{slot}/offers", to="/offers", channels=[str(network.east)])
    station = person("stasiun")
    assert "Diterima. Ada di jadwal Anda" in press(station, "/station/", "what", "accept")
    assert offers(network) == [("accepted", "", "stasiun")]


def test_an_answer_may_be_changed_on_the_page_while_the_offer_stands(person, network, slot):
    person("penyusun").send(f"/plan/slots/{slot}/offers", to="/offers", channels=[str(network.east)])
    station = person("stasiun")
    press(station, "/station/", "what", "accept")
    page = press(station, "/station/", "what", "decline")
    assert (offers(network), "Jawaban (1)" in page, "X-Sains 101ditolak" in page) == ([("declined", "", "stasiun")], True, True)
    assert "X-Sains 101diterima" in press(station, "/station/", "what", "accept")
    assert offers(network) == [("accepted", "", "stasiun")]


@pytest.fixture
def monday(person, plan, network, slot):
    """The west's own X-Sains is on the air in the east too, published; it is Monday 09.00 WIB."""
    plan.slot(channel_id=network.east, time_zone="Asia/Jayapura")
    plan.publish()
    with time_machine.travel(MONDAY, tick=False):
        yield person("stasiun")


def said(network):
    with network.database.reading() as db:
        return db.execute(select(AsRun.state, AsRun.reason, AsRun.source)).all()


def test_what_was_aired_is_one_button_and_may_be_taken_back(monday, network):
    assert "Tercatat: sudah siar." in press(monday, "/station/", "what", "aired")
    assert "Tercatat: tidak siar." in press(monday, "/station/", "what", "failed", reason=" listrik  padam ")
    assert said(network) == [("failed", "listrik padam", "page")]
    page = text(monday.page("/station/report"))
    assert "X-Sains" in page


def test_another_stations_airing_is_not_hers(monday, network):
    with network.database.reading() as db:
        theirs = db.scalars(select(Occurrence.id).where(Occurrence.channel_id == network.west)).first()
    token = monday.page("/station/").xpath("string(//input[@name='csrf_token']/@value)")
    assert monday.client.post(f"/station/aired/{theirs}", data={"csrf_token": token, "what": "aired"}).status_code == 404
    assert monday.client.post("/station/offers/999", data={"csrf_token": token, "what": "accept"}).status_code == 404


def test_a_log_is_shown_and_then_taken(monday, network):
    log = b"date,start,end,title\n2026-11-23,08:01:10,08:30,X-SAINS\n2026-11-23,12:00,12:30,Berita\n2026-11-23,x,y,Z\n"
    page = monday.send("/station/log", to="/log?station=rri-jayapura", file=(BytesIO(log), "log.csv"))
    shown = html.fromstring(page.get_data())
    assert "1 baris cocok dengan siaran terbit, 1 baris lain bukan siaran kami." in text(shown)
    assert [text(li).partition(" Tulis")[0] for li in shown.xpath("//div[@class='problems']//li")] == [
        "Baris 4: Tanggal atau jam mulai tidak terbaca."
    ]
    assert said(network) == []
    form = next(f for f in shown.forms if "/station/log" in (f.get("action") or ""))
    done = monday.client.post(form.get("action"), data={**dict(form.form_values()), "do": "take"})
    assert "1 siaran tercatat dari log." in text(monday.page(done.location))
    assert said(network) == [("aired", "", "log")]
    with network.database.reading() as db:
        assert db.execute(select(AsRun.start, AsRun.end)).one() == (
            MONDAY - timedelta(hours=2, minutes=58, seconds=50), MONDAY - timedelta(hours=2, minutes=30),
        )  # fmt: skip


def test_a_file_that_is_no_log_is_one_sentence(monday):
    answer = monday.send("/station/log", to="/log?station=rri-jayapura", file=(BytesIO(b"x"), "log.csv"))
    assert "Baris pertama harus menyebut kolom" in text(monday.page(answer.location))


def test_what_is_wrong_with_a_log_is_said_in_the_readers_language(monday):
    monday.client.get("/?lang=en")
    answer = monday.send("/station/log", to="/log?station=rri-jayapura", file=(BytesIO(b"x"), "log.csv"))
    assert "The first line must name the columns" in text(monday.page(answer.location))
    shown = monday.send("/station/log", to="/log?station=rri-jayapura", file=(BytesIO(b"date,start,title\nx,y,Z\n"), "log.csv"))
    assert "The date or the start cannot be read." in text(html.fromstring(shown.get_data()))


def test_contacts_come_and_go(person, network):
    station = person("stasiun")
    assert station.send("/station/contacts", msisdn="bukan", name="x").status_code == 422
    assert station.send("/station/contacts", msisdn="021-5551234").status_code == 422
    assert station.send("/station/contacts", msisdn="0812 3456 7890", name="Meja siaran").status_code == 303
    assert "890Meja siaran" in text(station.page("/station/contacts"))
    assert "6281234567890" not in text(station.page("/station/contacts"))
    assert station.send("/station/contacts", to="/remove?station=rri-jayapura").status_code == 303
    with network.database.reading() as db:
        assert db.scalars(select(StationContact)).all() == []


def test_the_planner_sees_all_stations(person, network, monday):
    press(monday, "/station/", "what", "aired")
    assert "RRI Jayapura: X-Sains" in text(person("penyusun").page("/plan/report"))
    assert person("guru").client.get("/plan/report").status_code == 404


def test_a_planner_reports_for_a_station_that_telephoned(person, network, monday):
    planner = person("penyusun")
    assert "Tercatat: sudah siar." in press(planner, "/station/?station=rri-jayapura", "what", "aired")
    assert "/plan/report" in planner.page("/plan/").xpath("//main//a/@href")


def test_a_title_that_looks_like_a_length_is_confirmed_as_it_was_shown(monday, network):
    log = b"date,start,title\n2026-11-23,08:01,10:30 X-Sains\n"
    shown = html.fromstring(monday.send("/station/log", to="/log?station=rri-jayapura", file=(BytesIO(log), "a.csv")).get_data())
    form = next(f for f in shown.forms if "/station/log" in (f.get("action") or ""))
    done = monday.client.post(form.get("action"), data={**dict(form.form_values()), "do": "take"})
    assert "1 siaran tercatat dari log." in text(monday.page(done.location))
    with network.database.reading() as db:
        start, end = db.execute(select(AsRun.start, AsRun.end)).one()
        assert end - start == timedelta(minutes=30)  # as billed
