"""A planner's pages: stations and channels, a channel's week, programmes, publishing."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from broadcast_schedule import changes, draft, editions, planning, rollbacks, stations, weeks
from broadcast_schedule.editions import Difference
from broadcast_schedule.filters import FILTERS
from broadcast_schedule.planning import today_in
from broadcast_schedule.slot_forms import read_date
from broadcast_schedule.tables import Channel, Edition, Station
from core import clock
from core.database import database
from core.pages import page_language
from core.problems import Problem, Refused
from core.text import clean
from schools.access import current_staff, requires

blueprint = Blueprint("plan", __name__, url_prefix="/plan", template_folder="templates")


for name, made in FILTERS.items():
    blueprint.add_app_template_filter(made, name)


def beside(problems: Any) -> dict[str, Problem]:
    """The first problem of each field."""
    found: dict[str, Problem] = {}
    for problem in problems:
        found.setdefault(problem.where, problem)
    return found


@blueprint.get("/")
@requires("planner")
def overview() -> Any:
    with database().reading() as db:
        by_station: dict[int, list[Channel]] = {}
        for channel in db.scalars(select(Channel).order_by(Channel.id)):
            by_station.setdefault(channel.station_id, []).append(channel)
        return render_template(
            "broadcast_schedule/overview.html",
            stations=[(s, by_station.get(s.id, [])) for s in db.scalars(select(Station).order_by(Station.name))],
            counts=weeks.slot_counts(db),
            has_draft=editions.has_draft(db),
            editions=db.scalars(select(Edition).order_by(Edition.number.desc()).limit(5)).all(),
        )


@blueprint.get("/stations/new")
@requires("planner")
def new_station() -> Any:
    return _station_form({"time_zone": "Asia/Jakarta", "medium": "radio"}, ())


@blueprint.post("/stations/new")
@requires("planner")
def add_station() -> Any:
    values = {name: clean(request.form.get(name, ""), 200) for name in ("slug", "name", "time_zone", "medium", "frequency")}
    try:
        with database().writing() as db:
            station = stations.create_station(
                db,
                values["slug"],
                values["name"],
                values["time_zone"],
                medium=values["medium"],
                frequency=values["frequency"],
                _=_,
            )
            name = station.name
    except Refused as refused:
        return _station_form(values, refused.problems), 422
    flash(
        _(
            "%(name)s sudah ditambahkan. Kuncinya dibuat dengan: flask station-key create %(slug)s",
            name=name,
            slug=values["slug"],
        ),
        "done",
    )
    return redirect(url_for("plan.overview"), 303)


def _station_form(values: dict[str, str], problems: Any) -> str:
    return render_template("broadcast_schedule/station_form.html", values=values, problems=problems, beside=beside(problems))


@blueprint.get("/stations/<int(max=2147483647):station_id>/channels/new")
@requires("planner")
def new_channel(station_id: int) -> Any:
    return _channel_form(station_id, {}, ())


@blueprint.post("/stations/<int(max=2147483647):station_id>/channels/new")
@requires("planner")
def add_channel(station_id: int) -> Any:
    values = {name: clean(request.form.get(name, ""), 200) for name in ("key", "name")}
    try:
        with database().writing() as db:
            station = db.get(Station, station_id) or abort(404)
            channel_id = stations.create_channel(db, station, values["key"], values["name"], _).id
    except Refused as refused:
        return _channel_form(station_id, values, refused.problems), 422
    return redirect(url_for("plan.channel", channel_id=channel_id), 303)


def _channel_form(station_id: int, values: dict[str, str], problems: Any) -> str:
    with database().reading() as db:
        station = db.get(Station, station_id) or abort(404)
        values = values or {"key": f".{station.slug}.{stations.DOMAIN}", "name": ""}
        return render_template(
            "broadcast_schedule/channel_form.html", station=station, values=values, problems=problems, beside=beside(problems)
        )


@blueprint.get("/channels/<int(max=2147483647):channel_id>")
@requires("planner")
def channel(channel_id: int) -> Any:
    now = clock.now()
    with database().reading() as db:
        place = draft.places(db).get(channel_id) or abort(404)
        first = read_date(request.args.get("from", "")) or today_in(place.time_zone, now)
        if not planning.OLDEST < first < planning.NEWEST - timedelta(days=14):
            abort(404)
        monday = first - timedelta(days=first.weekday())
        slots = weeks.slots_on(db, channel_id)
        ids = {f"slot.{slot.id}" for slot in slots}
        language = page_language()
        return render_template(
            "broadcast_schedule/channel.html",
            place=place,
            monday=monday,
            last=monday + timedelta(days=6),
            previous=monday - timedelta(days=7),
            following=monday + timedelta(days=7),
            days=weeks.week(db, slots, place, monday),
            rules=weeks.rules(db, slots, language),
            drafts={slot.id for slot in slots if slot.is_draft},
            problems=[p for p in editions.difference(db, now, language, _).problems if p.where in ids],
            now=now,
        )


@blueprint.get("/publish")
@requires("planner")
def publishing() -> Any:
    return _publish_page(())


@blueprint.post("/publish")
@requires("planner")
def publish() -> Any:
    """Publishes exactly what was shown: where the draft changed since, it is shown again."""
    now, staff = clock.now(), current_staff()
    seen = request.form.get("seen", "")
    try:
        with database().writing() as db:
            if seen != fingerprint(editions.difference(db, now)):
                what = _("Draf ini berubah sejak Anda melihatnya. Belum ada yang terbit.")
                raise Refused(Problem("", what, _("Periksa perbedaannya sekali lagi, lalu terbitkan.")))
            published = editions.publish(db, now, staff.id if staff else None, language=page_language(), _=_)
    except Refused as refused:
        return _publish_page(refused.problems), 409
    if published.number is None:
        flash(_("Tidak ada yang berubah bagi siapa pun, jadi tidak ada edisi baru."), "done")
        return redirect(url_for("plan.overview"), 303)
    flash(_("Edisi %(number)s sudah terbit.", number=published.number), "done")
    return redirect(url_for("plan.edition", number=published.number), 303)


def fingerprint(difference: Difference) -> str:
    """Names what a planner saw, so that nothing unseen is published."""
    said = "\n".join(
        f"{c.kind} {c.after.id} {c.after.start} {c.after.end} {c.after.title} {c.after.episode}" for c in difference.changes
    )
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _publish_page(refused: Any) -> str:
    with database().reading() as db:
        difference = editions.difference(db, clock.now(), page_language(), _)
        return render_template(
            "broadcast_schedule/publish.html",
            difference=difference,
            refused=[problem for problem in refused if problem not in difference.problems],
            parts=told(db, difference),
            seen=fingerprint(difference),
        )


def told(db: Session, difference: Difference) -> list[dict[str, Any]]:
    """By channel: its lines, how many occurrences, and the SMS."""
    language = page_language()
    parts = []
    for place in draft.places(db).values():
        some = [change for change in difference.changes if change.after.channel == place.key]
        if some:
            lines = changes.lines(some, place.time_zone, language, _)
            sms = changes.summary(some, place.time_zone)  # as stations get it, in Indonesian
            parts.append({"place": place, "lines": lines, "count": len(some), "sms": sms})
    return parts


@blueprint.get("/editions/<int(max=2147483647):number>")
@requires("planner")
def edition(number: int) -> Any:
    with database().reading() as db:
        found = db.get(Edition, number) or abort(404)
        oldest = rollbacks.oldest(db)
        newest = db.scalar(select(func.max(Edition.number)))
        can_go_back = oldest is not None and oldest <= number != newest
        return render_template("broadcast_schedule/edition.html", edition=found, can_go_back=can_go_back)
