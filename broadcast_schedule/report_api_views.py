"""What a station says through the API: its answer to an offer of carriage, and what it aired."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Response, current_app, request
from sqlalchemy import Row, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from broadcast_schedule import offers, reporting
from broadcast_schedule.api import as_json, blueprint, described, station
from broadcast_schedule.carriage_tables import AsRun
from broadcast_schedule.feed_views import BadQuestion, read_window, sent_key
from broadcast_schedule.tables import Channel, Occurrence
from core import clock
from core.database import database
from core.errors import problem
from core.hot import Busy, Hot
from core.problems import Refused
from schools.access import public

OPEN = "guarded by the station's key"
LONGEST = timedelta(days=2)  # of one airing, as reported


@blueprint.post("/<slug>/carriage")
@public(OPEN)
@described("Offered", reads=False, operation_id="answerCarriage", json="CarriageAnswer")
def answer_carriage(slug: str) -> Response:
    """Accepts or declines an offer, or proposes another time. May be said again."""
    found = _writer(slug)
    said = _read("CarriageAnswer")
    if said.answer == "propose" and not said.time:
        raise _wrong("'time' is missing: the wall time that the station proposes, as 11:00.")
    now = clock.to_ms(clock.now())

    def work(db: Hot) -> Any:
        row = offers.by_code(db, said.code, found.id)
        if row is None:
            return None
        if said.answer == "accept":
            offers.accept(db, row, "API", now)
        elif said.answer == "decline":
            offers.decline(db, row, "API", now)
        else:
            offers.propose(db, row, said.time, "API", now)
        return offers.by_code(db, said.code, found.id)

    try:
        row = _step(work)
    except Refused as refused:
        raise _wrong(str(refused), 409, "Conflict") from None
    if row is None:
        raise _wrong(f"There is no offer {said.code} for this station.", 404, "Not found")
    return _json(
        {
            "code": row.code, "slot": row.slot_id, "title": row.title, "channel": row.channel, "mode": row.mode,
            "delay_minutes": row.delay_minutes, "language": row.language, "state": row.state, "proposed_at": row.proposed_at,
        }
    )  # fmt: skip


@blueprint.post("/<slug>/as-run")
@public(OPEN)
@described("Outcomes", reads=False, operation_id="reportAsRun", json="AsRunReport")
def report(slug: str) -> Response:
    """Says what was aired, or was not. Said again it changes nothing; said otherwise, the newest word counts."""
    found = _writer(slug)
    said = _read("AsRunReport")
    lines = [
        reporting.Said(one.id, one.start, one.end, " ".join(one.title.split()), one.state, one.reason) for one in said.airings
    ]
    for n, line in enumerate(lines):
        if not line.id and line.start is None:
            raise _wrong(f"airings.{n}: 'id' or 'start' is missing.")
        if line.start and line.end and not timedelta(0) < line.end - line.start <= LONGEST:
            raise _wrong(f"airings.{n}: 'end' must lie after 'start', within two days.")
    with database().reading() as db:
        meant = reporting.meant(db, found.id, lines)
    now = clock.to_ms(clock.now())
    became = _step(lambda db: reporting.record(db, found.id, meant, "api", now))
    return _json({"station": slug, "results": [{"id": b.id, "result": b.result, "detail": b.detail} for b in became]})


@blueprint.get("/<slug>/as-run")
@public("guarded by the station's key or calendar token, unless it is open data")
@described("AsRunList", operation_id="asRun")
def as_run(slug: str) -> Response:
    """What the station said of its airings, by ?from= and ?days= as the timetable; by default the last 14 days."""
    with database().reading() as db:
        found = station(db, slug)
        now = clock.now()
        args = {name: request.args[name] for name in ("from", "days") if name in request.args}
        local = now.astimezone(clock.zone(found.time_zone)).date()
        try:
            asked = read_window(found.time_zone, now, {"from": f"{local - timedelta(days=13)}", **args})
        except BadQuestion as error:
            raise _wrong(str(error)) from None
        return _json({"station": slug, "airings": _said(db, found.id, asked.from_date, asked.until, found.time_zone)})


def _said(db: Session, station_id: int, first: Any, until: Any, time_zone: str) -> list[dict[str, Any]]:
    zone = clock.zone(time_zone)
    begin, end = (datetime(day.year, day.month, day.day, tzinfo=zone) for day in (first, until))
    rows = db.execute(
        select(AsRun, Occurrence, Channel.key)
        .join(Occurrence, Occurrence.id == AsRun.occurrence_id)
        .join(Channel, Channel.id == Occurrence.channel_id)
        .where(AsRun.station_id == station_id, Occurrence.start >= begin, Occurrence.start < end)
        .order_by(Occurrence.start, Occurrence.id)
    )
    return [
        {
            "id": f"{row.slot_id}-{row.original_start:%Y%m%dT%H%M}@{key}", "title": row.title, "state": said.state,
            "start": said.start and said.start.astimezone(zone), "end": said.end and said.end.astimezone(zone),
            "reason": said.reason, "source": said.source,
        }
        for said, row, key in rows
    ]  # fmt: skip


def _writer(slug: str) -> Row[Any]:
    """The station's row, for its own key in the header alone: neither a calendar token nor open data lets anybody write."""
    kind, key = sent_key()
    with database().reading() as db:
        if kind != "full" or not key:
            refusal = _wrong("Send the station's key as Authorization: Bearer.", 401, "Unauthorized")
            assert refusal.response is not None
            refusal.response.headers["WWW-Authenticate"] = 'Bearer realm="stations"'
            raise refusal
        return station(db, slug)


def _read(model: str) -> Any:
    """What the station sent, as this model of ``api_models``."""
    from pydantic import ValidationError

    from broadcast_schedule import api_models  # with pydantic 9 MB: only for what a station writes, once a day

    try:
        return getattr(api_models, model).model_validate_json(request.get_data(cache=False))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise _wrong(f"{where}: {first['msg']}." if where else f"{first['msg']}.") from None


def _step(work: Any) -> Any:
    try:
        return current_app.extensions["database"].step(work, seconds=5)
    except Busy:
        raise _wrong("The database is busy; nothing was written. Send it again.", 503, "Busy") from None


def _wrong(detail: str, status: int = 400, title: str = "Bad request") -> HTTPException:
    response = problem(status, title, detail)
    response.headers["Cache-Control"] = "no-store"
    if status == 503:
        response.headers["Retry-After"] = "5"
    return HTTPException(response=response)


def _json(body: dict[str, Any]) -> Response:
    return Response(as_json(body), content_type="application/json", headers={"Cache-Control": "no-store"})
