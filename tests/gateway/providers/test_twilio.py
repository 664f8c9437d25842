"""Twilio's own validator and SDK: what is genuine, what is posted, what an error means."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlencode
from xml.etree import ElementTree

import pytest
from twilio.request_validator import RequestValidator

from core import clock
from gateway.bodies import Incoming
from gateway.provider import AMBIGUOUS, NOT_SENT, REFUSED, WAIT, SendFailed
from gateway.providers import twilio
from gateway.tables import Line
from gateway.traffic import Mt, Receipt, Say
from tests.gateway.fixtures import PHONE

LINE = Line(provider="twilio", medium="sms", address="+15005550006", token="t" * 32, options={}, prices={})
EXAMPLE = {
    "CallSid": ["CA1234567890ABCDE"], "Digits": ["1234"], "From": ["+14158675309"], "To": ["+18005551212"],
    "Caller": ["+14158675309"],
}  # fmt: skip


def request(posted, signature, query="foo=1&bar=2", path="/myapp.php", **headers):
    fields = {name: [value.encode() for value in values] for name, values in posted.items()}
    headers |= {} if signature is None else {"X-Twilio-Signature": signature}
    return Incoming("POST", path, query, headers, fields, fields)


@pytest.fixture
def genuine(settings):
    def judge(incoming, token="12345", base="https://mycompany.com"):
        ours = replace(settings, twilio_auth_token=token, public_base_url=base)
        return twilio.provider.is_genuine(incoming, LINE, ours)

    return judge


def test_the_documented_signature_is_genuine(genuine):  # T-1
    assert genuine(request(EXAMPLE, "RSOYDt4T1cUTdK1PDd93/VVr8B8="))
    settings_header = {"X-Twilio-Webhooks-Signature-Settings": "key=k,algorithm=HMAC_SHA256"}
    assert genuine(request(EXAMPLE, "033hgUJA9M/hXIZsYjwkerEP/DBm35nEri5FhCYjA5s=", **settings_header))


def test_repeated_fields_are_signed_as_a_multidict(genuine):  # T-4
    repeated = {"Sid": ["CA123"], "SidAccount": ["AC123"], "Digits": ["5678", "1234", "1234"]}
    assert genuine(request(repeated, "IK+Dwps556ElfBT0I3Rgjkr1wJU="))
    assert not genuine(request(repeated, "lwmwedXvBwAQyglWrAQmllAWLTQ="))


def test_blank_and_unknown_fields_are_signed_too(genuine):  # T-8
    posted = {"Body": [""], "From": ["+14158675309"], "NewField": ["ü"]}
    signature = RequestValidator("12345").compute_signature(
        "https://mycompany.com/myapp.php", {k: v[0] for k, v in posted.items()}
    )
    assert genuine(request(posted, signature, query=""))
    assert not genuine(request({**posted, "NewField": ["u"]}, signature, query=""))


def test_everything_else_is_not_genuine(genuine):  # T-7
    right = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    assert not genuine(request(EXAMPLE, None))
    assert not genuine(request(EXAMPLE, ""))
    assert not genuine(request(EXAMPLE, right[:-2] + "x="))
    assert not genuine(request(EXAMPLE, right, query="foo=2&bar=2"))
    assert not genuine(request(EXAMPLE, right), token="54321")
    address, fields = "https://mycompany.com/myapp.php?foo=1&bar=2", {name: values[0] for name, values in EXAMPLE.items()}
    nobodys = RequestValidator("").compute_signature(address, fields)
    assert not genuine(request(EXAMPLE, nobodys), token="")
    assert not genuine(request(EXAMPLE, right), base="https://mycompany.com:99999")
    assert not genuine(request({}, right, query="bodySHA256="))
    assert not genuine(request(EXAMPLE, right, **{"X-Twilio-Webhooks-Signature-Settings": "algorithm=MD5"}))


def test_webhooks_are_verified_over_the_public_address(client, app, make_line, database):
    app.extensions["settings"].twilio_auth_token = "secret"
    app.extensions["settings"].public_base_url = "https://belajar.example"
    line = make_line("twilio", "sms")
    path = f"/gateway/twilio/{line.token}/sms"
    posted = {"MessageSid": "SM1", "From": "whatsapp:+6281200000001", "To": "whatsapp:+1", "Body": "", "NumMedia": "0"}
    signature = RequestValidator("secret").compute_signature(f"https://belajar.example{path}", posted)
    send = {"data": urlencode(posted), "content_type": "application/x-www-form-urlencoded"}
    assert client.post(path, **send).status_code == 403
    assert client.post(path, **send, headers={"X-Twilio-Signature": "x"}).status_code == 403
    for _ in range(2):
        answer = client.post(path, **send, headers={"X-Twilio-Signature": signature})
        assert (answer.status_code, answer.text) == (200, "")
    assert client.get(path).status_code == 405


@pytest.fixture
def send(settings, stand_in):
    ours = replace(settings, twilio_account_sid="AC1", twilio_auth_token="k", twilio_base_url=stand_in.url, twilio_from="")
    stand_in.status, stand_in.body = 201, json.dumps({"sid": "SM1", "status": "queued", "price": None, "price_unit": "USD"})

    def send(line=LINE, **changes):
        mt = Mt(7, PHONE, "halo", "https://x/dlr/7", clock.now() + timedelta(hours=1))
        try:
            return twilio.provider.send(mt, line, replace(ours, **changes))
        except SendFailed as failure:
            return failure.retry, failure.stopped

    return send


def test_what_the_sdk_posts(send, stand_in):
    assert send() == Receipt("SM1", "", "sent")
    [(method, path, _, form, _)] = stand_in.requests
    assert (method, path) == ("POST", "/2010-04-01/Accounts/AC1/Messages.json")
    said = parse_qs(form)
    assert 3590 <= int(said.pop("ValidityPeriod")[0]) <= 3600
    assert said == {
        "To": [PHONE], "From": ["+15005550006"], "Body": ["halo"], "StatusCallback": ["https://x/dlr/7"],
        "SmartEncoded": ["false"],
    }  # fmt: skip


def test_a_whatsapp_sender_and_a_messaging_service(send, stand_in):
    send(twilio_from="MG1")
    send(Line(address="whatsapp:+15005550006", options={}))
    first, second = (parse_qs(form) for _, _, _, form, _ in stand_in.requests)
    assert (first["MessagingServiceSid"], "From" in first) == (["MG1"], False)
    assert (second["From"], second["To"]) == (["whatsapp:+15005550006"], [f"whatsapp:{PHONE}"])


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (201, {"sid": "SM2", "price": "-0.0075", "price_unit": "USD"}, Receipt("SM2", "USD 0.0075")),
        (400, {"code": 21211, "message": "Invalid To"}, (REFUSED, False)),
        (400, {"code": 21614, "message": "not a mobile"}, (REFUSED, False)),
        (400, {"code": 21610, "message": "unsubscribed"}, (REFUSED, True)),
        (401, {"code": 20003, "message": "Authenticate"}, (NOT_SENT, False)),
        (429, {"code": 20429, "message": "Too Many Requests"}, (WAIT, False)),
        (400, {"code": 63018, "message": "rate"}, (WAIT, False)),
        (500, {"message": "oops"}, (AMBIGUOUS, False)),
        (503, "<html>", (AMBIGUOUS, False)),
        (201, "garbage", (AMBIGUOUS, False)),
    ],
)
def test_what_an_answer_means(send, stand_in, status, body, outcome):
    stand_in.status, stand_in.body = status, body if isinstance(body, str) else json.dumps(body)
    assert send() == outcome
    assert len(stand_in.requests) == 1


def test_nobody_listening_and_nothing_set(send):
    assert send(twilio_base_url="http://127.0.0.1:9") == (NOT_SENT, False)
    assert send(twilio_account_sid="") == (REFUSED, False)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("queued", "sent"), ("accepted", "sent"), ("scheduled", "sent"), ("sending", "sent"), ("sent", "sent"),
        ("partially_delivered", "sent"), ("delivered", "delivered"), ("read", "delivered"), ("undelivered", "failed"),
        ("failed", "failed"), ("canceled", "failed"), ("huh", ""),
    ],
)  # fmt: skip
def test_a_status(incoming, status, state):
    dlr = twilio.provider.read_dlr(incoming(MessageSid="SM1", MessageStatus=status, ErrorCode="21610"), LINE, "7")
    assert (dlr.state, dlr.id, dlr.provider_id, dlr.stopped) == (state, 7, "SM1", True)


def test_an_empty_status_is_ignored(incoming):
    assert twilio.provider.read_dlr(incoming(), LINE, "7") is None


@pytest.mark.parametrize("word", ["anonymous", "restricted", "blocked", "unknown", "unavailable"])
def test_callers_who_hide_their_numbers_are_nobody(incoming, word):
    keys = dict(zip("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999", strict=True))
    hidden = "+" + "".join(keys[letter] for letter in word)
    assert twilio.provider.read_call(incoming(CallSid="CA1", From=hidden), LINE).msisdn == ""


def test_a_call_is_twiml():
    said = twilio.provider.write_call(Say("3 < 4", "key", False, "https://x/voice?hop=1"), LINE)
    gather = ElementTree.fromstring(said.body)[0]
    assert (gather.tag, gather.get("action"), gather[0].text) == ("Gather", "https://x/voice?hop=1", "3 < 4")
    assert twilio.provider.write_call(Say("Dadah", "nothing", True, ""), LINE).body == (
        '<Response><Say language="id-ID">Dadah</Say></Response>'
    )


def test_a_recording_stands_between_two_sentences_and_her_language_is_spoken():
    text = "\x02language=en\x03Right! \x02audio=https://x.example/1.mp3\x03 Press 1 for A."
    said = twilio.provider.write_call(Say(text, "key", True, ""), LINE).body
    assert said == (
        '<Response><Say language="en-US">Right!</Say><Play>https://x.example/1.mp3</Play>'
        '<Say language="en-US">Press 1 for A.</Say></Response>'
    )


def test_one_that_takes_the_message_and_says_nothing_is_not_waited_for(send, stand_in, monkeypatch):
    monkeypatch.setattr(twilio, "READ_SECONDS", 0.2)
    stand_in.before = lambda: stand_in.over.wait(30)
    began = time.monotonic()
    assert send() == (AMBIGUOUS, False)
    assert time.monotonic() - began < 9  # seconds; ten are what is waited for elsewhere
