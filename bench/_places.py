"""Every address of the product for bench.malformed: the networks' callbacks, and each route, as each of its readers."""

from __future__ import annotations

import http.client
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote_to_bytes, urlencode

from bench._odd_requests import Place

GATEWAY_FIELDS = (
    b"sessionId", b"phoneNumber", b"text", b"serviceCode", b"from", b"to", b"id", b"status", b"charset", b"coding",
    b"content", b"binary",
    b"From", b"Body", b"To", b"MessageSid", b"MessageStatus", b"ErrorCode", b"callerNumber", b"isActive", b"dtmfDigits", b"hop",
    b"CallSid", b"Digits", b"failureReason", b"message_status", b"time", b"date", b"sent_at", b"session", b"msisdn", b"SmsSid",
)  # fmt: skip
CALLBACKS = {
    ("africastalking", "ussd"): ("ussd", "ussd-end"), ("africastalking", "sms"): ("sms", "dlr", "voice"), ("simulator",
    "ussd"): ("ussd",),
    ("africastalking", "voice"): ("voice",), ("twilio", "sms"): ("sms", "dlr/7", "voice", "dlr/x"), ("simulator",
    "sms"): ("sms",),
    ("http", "sms"): ("sms", "dlr", "dlr/7"), ("http", "ussd"): ("ussd", "ussd-end"),
}  # fmt: skip
OPENS = {
    "ussd": ((b"sessionId", b"m1"), (b"phoneNumber", b"+6281234500001")), "ussd-end": ((b"sessionId", b"m1"), (b"phoneNumber",
    b"+6281234500001")),
    "sms": ((b"from", b"+6281234500002"), (b"id", b"m2"), (b"text", b"1")), "dlr": ((b"id", b"1"), (b"status", b"1")),
    "voice": ((b"sessionId", b"m3"), (b"callerNumber", b"+6281234500003"), (b"isActive", b"1")),
}  # fmt: skip
TWILIO = {
    "sms": ((b"From", b"+6281234500004"), (b"Body", b"1"), (b"MessageSid", b"SM1")), "dlr": ((b"MessageSid", b"SM1"),
    (b"MessageStatus", b"sent")),
    "voice": ((b"CallSid", b"CA1"), (b"From", b"+6281234500004")),
}  # fmt: skip
QUERY = (
    b"from",
    b"days",
    b"since",
    b"page",
    b"lang",
    b"key",
    b"q",
    b"state",
    b"line",
    b"next",
    b"class",
    b"day",
    b"number",
    b"text",
)
FORM = (
    *QUERY, b"csrf_token", b"login", b"password", b"name", b"msisdn", b"title", b"prompt", b"opens", b"closes", b"starts_on",
    b"starts_at",
    b"ends_on", b"minutes", b"weekdays", b"time_zone", b"zone", b"npsn", b"segments", b"provider", b"medium", b"address",
    b"prices",
    b"options", b"budget", b"cost", b"nonce", b"send", b"how", b"guardian", b"items-0-prompt", b"item-0-kind", b"keyword",
    b"slug",
    b"networks", b"typed", b"file", b"grade", b"scope", b"station", b"channel", b"programme", b"typed", b"session", b"course",
)  # fmt: skip
IDS = ("1", "2", "0", "2147483647", "99999999999999999999", "x")
ROLES = {
    "/teach": "teacher",
    "/school": "teacher",
    "/plan": "planner",
    "/station": "station",
    "/ops": "admin",
    "/account": "teacher",
}
SPARED = re.compile(r"/logout|/(rotate|drop-old|archive)$|^/ops/lines/<int:line_id>$|password")  # what would end the campaign


def ussd_of(demo: dict[str, Any]) -> str:
    """The address of the demo's USSD line."""
    return next(f"/gateway/{x['provider']}/{x['token']}/ussd" for x in demo["lines"] if x["medium"] == "ussd")


