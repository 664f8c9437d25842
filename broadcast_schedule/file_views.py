"""What stations fetch: GET /stations/<slug>/files.json, and each file at /stations/<slug>/files/<sha256>.

They want the station's key or its calendar token, also where its timetable is open data: recordings are for stations. A GET that
sends a file's last byte is noted as fetched; HEAD, 304 and a part that ends before are not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import structlog
from flask import Blueprint, Response, abort, current_app

from broadcast_schedule import feed_views, fetches, guide, papers, timetable
from broadcast_schedule.api import as_json
from broadcast_schedule.paper_tables import EpisodeFile
from broadcast_schedule.station_choice import chosen
from core import clock, downloads, files
from core.database import database
from core.hot import Busy
from schools.access import current_staff, public, requires

log = structlog.get_logger()
blueprint = Blueprint("files", __name__)
GUARDED = "guarded by the station's key or calendar token"
NOTED_WITHIN = 2.0  # seconds; a busy database costs the note, not the download


@blueprint.get("/stations/<slug>/files.json")
@public(GUARDED)
def listed(slug: str) -> Response:
    """The files of what airs in the window (``?from=``, ``?days=``; 14 days by default), what was fetched marked."""
    now = clock.now()
    with database().reading() as db:
        row = _admitted(db, slug)
        station = guide.station_by_slug(db, slug) or abort(404)
        try:
            asked = feed_views.read_window(row.time_zone, now)
        except feed_views.BadQuestion as problem:
            return feed_views.plain(str(problem), 400)
        whole = guide.window(db, station, asked.from_date, asked.days, until=asked.until, base=base())
        at = fetches.by_digest(db, station.id)
    body = {"station": slug, "revision": row.revision, "files": _facts(whole, at)}
    raw = as_json(body, indent=1).encode() + b"\n"
    tag = f"{slug}-files-{hashlib.sha256(raw).hexdigest()[:32]}"
    kept = feed_views.held(tag)
    return feed_views.not_modified(kept) if kept else feed_views.answer(raw, "application/json", tag)


def _facts(whole: timetable.Timetable, at: dict[str, datetime]) -> list[dict[str, Any]]:
    zone = whole.zone
    found: dict[tuple[str, int | None], dict[str, Any]] = {}
    for one in whole.airing:
        for file in one.files:
            fetched = at.get(file.sha256)
            facts = found.setdefault(
                (file.sha256, one.episode_id),
                {
                    "kind": file.kind, "title": file.title, "series": one.title, "episode": one.episode, "name": file.name,
                    "media_type": file.media_type, "size": file.size, "sha256": file.sha256, "url": file.url,
                    "fetched_at": fetched and fetched.astimezone(zone).replace(microsecond=0), "airs": [],
                },
            )  # fmt: skip
            facts["airs"].append({"id": one.id, "channel": one.channel, "start": one.start.astimezone(zone)})
    return list(found.values())


@blueprint.get("/stations/<slug>/files/<digest>")
@public(GUARDED)
def fetched(slug: str, digest: str) -> Response:
    """A file for the station's software: whole, or from where a bad line broke off (Range, If-Range with its ETag)."""
    now = clock.now()
    with database().reading() as db:
        station_id = _admitted(db, slug).id
        offered = papers.fetchable(db, station_id, digest, now)
    return _sent(offered, station_id, now)


@blueprint.get("/station/files/<digest>")
@requires("station", "planner")
def on_her_page(digest: str) -> Response:
    """The same from a station's own page, by login. A planner or admin who looks does not fetch it for the station."""
    staff, now = current_staff(), clock.now()
    with database().reading() as db:
        station, _everyone = chosen(db)
        station_id = station.id
        offered = papers.fetchable(db, station_id, digest, now)
    return _sent(offered, station_id if staff is not None and staff.role == "station" else None, now)


def _admitted(db: Any, slug: str) -> Any:
    """As feeds let in, but never without a key."""
    if feed_views.sent_key()[1] is None:
        feed_views.refuse_key()
    return feed_views.admit(db, slug)


def _sent(offered: Sequence[EpisodeFile], station_id: int | None, now: datetime) -> Response:
    """The bytes of these files, which are the same; noted as fetched by the station where there is one."""
    if not offered:
        abort(404)
    sent = send(offered[0])
    if sent.is_to_the_end and station_id is not None:
        ids, at = [one.id for one in offered], clock.to_ms(now)
        try:
            database().step(lambda db: fetches.fetched(db, ids, station_id, at), seconds=NOTED_WITHIN)
        except Busy:
            log.warning("fetch_unnoted", file=ids[0])
    return sent.response


def send(file: EpisodeFile) -> downloads.Sent:
    """404 and a line in the log where the disk has lost it."""
    try:
        return downloads.send(
            files.path_of(folder(), file.digest), digest=file.digest, media_type=file.media_type, name=papers.name_of(file)
        )
    except FileNotFoundError:
        log.error("file_lost", digest=file.digest)
        abort(404)


def folder() -> Path:
    """Where files lie (core.files)."""
    return cast(Path, current_app.extensions["settings"].files_dir)


def base() -> str:
    """The service's own address, as others reach it."""
    return cast(str, current_app.extensions["settings"].public_base_url)
