"""Whatever bytes come to whichever address, no answer is a 5xx, and a USSD answer is always a screen."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from gateway import webhooks
from tests.examples import examples
from tests.gateway.fixtures import PHONE

FIELDS = (
    "sessionId", "phoneNumber", "text", "from", "to", "id", "status", "charset", "coding", "content", "binary", "From", "Body",
    "MessageSid", "MessageStatus", "ErrorCode", "callerNumber", "isActive", "dtmfDigits", "hop", "CallSid", "Digits",
    "failureReason", "message_status",
)  # fmt: skip
KINDS = ("application/x-www-form-urlencoded", "application/json", "text/plain", "multipart/form-data; boundary=b", "")
WORDS = (PHONE, "", "1", "²", "9" * 40, "-1", "UTF-16BE", "zip", "\0", "NaN", "None", "+", "whatsapp:", "A" * 900)
ODD = st.one_of(st.sampled_from(WORDS), st.text(max_size=20))


CALLBACKS = (
    ("africastalking", "ussd", ("ussd", "ussd-end")),
    ("africastalking", "sms", ("sms", "dlr")),
    ("africastalking", "voice", ("voice",)),
    ("simulator", "ussd", ("ussd",)),
    ("simulator", "sms", ("sms",)),
    ("http", "ussd", ("ussd",)),
    ("http", "sms", ("sms", "dlr", "dlr/7")),
    ("twilio", "sms", ("sms", "dlr/7", "dlr/x", "voice")),
)


class Log:
    """What nobody foresaw is answered politely; here it shall show."""

    def exception(self, *args, **more):
        raise AssertionError("fell into the net")

    def warning(self, *args, **more):
        pass

    info = warning


@pytest.fixture
def addresses(app, make_line, monkeypatch):
    monkeypatch.setattr(webhooks, "log", Log())
    app.extensions["settings"].twilio_auth_token = "secret"
    found = []
    for provider, medium, whats in CALLBACKS:
        line = make_line(provider, medium, profile="kannel" if provider == "http" else "")
        found += [f"/gateway/{provider}/{line.token}/{what}" for what in whats]
    jasmin = make_line("http", "sms", profile="jasmin", address="2", token="j" * 30)
    return [*found, f"/gateway/http/{jasmin.token}/sms", f"/gateway/http/{jasmin.token}/dlr"]


def check(answer, address):
    assert answer.status_code < 500, answer.text
    if address.endswith("/ussd"):
        assert (answer.status_code, answer.text[:4]) in ((200, "CON "), (200, "END "))
    elif answer.status_code == 400:
        assert len(answer.text) > 10


@settings(
    max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.binary(max_size=400), st.sampled_from(KINDS), st.data())
def test_no_bytes_are_a_5xx(client, addresses, body, kind, data):
    address = data.draw(st.sampled_from(addresses))
    check(client.post(address, data=body, content_type=kind), address)


@settings(
    max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.dictionaries(st.sampled_from(FIELDS), ODD, max_size=8), st.data())
def test_no_fields_are_a_5xx(client, addresses, fields, data):
    address = data.draw(st.sampled_from(addresses))
    fields = {name: value.encode("utf-8", "replace").decode() for name, value in fields.items()}
    signature = RequestValidator("secret").compute_signature(f"http://127.0.0.1:8000{address}", fields)
    check(client.post(address, data=fields, headers={"X-Twilio-Signature": signature}), address)
