"""The bodies of webhooks, read strictly and by ourselves.

Werkzeug silently drops a whole form for one byte that is not UTF-8, sets no limit on url-encoded ones and lets a
deep JSON end in a RecursionError. Networks send such things: Kannel sends UTF-16 in a query.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import unquote_to_bytes

from werkzeug.datastructures import EnvironHeaders, MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.formparser import parse_form_data
from werkzeug.sansio.utils import get_content_length

from core import text

LONGEST = 8192  # bytes of a body, or of a query
FIELDS = 50
DEEPEST = 20
LONGEST_VALUE = 2000  # characters of a field: an SMS of ten segments has 1530


class TooLong(Exception):
    """The body is longer than any network needs."""


class Unreadable(Exception):
    """The body cannot be read; the text says why, for people."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request of a network. ``get`` gives clean text; ``raw`` the bytes, for a network with a charset of its own."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    fields: dict[str, list[bytes]]  # query and body; the body's come first
    posted: dict[str, list[bytes]]  # the body's alone

    def has(self, name: str) -> bool:
        return name in self.fields

    def raw(self, name: str) -> bytes:
        """The first value's bytes, b"" where the field is absent."""
        return self.fields.get(name, [b""])[0]

    def get(self, name: str, default: str = "") -> str:
        """The first value as clean text; ``default`` where the field is absent."""
        if name not in self.fields:
            return default
        return text.clean(text.decode(self.fields[name][0]), LONGEST_VALUE)

    @property
    def form(self) -> MultiDict[str, str]:
        """The posted fields as they came, repeated and blank ones too: what a signature is made of."""
        return MultiDict((name, text.decode(value)) for name, values in self.posted.items() for value in values)


def read(environ: dict[str, Any]) -> Incoming:
    """What a WSGI request holds. Raises TooLong, or Unreadable for too many fields, a broken JSON or a multipart that is none."""
    query = environ.get("QUERY_STRING", "").encode("latin-1", "replace")
    if len(query) > LONGEST:
        raise TooLong
    body = _body(environ)
    asked = _pairs(query) if query else {}
    posted = _posted(body, environ.get("CONTENT_TYPE", "")) if body else {}
    if sum(map(len, asked.values())) + sum(map(len, posted.values())) > FIELDS:
        raise Unreadable(f"Terlalu banyak isian: paling banyak {FIELDS}. / Too many fields: at most {FIELDS}.")
    path = "/" + environ.get("PATH_INFO", "").encode("latin-1", "replace").decode("utf-8", "replace").lstrip("/")
    return Incoming(
        environ["REQUEST_METHOD"],
        path,
        text.decode(query),
        cast(Mapping[str, str], EnvironHeaders(environ)),
        {**asked, **posted} if asked else posted,
        posted,
    )


def _body(environ: dict[str, Any]) -> bytes:
    """At most LONGEST bytes, whether or not their length was announced."""
    length = get_content_length(environ.get("CONTENT_LENGTH"), environ.get("HTTP_TRANSFER_ENCODING"))
    if (length or 0) > LONGEST:
        raise TooLong
    if length is None and not environ.get("wsgi.input_terminated"):
        return b""  # this server would wait for ever: WSGI does not say where such a body ends
    stream = environ["wsgi.input"]
    wanted = LONGEST + 1 if length is None else length
    parts: list[bytes] = []
    while wanted > 0 and (part := stream.read(wanted)):
        parts.append(part)
        wanted -= len(part)
    body = b"".join(parts)
    if len(body) > LONGEST:
        raise TooLong
    return body


def _pairs(encoded: bytes) -> dict[str, list[bytes]]:
    """``a=1&a=2&b=`` as {"a": [b"1", b"2"], "b": [b""]}; names are text, values bytes."""
    if encoded.count(b"&") > FIELDS * 4:
        raise Unreadable(f"Terlalu banyak isian: paling banyak {FIELDS}. / Too many fields: at most {FIELDS}.")
    found: dict[str, list[bytes]] = {}
    for pair in encoded.split(b"&"):
        if pair:
            name, _, value = pair.partition(b"=")
            if b"%" in name or b"+" in name:
                name = _unquoted(name)
            if b"%" in value or b"+" in value:
                value = _unquoted(value)
            found.setdefault(text.decode(name), []).append(value)
    return found


def _unquoted(encoded: bytes) -> bytes:
    return unquote_to_bytes(encoded.replace(b"+", b" "))


def _posted(body: bytes, content_type: str) -> dict[str, list[bytes]]:
    mimetype = content_type.partition(";")[0].strip().lower()
    if mimetype == "multipart/form-data":
        return _multipart(body, content_type)
    if mimetype.endswith("json") or body.lstrip()[:1] == b"{":  # relay phones often announce a form
        return _json(body)
    return _pairs(body)


def _multipart(body: bytes, content_type: str) -> dict[str, list[bytes]]:
    environ = {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": content_type}
    try:
        _, form, _ = parse_form_data(environ, silent=False)
    except (ValueError, HTTPException):
        raise Unreadable("Isi tidak terbaca. / The body cannot be read.") from None
    return {name: [value.encode("utf-8", "replace") for value in form.getlist(name)] for name in form}


def _refuse(constant: str) -> Any:
    raise ValueError(constant)  # NaN and Infinity are not JSON


def _json(body: bytes) -> dict[str, list[bytes]]:
    """The members of one flat object; a nested value is kept as JSON text, a number as it was written."""
    try:
        if _depth(body) > DEEPEST:
            raise ValueError("too deep")
        data = json.loads(text.decode(body), parse_constant=_refuse, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        raise Unreadable("JSON tidak terbaca. / The JSON cannot be read.") from None
    if not isinstance(data, dict):
        raise Unreadable("JSON harus berupa objek. / The JSON must be an object.")
    return {key: [_bytes(value)] for key, value in data.items() if value is not None}


def _bytes(value: Any) -> bytes:
    written = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return written.encode("utf-8", "replace")  # a lone surrogate becomes "?"


def _depth(body: bytes) -> int:
    """How deep brackets nest at most, strings left out; counted without recursion."""
    depth = deepest = 0
    in_string = escaped = False
    for byte in body:
        if escaped:
            escaped = False
        elif in_string:
            escaped = byte == 0x5C
            in_string = byte != 0x22
        elif byte == 0x22:
            in_string = True
        elif byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest
