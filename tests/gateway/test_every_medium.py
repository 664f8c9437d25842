"""One quiz through every medium, by the networks' own requests: USSD, cut; SMS; a call; a page. Each item is marked once."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from sqlalchemy import select
from twilio.request_validator import RequestValidator

from gateway.tables import Outbox
from lessons import learn_phone_views as pages
from lessons.tables import Answer, Attempt, QuizEdition
from tests.gateway.fixtures import PHONE
from tests.handed_in import address, mp3, ogg, reference
from tests.schools.conftest import Person
from workers import inbox


@pytest.fixture
def lines(make_line):
    return {medium: make_line("africastalking", medium, address=f"77{n}") for n, medium in enumerate(("ussd", "sms", "voice"))}


@pytest.fixture
def dial(client, lines):
    at = f"/gateway/africastalking/{lines['ussd'].token}/ussd"
    return lambda session, text: client.post(at, data={"sessionId": session, "phoneNumber": PHONE, "text": text}).text


@pytest.fixture
def text(client, lines, database):
    count = iter(range(100))

    def send(said):
        fields = {"from": PHONE, "to": "771", "text": said, "id": f"m{next(count)}", "date": ""}
        client.post(f"/gateway/africastalking/{lines['sms'].token}/sms", data=fields)
        inbox.answer_waiting()
        with database.reading() as db:
            return db.scalars(select(Outbox.text).order_by(Outbox.id.desc())).first()

    return send


@pytest.fixture
def call(client, lines):
    """call("s1", hop, digits) -> (what is said, whether the call goes on)."""

    def press(session, hop=0, digits=""):
        at = f"/gateway/africastalking/{lines['voice'].token}/voice" + (f"?hop={hop}" if hop else "")
        fields = {"sessionId": session, "callerNumber": PHONE, "isActive": "1", **({"dtmfDigits": digits} if digits else {})}
        response = ElementTree.fromstring(client.post(at, data=fields).text)
        return " ".join(said.text for said in response.iter("Say")), response.find("GetDigits") is not None

    return press


def test_each_item_is_marked_once_whatever_the_medium(client, quiz, dial, text, call, database, monkeypatch):
    for name in ("_pace", "_tries", "_everybody"):
        monkeypatch.setattr(pages, name, pages.Pace(1000, 1.0))
    assert dial("u1", "mtk5").split("\n")[0] == "CON 1/3 1 + 1 = ?"
    assert dial("u1", "mtk5*2").split("\n")[1] == "2/3 2 + 2 = ?"  # and the network drops
    assert text("MTK5") == "2/3 2 + 2 = ?"
    said, goes_on = call("c1")
    assert ("lanjut di soal 2 dari 3?" in said, goes_on) == (True, True)
    assert "Soal 2 dari 3. 2 ditambah 2 sama dengan ?" in call("c1", 1, "1")[0]
    assert call("c1", 2)[0] == call("c1", 1, "1")[0].split("! ")[-1]  # silence: once more
    assert call("c1", 3) == ("Sampai nanti! Jawabanmu tersimpan.", False)
    assert "lanjut di soal 2 dari 3?" in call("c2")[0]
    call("c2", 1, "1")
    first = call("c2", 2, "4")
    assert call("c2", 2, "4") == first  # the hop comes twice
    assert "Soal 3 dari 3" in first[0]
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", text("WEB")).group()
    browser = Person(client)
    browser.post("/learn/phone/in", "/learn/phone", code=code)
    browser.post("/learn/phone", n="0", key="1")
    browser.post("/learn/phone", n="1", said="5")
    browser.post("/learn/phone", n="1", said="6")  # the form comes twice
    assert "2 dari 3 benar" in client.get("/learn/phone").text
    with database.reading() as db:
        found = [(a.item_id, a.typed, a.mark, a.medium) for a in db.scalars(select(Answer).order_by(Answer.id))]
        assert len(list(db.scalars(select(Attempt)))) == 1
    assert found == [("i1", "2", "right", "ussd"), ("i2", "4", "right", "voice"), ("i3", "5", "wrong", "web")]


@pytest.fixture
def signed(client, app, make_line):
    """signed(hop, digits) -> the TwiML that Twilio gets for a call's hop."""
    app.extensions["settings"].twilio_auth_token = "token"
    line = make_line("twilio", "voice", address="+622150000000")

    def press(hop, digits=""):
        path = f"/gateway/twilio/{line.token}/voice" + (f"?hop={hop}" if hop else "")
        fields = {"CallSid": "CA1", "From": PHONE, "To": line.address, "CallStatus": "in-progress", "Digits": digits}
        seal = RequestValidator("token").compute_signature(f"{app.extensions['settings'].public_base_url}{path}", fields)
        return ElementTree.fromstring(client.post(path, data=fields, headers={"X-Twilio-Signature": seal}).text)

    return press


def test_what_a_teacher_handed_in_is_played_in_a_call_wherever_the_service_lives(
    client, app, lines, dial, signed, quiz, database
):
    with database.writing() as db:
        edition = db.scalars(select(QuizEdition)).one()
        items = [
            {**item, "audio": {"id": reference(raw)}}
            for item, raw in zip(edition.content["items"], (ogg(), mp3(), mp3(1)), strict=True)
        ]
        edition.content = {**edition.content, "items": items}
    dial("u1", "mtk5")
    app.extensions["settings"].public_base_url = "https://ketuk.example/sekolah"
    at = f"/gateway/africastalking/{lines['voice'].token}/voice"
    call = {"sessionId": "c1", "callerNumber": PHONE, "isActive": "1"}
    client.post(at, data=call)
    asked = ElementTree.fromstring(client.post(f"{at}?hop=1", data={**call, "dtmfDigits": "1"}).text)
    assert next(said.text for said in asked.iter("Say")).startswith("Soal 1 dari 3. 1 ditambah 1")  # no network plays OGG
    asked = ElementTree.fromstring(client.post(f"{at}?hop=2", data={**call, "dtmfDigits": "2"}).text)
    assert [played.get("url") for played in asked.iter("Play")] == [f"https://ketuk.example/sekolah{address(mp3())}"]
    signed(0)
    assert [played.text for played in signed(1, "1").iter("Play")] == [f"https://ketuk.example/sekolah{address(mp3())}"]
