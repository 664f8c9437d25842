"""The generic provider: what each profile posts, and what the answers mean."""

from __future__ import annotations

import json
import socket
import threading
from datetime import timedelta
from urllib.parse import parse_qs

import pytest

from core import clock
from gateway.provider import AMBIGUOUS, NOT_SENT, REFUSED, WAIT, SendFailed
from gateway.providers import http
from gateway.tables import Line
from gateway.traffic import Mt, Receipt
from tests.gateway.fixtures import PHONE

TOKEN = "t" * 32


def line(profile="kannel", send_url="http://gateway.invalid:13013/cgi-bin/sendsms", **options):
    options = {"username": "u", "password": "p", **options}
    return Line(
        provider="http",
        medium="sms",
        address="77123",
        token=TOKEN,
        profile=profile,
        send_url=send_url,
        options=options,
        prices={},
    )


@pytest.fixture
def send(settings, stand_in):
    ours = settings.model_copy(update={"http_base_url": stand_in.url, "public_base_url": "https://belajar.example"})
    stand_in.status, stand_in.body = 202, "0: Accepted for delivery"

    def send(by=None, text="halo", **changes):
        by = by or line()
        dlr_url = http.provider.dlr_url(by, 7, ours)
        try:
            mt = Mt(7, PHONE, text, dlr_url, clock.now() + timedelta(hours=1))
            return http.provider.send(mt, by, ours.model_copy(update=changes))
        except SendFailed as failure:
            return failure.retry

    return send


def test_kannel(send, stand_in):
    assert send() == Receipt(None)
    assert send(text="Ω ≤ ĉ") == Receipt(None)
    (method, path, query, _, _), (_, _, other, _, _) = stand_in.requests
    assert (method, path) == ("GET", "/cgi-bin/sendsms")
    assert query == {
        "username": ["u"], "password": ["p"], "from": ["77123"], "to": [PHONE], "text": ["halo"], "charset": ["UTF-8"],
        "coding": ["0"], "dlr-mask": ["31"], "dlr-url": [f"https://belajar.example/gateway/http/{TOKEN}/dlr?id=7&status=%d"],
    }  # fmt: skip
    assert (other["text"], other["coding"], other["charset"]) == (["Ω ≤ ĉ"], ["2"], ["UTF-8"])


def test_jasmin(send, stand_in):
    stand_in.status, stand_in.body = 200, 'Success "07033084-5cfd"'
    by = line("jasmin", "http://gateway.invalid:1401/send")
    assert [send(by), send(by, "≤")] == [Receipt("07033084-5cfd")] * 2
    first, second = (parse_qs(form) for _, _, _, form, _ in stand_in.requests)
    assert first == {
        "username": ["u"], "password": ["p"], "from": ["77123"], "to": [PHONE], "dlr": ["yes"], "dlr-level": ["3"],
        "dlr-method": ["POST"], "dlr-url": [f"https://belajar.example/gateway/http/{TOKEN}/dlr/7"], "coding": ["0"],
        "content": ["halo"],
    }  # fmt: skip
    assert (second["coding"], second["hex-content"], "content" in second) == (["8"], ["2264"], False)
    stand_in.body = 'Error "No route found"'
    assert send(by) == REFUSED


def test_relay(send, stand_in):
    stand_in.status, stand_in.body = 200, '{"id": "r-9"}'
    assert send(line("relay", "http://phone.invalid/send", secret="geheim")) == Receipt("r-9")
    assert send(line("relay", "http://phone.invalid/send")) == Receipt("r-9")
    (_, path, _, body, headers), (_, _, _, _, without) = stand_in.requests
    assert (path, headers["Authorization"], "Authorization" in without) == ("/send", "Bearer geheim", False)
    assert json.loads(body) == {
        "id": "7", "to": PHONE, "from": "77123", "text": "halo", "dlr_url": f"https://belajar.example/gateway/http/{TOKEN}/dlr/7",
    }  # fmt: skip


def test_another_aggregator_is_configuration(send, stand_in):
    stand_in.status, stand_in.body = 200, "OK|99"
    own = line(
        "", "http://own.invalid/push?fixed=1", send={"msisdn": "{digits}", "msg": "{text}", "key": "{key}"}, key="k1",
        method="GET", send_as="query", accepted="^OK", refused="^ERR", provider_id=r"\|([0-9]+)",
    )  # fmt: skip
    assert send(own) == Receipt("99")
    assert stand_in.requests[0][2]["msisdn"] == ["6281200000001"]
    assert (stand_in.requests[0][2]["key"], stand_in.requests[0][2]["fixed"]) == (["k1"], ["1"])
    stand_in.body = "ERR 5"
    assert send(own) == REFUSED


@pytest.mark.parametrize(
    ("status", "headers", "body", "outcome"),
    [
        (202, {}, "3: Queued for later delivery", Receipt(None)),
        (202, {}, "1: Something else", REFUSED),
        (200, {}, "", AMBIGUOUS),
        (200, {}, "<html>welcome</html>", AMBIGUOUS),
        (302, {"Location": "/elsewhere"}, "", AMBIGUOUS),
        (400, {}, "Empty receiver number", REFUSED),
        (403, {}, "Authorization failed", REFUSED),
        (429, {}, "", WAIT),
        (429, {"Retry-After": "7"}, "", WAIT),
        (503, {"Retry-After": "7"}, "", WAIT),
        (503, {}, "Temporal failure", AMBIGUOUS),
        (500, {}, "", AMBIGUOUS),
    ],
)
def test_what_an_answer_means(send, stand_in, status, headers, body, outcome):
    stand_in.status, stand_in.headers, stand_in.body = status, headers, body
    assert send() == outcome
    assert len(stand_in.requests) == 1


def test_no_connection_is_not_sent_and_no_address_is_refused(send):
    assert send(http_base_url="http://127.0.0.1:9") == NOT_SENT
    assert send(http_base_url="http://does-not-exist.invalid") == NOT_SENT
    assert send(line("", ""), http_base_url="") == REFUSED


def test_a_connection_that_breaks_after_the_request_is_ambiguous(send, stand_in):
    def torn():
        raise ConnectionResetError

    stand_in.before = torn
    assert send() == AMBIGUOUS


def test_a_password_never_stands_in_a_reason(settings, stand_in):
    ours = settings.model_copy(update={"http_base_url": "http://127.0.0.1:9"})
    with pytest.raises(SendFailed) as failed:
        http.provider.send(Mt(7, PHONE, "halo", "", clock.now()), line(password="geheim"), ours)
    assert "geheim" not in failed.value.reason


def test_a_connection_is_kept_between_messages_and_not_after_a_pause(monkeypatch):
    from gateway import wire

    monkeypatch.setattr(wire, "_kept", threading.local())
    accepted = []

    def serve(listener):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            accepted.append(connection)
            threading.Thread(target=answer, args=(connection,), daemon=True).start()

    def answer(connection):
        while connection.recv(65536):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nSet-Cookie: a=b\r\n\r\nok")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        for _ in range(3):
            wire.session(url).get(url, timeout=5)
        assert len(accepted) == 1
        monkeypatch.setattr(wire, "IDLE_SECONDS", -1.0)
        wire.session(url).get(url, timeout=5)
        assert (len(accepted), len(wire.session(url).cookies)) == (2, 0)
        wire.session(url).close()
        for connection in accepted:
            connection.close()
