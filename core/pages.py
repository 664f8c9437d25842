"""What every page shares: forms guarded against forgery, languages, headers, the words for dates and money."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, cast
from urllib.parse import urlencode

import structlog
from babel import Locale
from flask import Flask, Request, Response, current_app, g, has_request_context, request
from flask.sessions import SecureCookieSessionInterface
from flask_babel import Babel, format_date, format_decimal, get_locale, gettext
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import RequestEntityTooLarge, ServiceUnavailable
from werkzeug.formparser import FormDataParser
from werkzeug.routing import IntegerConverter

from core import clock
from core.assets import asset, keep, squeeze
from core.database import is_away
from core.locales import slim
from core.logs import without_data
from core.phrases import SOURCE, languages
from core.problems import Problem
from core.request_id import tell

csrf = CSRFProtect()
log = structlog.get_logger()
babel = Babel()

FORWARDED = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP")
LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:[0-9]+)?", re.IGNORECASE)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)


class RowId(IntegerConverter):
    """``<int:…>`` in a route: what no row can have for an id is 404 at once (PostgreSQL and SQLite would raise)."""

    def __init__(self, map: Any, *args: Any, **kwargs: Any):
        super().__init__(map, *args, **{"max": 2**31 - 1, **kwargs})


class PageSessions(SecureCookieSessionInterface):
    """Cookies are for pages. What networks and stations ask for, and files, need none, and do not pay for opening one."""

    def open_session(self, app: Flask, request: Request) -> Any:
        if request.path.startswith(("/gateway/", "/stations/", "/files/")):
            return self.make_null_session(app)
        return super().open_session(app, request)

    def get_cookie_name(self, app: Flask) -> str:
        name = super().get_cookie_name(app)
        return name.removeprefix("__Host-") if _is_before_the_proxy() else name

    def get_cookie_secure(self, app: Flask) -> bool:
        return super().get_cookie_secure(app) and not _is_before_the_proxy()


def _is_before_the_proxy() -> bool:
    """Somebody on this machine looks in without TLS (a first look, a tunnel): a Secure cookie would never come back."""
    is_ours = request.remote_addr in ("127.0.0.1", "::1") and LOOPBACK.fullmatch(request.host)
    return bool(is_ours) and not request.is_secure and not any(name in request.headers for name in FORWARDED)


class NamedParts(FormDataParser):
    """Reads forms. A part of a multipart body that has no name is no field: as None it would trip whoever looks at names.

    MAX_FORM_PARTS holds for url-encoded forms too: a hundred thousand fields take half a second to tell apart.
    """

    def _parse_urlencoded(self, stream: Any, *args: Any, **kwargs: Any) -> Any:
        body = stream.read()
        if self.max_form_parts is not None and body.count(b"&") >= self.max_form_parts:
            raise RequestEntityTooLarge
        return super()._parse_urlencoded(BytesIO(body), *args, **kwargs)

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        stream, form, files = super().parse(*args, **kwargs)
        for upload in files.getlist(cast(str, None)):
            upload.close()
        return stream, _named(form), _named(files)


def _named(found: Any) -> Any:
    return type(found)([pair for pair in found.items(multi=True) if pair[0] is not None]) if None in found else found


class FormRequest(Request):
    form_data_parser_class = NamedParts


class House(Flask):
    """Flask, but what networks call goes straight to its view.

    A webhook has no cookie, no form to guard against forgery and no page to dress, and a keypress is too short to be
    asked about each: that took a sixth of it.
    """

    request_class = FormRequest

    def full_dispatch_request(self) -> Response:
        if request.blueprint != "gateway":
            return super().full_dispatch_request()
        try:
            answer = self.dispatch_request()
        except Exception as error:
            answer = self.handle_user_exception(error)
        return tell(self.make_response(answer))

    def handle_exception(self, e: Exception) -> Response:
        """A database that is away for a moment is no defect of ours: asking again is what helps."""
        if not is_away(e):
            return super().handle_exception(e)
        log.error("database_away", error=type(e).__name__, why=without_data(str(getattr(e, "orig", e))), of=request.endpoint)
        busy = self.handle_user_exception(ServiceUnavailable(retry_after=5))
        return self.finalize_request(busy, from_error_handler=True)


def init_pages(app: Flask, reader: Callable[[], Any] = lambda: None) -> None:
    """``reader`` says whose browser it is (a row with ``name``, ``role``, ``language``) or None."""
    slim(languages())
    app.extensions["reader"] = reader
    app.session_interface = PageSessions()
    app.url_map.converters["int"] = RowId
    csrf.init_app(app)
    babel.init_app(app, locale_selector=page_language, default_locale=SOURCE, default_translation_directories=_folder())
    app.after_request(squeeze)  # the last one added runs first
    app.after_request(keep)
    app.after_request(_headers)
    app.add_template_filter(day)
    app.add_template_filter(hour)
    app.add_template_filter(number)
    app.add_template_filter(rupiah)
    app.add_template_filter(told)
    for word in (page_language, asset, language_links, same_page):
        app.add_template_global(word)
    app.add_template_global(whose_page, "reader")


def _folder() -> str:
    """Where the languages of pages lie, compiled: what is not is said in Indonesian."""
    from core.phrases import FOLDER, compile_all

    with suppress(OSError):  # a folder that we may not write: the doctor says so
        compile_all()
    return str(FOLDER)


def told(problem: Problem) -> Problem:
    """A problem in the reader's language. Those of the pure parts come in Indonesian; what is translated already stays."""
    return problem.told(gettext)


