"""A request to a provider over HTTP, and what its failure means for the MT."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from functools import lru_cache
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from gateway.provider import AMBIGUOUS, NOT_SENT, REFUSED, WAIT, SendFailed, retry_after

if TYPE_CHECKING:
    from requests import Response, Session

T = TypeVar("T")
IDLE_SECONDS = 2.0  # a server may close an idle connection just as we use it, and nobody would know what it took
_kept = threading.local()


def session(url: str) -> Session:
    """The HTTP session of this thread for ``url``: its connections are kept open between messages, unless idle too long.

    It keeps no cookies. It looks for a proxy, a netrc and certificates in the environment only where ``url`` needs one of
    them: that look costs as much as the message.
    """
    import requests

    parts = urlsplit(url)
    looks, now = _looks_around(parts.scheme, parts.hostname or ""), time.monotonic()
    kept: dict[bool, tuple[Session, float]] = _kept.__dict__.setdefault("sessions", {})
    found, used_at = kept.get(looks, (None, now))
    if found is None:
        found = requests.Session()
        found.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        found.trust_env = looks
    elif now - used_at > IDLE_SECONDS:
        found.close()  # it may be used further: only its idle connections are gone
    kept[looks] = (found, now)
    return found


@lru_cache(maxsize=64)
def _looks_around(scheme: str, host: str) -> bool:
    """Whether a proxy stands before ``host``, or certificates of this machine's own are to be trusted."""
    has_proxy = scheme in getproxies() and not proxy_bypass(host)
    return has_proxy or (scheme == "https" and any(name in os.environ for name in _BUNDLES))


_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


def attempt(call: Callable[[], T]) -> T:
    """``call()``, the exceptions of ``requests`` turned into SendFailed.

    Only what fails before the first byte of the request (no such host, connection refused, TLS, connect time-out) is
    surely not sent. A connection that breaks later, or an answer that does not come, may follow an accepted message.
    """
    import requests

    try:
        return call()
    except (requests.exceptions.ConnectTimeout, requests.exceptions.SSLError, requests.exceptions.ProxyError) as error:
        raise SendFailed(NOT_SENT, type(error).__name__) from error
    except requests.exceptions.ConnectionError as error:
        raise SendFailed(NOT_SENT if _never_connected(error) else AMBIGUOUS, _said(error)) from error
    except (requests.exceptions.InvalidURL, requests.exceptions.MissingSchema, requests.exceptions.InvalidSchema) as error:
        raise SendFailed(REFUSED, _said(error)) from error
    except requests.exceptions.RequestException as error:  # a read time-out, a torn or garbled answer
        raise SendFailed(AMBIGUOUS, _said(error)) from error


def check_status(response: Response) -> None:
    """Raises SendFailed for all but 2xx: 429, and 503 with Retry-After, wait; 5xx and 3xx are ambiguous; 4xx is refused."""
    status = response.status_code
    if 200 <= status < 300:
        return
    said = f"HTTP {status} {' '.join(response.text.split())[:120]}".strip()
    after = response.headers.get("Retry-After")
    if status == 429 or (status == 503 and after):
        raise SendFailed(WAIT, said, retry_after(after, 30))
    raise SendFailed(REFUSED if 400 <= status < 500 else AMBIGUOUS, said)


def _never_connected(error: BaseException) -> bool:
    """Walks what ``requests`` wrapped: urllib3 names a connection that was never made NewConnectionError."""
    from urllib3.exceptions import NameResolutionError, NewConnectionError

    seen: list[BaseException] = []
    waiting: list[BaseException] = [error]
    while waiting:
        found = waiting.pop()
        if isinstance(found, NewConnectionError | NameResolutionError):
            return True
        if found not in seen:
            seen.append(found)
            inner = [*found.args, getattr(found, "reason", None), found.__cause__, found.__context__]
            waiting += [one for one in inner if isinstance(one, BaseException)]
    return False


def _said(error: BaseException) -> str:
    """Its kind alone: the text of a requests exception holds the address, and that the password."""
    return type(error).__name__
