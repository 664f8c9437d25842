"""A planner's and a station's journey through their pages, and what strangers and hostile forms meet."""

from __future__ import annotations

import re
from datetime import date

import pytest
import time_machine
from lxml import html
from sqlalchemy import select

from broadcast_schedule import carriage, offers
from broadcast_schedule.tables import Channel, Edition, Programme, Slot, SlotException
from schools import staff
from tests.broadcast_schedule.conftest import NOW
from tests.kept import kept, logged_in
from tests.schools.conftest import HASHED, PASSWORD


@pytest.fixture(autouse=True)
def at_ten_on_sunday():
    with time_machine.travel(NOW, tick=False):
        yield


class Person:
    """A browser that fills in forms: what it does not name keeps the value that the page shows."""

    def __init__(self, client):
        self.client = client

    def page(self, address, status=200):
        response = self.client.get(address)
        assert response.status_code == status, response.get_data(as_text=True)
        return html.fromstring(response.get_data())

    def log_in(self, login):
        page = self.page("/login")
        token = page.xpath("string(//input[@name='csrf_token']/@value)")
        assert self.client.post("/login", data={"csrf_token": token, "login": login, "password": PASSWORD}).status_code == 303
        return self

    def logged_in(self, login):
        """Herself, as after ``log_in``, where logging in is not what a test is about."""
        logged_in(self.client, login, lambda: self.log_in(login))
        return self

    def send(self, address, form=0, to=None, **fields):
        """Posts a form of the page at ``address``; returns the response."""
        found = [f for f in self.page(address).forms if f.method == "POST" and f.get("action") != "/logout"]
        chosen = found[form] if to is None else next(f for f in found if (f.get("action") or "").endswith(to))
        values = [(k, v) for k, v in chosen.form_values() if k not in fields]
        for name, value in fields.items():
            values += [(name, each) for each in (value if isinstance(value, list) else [value])]
        data = {}
        for name, value in values:
            data.setdefault(name, []).append(value)
        return self.client.post(chosen.get("action") or address, data=data)


def text(page):
    return " ".join(page.text_content().split())


def headings(page):
    return [" ".join(h.text_content().split()) for h in page.xpath("//main//h1|//main//h2|//main//h3")]


def faults(response):
    """{field: what stands beside it}"""
    page = html.fromstring(response.get_data())
    return {f.get("id", "-").removesuffix("-fault"): " ".join(f.text_content().split()) for f in page.find_class("fault")}


@pytest.fixture
def planner(client, network, database):
    kept(database, "staff of a network", lambda: hire(database))
    return Person(client).logged_in("jadwal")


def hire(database):
    with database.writing() as db:
        staff.create(db, "jadwal", "Penyusun", "planner", HASHED, NOW)
        staff.create(db, "operator", "Operator", "operator", HASHED, NOW)
        staff.create(db, "tvri", "TVRI", "station", HASHED, NOW, station_slug="tvri-nasional")
        staff.create(db, "admin", "Admin", "admin", HASHED, NOW)


SLOT = {"starts_on": "2026-11-23", "starts_at": "08:00", "minutes": "30", "weekdays": ["MO", "WE"], "episode": "Magnet"}


def new_slot(planner, network, **more):
    return planner.send(f"/plan/channels/{network.west}/slots/new", **{"programme_id": str(network.programme), **SLOT, **more})


def test_a_planner_writes_sees_the_difference_and_publishes(planner, network, database, app):
    response = new_slot(planner, network)
    assert (response.status_code, response.location) == (303, f"/plan/channels/{network.west}?from=2026-11-23")
    week = planner.page(response.location)
    assert headings(week)[1:4] == [
        "Senin, 23 November 2026 sampai Minggu, 29 November 2026",
        "Senin, 23 November 2026",
        "Selasa, 24 November 2026",
    ]
    row = week.xpath("//table[1]//tbody/tr")[0]
    assert [" ".join(cell.text_content().split()) for cell in row] == [
        "X-Sains",
        "08.00–08.30 WIB09.00 WITA, 10.00 WIT",
        "Magnet",
        "SD 4-6",
        "",
    ]
    shown = planner.page("/plan/publish")
    assert [li.text_content() for li in shown.xpath("//main//li")] == ["Baru: X-Sains Sen 23 Nov 08.00-08.30 WIB (123 kali)"]
    response = planner.send("/plan/publish")
    assert (response.status_code, response.location) == (303, "/plan/editions/1")
    edition = planner.page("/plan/editions/1")
    assert [li.text_content() for li in edition.xpath("//main//li")] == ["Baru: X-Sains Sen 23 Nov 08.00-08.30 WIB (123 kali)"]
    assert planner.page("/plan/publish").xpath("count(//main//button)") == 0
    with database.reading() as db:
        planner_id = db.scalar(select(staff.Staff.id).where(staff.Staff.login == "jadwal"))
        assert [(e.number, e.staff_id) for e in db.scalars(select(Edition))] == [(1, planner_id)]
    station = Person(app.test_client()).log_in("tvri").page("/station/")
    assert text(station.xpath("//main//p[@class='lede']")[0]) == "Berikutnya: X-Sains, Senin, 23 November 2026, 08.00–08.30 WIB"


