"""One id for each request, in every log line about it, in its answer's X-Request-ID and on its error page.

It is made when something first asks for it: a keypress that logs nothing pays nothing.
"""

from __future__ import annotations

import re
import secrets

from flask import Flask, Response, current_app, g, has_request_context, request

HEADER = "X-Request-ID"
_FROM_A_PROXY = re.compile(r"[A-Za-z0-9-]{8,64}")


def request_id() -> str:
    """The id of the request that this thread answers, "" where it answers none.

    A proxy in front may give its own, so that both logs say the same; a caller's is believed no more than its address.
    """
    if not has_request_context():
        return ""
    if "request_id" not in g:
        given = request.headers.get(HEADER, "") if current_app.extensions["settings"].trusted_proxies else ""
        # digits alone would look like a phone number and be masked
        is_good = _FROM_A_PROXY.fullmatch(given) and re.search("[A-Za-z]", given)
        g.request_id = given if is_good else "r" + secrets.token_hex(8)
    found: str = g.request_id
    return found


def init_request_id(app: Flask) -> None:
    app.after_request(tell)


def tell(response: Response) -> Response:
    """``response`` with the request's id, where something asked for one."""
    if "request_id" in g:
        response.headers[HEADER] = g.request_id
    return response
