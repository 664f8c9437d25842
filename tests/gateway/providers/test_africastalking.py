"""The official SDK against a stand-in: what it posts, and what each of its answers means."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs
from xml.etree import ElementTree

import pytest

from core import clock
from gateway import provider
from gateway.provider import AMBIGUOUS, NOT_SENT, REFUSED, WAIT, SendFailed
from gateway.providers import africastalking
from gateway.tables import Line
from gateway.traffic import Mt, Receipt, Say
from tests.gateway.fixtures import PHONE

LINE = Line(provider="africastalking", medium="sms", address="77123", token="t" * 32, options={}, prices={})


def mt(text="halo & ≤"):
    return Mt(7, PHONE, text, "https://x/dlr/7", clock.now() + timedelta(hours=1))


def recipient(code=101, status="Success", number=PHONE, message_id="ATXid_1", cost="KES 0.8000"):
    said = {"statusCode": code, "number": number, "status": status, "cost": cost, "messageId": message_id}
    return {"SMSMessageData": {"Message": "Sent to 1/1 Total Cost: KES 0.8000", "Recipients": [said]}}


@pytest.fixture
def send(settings, stand_in):
    ours = replace(settings, at_api_key="k", at_base_url=stand_in.url, at_sender_id="BELAJAR")
    stand_in.status, stand_in.body = 201, json.dumps(recipient())

    def send(**changes):
        try:
            return africastalking.provider.send(mt(), LINE, replace(ours, **changes))
        except SendFailed as failure:
            return failure.retry, failure.stopped

    return send


def test_what_the_sdk_posts(send, stand_in):
    assert send() == Receipt("ATXid_1", "KES 0.8000", "sent")
    [(method, path, _, form, headers)] = stand_in.requests
    assert (method, path, headers["apiKey"]) == ("POST", "/version1/messaging", "k")
    assert parse_qs(form) == {
        "username": ["sandbox"], "to": [PHONE], "message": ["halo & ≤"], "bulkSMSMode": ["1"], "from": ["BELAJAR"],
    }  # fmt: skip


def test_without_a_sender_id_the_line_is_the_sender(send, stand_in):
    send(at_sender_id="", at_username="someone")
    assert parse_qs(stand_in.requests[0][3])["from"] == ["77123"]


def test_a_charset_makes_the_sdk_answer_a_str(send, stand_in):
    stand_in.headers = {"Content-Type": "application/json; charset=utf-8"}
    assert send() == Receipt("ATXid_1", "KES 0.8000", "sent")


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (201, recipient(100), Receipt("ATXid_1", "KES 0.8000")),
        (201, recipient(102, "Queued"), Receipt("ATXid_1", "KES 0.8000")),
        (201, recipient(101, message_id="None", cost="nonsense"), Receipt(None, "")),
        (201, recipient(401, "RiskHold"), (REFUSED, False)),
        (201, recipient(403, "InvalidPhoneNumber", message_id="None"), (REFUSED, False)),
        (201, recipient(405, "InsufficientBalance"), (REFUSED, False)),
        (201, recipient(406, "UserInBlacklist"), (REFUSED, True)),
        (201, recipient(409, "DoNotDisturbRejection"), (REFUSED, True)),
        (201, recipient(407, "CouldNotRoute", message_id="None"), (NOT_SENT, False)),
        (201, recipient(500, "InternalServerError", message_id="ATXid_9"), (AMBIGUOUS, False)),
        (201, recipient(number="+254000000"), (AMBIGUOUS, False)),
        (201, {"SMSMessageData": {"Message": "InvalidSenderId", "Recipients": []}}, (REFUSED, False)),
        (201, {"SMSMessageData": None}, (AMBIGUOUS, False)),
        (201, [], (AMBIGUOUS, False)),
        (201, "garbage", (AMBIGUOUS, False)),
        (200, "", (AMBIGUOUS, False)),
        (401, "The supplied authentication is invalid", (NOT_SENT, False)),
        (429, "Too many requests", (WAIT, False)),
        (500, "Internal error", (AMBIGUOUS, False)),
        (502, "", (AMBIGUOUS, False)),
    ],
)
def test_what_an_answer_means(send, stand_in, status, body, outcome):
    stand_in.status, stand_in.body = status, body if isinstance(body, str) else json.dumps(body)
    assert send() == outcome
    assert len(stand_in.requests) == 1


def test_nobody_listening_is_not_sent(send):
    assert send(at_base_url="http://127.0.0.1:9") == (NOT_SENT, False)


@pytest.mark.parametrize("msisdn", ["0812", "62812", "+62812345678\n", "+12345678901234567890", "+" + "9" * 30])
def test_an_odd_number_never_reaches_the_sdk(settings, stand_in, msisdn):
    with pytest.raises(SendFailed) as failed:
        africastalking.provider.send(Mt(7, msisdn, "halo", "", clock.now()), LINE, settings)
    assert failed.value.retry == REFUSED
    assert stand_in.requests == []


@pytest.mark.parametrize(
    ("status", "reason", "state", "stopped"),
    [
        ("Success", "", "delivered", False), ("Sent", "", "sent", False), ("Submitted", "", "sent", False),
        ("Buffered", "", "sent", False), ("Rejected", "UserInBlackList", "failed", True),
        ("Failed", "DeliveryFailure", "failed", False),
        ("Expired", "", "failed", False), ("Borked", "", "", False),
    ],
)  # fmt: skip
def test_a_report(incoming, status, reason, state, stopped):
    dlr = africastalking.provider.read_dlr(incoming(id="ATXid_1", status=status, failureReason=reason), LINE, "")
    assert (dlr.state, dlr.id, dlr.provider_id, dlr.stopped) == (state, None, "ATXid_1", stopped)


def test_xml_cannot_be_broken_by_a_text():
    said = africastalking.provider.write_call(Say('<Dial/> & "3 < 4"', "key", False, "https://x/voice?hop=1&a=b"), LINE)
    root = ElementTree.fromstring(said.body)
    assert [child.tag for child in root] == ["GetDigits", "Redirect"]
    assert root[0][0].text == '<Dial/> & "3 < 4"'
    assert root[1].text == root[0].get("callbackUrl") == "https://x/voice?hop=1&a=b"


def test_a_base_url_takes_the_place_of_every_host():
    assert (
        provider.moved("https://api.africastalking.com/version1?x=1", "http://127.0.0.1:9000")
        == "http://127.0.0.1:9000/version1?x=1"
    )
    assert provider.moved("https://api.africastalking.com/version1", "") == "https://api.africastalking.com/version1"


def test_many_numbers_go_in_one_request_and_results_are_matched_by_number(settings, stand_in):
    ours = replace(settings, at_api_key="k", at_base_url=stand_in.url)
    numbers = [f"+62812000000{n}" for n in range(1, 5)]
    answers = [
        {"statusCode": 101, "number": numbers[2], "status": "Success", "cost": "KES 0.8", "messageId": "ATXid_3"},
        {"statusCode": 403, "number": numbers[1], "status": "InvalidPhoneNumber", "cost": "0", "messageId": "None"},
        {"statusCode": 101, "number": numbers[0], "status": "Success", "cost": "KES 0.8", "messageId": "ATXid_1"},
    ]
    stand_in.status, stand_in.body = 201, json.dumps({"SMSMessageData": {"Message": "Sent to 2/4", "Recipients": answers}})
    mts = [Mt(n, number, "halo", "", clock.now()) for n, number in enumerate([*numbers, "0812\n"])]
    outcomes = africastalking.provider.send_many(mts, LINE, ours)
    said = [one.provider_id if isinstance(one, Receipt) else one.retry for one in outcomes]
    assert said == ["ATXid_1", REFUSED, "ATXid_3", AMBIGUOUS, REFUSED]  # of the fourth nobody said anything
    assert [parse_qs(request[3])["to"] for request in stand_in.requests] == [[",".join(numbers)]]


def test_a_recording_stands_between_two_sentences():
    text = "Benar! \x02audio=https://x.example/1.mp3\x03 Tekan 1 untuk A."
    said = africastalking.provider.write_call(Say(text, "key", True, ""), LINE).body
    assert said == '<Response><Say>Benar!</Say><Play url="https://x.example/1.mp3" /><Say>Tekan 1 untuk A.</Say></Response>'


def test_one_that_takes_the_message_and_says_nothing_is_not_waited_for(send, stand_in, monkeypatch):
    monkeypatch.setattr(africastalking, "READ_SECONDS", 0.2)
    stand_in.before = lambda: stand_in.over.wait(30)
    began = time.monotonic()
    assert send() == (AMBIGUOUS, False)
    assert time.monotonic() - began < 9  # seconds; ten are what is waited for elsewhere
