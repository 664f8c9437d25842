"""The generic provider: what each profile posts, and what the answers mean."""

from __future__ import annotations

import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs

import pytest

from core import clock
from gateway import wire
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
    ours = replace(settings, http_base_url=stand_in.url, public_base_url="https://belajar.example")
    stand_in.status, stand_in.body = 202, "0: Accepted for delivery"

    def send(by=None, text="halo", **changes):
        by = by or line()
        dlr_url = http.provider.dlr_url(by, 7, ours)
        try:
            mt = Mt(7, PHONE, text, dlr_url, clock.now() + timedelta(hours=1))
            return http.provider.send(mt, by, replace(ours, **changes))
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
        (403, {}, "Authorization failed", NOT_SENT),
        (403, {}, "Receiver is on our list", REFUSED),
        (401, {}, "", NOT_SENT),
        (407, {}, "", NOT_SENT),
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
    ours = replace(settings, http_base_url="http://127.0.0.1:9")
    with pytest.raises(SendFailed) as failed:
        http.provider.send(Mt(7, PHONE, "halo", "", clock.now()), line(password="geheim"), ours)
    assert "geheim" not in failed.value.reason


class Server:
    """Answers each request on a connection with what it was told, and remembers its connections and what they brought."""

    def __init__(self):
        self.accepted, self.heard, self.echoes = [], [], False
        self.says, self.closes_after = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nSet-Cookie: a=b\r\n\r\nok", 99
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/"
        self.accepting = threading.Thread(target=self._serve, daemon=True)
        self.accepting.start()

    def _serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.accepted.append(connection)
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection):
        with suppress(OSError):  # the other end may have gone
            for _ in range(self.closes_after):
                if not (found := connection.recv(65536)):
                    return
                self.heard.append(found)
                path = found.split()[1]
                echo = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(path), path)
                connection.sendall(echo if self.echoes else self.says)
            connection.shutdown(socket.SHUT_RDWR)

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)  # ends the waiting for one more
        self.accepting.join(5)
        self.listener.close()
        for connection in self.accepted:
            connection.close()


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(wire, "_idle", {})
    found = Server()
    yield found
    found.close()
    for connection, _ in [kept for queue in wire._idle.values() for kept in queue]:
        connection.close()


def test_a_connection_is_kept_between_messages_and_not_after_a_pause(server, monkeypatch):
    for _ in range(3):
        assert wire.ask("GET", server.url, {}).text == "ok"
    assert len(server.accepted) == 1
    monkeypatch.setattr(wire, "IDLE_SECONDS", -1.0)
    wire.ask("GET", server.url, {})
    assert (len(server.accepted), any(b"ookie" in request for request in server.heard)) == (2, False)


def test_a_connection_that_the_server_closed_meanwhile_costs_no_message(server):
    server.closes_after = 1
    for n in range(3):
        assert wire.ask("GET", server.url, {}).status == 200
        eventually = time.monotonic() + 2
        while not wire._is_readable(next(iter(wire._idle.values()))[-1][0]) and time.monotonic() < eventually:
            time.sleep(0.005)
        assert len(server.accepted) == n + 1


def test_many_threads_share_connections_and_get_their_own_answers(server):
    server.echoes = True
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda n: wire.ask("GET", f"{server.url}{n}", {}).text, range(80)))
    assert (said, len(server.accepted) <= 8) == ([f"/{n}" for n in range(80)], True)


@pytest.mark.parametrize(
    ("says", "outcome"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nyo\r\n0\r\n\r\n", (200, "yo")),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n", (202, "")),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-16\r\nContent-Length: 3\r\n\r\n\xe9\xe8x", (200, "éèx")),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\nok", AMBIGUOUS),
        (b"garbage\r\n\r\n", AMBIGUOUS),
        (b"HTTP/1.1 abc\r\n\r\n", AMBIGUOUS),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 70_000 + b"\r\n\r\n", AMBIGUOUS),
    ],
)
def test_what_a_server_says(server, says, outcome):
    server.says, server.closes_after = says, 1
    assert asked(server.url) == outcome


def test_an_answer_without_end_is_read_as_far_as_it_matters(server):
    server.says = b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n" + b"a" * 100_000
    assert asked(server.url) == (200, "a" * wire.LONGEST)
    assert [len(queue) for queue in wire._idle.values()] == []


@pytest.mark.parametrize(
    ("url", "headers", "retry"),
    [
        ("http://[::1/", {}, REFUSED),
        ("http://127.0.0.1:99999/", {}, REFUSED),
        (None, {"X-Key": "a\r\nX-Other: b"}, REFUSED),
        (None, {"X-Key": "kunci ĉ"}, REFUSED),
        ("http://does-not-exist.invalid/", {}, NOT_SENT),
        (f"http://{'a' * 70}.invalid/", {}, NOT_SENT),
    ],
)
def test_what_never_left(server, url, headers, retry):
    assert asked(url or server.url, headers) == retry
    assert server.heard == []


def test_a_name_and_password_in_the_address_are_shown_to_the_server_alone(server):
    assert asked(server.url.replace("://", "://u:p%40@") + "a b?c=d e#f") == (200, "ok")
    request = server.heard[0].decode()
    assert request.startswith("GET /a%20b?c=d%20e HTTP/1.1\r\n")
    assert "Authorization: Basic dTpwQA==\r\n" in request


def asked(url, headers=None):
    try:
        reply = wire.ask("GET", url, headers or {})
        return reply.status, reply.text
    except SendFailed as failure:
        return failure.retry


def test_one_that_takes_the_message_and_says_nothing_is_not_waited_for(send, stand_in, monkeypatch):
    monkeypatch.setattr("gateway.wire.READ_SECONDS", 0.2)
    stand_in.before = lambda: stand_in.over.wait(30)
    began = time.monotonic()
    assert send() == AMBIGUOUS
    assert time.monotonic() - began < 9  # seconds; ten are what is waited for elsewhere
