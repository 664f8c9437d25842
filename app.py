"""create_app(): settings, database, rooms, error pages, commands. No rules live here."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from broadcast_schedule.feeds import feeds
from broadcast_schedule.guide import OnAir, station_by_slug
from broadcast_schedule.listeners import asked_for, programme
from broadcast_schedule.poll_views import Polls
from core import clock
from core.database import Database
from core.errors import init_errors
from core.jobs import RedisBell, embedded_bell
from core.logs import init_logs
from core.pages import House, init_pages
from core.request_id import init_request_id
from core.settings import Settings, read_settings
from core.shedding import Shedding
from gateway.lines import Lines, price_to, sms_route, typical_segment_price
from gateway.provider import all_providers
from gateway.ussd_webhooks import Hops
from lessons.dialogue.scenes import scenes
from lessons.dialogue.world import Airing
from lessons.kinds import kinds
from lessons.library import Library
from lessons.memory import scheduler
from schools.access import current_staff

BLUEPRINTS = (
    "broadcast_schedule.airing_views",
    "broadcast_schedule.api_views",
    "broadcast_schedule.api",
    "broadcast_schedule.bearer_views",
    "broadcast_schedule.commands",
    "broadcast_schedule.edition_views",
    "broadcast_schedule.episode_views",
    "broadcast_schedule.feed_views",
    "broadcast_schedule.file_views",
    "broadcast_schedule.import_commands",
    "broadcast_schedule.import_views",
    "broadcast_schedule.network_views",
    "broadcast_schedule.offer_views",
    "broadcast_schedule.overlay_views",
    "broadcast_schedule.paper_views",
    "broadcast_schedule.programme_views",
    "broadcast_schedule.radiodns_views",
    "broadcast_schedule.report_views",
    "broadcast_schedule.slot_views",
    "broadcast_schedule.station_views",
    "broadcast_schedule.views",
    "core.commands",
    "core.translations",
    "demo.commands",
    "doctor",
    "gateway.announcement_views",
    "gateway.backup_commands",
    "gateway.commands",
    "gateway.ops_line_views",
    "gateway.ops_outbox_views",
    "gateway.ops_views",
    "gateway.person_commands",
    "gateway.person_views",
    "gateway.phone_views",
    "gateway.webhooks",
    "health",
    "home",
    "lessons.commands",
    "lessons.exchange_commands",
    "lessons.import_views",
    "lessons.course_views",
    "lessons.class_views",
    "lessons.history_views",
    "lessons.judging_views",
    "lessons.certificate_views",
    "lessons.enrolment_views",
    "lessons.learn_phone_views",
    "lessons.learn_views",
    "lessons.media_views",
    "lessons.phone_owner_views",
    "lessons.quiz_views",
    "lessons.results_views",
    "lessons.sheet_views",
    "lessons.sharing_views",
    "lessons.translation_views",
    "metrics",
    "schools.commands",
    "schools.roster_commands",
    "schools.roster_file_views",
    "schools.roster_views",
    "schools.views",
    "workers.commands",
)


def create_app(settings: Settings | None = None) -> Flask:
    settings = settings or read_settings()
    init_logs(settings)
    app = House(__name__, template_folder="core/templates", static_folder="core/static")
    app.wsgi_app = Polls(app)  # type: ignore[method-assign]
    app.wsgi_app = Hops(app)  # type: ignore[method-assign]
    if proxies := settings.trusted_proxies:  # a header that nobody in front sets is the caller's own invention
        app.wsgi_app = ProxyFix(app.wsgi_app, proxies, proxies, proxies)  # type: ignore[method-assign]
    app.wsgi_app = app.extensions["shedding"] = Shedding(app.wsgi_app)  # type: ignore[method-assign]
    equip(app, settings)
    init_pages(app, reader=current_staff)
    init_errors(app)
    init_request_id(app)
    for name in BLUEPRINTS:
        app.register_blueprint(import_module(name).blueprint)
    for found in (all_providers, scenes, kinds, feeds, scheduler):  # now: no keypress and no poll waits for an import
        found()
    return app


def equip(app: Flask, settings: Settings) -> None:
    """All that follows from the settings: configuration, database, content, lines. Tests equip one application often."""
    is_https = settings.public_base_url.startswith("https://")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-kentongan" if is_https else "kentongan",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=is_https,
        MAX_CONTENT_LENGTH=11 * 1024 * 1024,  # the largest import is 10 MB; webhooks take 8 kB and say so themselves
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=2000,
        WTF_CSRF_TIME_LIMIT=None,  # a teacher may write for hours; the token dies with her login
    )
    database = Database(settings.database_url)
    database.bell = RedisBell(settings.redis_url) if settings.redis_url else embedded_bell
    app.extensions |= {
        "settings": settings,
        "database": database,
        "library": Library(
            on_air=lambda region, now, wanted: _on_air(database, region, now, wanted),
            programme=lambda region, now, said: _programme(database, region, now, said),
        ),
        "lines": Lines(database),
        "segment_price": typical_segment_price,
        "price_to": price_to,
        "sms_route": sms_route,
        "station_by_slug": station_by_slug,  # for a room that may not know stations
    }


def _on_air(database: Database, region: int | None, now: datetime, wanted: str) -> list[Airing]:
    """What JADWAL tells: read in a moment of its own, because the dialogue's own transaction is not an ORM session."""
    with database.reading() as db:
        return [_airing(x) for x in asked_for(db, region, now, wanted)]


def _programme(database: Database, region: int | None, now: datetime, said: str) -> Airing | None:
    """What INGATKAN means."""
    with database.reading() as db:
        found = programme(db, region, now, said)
        return _airing(found) if found is not None else None


def _airing(x: OnAir) -> Airing:
    zone = clock.zone(x.time_zone)
    start, end = x.start.astimezone(zone), x.end.astimezone(zone)
    return Airing(x.station, x.title, x.episode, start, end, x.slot, x.station_id, x.code, x.is_far, x.alike)