def test_a_form_that_is_wrong_loses_nothing(planner, network, database):
    response = new_slot(
        planner, network, minutes="²", starts_at="25:00", starts_on="31/12/2026", every_weeks="0", new_programme="Baru <b>"
    )
    assert (response.status_code, faults(response)) == (
        422,
        {
            "starts_at": "▲ Ini belum terbaca. Tulis jam mulainya, seperti 08.00.",
            "minutes": "▲ Ini belum terbaca. Tulis panjangnya dalam menit, misalnya 30.",
            "starts_on": "▲ Ini belum terbaca. Tulis tanggal mulainya, seperti 2026-07-13.",
            "every_weeks": "▲ Jarak minggu harus antara 1 dan 52.",
        },
    )
    form = next(f for f in html.fromstring(response.get_data()).forms if "starts_at" in f.fields)
    kept = {name: form.fields[name] for name in ("minutes", "starts_at", "starts_on", "new_programme", "episode", "programme_id")}
    assert kept == {
        "minutes": "²",
        "starts_at": "25:00",
        "starts_on": "31/12/2026",
        "new_programme": "Baru <b>",
        "episode": "Magnet",
        "programme_id": str(network.programme),
    }
    assert [box.get("value") for box in form.xpath(".//input[@name='weekdays'][@checked]")] == ["MO", "WE"]
    with database.reading() as db:
        assert (db.scalars(select(Slot)).all(), [p.title for p in db.scalars(select(Programme))]) == ([], ["X-Sains"])


def test_a_new_programme_is_made_with_its_slot(planner, network, database):
    assert new_slot(planner, network, programme_id="", new_programme=" Jalan  Sesama ", audience="PAUD").status_code == 303
    with database.reading() as db:
        slot = db.scalars(select(Slot)).one()
        programme = db.get(Programme, slot.programme_id)
        assert (programme.title, programme.audience) == ("Jalan Sesama", "PAUD")


def test_a_clash_is_told_on_the_week_and_stops_publishing(planner, network, database):
    new_slot(planner, network)
    new_slot(planner, network, starts_at="08:15")
    told = (
        "X-Sains (08.15–08.45 WIB) bertabrakan dengan X-Sains (08.00–08.30 WIB) di TVRI Nasional pada Senin, 23 November 2026. "
        "Hal yang sama terjadi 122 kali lagi. "
        "Geser X-Sains ke 08.30–09.00 WIB, persingkat X-Sains, atau lewati salah satunya pada tanggal itu. Ubah slot"
    )
    for address in (f"/plan/channels/{network.west}", "/plan/publish"):
        page = planner.page(address)
        assert [text(li) for li in page.xpath("//div[@class='problems']//li")] == [told]
        assert page.xpath("//div[@class='problems']//a/@href") == ["/plan/slots/2"]
    assert planner.page("/plan/publish").xpath("count(//main//form)") == 0


def test_what_was_not_shown_is_not_published(planner, network, database, plan):
    new_slot(planner, network)
    shown = planner.page("/plan/publish").forms
    data = dict(next(f for f in shown if "seen" in f.fields).form_values())
    plan.slot(channel_id=network.east)  # somebody else, meanwhile
    response = planner.client.post("/plan/publish", data=data)
    assert response.status_code == 409
    problems = html.fromstring(response.get_data()).find_class("problems")
    assert [" ".join(p.text_content().split()) for p in problems] == [
        "Belum terbitDraf ini berubah sejak Anda melihatnya. Belum ada yang terbit. "
        "Periksa perbedaannya sekali lagi, lalu terbitkan."
    ]
    with database.reading() as db:
        assert db.scalars(select(Edition)).all() == []


def test_one_airing_is_moved_skipped_and_restored(planner, network, database):
    new_slot(planner, network)
    page = f"/plan/slots/{first_slot(database)}/2026-11-25"
    response = planner.send(page, new_date="2026-11-26", new_time="10:00", new_minutes="45")
    assert response.status_code == 303
    assert exceptions(database) == [("moved", "2026-11-25T08:00", "2026-11-26T10:00", 45)]
    assert planner.send(page, form=2).status_code == 303  # skip
    assert exceptions(database) == [("skipped", "2026-11-25T08:00", None, None)]
    assert planner.send(page, form=0).status_code == 303  # as the rule says
    assert exceptions(database) == []
    response = planner.send(page, new_date="2026-02-30", new_time="", new_minutes="x")
    assert (response.status_code, sorted(faults(response))) == (422, ["new_date", "new_minutes", "new_time"])
    response = planner.send(page, new_date="2026-11-01")
    assert faults(response) == {"new_date": "▲ Waktu yang baru sudah lewat. Pilih waktu yang akan datang."}


