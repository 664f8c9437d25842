"""What stations and calendars pull: GET /stations/<slug>/timetable.<format> and /now.

A feed's ETag names everything its bytes depend on (station, revision, format, window), so a reader who has
them is answered 304 after one read by index, with nothing rendered.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

from flask import Blueprint, Response, abort, current_app, request
from flask_babel import gettext as _
from sqlalchemy import Row, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from broadcast_schedule import guide, kept_feeds
from broadcast_schedule.editions import HORIZON_DAYS, PAST_DAYS
from broadcast_schedule.feeds import Feed, feeds
from broadcast_schedule.planning import today_in
from broadcast_schedule.station_keys import Kind, NoKey, NotYours, admitted
from broadcast_schedule.tables import Station
from broadcast_schedule.timetable import TOMBSTONE_DAYS
from core import clock
from core.database import database
from schools.access import public

blueprint = Blueprint("feeds", __name__, url_prefix="/stations")
DEFAULT_DAYS = 14
LONGEST_DAYS = 400
SCHEMA = Path(__file__).parent / "feeds" / "timetable.schema.json"
KEEP_BUT_ASK = {"Vary": "Accept-Encoding, Authorization", "Cache-Control": "private, no-cache"}  # a key may be revoked
SEEN_EVERY = timedelta(hours=1)  # how exactly we know when a station last pulled; every pull would be a write


class BadQuestion(Exception):
    """``?from=``, ``?days=`` or ``?since=`` cannot be answered; the message says why."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The window of a request: ``days`` from ``from_date``, but not beyond ``until``, where nobody may look yet."""

    from_date: date
    days: int
    until: date
    tombstones_since: date
    since: int | None


@blueprint.get("/timetable.schema.json")
@public("describes a format; holds nothing of anybody")
def schema() -> Response:
    return answer(SCHEMA.read_bytes(), "application/schema+json", "schema-2")


@blueprint.get("/<slug>/timetable.<extension>")
@public("guarded by the station's key or calendar token, unless it is open data")
def timetable(slug: str, extension: str) -> Response:
    feed = feeds().get(extension)
    now = clock.now()
    with database().reading() as db:
        station = admit(db, slug)
        if feed is None:
            abort(404)
        try:
            asked = read_window(station.time_zone, now)
        except BadQuestion as problem:
            return plain(str(problem), 400)
        tag = tag_of(station, feed, asked)
        kept = held(tag)
        response = not_modified(kept) if kept else _whole(db, slug, feed, asked, tag)
    if request.method == "GET":
        seen(station, now)
    return response


@blueprint.get("/<slug>/now")
@public("guarded by the station's key or calendar token, unless it is open data")
def now_and_next(slug: str) -> Response:
    now = clock.now()
    with database().reading() as db:
        row = admit(db, slug)
        station = guide.station_by_slug(db, slug)
        if station is None:
            abort(404)
        by_channel = guide.now_by_channel(db, station, now)
    zone = clock.zone(row.time_zone)

    def told(one: guide.OnAir | None) -> dict[str, str] | None:
        if one is None:
            return None
        start, end = one.start.astimezone(zone).isoformat(), one.end.astimezone(zone).isoformat()
        return {"title": one.title, "episode": one.episode, "start": start, "end": end, "quiz_keyword": one.quiz_keyword}

    channels = [
        {"id": channel.key, "name": channel.name, "now": told(current), "next": told(following)}
        for channel, current, following in by_channel
    ]
    coming = [o for _channel, _now, o in by_channel if o is not None]
    body = {
        "station": slug,
        "time_zone": row.time_zone,
        "revision": row.revision,
        "now": next((c["now"] for c in channels if c["now"]), None),
        "next": told(min(coming, key=lambda o: o.start, default=None)),
        "channels": channels,
    }
    raw = json.dumps(body, ensure_ascii=False, indent=1).encode() + b"\n"
    starts = "-".join(str(clock.to_ms(o.start)) if o else "0" for _channel, *pair in by_channel for o in pair)
    tag = f"{slug}-r{row.revision}-now-{starts}"
    kept = held(tag)
    if kept:
        return not_modified(kept)
    return answer(raw, "application/json", tag)


def admit(db: Session, slug: str) -> Row[Any]:
    """The station's row for who may read it: 401 without a right key, 404 with the key of another one."""
    kind, key = sent_key()
    try:
        return admitted(db, slug, key, kind)
    except NotYours:
        abort(404)
    except NoKey:
        refuse_key()


def sent_key() -> tuple[Kind, str | None]:
    """The key that the request brings: the station's own in a header, a calendar's token in the address; None for none."""
    return key_in(request.headers.get("Authorization", ""), request.args.get("key", ""))


def key_in(authorization: str, token: str) -> tuple[Kind, str | None]:
    scheme, _blank, bearer = authorization.partition(" ")
    return ("full", bearer.strip()) if scheme.lower() == "bearer" else ("calendar", token or None)


