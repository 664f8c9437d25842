"""What ``bench fuzz`` feeds: one function a parser, which takes bytes and raises only where something is wrong.

A new parser is one more ``@target`` here: import it inside (that is when it is instrumented), let pass what it promises to raise,
and assert what it promises to give. ``seeds`` are inputs that it takes, for the fuzzer to begin with.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

Feed = Callable[[bytes], object]
MEDIA = ("application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=b", "text/plain", "")


@dataclass(frozen=True, slots=True)
class Target:
    """``make`` imports the parser and returns what is fed."""

    make: Callable[[], Feed]
    seeds: tuple[bytes, ...]


TARGETS: dict[str, Target] = {}


def target(name: str, *seeds: bytes) -> Callable[[Callable[[], Feed]], Callable[[], Feed]]:
    def named(make: Callable[[], Feed]) -> Callable[[], Feed]:
        TARGETS[name] = Target(make, seeds)
        return make

    return named


def text_of(data: bytes) -> str:
    """Text of any kind, lone surrogates too."""
    return data.decode("utf-8", "surrogatepass") if _is_text(data) else data.decode("latin-1")


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def environ_of(data: bytes) -> dict[str, Any]:
    """A request: the first byte chooses the content type, a line end parts its query from its body."""
    query, _, body = data[1:].partition(b"\n")
    kind = MEDIA[data[0] % len(MEDIA)] if data else ""
    return {
        "REQUEST_METHOD": "POST", "PATH_INFO": "/gateway/x/y/sms", "QUERY_STRING": query.decode("latin-1"), "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body), "wsgi.url_scheme": "http", "SERVER_NAME": "x",
        "SERVER_PORT": "80", "HTTP_X_TWILIO_SIGNATURE": "x",
    }  # fmt: skip


PARTS = b'\x02\n--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n--b--'


@target("bodies", b"\0a=1&b=%2B62\nc=3", b'\x01\n{"a": [1, null], "b": "\\ud800"}', PARTS)
def bodies() -> Feed:
    from gateway import bodies
    from gateway.bodies import TooLong, Unreadable

    def feed(data: bytes) -> None:
        with suppress(TooLong, Unreadable):
            incoming = bodies.read(environ_of(data))
            for name in incoming.fields:
                assert len(incoming.get(name)) <= bodies.LONGEST_VALUE
                incoming.get(name).encode()
            len(incoming.form)

    return feed


FORMS = {
    "africastalking": b"sessionId=a&phoneNumber=%2B62812&text=1*2&id=1&from=%2B62&to=7&date=2026-11-21+08:00:00&status=Success"
    b"&isActive=1&callerNumber=%2B6",
    "twilio": b"MessageSid=SM1&From=whatsapp:%2B62812&To=1&Body=a&MessageStatus=sent&ErrorCode=21610&CallSid=C&Digits=1&hop=2",
    "http": b"from=%2B62812&to=7&text=%00A&charset=UTF-16BE&coding=2&id=1&time=2026-11-21+08:00:00&status=1&binary=0041&content=a"
    b"&msisdn=6",
    "simulator": b"sessionId=a&phoneNumber=%2B62812&text=1&from=%2B62812&to=7&id=2",
}  # fmt: skip


def _provider(name: str) -> Callable[[], Feed]:
    def make() -> Feed:
        from core.settings import read_settings
        from gateway import bodies, provider
        from gateway.bodies import TooLong, Unreadable
        from gateway.profiles import PROFILES
        from gateway.provider import Missing
        from gateway.tables import Line

        found = provider.find(name)
        assert found is not None
        settings = read_settings(_env_file=None, secret_key="x" * 40, twilio_auth_token="x")
        lines = [Line(provider=name, medium="sms", token="t", address="7", options={}, profile=profile) for profile in PROFILES]

        def feed(data: bytes) -> None:
            with suppress(TooLong, Unreadable):
                incoming = bodies.read(environ_of(data))
                for line in lines if name == "http" else lines[:1]:
                    for read in (found.read_ussd, found.read_ussd_end, found.read_sms, found.read_call):
                        with suppress(Missing):
                            read(incoming, line)
                    for ours in ("", "7", "x" * 30):
                        with suppress(Missing):
                            found.read_dlr(incoming, line, ours)
                    assert found.is_genuine(incoming, line, settings) in (True, False)

        return feed

    return make


for _name, _form in FORMS.items():
    TARGETS[f"provider.{_name}"] = Target(_provider(_name), (b"\0\n" + _form, b"\0" + _form + b"\n"))


@target("receipt", b"0: Accepted for delivery", b'Success "07033084-5cfd"', b'{"id": "a", "status": "queued"}')
def receipt() -> Feed:
    from gateway.profiles import PROFILES, profile_of
    from gateway.provider import SendFailed, retry_after
    from gateway.providers.http import _receipt
    from gateway.tables import Line

    profiles = [profile_of(Line(options={}, profile=name)) for name in PROFILES]

    def feed(data: bytes) -> None:
        said = text_of(data)[:2000]
        assert 0 <= retry_after(said, 5) <= 3600
        for profile in profiles:
            with suppress(SendFailed):
                _receipt(said, profile)

    return feed


@target("msisdn", b"+6281234567890", b"0812-3456 7890", b"62 (812) 345", "٠٨١٢".encode())
def numbers() -> Feed:
    from core import msisdn
    from core.problems import Refused

    def feed(data: bytes) -> None:
        with suppress(Refused):
            found = msisdn.read(text_of(data)[:40])
            assert re.fullmatch(r"\+[0-9]{7,15}", found)
            assert msisdn.read(found) == found

    return feed


@target("text", b"a\0b\r\n", "e\u0301\u202e\u200d😀".encode(), b"\xed\xa0\x80")
def gate() -> Feed:
    from core import text

    def feed(data: bytes) -> None:
        text.decode(data).encode("utf-8", "surrogatepass")
        found = text.clean(text_of(data), 200)
        assert len(found) <= 200
        assert "\0" not in found
        found.encode()
        assert text.clean(found) == found

    return feed


@target("gsm7", b"halo [a] {b}", "€ é — “x” 😀".encode(), b"a" * 161, "ç".encode() * 80)
def segments() -> Feed:
    from core import gsm7, text

    def feed(data: bytes) -> None:
        said = text.clean(text_of(data))
        found = gsm7.size(said)
        assert found.segments >= (1 if said else 0)
        again = gsm7.rewrite(said)
        assert gsm7.rewrite(again) == again
        if gsm7.is_gsm7(said):
            assert gsm7.is_gsm7(again)
            assert gsm7.septets(said) >= len(said)

    return feed


@target(
    "marking",
    b"B",
    b"dua belas koma lima km",
    b"1.234,5",
    b"3/4",
    b"12 \xc2\xbd",
    b"benar",
    b"bukan B",
    b"10^3",
    b"a, b",
    b"MDCLX",
)
def marking() -> Feed:
    from lessons.course import Item
    from lessons.kinds import kinds

    by_name = kinds()  # imports them all
    say = {"id": "Pertanyaan"}
    items = [
        Item("a", "multiple_choice", say, {"right": 2}, ({"id": "Akar"}, {"id": "2,5 km"}, {"id": "B"}, {"id": "tidak ada"})),
        Item("b", "true_false", say, {"right": True}),
        Item("c", "number", say, {"right": "12,5", "tolerance": "0.1", "unit": "km"}),
        Item("d", "number", say, {"right": "3/4"}), Item("e", "short_answer", say, {"accepted": ["fotosintesis", "1945", "H2O"]}),
    ]  # fmt: skip

    def feed(data: bytes) -> None:
        typed = text_of(data)[:2000]
        for item in items:
            for language in ("id", "en"):
                found = by_name[item.kind].mark(item, typed, language)
                assert found.mark in (None, "right", "almost", "wrong")

    return feed


@target("wishes", b"STOP", b"UNREG IPA5", b"Stop. Terima kasih", b"start", b"BERHENTI!")
def wishes() -> Feed:
    from gateway import opt_out

    return lambda data: opt_out.read(text_of(data)[:2000])


@target("stamps", b"2026-11-21 08:00:00", b"1763687000", b"2026-11-21T08:00:00+07:00")
def stamps() -> Feed:
    from core import clock
    from gateway import late

    def feed(data: bytes) -> None:
        found = late.stamp(text_of(data)[:2000])
        if found is not None:
            late.said_at(1, found, clock.to_ms(found) + 5)

    return feed


@target("lines", b'[[line]]\nprovider = "http"\nmedium = "sms"\naddress = "7"\nprices = {"" = 350}\noptions = {per_second = 2}\n')
def lines() -> Feed:
    import tomllib

    from core.problems import Refused
    from gateway import line_files
    from gateway.tables import Line

    def feed(data: bytes) -> None:
        with suppress(Refused):
            for found in line_files.read(text_of(data)):
                line = Line(**{"is_active": True, "budget": 160, **found})
                for name in line_files.KINDS:
                    if getattr(line, name) is None:
                        setattr(line, name, line_files.KINDS[name]())
                tomllib.loads(line_files.write([line]))

    return feed


DRAFT = (
    b'{"keyword": "A1", "title": {"id": "x"}, "items": [{"id": "a", "kind": "number", "prompt": {"id": "?"}, '
    b'"key": {"right": "1"}}]}'
)


@target("drafts", DRAFT)
def drafts() -> Feed:
    import json

    from lessons.course import quiz_from_json, quiz_to_json

    def feed(data: bytes) -> None:
        try:
            draft = json.loads(data)
        except (ValueError, RecursionError):
            return
        with suppress(KeyError, TypeError, AttributeError, ValueError):  # only our own code writes them
            quiz_to_json(quiz_from_json(draft))

    return feed