def first_slot(database):
    with database.reading() as db:
        return db.scalar(select(Slot.id).order_by(Slot.id))


def exceptions(database):
    with database.reading() as db:
        return [
            (e.kind, f"{e.original_start:%Y-%m-%dT%H:%M}", e.new_start and f"{e.new_start:%Y-%m-%dT%H:%M}", e.new_minutes)
            for e in db.scalars(select(SlotException))
        ]


def test_a_slot_is_edited_and_the_second_planner_is_told(planner, network, database):
    new_slot(planner, network)
    page = f"/plan/slots/{first_slot(database)}"
    mine = dict(next(f for f in planner.page(page).forms if "starts_at" in f.fields).form_values())
    assert planner.send(page, starts_at="09:00").status_code == 303
    response = planner.client.post(page, data={**mine, "starts_at": "10:00"})
    assert response.status_code == 422
    (problem,) = html.fromstring(response.get_data()).find_class("problems")
    assert "Orang lain sudah mengubah slot ini sementara Anda menulis." in text(problem)
    with database.reading() as db:
        slot = db.scalars(select(Slot)).one()
        assert (f"{slot.starts_at:%H:%M}", slot.weekdays, slot.starts_on) == ("09:00", "MO,WE", date(2026, 11, 23))


def test_another_channel_carries_a_slot_until_it_does_not(planner, network, database):
    new_slot(planner, network)
    page = f"/plan/slots/{first_slot(database)}"
    assert planner.send(page, to="/carriages", channel_id=str(network.east), mode="relay").status_code == 303
    carried = planner.page(f"/plan/channels/{network.east}?from=2026-11-23")
    assert [" ".join(td.text_content().split()) for td in carried.xpath("//table[1]//tbody/tr/td[1]")][:1] == [
        "10.00–10.30 WIT08.00 WIB, 09.00 WITA"
    ]
    assert planner.send(page, to="/end").status_code == 303
    assert text(planner.page(f"/plan/channels/{network.east}")).count("Saluran ini belum punya acara.") == 1
    planner.send(page, to="/carriages", channel_id=str(network.east), mode="pigeon")
    assert planner.page(page).xpath("count(//p[@class='notice problem'])") == 1


def test_a_planner_who_carries_or_ends_it_settles_the_offer_too(planner, network, database):
    new_slot(planner, network)
    slot = first_slot(database)
    with database.writing() as db:
        offers.offer(db, slot, network.east, "local", 0, "", NOW)

    def standing():
        with database.reading() as db:
            return [(row.state, row.mode, row.answered_by) for row in offers.all_of(db)]

    planner.send(f"/plan/slots/{slot}", to="/carriages", channel_id=str(network.east), mode="relay")
    assert standing() == [("accepted", "relay", "jadwal")]
    planner.send(f"/plan/slots/{slot}", to="/end")
    assert standing() == []


@pytest.mark.parametrize("from_day", ["@@@", "20261123", "999999999999", "2026-02-30"])
def test_a_hidden_day_that_is_none_is_left_aside(planner, network, database, from_day):
    new_slot(planner, network)
    answer = planner.send(f"/plan/slots/{first_slot(database)}", from_day=from_day, minutes="x")
    assert (answer.status_code, "Tulis panjangnya dalam menit" in answer.text) == (422, True)


def test_a_slot_is_retired(planner, network, database):
    new_slot(planner, network)
    slot = first_slot(database)
    assert planner.send(f"/plan/slots/{slot}", to="/retire").status_code == 303
    planner.page(f"/plan/slots/{slot}", 404)


def test_stations_channels_and_programmes_are_added(planner, network, database):
    response = planner.send("/plan/stations/new", name="RRI Ternate", slug="rri-ternate", time_zone="Asia/Jayapura")
    assert response.status_code == 303
    response = planner.send("/plan/stations/new", name="", slug="RRI", time_zone="WIT")
    assert (response.status_code, sorted(faults(response))) == (422, ["name", "slug", "time_zone"])
    with database.reading() as db:
        station = db.scalar(select(Channel.station_id).where(Channel.key == "rri-ternate.kentongan.id"))
    response = planner.send(f"/plan/stations/{station}/channels/new", name="Pro 2", key="pro2.rri-ternate.kentongan.id")
    assert response.status_code == 303
    response = planner.send(f"/plan/stations/{station}/channels/new", name="Pro 2", key="pro 2")
    assert (response.status_code, sorted(faults(response))) == (422, ["key"])
    assert planner.send("/plan/programmes/new", title="Podbox").status_code == 303
    response = planner.send("/plan/programmes/new", title=" ", description="Simpan ini")
    assert (response.status_code, sorted(faults(response))) == (422, ["title"])
    assert html.fromstring(response.get_data()).xpath("string(//textarea[@name='description'])") == "Simpan ini"
    assert planner.send(f"/plan/programmes/{network.programme}", title="X-Sains baru").status_code == 303