def places(port: int, demo: dict[str, Any], twilio_secret: str) -> list[Place]:
    """The callbacks of every line of ``demo`` as often as all pages together, which each role visits logged in."""
    callbacks = list(_callbacks(port, demo, twilio_secret))
    logins = {"teacher": demo["schools"]["A"]["teachers"][0], "planner": demo["planner"], "admin": demo["admin"]}
    opened = {role: _log_in(port, who["login"], who["password"]) for role, who in logins.items()}
    pages = [place for route in _routes() for place in _pages(route, opened, demo)]
    return callbacks * max(1, len(pages) // len(callbacks)) + pages


def _callbacks(port: int, demo: dict[str, Any], twilio_secret: str) -> Any:
    for line in demo["lines"]:
        for what in CALLBACKS.get((line["provider"], line["medium"]), ()):
            kind = what.partition("/")[0]
            is_twilio = line["provider"] == "twilio"
            opens = TWILIO[kind] if is_twilio else OPENS[kind]
            path = f"/gateway/{line['provider']}/{line['token']}/{what}".encode()
            signed = _signer(port, twilio_secret) if is_twilio else None
            methods = (b"POST", b"GET") if line["provider"] == "http" else (b"POST",)
            for method in methods:
                yield Place(method, path, GATEWAY_FIELDS, opens=opens, signed=signed)
    yield Place(b"POST", b"/gateway/http/" + b"x" * 32 + b"/sms", GATEWAY_FIELDS)
    yield Place(b"POST", b"/gateway/nobody/x/ussd-x", GATEWAY_FIELDS)


def _signer(port: int, secret: str) -> Callable[[bytes, list[tuple[bytes, bytes]]], bytes]:
    from twilio.request_validator import RequestValidator
    from werkzeug.datastructures import MultiDict

    def signed(path: bytes, pairs: list[tuple[bytes, bytes]]) -> bytes:
        form = MultiDict((name.decode(), unquote_to_bytes(value).decode("utf-8", "replace")) for name, value in pairs)
        return RequestValidator(secret).compute_signature(f"http://127.0.0.1:{port}{path.decode()}", form).encode()

    return signed


def _log_in(port: int, login: str, password: str) -> tuple[tuple[bytes, bytes], bytes]:
    """(the cookie's header, the CSRF token) of a fresh login."""
    wire = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    cookie, guard = "", ""
    for method, path, body in (
        ("GET", "/login", None),
        ("POST", "/login", True),
        ("GET", "/school/choose", None),
        ("GET", "/phone", None),
    ):
        fields = urlencode({"login": login, "password": password, "csrf_token": guard}) if body else None
        wire.request(method, path, fields, {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"})
        with wire.getresponse() as answer:
            page = answer.read().decode()
        set_cookie = answer.headers.get("Set-Cookie", "")
        cookie = set_cookie.partition(";")[0] or cookie
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page) or re.search(
            r'value="([^"]+)"[^>]*name="csrf_token"', page
        )
        guard = found[1] if found else guard
    wire.close()
    return (b"Cookie", cookie.encode()), guard.encode()


def _routes() -> list[Any]:
    from app import create_app
    from core.settings import read_settings

    app = create_app(read_settings(_env_file=None, secret_key="only for its routes", database_url="sqlite:////dev/null"))
    return sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)


def _pages(rule: Any, opened: dict[str, Any], demo: dict[str, Any]) -> Any:
    if rule.rule.startswith("/gateway/") or SPARED.search(rule.rule):
        return
    role = next((role for prefix, role in ROLES.items() if rule.rule.startswith(prefix)), "")
    words = {
        "slug": demo["stations"][0]["slug"],
        "extension": "ics",
        "code": demo["course"] if isinstance(demo["course"], str) else "X",
    }
    ids = IDS if "<" in rule.rule else ("",)
    for one in ids:
        path = _filled(rule.rule, one, words if one == "1" else {}).encode()
        for method in sorted({"GET", "POST"} & set(rule.methods)):
            fields = QUERY if method == "GET" else FORM
            key = (
                ((b"Authorization", f"Bearer {demo['stations'][0]['key']}".encode()),)
                if rule.rule.startswith(("/stations", "/api"))
                else ()
            )
            yield Place(method.encode(), path, fields, headers=key)
            if role in opened and opened[role][1]:
                cookie, guard = opened[role]
                yield Place(
                    method.encode(), path, fields, headers=(cookie,), opens=((b"csrf_token", guard),) if method == "POST" else ()
                )


def _filled(rule: str, one: str, words: dict[str, str]) -> str:
    return re.sub(r"<(?:[^:<>]+:)?(\w+)>", lambda found: quote(words.get(found[1], one)), rule)