def refuse_key() -> NoReturn:
    """401 with what to do."""
    refusal = plain(
        _("Kunci stasiun kurang atau salah. Kirim kunci lewat Authorization: Bearer, atau token kalender lewat ?key=."), 401
    )
    refusal.headers["WWW-Authenticate"] = 'Bearer realm="stations"'
    abort(refusal)


def read_window(time_zone: str, now: datetime, args: Mapping[str, str] | None = None) -> Asked:
    """The window that the address asks for (``args``: its query). Raises BadQuestion with one sentence."""
    args = request.args if args is None else args
    today = today_in(time_zone, now)
    oldest, newest = today - timedelta(days=PAST_DAYS), today + timedelta(days=HORIZON_DAYS)
    first = _date(args.get("from", ""), today)
    if not oldest <= first <= newest:
        raise BadQuestion(_("'from' harus antara %(oldest)s dan %(newest)s.", oldest=oldest, newest=newest))
    days = _number(args.get("days", ""), DEFAULT_DAYS)
    if days is None or not 1 <= days <= LONGEST_DAYS:
        raise BadQuestion(_("'days' harus bilangan bulat antara 1 dan %(longest)s.", longest=LONGEST_DAYS))
    since = _number(args.get("since", ""), -1)
    if since is None:
        raise BadQuestion(_("'since' harus nomor revisi, bilangan bulat tanpa tanda."))
    tombstones = min(first, today) - timedelta(days=TOMBSTONE_DAYS)
    until = min(first + timedelta(days=days), newest)
    return Asked(first, days, until, tombstones, None if since < 0 else since)


def _date(text: str, default: date) -> date:
    if not text:
        return default
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise BadQuestion(_("'from' harus tanggal seperti 2026-07-13."))


def _number(text: str, default: int) -> int | None:
    if not text:
        return default
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def tag_of(station: Any, feed: Feed, asked: Asked) -> str:
    """The ETag of the uncompressed feed; ``station`` has a slug and a revision."""
    tag = f"{station.slug}-r{station.revision}-{feed.name}-{asked.from_date}-{asked.days}-{asked.until}-{asked.tombstones_since}"
    return tag if asked.since is None or feed.name != "json" else f"{tag}-s{asked.since}"


def _whole(db: Session, slug: str, feed: Feed, asked: Asked, tag: str) -> Response:
    """The feed itself, rendered and compressed once for all who ask for the same."""
    station = guide.station_by_slug(db, slug)
    if station is None:
        abort(404)
    of_it = (station.id, station.name, station.medium, station.frequency, station.time_zone, station.revised_at)
    name, found = (tag, of_it, tuple(guide.channels(db, station.id))), kept_feeds.kept(database())
    raw = found.get(name, lambda: _rendered(db, station, feed, asked))
    squeezed = found.get(("gzip", name), lambda: _squeezed(raw)) if _wants_gzip() else None
    return answer(raw, feed.media_type, tag, squeezed)


def _rendered(db: Session, station: Station, feed: Feed, asked: Asked) -> bytes:
    since = asked.since if feed.name == "json" else None
    found = guide.window(
        db,
        station,
        asked.from_date,
        asked.days,
        until=asked.until,
        tombstones_since=asked.tombstones_since,
        since=since,
        base=current_app.extensions["settings"].public_base_url,
    )
    return feed.render(found)


def _squeezed(raw: bytes) -> bytes:
    return gzip.compress(raw, 6, mtime=0)


def _wants_gzip() -> bool:
    return request.accept_encodings.quality("gzip") > 0


def _encoded(tag: str) -> str:
    """A strong ETag names bytes, and compressed bytes are others."""
    return packed(tag) if _wants_gzip() else tag


def packed(tag: str) -> str:
    """That of the compressed one."""
    return f"{tag}-gzip"


def answer(raw: bytes, media_type: str, tag: str, squeezed: bytes | None = None) -> Response:
    """``squeezed`` is ``raw`` compressed, where that was done already."""
    response = Response(raw, content_type=media_type)
    if _wants_gzip():
        response.set_data(_squeezed(raw) if squeezed is None else squeezed)
        response.headers["Content-Encoding"] = "gzip"
    return _headed(response, _encoded(tag))


def held(tag: str) -> str:
    """The ETag of ours that the reader says she has, plain or compressed: both are the same timetable. "" for none."""
    ours = (_encoded(tag), tag, packed(tag))
    return next((each for each in ours if request.if_none_match.contains_weak(each)), "")


def not_modified(kept: str) -> Response:
    return _headed(Response(status=304), kept)


def _headed(response: Response, etag: str) -> Response:
    response.set_etag(etag)
    response.headers.update(KEEP_BUT_ASK)
    return response


def plain(sentence: str, status: int) -> Response:
    return Response(sentence + "\n", status, content_type="text/plain; charset=utf-8")


def seen(station: Row[Any], now: datetime) -> None:
    """Notes when the station last pulled, for its own page and the planner's. A database that is busy costs only the note."""
    if station.pulled_at is not None and now - station.pulled_at < SEEN_EVERY:
        return
    with suppress(OperationalError), database().writing() as db:
        db.execute(update(Station).where(Station.id == station.id).values(pulled_at=now))
