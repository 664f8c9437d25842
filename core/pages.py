"""What every page shares: forms guarded against forgery, languages, headers, the words for dates and money."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from flask import Flask, Response, g, request
from flask_babel import Babel, format_date, format_decimal, get_locale
from flask_wtf.csrf import CSRFProtect

from core import clock
from core.phrases import SOURCE, languages

csrf = CSRFProtect()
babel = Babel()

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)


def init_pages(app: Flask) -> None:
    csrf.init_app(app)
    babel.init_app(app, locale_selector=page_language, default_locale=SOURCE, default_translation_directories=_folder())
    app.after_request(_headers)
    app.add_template_filter(day)
    app.add_template_filter(hour)
    app.add_template_filter(number)
    app.add_template_filter(rupiah)
    app.add_template_global(page_language)


def _folder() -> str:
    from core.phrases import FOLDER

    return str(FOLDER)


def page_language() -> str:
    """What the reader chose (``?lang=``, cookie), what her account says, what her browser asks for; Indonesian first."""
    known = languages()
    chosen = request.args.get("lang") or request.cookies.get("lang") or getattr(g.get("staff"), "language", "")
    if chosen in known:
        return chosen
    return request.accept_languages.best_match(known) or SOURCE


def _headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
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
