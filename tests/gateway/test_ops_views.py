"""An operator's journey through her pages, and what they never show: tokens unasked, whole numbers, what learners wrote."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from lxml import html
from sqlalchemy import select

from core import clock
from gateway import opt_out, outbox
from gateway.outbox import RANK
from gateway.tables import Inbox, Line, Outbox
from schools import staff
from schools.tables import Region, School
from tests.gateway.fixtures import TOKEN
from tests.kept import kept, logged_in
from tests.schools.conftest import HASHED, PASSWORD
from workers import outbox as sender

NUMBER = "+6281255501234"
PAGES = ("/ops/", "/ops/traffic", "/ops/outbox", "/ops/lines", "/ops/lines/new", "/ops/budget", "/ops/dead")


class Operator:
    """A browser that fills in forms: what it does not name keeps the value that the page shows."""

    def __init__(self, client, login):
        self.client = client
        logged_in(client, login, lambda: self.log_in(login))

    def log_in(self, login):
        page = self.page("/login")
        token = page.xpath("string(//input[@name='csrf_token']/@value)")
        data = {"csrf_token": token, "login": login, "password": PASSWORD}
        assert self.client.post("/login", data=data).status_code == 303

    def page(self, address, status=200):
        response = self.client.get(address)
        assert response.status_code == status, response.get_data(as_text=True)
        return html.fromstring(response.get_data())

    def send(self, where, to, page=None, **fields):
        """Posts the form of the page at ``where`` whose action is ``to``; returns the response."""
        forms = (self.page(where) if page is None else page).forms
        chosen = next(form for form in forms if form.method == "POST" and (form.get("action") or "").split("#")[0] == to)
        return self.client.post(to, data={**dict(chosen.form_values()), **fields})


def text(page):
    return " ".join(page.xpath("//main")[0].text_content().split())


@pytest.fixture
def operator(client, database):
    kept(database, "an operator and a planner", lambda: hire(database))
    return Operator(client, "operator")


def hire(database):
    with database.writing() as db:
        for role in ("operator", "planner"):
            staff.create(db, role, role, role, HASHED, clock.now())


@pytest.fixture
def line(make_line):
    return make_line(
        "http", "sms", profile="kannel", prices={"": 350, "+62812": 400}, options={"username": "u", "password": "hush"}
    )


def post(database, line, key, state="created", **columns):
    now = clock.now()
    row = database.step(lambda db: outbox.post(db, key=key, line_id=line.id, msisdn=NUMBER, text="Halo Kenari!", now=now))
    with database.writing() as db:
        found = db.get(Outbox, row)
        for name, value in {"state": state, "rank": outbox.RANK[state], **columns}.items():
            setattr(found, name, value)
    return row


def state_of(database, its_id, table=Outbox):
    with database.reading() as db:
        return db.get(table, its_id).state


def test_nobody_else_sees_them(app, operator):
    stranger = app.test_client()
    assert [stranger.get(page).status_code for page in PAGES] == [303] * 7
    planner = Operator(app.test_client(), "planner")
    assert [planner.client.get(page).status_code for page in PAGES] == [404] * 7


def test_empty_pages_say_the_next_thing_to_do(operator):
    found = {page: [link.get("href") for link in operator.page(page).xpath("//div[@class='empty']//a")] for page in PAGES}
    assert found == {
        "/ops/": ["/ops/lines/new"],
        "/ops/traffic": ["/phone"],
        "/ops/outbox": ["/ops/lines"],
        "/ops/lines": ["/ops/lines/new"],
        "/ops/lines/new": [],
        "/ops/budget": ["/ops/lines"],
        "/ops/dead": ["/ops/"],
    }


def test_all_is_well_until_something_waits(app, operator, database, line, monkeypatch):
    monkeypatch.setattr("gateway.ops_views.worker_state", lambda *_: "ok")
    assert operator.page("/ops/").xpath("string(//h1)") == "Semua berjalan"
    post(database, line, "a", "unknown")
    post(database, line, "b", "held")
    with database.writing() as db:
        late = clock.now() - timedelta(minutes=3)
        for key, state in (("sms:1", "waiting"), ("sms:2", "dead")):
            db.add(Inbox(line_id=line.id, key=key, msisdn=NUMBER, text="Kenari", received_at=late, state=state))
    page = operator.page("/ops/")
    assert page.xpath("string(//h1)") == "Ada yang menunggu Anda"
    assert [" ".join(h.text_content().split()) for h in page.xpath("//li//h2")] == [
        "1 SMS belum dijawab", "1 SMS tidak diketahui nasibnya", "1 SMS gagal dijawab", "1 SMS ditahan",
    ]  # fmt: skip
    assert page.xpath("//li//a/@href") == ["/ops/outbox?state=unknown", "/ops/dead", "/ops/outbox?state=held"]


def test_a_kind_of_message_that_does_not_arrive_is_told_with_what_may_be_filtered(operator, database, line):
    at = clock.now() - timedelta(hours=1)
    with database.writing() as db:
        for n in range(150):
            text, state = ("Tahun berapa? A. 1945", "failed") if n < 30 else (f"Apa warna daun? {n}", "delivered")
            db.add(Outbox(
                key=f"x{n}", line_id=line.id, msisdn=f"+62812{n:07d}", text=text, segments=1, state=state, rank=RANK[state],
                provider_id="p", created_at=at, not_before=at, expires_at=at,
            ))  # fmt: skip
    tile = operator.page("/ops/").xpath("//li[@class='tile'][contains(., 'tidak sampai')]")[0].text_content()
    assert "30 dari 30 telepon tidak menerimanya (100%); pesan lain di jalur itu 0%." in tile
    assert "Mungkin disaring operator karena: 1945." in tile


def test_a_stopped_worker_is_told(app, operator, database, line, settings):
    (settings.instance_dir / "worker.lock").touch()
    told = operator.page("/ops/").xpath("string(//li//h2)")
    assert told == "Pekerja tidak berjalan: SMS tidak dijawab dan tidak dikirim."


def test_no_page_shows_a_number_a_word_or_a_token(operator, database, line):
    ids = [post(database, line, f"reply:{n}", state) for n, state in enumerate(("unknown", "delivered", "held", "failed"))]
    with database.writing() as db:
        dead = Inbox(line_id=line.id, key="sms:2", msisdn=NUMBER, text="Kenari", received_at=clock.now(), state="dead")
        db.add(dead)
    for address in (*PAGES, *(f"/ops/outbox/{i}" for i in ids), f"/ops/lines/{line.id}"):
        body = operator.client.get(address).get_data(as_text=True)
        assert [word for word in (NUMBER, NUMBER[-7:], "Kenari", line.token, "hush") if word in body] == [], address


def test_the_outbox_is_filtered_and_paged(operator, database, line, monkeypatch):
    monkeypatch.setattr("gateway.outbox_search.PAGE", 2)
    ids = [post(database, line, f"k{n}", "sent" if n < 3 else "failed") for n in range(5)]
    yesterday = clock.now() - timedelta(days=1)
    with database.writing() as db:
        db.get(Outbox, ids[0]).created_at = yesterday
        db.get(Outbox, ids[1]).msisdn = "+6281255509999"

    def shown(query):
        page = operator.page("/ops/outbox" + query)
        return [int(cell) for cell in page.xpath("//tbody//th//text()")], page.xpath("//nav//a[@rel='next']/@href")

    assert shown("") == (ids[:2:-1], [f"/ops/outbox?before={ids[3]}"])
    assert shown(f"?before={ids[3]}") == ([ids[2], ids[1]], [f"/ops/outbox?before={ids[1]}"])
    assert shown("?state=sent") == ([ids[2], ids[1]], [f"/ops/outbox?state=sent&before={ids[1]}"])
    assert shown("?digits=9999")[0] == [ids[1]]
    day = yesterday.astimezone(clock.zone("Asia/Jakarta")).date().isoformat()
    assert shown(f"?day={day}") == ([ids[0]], [])
    assert shown(f"?line={line.id}&state=failed")[0] == ids[:2:-1]
    assert shown("?line=99999")[0] == []
    odd = "?state=x&line=x&digits=%25&day=2026-99-99&before=-1"
    assert shown(odd)[0] == ids[:2:-1]


def test_resending_an_unknown_one_says_what_it_risks(operator, database, line):
    first = post(database, line, "reply:5", "unknown")
    address = f"/ops/outbox/{first}"
    said = text(operator.page(address))
    assert "Bila dikirim ulang, murid bisa menerimanya dua kali, dan biayanya dua kali juga." in said
    response = operator.send(address, f"{address}/resend")
    assert (response.status_code, response.location) == (303, f"/ops/outbox/{first + 1}")
    assert (state_of(database, first), state_of(database, first + 1)) == ("unknown", "created")
    assert operator.page(address).xpath("//dd/a/@href")[-1] == f"/ops/outbox/{first + 1}"
    assert operator.page(f"/ops/outbox/{first + 1}").xpath("string(//dd/code)") == f"trail=mt{first}"


def test_only_what_waits_is_cancelled(operator, database, line):
    waits, gone = post(database, line, "a"), post(database, line, "b")
    assert operator.send(f"/ops/outbox/{waits}", f"/ops/outbox/{waits}/cancel").status_code == 303
    page = operator.page(f"/ops/outbox/{gone}")
    with database.writing() as db:
        db.get(Outbox, gone).state = "sending"
    assert operator.send("", f"/ops/outbox/{gone}/cancel", page=page).status_code == 303
    assert (state_of(database, waits), state_of(database, gone)) == ("cancelled", "sending")
    assert operator.page(f"/ops/outbox/{gone}").xpath("//form[contains(@action, 'cancel')]") == []


def test_held_ones_are_released_together(operator, database, line):
    ids = [post(database, line, key, "held") for key in "ab"]
    assert operator.send("/ops/outbox", "/ops/outbox/release").status_code == 303
    assert [state_of(database, i) for i in ids] == ["created"] * 2


def test_a_dead_message_is_answered_again_or_left(operator, database, line):
    with database.writing() as db:
        rows = [
            Inbox(line_id=line.id, key=f"sms:{n}", msisdn=NUMBER, text="x", received_at=clock.now(), state="dead", attempts=5)
            for n in (1, 2)
        ]
        db.add_all(rows)
        db.flush()
        first, second = (row.id for row in rows)
    operator.send("/ops/dead", f"/ops/dead/{first}", what="again")
    operator.send("/ops/dead", f"/ops/dead/{second}", what="leave")
    assert (state_of(database, first, Inbox), state_of(database, second, Inbox)) == ("waiting", "answered")
    assert operator.page("/ops/dead").xpath("//form[contains(@action, 'dead')]") == []


def test_a_token_is_revealed_rotated_and_dropped(app, operator, database, line):
    address = f"/ops/lines/{line.id}"
    hidden = operator.page(address).xpath("//dd/code/text()")
    base = app.extensions["settings"].public_base_url
    assert hidden == [f"{base}/gateway/http/…/sms", f"{base}/gateway/http/…/dlr"]
    response = operator.send(address, f"{address}/reveal")
    assert response.headers["Cache-Control"] == "no-store"
    assert html.fromstring(response.get_data()).xpath("//dd/code/text()")[0] == f"{base}/gateway/http/{line.token}/sms"
    again = operator.page(address)
    assert operator.send(address, f"{address}/rotate").status_code == 303
    assert operator.send("", f"{address}/rotate", page=again).status_code == 303  # pressed twice: no third token
    with database.reading() as db:
        row = db.get(Line, line.id)
        new = row.token
        assert (row.old_token, len(new) >= 22, new != line.token) == (line.token, True, True)
    calls = [f"/gateway/http/{token}/sms?from=%2B6281200001&text=x&id=1" for token in (line.token, new)]
    assert [app.test_client().get(call).status_code for call in calls] == [200, 200]
    assert operator.send(address, f"{address}/drop-old").status_code == 303
    assert [app.test_client().get(call).status_code for call in calls] == [404, 200]


def test_a_line_is_added_changed_and_switched_off(app, operator, database):
    fields = {"provider": "http", "medium": "sms", "address": "12345", "profile": "kannel", "budget": "160", "is_active": "1"}
    options = 'username = "u"\npassword = "hush"\ninbound = { from = "msisdn" }'
    response = operator.send(
        "/ops/lines/new", "/ops/lines/new", **fields, prices="lainnya 350\n+62812 = Rp 1.400", options=options
    )
    assert response.status_code == 303, response.get_data(as_text=True)
    address = response.location
    assert (
        operator.send(address, address, address="54321", networks="10.0.0.0/8,\n::1 ", filters="registered").status_code == 303
    )  # the rest, the secret too, stays as it is
    with database.reading() as db:
        row = db.scalars(select(Line)).one()
        assert (row.address, row.prices, row.is_active) == ("54321", {"": 350, "+62812": 1400}, True)
        assert (row.networks, row.filters) == (["10.0.0.0/8", "::1"], "registered")
        assert row.options == {"username": "u", "password": "hush", "inbound": {"from": "msisdn"}}
    page = operator.page(address)
    form = next(f for f in page.forms if f.get("action") == address)
    data = {name: value for name, value in form.form_values() if name != "is_active"}
    assert operator.client.post(address, data=data).status_code == 303
    assert app.extensions["lines"].active() == []


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("address", ""), ("budget", "9"), ("budget", "x"), ("prices", "0812 murah"), ("prices", "x"), ("send_url", "ftp://x"),
        ("options", "x"), ("options", 'send_as = "fax"'), ("options", "at = 2026-01-01"), ("profile", "fax"),
        ("filters", "some"), ("networks", "10.0.0.0/33"), ("networks", "10.0.0.1 everybody"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_line_stands_beside_its_field(operator, database, line, field, typed):
    response = operator.send(f"/ops/lines/{line.id}", f"/ops/lines/{line.id}", **{field: typed})
    page = html.fromstring(response.get_data())
    assert (response.status_code, page.xpath("//span[contains(@class, 'fault')]/@id")) == (422, [f"{field}-fault"])
    with database.reading() as db:
        assert db.get(Line, line.id).options == line.options


def test_two_lines_cannot_have_one_address(operator, make_line, line):
    other = make_line("http", "sms", address="999", token="o" * 32)
    response = operator.send(f"/ops/lines/{other.id}", f"/ops/lines/{other.id}", address=line.address)
    assert (response.status_code, html.fromstring(response.get_data()).xpath("//span[@class='fault']/@id")) == (
        422,
        ["address-fault"],
    )


def test_a_message_to_try_a_line_wants_its_cost_typed_and_goes_once(app, operator, database, make_line):
    line = make_line("simulator", "sms", prices={"": 350, "+62812": 400})
    address, to = f"/ops/lines/{line.id}", f"/ops/lines/{line.id}/test"
    counted = operator.send(address, to, number="0812 5550 1234", text="Halo")
    page = html.fromstring(counted.get_data())
    assert (counted.status_code, "1 segmen, Rp 400" in text(page)) == (200, True)
    wrong = operator.send("", to, page=page, cost="350", send="1")
    assert (wrong.status_code, html.fromstring(wrong.get_data()).xpath("//span[@class='fault']/@id")) == (422, ["cost-fault"])
    sent = operator.send("", to, page=page, cost="Rp 400", send="1")
    assert re.fullmatch(r"/ops/outbox/\d+", sent.location)
    again = operator.send("", to, page=page, cost="400", send="1")
    with database.reading() as db:
        rows = db.scalars(select(Outbox)).all()
        assert [(row.msisdn, row.text, row.segments) for row in rows] == [(NUMBER, "Halo", 1)]
    assert (sent.status_code, again.status_code, again.location) == (303, 303, address)
    assert sender.deliver(rows[0].id)
    assert state_of(database, rows[0].id) == "delivered"


def test_a_try_goes_to_no_number_that_said_stop(operator, database, make_line):
    line = make_line("simulator", "sms")
    database.step(lambda db: opt_out.stop(db, NUMBER, "STOP", clock.now()))
    address, to = f"/ops/lines/{line.id}", f"/ops/lines/{line.id}/test"
    page = html.fromstring(operator.send(address, to, number=NUMBER, text="Halo").get_data())
    sent = operator.send("", to, page=page, cost="0", send="1")
    its_id = int(sent.location.rsplit("/", 1)[1])
    sender.deliver(its_id)
    assert state_of(database, its_id) == "cancelled"


@pytest.mark.parametrize("typed", [{"number": "12"}, {"text": ""}, {"text": "x" * 500}])
def test_a_try_that_cannot_be_sent_is_told_beside_its_field(operator, make_line, typed):
    line = make_line("simulator", "sms")
    fields = {"number": NUMBER, "text": "Halo", **typed}
    response = operator.send(f"/ops/lines/{line.id}", f"/ops/lines/{line.id}/test", **fields)
    faults = html.fromstring(response.get_data()).xpath("//span[@class='fault']/@id")
    assert (response.status_code, faults) == (422, [f"{next(iter(typed))}-fault"])


def test_traffic_is_drawn_and_tabled(operator, database, line):
    for n in range(3):
        post(database, line, f"reply:{n}", "delivered")
    page = operator.page("/ops/traffic")
    svgs = page.xpath("//svg[@role='img']")
    assert len(svgs) == 7  # three kinds by hour, three by day, and what became of them
    assert [cell.text_content() for cell in page.xpath("//tfoot/tr/td")] == ["0", "3", "0", "3", "Rp 1.200"]
    assert operator.page("/ops/budget").xpath("string(//p[@class='lede'])") == "3 segmen, Rp 1.200"


def test_a_schools_daily_limit_is_set_changed_and_taken_away(operator, database):
    with database.writing() as db:
        region = Region(code="34.71", name="Kota Contoh", kind="city", time_zone="Asia/Jakarta")
        db.add(region)
        db.flush()
        db.add(School(npsn="20400001", name="SD Contoh", region_id=region.id, time_zone="Asia/Jakarta"))

    def rows():
        found = operator.page("/ops/budget").xpath("//table[caption='Pengumuman sekolah hari ini']/tbody/tr")
        return [[" ".join(cell.text_content().split()) for cell in row] for row in found]

    for typed, shown in (("1.500", "1.500"), ("0", "0")):
        assert operator.send("/ops/budget", "/ops/budget", npsn="20400001", segments=typed).status_code == 303
        assert rows() == [["SD Contoh 20400001", "0", shown, "Rp 0"]]
    assert operator.send("/ops/budget", "/ops/budget", npsn="20400001", segments="").status_code == 303
    assert rows() == []


@pytest.mark.parametrize(("field", "value"), [("npsn", "1"), ("segments", "-1"), ("segments", "1000001"), ("segments", "²")])
def test_a_limit_that_cannot_be_is_told_beside_its_field(operator, database, field, value):
    with database.writing() as db:
        region = Region(code="34.71", name="Kota Contoh", kind="city", time_zone="Asia/Jakarta")
        db.add(region)
        db.flush()
        db.add(School(npsn="20400001", name="SD Contoh", region_id=region.id, time_zone="Asia/Jakarta"))
    response = operator.send("/ops/budget", "/ops/budget", **{"npsn": "20400001", "segments": "5", field: value})
    faults = html.fromstring(response.get_data()).xpath("//span[@class='fault']/@id")
    assert (response.status_code, faults) == (422, [f"{field}-fault"])


def test_forms_need_their_guard_and_rows_that_are_there(operator, line):
    assert operator.client.post(f"/ops/lines/{line.id}/rotate").status_code == 400
    gone = ("/ops/outbox/999", "/ops/lines/999", "/ops/outbox/99999999999")
    assert [operator.client.get(address).status_code for address in gone] == [404] * 3
    assert TOKEN in line.token
