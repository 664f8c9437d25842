"""Requests that no well-meaning program sends, as bytes: broken HTTP, odd bodies, odd fields, odd paths.

``Odd(seed, places)`` makes the same ones for the same seed. ``places`` are the addresses and what their fields are called.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote_from_bytes

LIMIT = 8192  # bytes of a webhook's body, or of its query
FORM, JSON = b"application/x-www-form-urlencoded", b"application/json"
KINDS = (
    FORM, FORM, JSON, b"text/plain", b"", b"multipart/form-data", b"multipart/form-data; boundary=", b"text/xml", b"\xff\xfe",
    b"multipart/form-data; boundary=" + b"b" * 300, FORM + b"; charset=utf-7", FORM + b"; charset=\"utf-16", JSON + b";charset=x",
    b"application/x-www-form-urlencoded;" * 40, b"multipart/mixed; boundary=a", b"application/problem+json", b"a/b" * 900,
)  # fmt: skip
VALUES = (
    b"", b"1", b"+6281234567890", b" 6281234567890", b"0", b"-1", b"9" * 5000, b"18446744073709551616", b"9223372036854775808",
    "²".encode(), "１".encode(), "١".encode(), b"1_0", b"NaN", b"None", b"null", b"[]", b"{}", b"\0", b"a\0b", b"\xff\xfe",
    b"\xed\xa0\x80", b"\xf4\x90\x80\x80", "😀".encode() * 300, "\u202e\u2028\u200b".encode(), "e\u0301".encode() * 700, b"%00",
    b"<script>alert(1)</script>", b"{{7*7}}", b"' OR 1=1 --", b"%_\\", b"1*2*" * 900, b"*", b"#", b"00", b"STOP", b"A" * 1999,
    b"A" * 2001, b"=cmd|' /C calc'!A1", b"../../etc/passwd", b"\r\nSet-Cookie: a=b", b"zip", b"UTF-16BE", b"1e309", b"0x10",
    b"2026-02-30", b"9999-12-31", b"0001-01-01", b"2026-11-21T25:61:61+99:99", b"Asia/Nowhere", b"id" * 60, b"whatsapp:+62812",
)  # fmt: skip
METHODS = (b"GET", b"PUT", b"HEAD", b"DELETE", b"OPTIONS", b"PATCH", b"TRACE", b"POST", b"post", b"G\xc3\x89T", b"X" * 300, b"")
HEADERS = (
    (b"Cookie", b"kentongan=" + b"e30." * 50), (b"Cookie", b"\xff;=;kentongan=;;=\0"), (b"Cookie", b"a=b; " * 400),
    (b"Authorization", b"Bearer \xe9\xff"), (b"Authorization", b"Basic !!!"), (b"Authorization", b"Digest " + b'a="' * 90),
    (b"If-None-Match", b'W/"' + b"a" * 3000), (b"If-None-Match", b"*"), (b"If-Modified-Since", b"Sat, 99 Foo 0000 99:99:99 GMT"),
    (b"Range", b"bytes=0-,-1,9-1," * 60), (b"Range", b"bytes=18446744073709551616-"), (b"Accept", b"*/*;q=nan, a;q=1e999"),
    (b"Accept-Language", b"id;q=-1,en;q=2,\xff," + b"x-" * 900), (b"Accept-Encoding", b"gzip;q=0, *;q=nonsense"),
    (b"X-Forwarded-For", b"1.2.3.4, \xff, ::1%eth0" * 30), (b"X-Forwarded-Host", b"[::1"), (b"X-Forwarded-Proto", b"gopher"),
    (b"X-Request-ID", b"\x7f" * 300), (b"X-Twilio-Signature", b"=" * 400), (b"X-Twilio-Signature", b"\xff"),
    (b"X-Twilio-Webhooks-Signature-Settings", b"algorithm=SHA999;;=,"), (b"Origin", b"null"), (b"Referer", b"http://[::1"),
    (b"Content-Encoding", b"gzip"), (b"Content-Disposition", b'form-data; name="\0'), (b"Host", b"evil.example\\@[::"),
    (b"Expect", b"200-ok"), (b"Upgrade", b"websocket"), (b"X-HTTP-Method-Override", b"DELETE"), (b"Date", b"-1"),
)  # fmt: skip
JSONS = (
    b"[" * 4000, b'{"a":' * 1500, b"[" * 2000 + b"]" * 2000, b'{"from":"\\ud800","text":"\\udfff\\u0000"}', b'{"from":NaN}',
    b"1e999",
    b'{"from":' + b"9" * 4000 + b"}", b'{"text":"a","text":"b","from":{"a":[1,[2]]}}', b'{"":null}', b'"a"', b"null",
    b"\xef\xbb\xbf{}",
    b'{"from":"+62812', b"{'from': 1}", b"[1,2,3]", b'{"a":1}' * 200, b"\x1f\x8b\x08\0\0\0", b"{" + b'"k":1,' * 900 + b'"z":1}',
)  # fmt: skip
PATHS: tuple[Callable[[bytes], bytes], ...] = (
    lambda p: b"/" + p, lambda p: p + b"/", lambda p: p + b"/../../etc/passwd", lambda p: p + b"%00", lambda p: p + b"%ff%fe",
    lambda p: p + b";a=b", lambda p: p.replace(b"/", b"%2f"), lambda p: p.replace(b"/", b"//"), lambda p: p.upper(),
    lambda p: p[:-1],
    lambda p: b"http://evil.example" + p, lambda p: p + b"/" + b"a" * 7000, lambda p: p + b"%", lambda p: p + "é".encode(),
    lambda p: p + b"?" + b"&" * 8000, lambda p: p + b"?" + b"a=%zz&" * 300, lambda p: p + b"\t", lambda p: b"*", lambda p: p[1:],
    lambda p: p + b"?" + b"a" * (LIMIT - 1), lambda p: p + b"?" + b"a" * LIMIT, lambda p: p + b"?" + b"a" * (LIMIT + 1),
    lambda p: p + b"/" + b"9" * 40, lambda p: p + b"/-1", lambda p: p.rpartition(b"/")[0] + b"/99999999999999999999",
    lambda p: p + b"?lang=" + b"x" * 99, lambda p: p + b"?next=//evil.example",
    lambda p: p + b"?page=-1&page=99999999999999999999",
    lambda p: p + b"?from=0000-00-00&days=" + b"9" * 30, lambda p: p + b"?key=\xff&since=1e9", lambda p: p + b"#" + p,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """An address, its method, its fields' names, and headers (such as a login's cookie) with fields that open it."""

    method: bytes
    path: bytes
    fields: tuple[bytes, ...]
    headers: tuple[tuple[bytes, bytes], ...] = ()
    opens: tuple[tuple[bytes, bytes], ...] = ()
    signed: Callable[[bytes, list[tuple[bytes, bytes]]], bytes] | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """``is_http``: it is a whole request that a server must answer; what is not may also be hung up on."""

    what: str
    place: Place
    data: bytes
    is_http: bool
    is_screen: bool = False  # a USSD hop whose token is right and whose body is short enough: always a screen


class Odd:
    def __init__(self, seed: int, places: list[Place]):
        self._chance, self._places = random.Random(seed), places
        self._ways = (self.fields, self.fields, self.fields, self.queries, self.kinds, self.jsons, self.parts, self.sizes,
                      self.lengths, self.methods, self.headers, self.paths, self.broken, self.bytes)  # fmt: skip

    def next(self) -> Request:
        return self._chance.choice(self._ways)(self._chance.choice(self._places))

    # What is said, in HTTP that is whole

    def fields(self, at: Place) -> Request:
        """Odd values: missing, repeated, too many, of any bytes."""
        pairs = self._pairs(at)
        signature = [(b"X-Twilio-Signature", at.signed(at.path, pairs))] if at.signed and self._chance.random() < 0.8 else []
        body = b"&".join(name + b"=" + self._quoted(value) for name, value in pairs)
        if at.method == b"GET":
            return self._made("fields", at, path=at.path + b"?" + body[: LIMIT * 2])
        return self._made("fields", at, body, FORM, signature)

    def queries(self, at: Place) -> Request:
        body = b"&".join(name + b"=" + self._quoted(value) for name, value in self._pairs(at))
        return self._made(
            "queries", at, path=at.path + b"?" + body[: LIMIT * 2], body=b"" if at.method == b"GET" else b"a=b", kind=FORM
        )

    def kinds(self, at: Place) -> Request:
        body = b"&".join(name + b"=" + value for name, value in self._pairs(at))
        return self._made("kinds", at, body, self._chance.choice(KINDS), method=b"POST")

    def jsons(self, at: Place) -> Request:
        if self._chance.random() < 0.5:
            return self._made("jsons", at, self._chance.choice(JSONS), JSON, method=b"POST")
        deep: object = {name.decode("latin-1"): value.decode("latin-1") for name, value in self._pairs(at)}
        for _ in range(self._chance.choice((0, 1, 19, 20, 21, 300))):
            deep = self._chance.choice(([deep], {"from": deep}))
        return self._made("jsons", at, json.dumps(deep).encode(), JSON, method=b"POST")

    def parts(self, at: Place) -> Request:
        """Multipart, whole and torn."""
        border = self._chance.choice((b"b", b"b" * 70, b"\xff", b"-", b'"b"'))
        rows = [
            b"--" + border + b'\r\nContent-Disposition: form-data; name="' + name + self._chance.choice((b'"',
            b'"; filename="x"', b"", b'"\0'))
            + self._chance.choice((b"\r\n\r\n", b"\n\n", b"\r\nContent-Type: \xff\r\n\r\n", b"\r\n" * 9)) + value + b"\r\n"
            for name, value in self._pairs(at)
        ]  # fmt: skip
        body = b"".join(rows) + (b"--" + border + b"--\r\n" if self._chance.random() < 0.6 else b"")
        return self._made("parts", at, body, b"multipart/form-data; boundary=" + border, method=b"POST")

    def sizes(self, at: Place) -> Request:
        size = self._chance.choice((LIMIT - 1, LIMIT, LIMIT + 1, 2 * LIMIT, 100_000, 600_000))
        start = b"&".join(name + b"=" + self._quoted(value) for name, value in at.opens) or b"text="
        filler = self._chance.choice((b"a", b"&", b"=", b"%", b"\xff", b"a=b&", b"\0", b"[", b"{"))
        body = (start + filler * size)[:size]
        return self._made("sizes", at, body, self._chance.choice((FORM, JSON, b"text/plain")), method=b"POST")

    def methods(self, at: Place) -> Request:
        method = self._chance.choice(METHODS)
        return self._made("methods", at, b"text=1", FORM, method=method, is_http=method.isalpha() and method.isascii())

    def headers(self, at: Place) -> Request:
        more = self._chance.sample(HEADERS, self._chance.randint(1, 4))
        body = b"" if at.method == b"GET" else b"&".join(name + b"=" + self._quoted(value) for name, value in self._pairs(at))
        return self._made("headers", at, body, FORM, more, is_http=False)  # some of them are no HTTP: a server may hang up

    def paths(self, at: Place) -> Request:
        path = self._chance.choice(PATHS)(at.path)
        return self._made("paths", at, b"" if at.method == b"GET" else b"text=1", FORM, path=path, is_http=False)

    # What is no HTTP, or not quite

    def lengths(self, at: Place) -> Request:
        """The length is a lie, or comes in chunks that are right or wrong."""
        body = b"&".join(name + b"=" + self._quoted(value) for name, value in self._pairs(at))[:LIMIT]
        size = b"%x" % len(body)
        chunked, way = [(b"Transfer-Encoding", b"chunked")], self._chance.randrange(9)
        if way == 0:
            return self._raw("lengths", at, [*chunked], size + b"\r\n" + body + b"\r\n0\r\n\r\n", is_http=True)
        if way == 1:
            chunks = b"".join(b"1;x=y\r\n" + body[n : n + 1] + b"\r\n" for n in range(min(len(body), 400)))
            return self._raw("lengths", at, chunked, chunks + b"0\r\nX-Trailer: 1\r\n\r\n", is_http=True)
        if way == 2:
            many = (b"%x" % 4000 + b"\r\n" + b"a" * 4000 + b"\r\n") * 6
            return self._raw("lengths", at, chunked, many + b"0\r\n\r\n", is_http=True)
        odd = (
            ([(b"Content-Length", b"-1")], body), ([(b"Content-Length", b"99999999999999999999")], body),
            ([(b"Content-Length", b"%d" % (len(body) + 500))], body), ([(b"Content-Length", b"1"), (b"Content-Length", b"2")],
            body),
            ([*chunked, (b"Content-Length", b"3")], size + b"\r\n" + body + b"\r\n0\r\n\r\n"), (chunked, b"zz\r\n" + body),
        )[way - 3]  # fmt: skip
        return self._raw("lengths", at, *odd, is_http=False)

    def broken(self, at: Place) -> Request:
        line, host = at.method + b" " + at.path, b"\r\nHost: x"
        data = self._chance.choice((
            line + b"\r\n\r\n", line + b" HTTP/0.9\r\n\r\n", line + b" HTTP/1.0\r\n\r\n", line + b" HTTP/1.1\r\n\r\n",
            line + b" HTTP/2.0" + host + b"\r\n\r\n", line + b" HTTP/1.1" + host + host + b"\r\n\r\n",
            line + b" HTTP/1.1\nHost: x\n\n",
            line + b" HTTP/1.1" + host + b"\r\nno colon\r\n\r\n", line + b" HTTP/1.1" + host + b"\r\nA: b\r\n folded\r\n\r\n",
            line + b" HTTP/1.1" + host + b"\r\nA\0: b\r\n\r\n",
            line + b" HTTP/1.1" + host + b"\r\nA: " + b"a" * 70_000 + b"\r\n\r\n",
            line + b" HTTP/1.1" + host + b"\r\nA: b" * 300 + b"\r\n\r\n", b"\r\n" * 50 + line + b" HTTP/1.1" + host + b"\r\n\r\n",
            line + b" HTTP/1.1" + host + b"\r\nConnection: Upgrade, HTTP2-Settings\r\n"
            b"Upgrade: h2c\r\nHTTP2-Settings: AAMA\r\n\r\n",
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\x04\0\0\0\0\0",
            b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03" + b"\0" * 500,
            line + b" HTTP/1.1" + host + b"\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n", line, b"", b"\0" * 300,
        ))  # fmt: skip
        return Request("broken", at, data, is_http=False)

    def bytes(self, at: Place) -> Request:
        """A whole request with some of its bytes changed, left out or doubled."""
        data = bytearray(self.fields(at).data[:4000])
        for _ in range(self._chance.randint(1, 12)):
            where = self._chance.randrange(len(data))
            way = self._chance.randrange(3)
            if way == 0:
                data[where] = self._chance.randrange(256)
            elif way == 1:
                del data[where : where + self._chance.randint(1, 9)]
            else:
                data[where:where] = data[where : where + self._chance.randint(1, 40)]
            if not data:
                break
        return Request("bytes", at, bytes(data), is_http=False)

    def _pairs(self, at: Place) -> list[tuple[bytes, bytes]]:
        many = self._chance.choice((0, 1, 2, 4, 8, len(at.fields), 49, 51, 300) if self._chance.random() < 0.1 else (1, 2, 4, 8))
        pairs = [(self._chance.choice(at.fields or (b"a",)), self._value()) for _ in range(many)]
        if self._chance.random() < 0.7:  # what opens it: without its number a hop is refused at the door
            pairs = [*at.opens, *(pair for pair in pairs if pair[0] not in dict(at.opens) or self._chance.random() < 0.2)]
        return pairs

    def _value(self) -> bytes:
        if self._chance.random() < 0.8:
            return self._chance.choice(VALUES)
        return self._chance.randbytes(self._chance.choice((1, 2, 5, 40, 500)))

    def _quoted(self, value: bytes) -> bytes:
        return value if self._chance.random() < 0.1 else quote_from_bytes(value, safe="")[:6000].encode()

    def _made(self, what: str, at: Place, body: bytes = b"", kind: bytes = b"", more: list[tuple[bytes, bytes]] | None = None, *,
              method: bytes | None = None, path: bytes | None = None, is_http: bool | None = None) -> Request:  # fmt: skip
        method, path = at.method if method is None else method, at.path if path is None else path
        head = [(b"Content-Type", kind)] if kind else []
        head += [(b"Content-Length", b"%d" % len(body))] if body or method not in (b"GET", b"HEAD") else []
        data = _head(method, path, [*at.headers, *head, *(more or [])]) + body
        plain = all(33 <= byte < 127 for byte in path) and len(path) < 4000 and all(32 <= byte < 127 for byte in kind)
        is_screen = at.path.endswith(b"/ussd") and path.startswith(at.path) and method == b"POST" and len(body) <= LIMIT
        is_screen &= path in (at.path,) and len(path) < LIMIT and what not in ("headers", "paths")
        return Request(what, at, data, plain if is_http is None else is_http, is_screen)

    def _raw(self, what: str, at: Place, more: list[tuple[bytes, bytes]], body: bytes, *, is_http: bool) -> Request:
        return Request(what, at, _head(b"POST", at.path, [*at.headers, (b"Content-Type", FORM), *more]) + body, is_http)


def _head(method: bytes, path: bytes, headers: list[tuple[bytes, bytes]]) -> bytes:
    rows = [method + b" " + path + b" HTTP/1.1", b"Host: 127.0.0.1", b"Connection: close"]
    return b"\r\n".join([*rows, *(name + b": " + value for name, value in headers)]) + b"\r\n\r\n"
