"""A request to a provider over HTTP, and what its failure means for the MT."""

from __future__ import annotations

import os
import re
import select
import ssl
import threading
import time
from base64 import b64encode
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection, IncompleteRead, InvalidURL
from typing import TypeVar
from urllib.parse import SplitResult, quote, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from gateway.provider import AMBIGUOUS, CONNECT_SECONDS, NOT_SENT, READ_SECONDS, REFUSED, WAIT, SendFailed, retry_after

T = TypeVar("T")
IDLE_SECONDS = 2.0  # a server may close an idle connection just as we use it, and nobody would know what it took
KEPT = 128  # idle connections to one server
LONGEST = 65_536  # bytes of an answer that are read; a gateway's is a line
_idle: dict[tuple[str, str, int], deque[tuple[HTTPConnection, float]]] = {}
UNKNOWN_TO_THEM = re.compile(r"authenticat|unauthori[sz]ed|authori[sz]ation failed", re.I)  # our key or password is not taken
_SAFE = "%/:=&?~#+!$,;'@()*[]"


@dataclass(frozen=True, slots=True)
class Reply:
    """``headers`` by lower-case name."""

    status: int
    headers: Mapping[str, str]
    text: str


def ask(method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> Reply:
    """The answer to one request. Raises SendFailed, which knows whether a byte of it had left.

    The connection is kept open for the next one, unless idle too long. No cookies, and no redirect is followed. Where a proxy
    stands before the host, or certificates of this machine's own are to be trusted, ``requests`` asks: it knows how.
    """
    try:
        parts = urlsplit(url)
        where = (parts.scheme, parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
    except ValueError as error:  # no address at all
        raise SendFailed(REFUSED, "InvalidURL") from error
    if _looks_around(parts.scheme, where[1]):
        return _by_requests(method, url, headers, body)
    connection = _open_to(where)
    try:
        connection.putrequest(method, _target(parts), skip_accept_encoding=True)
        for name, value in _headed(parts, headers, body).items():
            connection.putheader(name, value)
    except (InvalidURL, ValueError) as error:  # what no header and no address can hold; nothing has left
        connection.close()
        raise SendFailed(REFUSED, type(error).__name__) from error
    try:
        connection.endheaders(body)
        response = connection.getresponse()
        raw = response.read(LONGEST)
        if response.length and len(raw) < LONGEST:
            raise IncompleteRead(raw)
        reply = Reply(response.status, {name.lower(): value for name, value in response.headers.items()}, _text(raw, response))
        is_whole = response.isclosed()
    except (OSError, HTTPException) as error:  # a torn connection, a time-out, a garbled answer
        connection.close()
        raise SendFailed(AMBIGUOUS, type(error).__name__) from error
    if is_whole and connection.sock is not None:  # it is None where the server wants to close
        _idle.setdefault(where, deque(maxlen=KEPT)).append((connection, time.monotonic()))
    else:
        connection.close()
    return reply


def _target(parts: SplitResult) -> str:
    return quote(parts.path or "/", safe=_SAFE) + (f"?{quote(parts.query, safe=_SAFE)}" if parts.query else "")


def _headed(parts: SplitResult, headers: Mapping[str, str], body: bytes | None) -> dict[str, str]:
    """``headers``, and what else a request needs."""
    given = {name.title(): value for name, value in headers.items()}
    if parts.username is not None:
        word = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
        given.setdefault("Authorization", f"Basic {b64encode(word).decode()}")
    if body is not None:
        given["Content-Length"] = str(len(body))
    return {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": "kentongan", **given}


def _open_to(where: tuple[str, str, int]) -> HTTPConnection:
    """A connection that lives, to our knowledge. Raises SendFailed where there is none to be had: nothing has left then."""
    kept = _idle.get(where)
    while kept:
        try:
            connection, since = kept.pop()
        except IndexError:  # somebody else has it
            break
        if time.monotonic() - since <= IDLE_SECONDS and not _is_readable(connection):
            return connection
        connection.close()
    scheme, host, port = where
    try:
        if scheme == "https":
            connection = HTTPSConnection(host, port, timeout=CONNECT_SECONDS, context=_trusted())
        else:
            connection = HTTPConnection(host, port, timeout=CONNECT_SECONDS)
        connection.connect()
        connection.sock.settimeout(READ_SECONDS)
    except (OSError, UnicodeError, InvalidURL) as error:  # no such host, refused, no time, a bad certificate
        raise SendFailed(NOT_SENT, type(error).__name__) from error
    return connection


def _is_readable(connection: HTTPConnection) -> bool:
    """Whether something came though nothing was asked: the server has closed it."""
    if connection.sock is None:
        return True
    poll = select.poll()
    poll.register(connection.sock, select.POLLIN)
    return bool(poll.poll(0))


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    import certifi

    return ssl.create_default_context(cafile=certifi.where())


def _text(raw: bytes, response: object) -> str:
    charset = response.headers.get_content_charset()  # type: ignore[attr-defined]
    try:
        return raw.decode(charset or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return raw.decode("latin-1")


@lru_cache(maxsize=64)
def _looks_around(scheme: str, host: str) -> bool:
    """Whether a proxy stands before ``host``, or certificates of this machine's own are to be trusted."""
    has_proxy = scheme in getproxies() and not proxy_bypass(host)
    return has_proxy or (scheme == "https" and any(name in os.environ for name in _BUNDLES))


_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_kept = threading.local()


def _by_requests(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Reply:
    import requests
    from requests.cookies import RequestsCookieJar

    session = _kept.__dict__.setdefault("session", requests.Session())
    session.cookies = RequestsCookieJar()
    waits = (CONNECT_SECONDS, READ_SECONDS)
    said = attempt(lambda: session.request(method, url, headers=dict(headers), data=body, timeout=waits, allow_redirects=False))
    return Reply(said.status_code, {name.lower(): value for name, value in said.headers.items()}, said.text)


def attempt(call: Callable[[], T]) -> T:
    """``call()``, the exceptions of ``requests`` turned into SendFailed.

    Only what fails before the first byte of the request (no such host, connection refused, no agreement on TLS, connect
    time-out) is surely not sent. A connection that breaks later, or an answer that does not come, may follow an accepted message.
    """
    import requests

    try:
        return call()
    except (requests.exceptions.ConnectTimeout, requests.exceptions.ProxyError) as error:
        raise SendFailed(NOT_SENT, type(error).__name__) from error
    except requests.exceptions.SSLError as error:  # also what goes wrong while the answer is read
        raise SendFailed(NOT_SENT if _never_agreed(error) else AMBIGUOUS, type(error).__name__) from error
    except requests.exceptions.ConnectionError as error:
        raise SendFailed(NOT_SENT if _never_connected(error) else AMBIGUOUS, _said(error)) from error
    except (requests.exceptions.InvalidURL, requests.exceptions.MissingSchema, requests.exceptions.InvalidSchema) as error:
        raise SendFailed(REFUSED, _said(error)) from error
    except requests.exceptions.RequestException as error:  # a read time-out, a torn or garbled answer
        raise SendFailed(AMBIGUOUS, _said(error)) from error


def check_status(reply: Reply) -> None:
    """Raises SendFailed for all but 2xx: 429, and 503 with Retry-After, wait; 5xx and 3xx are ambiguous; 4xx is refused.

    But for a password that is not taken: nothing was sent, the line's breaker opens, and what waits is sent once it is mended.
    """
    status = reply.status
    if 200 <= status < 300:
        return
    said = f"HTTP {status} {' '.join(reply.text.split())[:120]}".strip()
    after = reply.headers.get("retry-after")
    if status == 429 or (status == 503 and after):
        raise SendFailed(WAIT, said, retry_after(after, 30))
    if status in (401, 407) or (status == 403 and UNKNOWN_TO_THEM.search(said)):
        raise SendFailed(NOT_SENT, said)
    raise SendFailed(REFUSED if 400 <= status < 500 else AMBIGUOUS, said)


def _never_connected(error: BaseException) -> bool:
    """urllib3 names a connection that was never made NewConnectionError."""
    from urllib3.exceptions import NameResolutionError, NewConnectionError

    return any(isinstance(found, NewConnectionError | NameResolutionError) for found in _wrapped(error))


def _never_agreed(error: BaseException) -> bool:
    """Whether it is one of the errors that only a handshake ends with, before anything of ours is sent."""
    for found in _wrapped(error):
        if isinstance(found, ssl.SSLCertVerificationError) or getattr(found, "reason", None) in _HANDSHAKES:
            return True
    return False


_HANDSHAKES = {"WRONG_VERSION_NUMBER", "UNSUPPORTED_PROTOCOL", "NO_PROTOCOLS_AVAILABLE", "SSLV3_ALERT_HANDSHAKE_FAILURE"}


def _wrapped(error: BaseException) -> list[BaseException]:
    """The error, and all that ``requests`` wrapped in it."""
    seen: list[BaseException] = []
    waiting: list[BaseException] = [error]
    while waiting:
        found = waiting.pop()
        if found not in seen:
            seen.append(found)
            inner = [*found.args, getattr(found, "reason", None), found.__cause__, found.__context__]
            waiting += [one for one in inner if isinstance(one, BaseException)]
    return seen


def _said(error: BaseException) -> str:
    """Its kind alone: the text of a requests exception holds the address, and that the password."""
    return type(error).__name__