PAGES = ("/plan/", "/plan/publish", "/plan/programmes/", "/plan/programmes/new", "/plan/stations/new", "/plan/channels/1")


def test_only_planners_plan(planner, app):
    operator, stranger = Person(app.test_client()).log_in("operator"), app.test_client()
    found = {address: (operator.client.get(address).status_code, stranger.get(address).status_code) for address in PAGES}
    assert found == dict.fromkeys(PAGES, (404, 303))
    assert operator.client.get("/station/").status_code == 404


def test_a_form_without_its_token_is_refused(planner, network):
    response = planner.client.post(f"/plan/channels/{network.west}/slots/new", data=SLOT)
    assert response.status_code == 400


NOWHERE = (
    "/plan/channels/99",
    "/plan/channels/99999999999999999999999",
    "/plan/slots/99",
    "/plan/slots/1/tomorrow",
    "/plan/slots/99/2026-11-23",
    "/plan/slots/1/9999-12-31",
    "/plan/channels/1?from=9999-12-31",
    "/plan/channels/1?from=0001-01-01",
    "/plan/editions/7",
    "/plan/programmes/99",
    "/plan/stations/99/channels/new",
    "/plan/channels/99/slots/new",
)


def test_what_is_not_there_is_404(planner):
    for address in NOWHERE:
        planner.page(address, 404)


JUNK = ("\x00", "\ud800".encode("utf-8", "surrogatepass"), "9" * 5000, "'; DROP TABLE slots; --", "٣", "-1")
FIELDS = ("programme_id", "starts_on", "starts_at", "minutes", "time_zone", "every_weeks", "ends_on", "version", "weekdays")


def test_no_field_can_break_the_form(planner, network):
    address = f"/plan/channels/{network.west}/slots/new"
    token = planner.page(address).xpath("string(//main//input[@name='csrf_token']/@value)")
    whole = {"csrf_token": token, "programme_id": str(network.programme), **SLOT, "time_zone": "Asia/Jakarta"}
    for name in (*FIELDS, "episode", "quiz_keyword", "new_programme"):
        for junk in JUNK:
            response = planner.client.post(address, data={**whole, name: junk})
            assert response.status_code in (303, 400, 422), (name, junk)


def test_a_station_sees_its_own_page_alone(planner, app, plan):
    plan.slot(channel_id=plan.network.east)
    plan.publish()
    own = Person(app.test_client()).log_in("tvri").page("/station/?station=rri-jayapura")
    assert headings(own)[0] == "TVRI Nasional"
    admin = Person(app.test_client()).log_in("admin").page("/station/?station=rri-jayapura")
    assert headings(admin)[0] == "RRI Jayapura"
    addresses = [code.text_content() for code in own.xpath("//td/code")]
    assert [re.sub(r"^https?://[^/]+", "", a) for a in addresses] == [
        "/stations/tvri-nasional/timetable.csv",
        "/stations/tvri-nasional/timetable.html",
        "/stations/tvri-nasional/timetable.ics",
        "/stations/tvri-nasional/timetable.json",
        "/stations/tvri-nasional/timetable.spi",
        "/stations/tvri-nasional/timetable.txt",
        "/stations/tvri-nasional/timetable.xml",
    ]


def test_every_page_has_no_inline_style_or_script(planner, network, database):
    new_slot(planner, network)
    slot = first_slot(database)
    for address in (*PAGES, f"/plan/slots/{slot}", f"/plan/slots/{slot}/2026-11-23", f"/plan/channels/{network.west}/slots/new"):
        page = planner.page(address)
        assert page.xpath("//*[@style]|//script[not(@src)]|//*[starts-with(name(@*), 'on')]") == [], address
        assert page.xpath("count(//h1)") == 1, address
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids)), address


def test_the_overview_counts_what_a_channel_airs(planner, plan):
    slot = plan.slot()
    plan.do(carriage.carry, slot, plan.network.east, "relay")
    rows = planner.page("/plan/").xpath("//tbody/tr")
    assert [(r.xpath("string(th)"), r.xpath("string(td[3])")) for r in rows] == [("RRI Jayapura", "1"), ("TVRI Nasional", "1")]