def whose_page() -> Any:
    """The member of staff who reads this page, or None; read once a request, and not again where reading failed."""
    if g.get("unreadable"):
        return None
    return current_app.extensions["reader"]()


def page_language() -> str:
    """What the reader chose (``?lang=``, cookie), what her account says, what her browser asks for; Indonesian first."""
    if not has_request_context():
        return SOURCE
    known = languages()
    wishes = (request.args.get("lang"), request.cookies.get("lang"))
    chosen = next((wish for wish in wishes if wish in known), None) or getattr(whose_page(), "language", "")
    if chosen in known:
        return chosen
    return request.accept_languages.best_match(known) or SOURCE


def language_links() -> list[tuple[str, str]]:
    """(code, its own name for itself) of every language there is, for the switch on each page."""
    names = [(code, Locale.parse(code).display_name or code) for code in languages()]
    return [(code, name[:1].upper() + name[1:]) for code, name in names]


def same_page(**changes: object) -> str:
    """The address of this page with ``changes`` in its query; None takes a parameter out. For sorting, paging, languages."""
    query = {**request.args.to_dict(), **changes}
    kept = {name: value for name, value in query.items() if value is not None}
    return request.path + ("?" + urlencode(kept) if kept else "")


def _headers(response: Response) -> Response:
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    if response.mimetype != "text/html" or response.status_code == 304:
        return response  # a network's webhook, a feed, "as you have it": nothing that a browser draws
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.vary.update(("Cookie", "Accept-Language"))
    if g.get("staff") is not None:  # not no-store: going back to a form must find what was typed
        response.headers.setdefault("Cache-Control", "private, no-cache")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.args.get("lang") in languages():
        response.set_cookie(
            "lang", request.args["lang"], max_age=31_536_000, httponly=True, samesite="Lax", secure=request.is_secure
        )
    return response


def day(instant: datetime, zone: str = "Asia/Jakarta") -> str:
    """Senin, 13 April 2020"""
    return format_date(instant.astimezone(clock.zone(zone)).date(), "EEEE, d MMMM y")


def hour(instant: datetime, zone: str = "Asia/Jakarta") -> str:
    """08.00 WIB: never without the zone's name."""
    local = instant.astimezone(clock.zone(zone))
    return f"{local:%H.%M} {local.tzname()}" if str(get_locale()) == "id" else f"{local:%H:%M} {local.tzname()}"


def number(value: float | Decimal) -> str:
    return str(format_decimal(value))


def rupiah(value: float | Decimal) -> str:
    """Rp 12.500"""
    return f"Rp {format_decimal(round(value))}"
