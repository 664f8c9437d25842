from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from core import clock
from demo import lines as demo_lines
from demo import people as demo_people
from gateway import phone_views, web_phone
from gateway.lines import lines
from gateway.tables import Inbox, NetworkSession, Outbox
from tests.kept import kept


@pytest.fixture
def visitor(app, database, client, monkeypatch):
    """A browser on /phone, the demo's lines and people being there."""
    monkeypatch.setattr(phone_views, "_pace", phone_views.Pace(at_once=1000, per_second=1000))
    monkeypatch.setattr("schools.staff.hash_password", lambda password: "nobody logs in here")
    kept(database, "the demo's lines and people", lambda: seed(database))
    lines().expire()
    return Visitor(client)


def seed(database):
    with database.writing() as db:
        demo_people.seed(db, clock.now(), "secret")
        demo_lines.seed(db, "secret", "")


class Visitor:
    def __init__(self, client):
        self.client = client
        self.html = ""
        self.look()

    def look(self, page="/phone"):
        self.html = self.client.get(page).text
        return self

    def _post(self, address, **fields):
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.html).group(1)
        answer = self.client.post(address, data={"csrf_token": token, **fields}, follow_redirects=True)
        self.status = answer.status_code
        if answer.status_code == 200:
            self.html = answer.text
        return self

    def press(self, **fields):
        return self._post("/phone", typed=self.typed, **fields)

    def type(self, text):
        return self._post("/phone", typed=text, do="send")

    def sms(self, text, to="77077"):
        return self._post("/phone/sms", to=to, text=text)

    def pick_up(self, number):
        return self._post("/phone/number", number=number)

    @property
    def typed(self):
        return re.search(r'<input id="typed" name="typed" value="([^"]*)"', self.html).group(1)

    @property
    def screen(self):
        return re.search(r'<samp class="screen">(.*?)</samp>', self.html, re.S).group(1)

    @property
    def number(self):
        return re.search(r'<option value="([^"]*)" selected', self.html).group(1)


def test_without_a_demo_the_page_says_what_to_do(client):
    page = client.get("/phone").text
    assert ('class="empty"' in page, 'class="phone"' in page) == (True, False)


def test_each_visitor_gets_a_number_that_nobody_has(visitor, app):
    first, second = visitor.number, Visitor(app.test_client()).number
    assert [web_phone.is_number(n) for n in (first, second)] == [True, True]
    assert first != second


def test_keys_write_and_c_takes_back(visitor):
    assert visitor.typed == "*123*77#"
    for _ in range(8):
        visitor.press(do="clear")
    for key in "*123*77#":
        visitor.press(key=key)
    assert visitor.press(key="9").press(do="clear").typed == "*123*77#"


def test_a_call_goes_through_the_webhook_and_sends_what_was_typed_so_far(visitor, database):
    first = visitor.press(do="send").screen
    visitor.type("1")
    visitor.type("2*3")
    with database.reading() as db:
        session = db.scalars(select(NetworkSession)).one()
        kept = db.scalars(select(Inbox).order_by(Inbox.id)).all()
    assert (session.msisdn, session.typed, session.ended_at) == (visitor.number, "1*2*3", None)
    assert [row.text for row in kept] == ["", "1", "1*2*3"]
    assert kept[0].reply[4:] == first


def test_hanging_up_tells_the_webhook_and_clears_the_screen(visitor, database):
    visitor.press(do="send").press(do="end")
    with database.reading() as db:
        assert db.scalars(select(NetworkSession.ended_at)).one() is not None
    assert "Siap." in visitor.screen


def test_a_code_may_carry_a_keyword(visitor, database):
    visitor.type("*123*77*PECAHAN#")
    with database.reading() as db:
        assert db.scalars(select(Inbox.text)).all() == ["PECAHAN"]


@pytest.mark.parametrize("code", ["*384*77#", "112", "", "*123*7#", "'; DROP TABLE lines", "\u202e*999#"])
def test_only_the_lines_that_are_meant_for_it_can_be_dialled(visitor, database, code):
    visitor.press(do="end")
    visitor.type(code or " ")
    with database.reading() as db:
        assert db.scalars(select(Inbox)).all() == []
    assert visitor.status == 200


def test_an_sms_is_taken_and_the_answer_is_shown_with_its_price(visitor, database):
    visitor.sms("PECAHAN")
    line = web_phone.line_of("77077", "sms")
    with database.writing() as db:
        at = clock.now()
        db.add(
            Outbox(
                key="x", line_id=line.id, msisdn=visitor.number, text="1/10 <b>", segments=2, state="delivered", not_before=at,
                expires_at=at, created_at=at,
            )
        )  # fmt: skip
    page = visitor.look("/phone/thread").html
    assert re.findall(r"<p>(.*?)</p>", page) == ["PECAHAN", "1/10 &lt;b&gt;"]
    assert "2 segmen · Rp 800" in page


def test_a_thread_that_has_not_changed_costs_nothing(visitor):
    visitor.sms("MENU")
    address = re.search(r'hx-get="([^"]+)"', visitor.look("/phone").html).group(1)
    assert visitor.client.get(address).status_code == 204
    visitor.sms("MENU 2")
    assert visitor.client.get(address).status_code == 200


def test_texts_go_only_to_the_lines_that_are_meant_for_it(visitor, database):
    assert visitor.sms("MENU", to="38477").status == 404
    with database.reading() as db:
        assert db.scalars(select(Inbox)).all() == []


@pytest.mark.parametrize("number", ["+6281234567890", "+62812000", "+628120000101x", "+62812000099999999", "' OR 1=1", "\x00"])
def test_nobody_picks_up_a_real_persons_phone(visitor, number):
    visitor.pick_up(number)
    assert (visitor.number != number, web_phone.is_number(visitor.number)) == (True, True)


def test_a_demo_learners_phone_can_be_picked_up(visitor):
    assert visitor.pick_up("+628120000101").number == "+628120000101"
    assert "Ayu Contoh, Bagus Contoh · 5A" in visitor.html


@pytest.mark.parametrize(("number", "zone"), [("+628120000101", "WIB"), ("+628120000201", "WIT")])
def test_the_hours_of_messages_are_those_of_the_phones_school(visitor, number, zone):
    visitor.pick_up(number).sms("PECAHAN")
    for address in ("/phone", "/phone/thread"):
        assert re.findall(r"<small>[0-9.]+ (\w+)", visitor.look(address).html) == [zone]


def test_a_forged_cookie_is_a_new_phone(visitor):
    for said in ("x", 7, {"number": "+6281234567890"}, {"nonsense": 1}, {"number": 5}, []):
        with visitor.client.session_transaction() as session:
            session["phone"] = said
        assert web_phone.is_number(visitor.look().number)


def test_with_htmx_a_key_is_one_request(visitor):
    token = re.search(r'name="csrf_token" value="([^"]+)"', visitor.html).group(1)
    fields = {"csrf_token": token, "typed": "*12", "key": "3"}
    answer = visitor.client.post("/phone", data=fields, headers={"HX-Request": "true"})
    assert (answer.status_code, 'value="*123"' in answer.text) == (200, True)


def test_too_fast_is_said_politely(visitor, monkeypatch):
    monkeypatch.setattr(phone_views, "_pace", phone_views.Pace(at_once=1, per_second=0))
    visitor.press(do="send")
    assert visitor.press(do="send").status == 429


def test_a_call_speaks_hears_keys_and_silence_and_is_hung_up(visitor):
    def said():
        return re.findall(r"<blockquote>(.*?)</blockquote>", visitor.html, re.DOTALL)

    visitor._post("/phone/voice", do="call")
    first = said()
    assert first[0].startswith("Pilih bahasa / Choose language: Tekan 1 untuk")
    visitor.look()._post("/phone/voice", do="silent")
    visitor.look()
    assert said() == first
    visitor._post("/phone/voice", do="keys", keys="1 x")
    visitor.look()
    assert said()[0].startswith("Halo! Mau apa?")
    visitor._post("/phone/voice", do="end")
    visitor.look()
    assert (said(), "Panggil</button>" in visitor.html) == ([], True)
