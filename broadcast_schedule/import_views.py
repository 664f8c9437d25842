"""A timetable file, on a page: sent, told line by line what it would do, and only then taken."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import delete
from sqlalchemy.orm import Session

from broadcast_schedule import editions, guide, importing
from broadcast_schedule.feed_tables import Upload
from broadcast_schedule.import_commands import until
from broadcast_schedule.import_writes import portions, take
from broadcast_schedule.importing.reading import MAX_BYTES, SECONDS, Reading, Source
from broadcast_schedule.imports import weigh
from broadcast_schedule.slot_forms import read_date
from broadcast_schedule.station_choice import chosen
from broadcast_schedule.tables import Station
from broadcast_schedule.views import beside
from core import clock
from core.database import database
from core.pages import page_language
from core.problems import Problem, Refused
from core.text import clean, one_line
from schools.access import current_staff, requires

blueprint = Blueprint("timetable_import", __name__, url_prefix="/station/import", template_folder="templates")
KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Options:
    """What was chosen beside the file."""

    channel: str = ""
    skips_bad: bool = False
    first: str = ""  # of the days in which what vanished is taken out, ISO; "" for none
    last: str = ""

    @property
    def replaced(self) -> tuple[date, date] | None:
        first, last = read_date(self.first), read_date(self.last)
        return (first, last) if first and last else None


@blueprint.get("")
@requires("station", "planner")
def choose() -> Any:
    return _form(Options(), ())


@blueprint.post("")
@requires("station", "planner")
def report() -> Any:
    """The dry run. Keeps the file for a day, for whoever sent it."""
    now = clock.now()
    file = request.files.get("file")
    name = one_line(clean((file.filename or "") if file else "", 200))
    raw = file.read(MAX_BYTES + 1) if file else b""
    given = {key: one_line(clean(request.form.get(key, ""), 120)) for key in ("channel", "first", "last")}
    options = Options(**given, skips_bad=bool(request.form.get("skips_bad")))
    try:
        _check(options, name)
        with database().reading() as db:
            station, _everyone = chosen(db)
            source = _source(station, options, name)
            reading = importing.read(raw, source)
            found = weigh(db, station, reading, now, replaced=options.replaced, tick=source.tick)
            slug, station_id, title = station.slug, station.id, station.name
            names = {channel.key: channel.name for channel in guide.channels(db, station.id)}
    except Refused as refused:
        return _form(options, refused.problems), 422
    upload_id = None
    if (options.skips_bad or not reading.bad) and not found.changes_nothing:
        with database().writing() as db:
            db.execute(delete(Upload).where(Upload.created_at < now - KEPT))
            upload = Upload(
                station_id=station_id, staff_id=_me(), name=name, options=json.dumps(asdict(options)), body=raw, created_at=now
            )
            db.add(upload)
            db.flush()
            upload_id = upload.id
    return render_template(
        "broadcast_schedule/import_report.html",
        name=name,
        slug=slug,
        station=title,
        format=reading.format,
        bad=[problem.told(_) for problem in reading.bad],
        found=found,
        names=names,
        notes=[note.told(_) for note in found.notes],
        clashes=[clash.told(_) for clash in found.clashes],
        upload_id=upload_id,
        skips_bad=options.skips_bad,
    )


@blueprint.post("/<int(max=2147483647):upload_id>")
@requires("station", "planner")
def confirm(upload_id: int) -> Any:
    """Takes the file into the draft, and publishes what it brought where that was asked for."""
    now = clock.now()
    is_published = bool(request.form.get("publish"))
    with database().reading() as db:
        upload = _upload(db, upload_id, now)
        station = db.get(Station, upload.station_id) or abort(404)
        options = Options(**json.loads(upload.options))
        source = _source(station, options, upload.name)
        slug = station.slug
        station_id = station.id
        try:
            reading = _good(importing.read(upload.body, source), options)
            found = weigh(db, station, reading, now, replaced=options.replaced, tick=source.tick)
        except Refused as refused:
            return _form(options, refused.problems), 422
    try:
        waiting = list(found.waiting)
        first, *others = portions(found)
        for portion in others:
            with database().writing() as db:
                waiting += take(db, station_id, portion, now, _)
        with database().writing() as db:
            _upload(db, upload_id, now)
            waiting += take(db, station_id, first, now, _)
            number = None
            if is_published:
                number = editions.publish(db, now, _me(), only=waiting, language=page_language(), _=_).number
            db.execute(delete(Upload).where(Upload.id == upload_id))
    except Refused as refused:
        return _form(options, refused.problems), 422
    count = len(waiting)
    told = ngettext("%(num)d acara diambil.", "%(num)d acara diambil.", count)
    flash(f"{told} {_('Terbit sebagai edisi %(number)s.', number=number) if number else _('Sekarang masih rancangan.')}", "done")
    return redirect(url_for("timetable_import.choose", station=slug), 303)


def _me() -> int:
    staff = current_staff()
    assert staff is not None, "requires() has let her in"
    return staff.id


def _upload(db: Session, upload_id: int, now: datetime) -> Upload:
    upload = db.get(Upload, upload_id)
    if upload is None or upload.staff_id != _me() or upload.created_at < now - KEPT:
        abort(404)
    return upload


def _source(station: Station, options: Options, name: str) -> Source:
    return Source(station.time_zone, (station.name, station.slug), options.channel, name, until(SECONDS))


def _good(reading: Reading, options: Options) -> Reading:
    if reading.bad and not options.skips_bad:
        raise Refused(reading.bad)
    return reading


def _check(options: Options, name: str) -> None:
    found = []
    if not name:
        found.append(Problem("file", _("Belum ada berkas."), _("Pilih berkas CSV, iCalendar, atau XMLTV.")))
    first, last = read_date(options.first), read_date(options.last)
    if (options.first or options.last) and (first is None or last is None or last < first):
        what = _("Hari pertama dan terakhir belum terbaca.")
        found.append(Problem("first", what, _("Tulis keduanya, atau kosongkan keduanya.")))
    if found:
        raise Refused(found)


def _form(options: Options, problems: Any) -> str:
    told = [_beside_a_field(problem.told(_)) for problem in problems]
    with database().reading() as db:
        station, everyone = chosen(db)
        return render_template(
            "broadcast_schedule/import.html",
            station=station,
            stations=everyone,
            options=options,
            problems=told,
            beside=beside(told),
        )


def _beside_a_field(problem: Problem) -> Problem:
    """What is wrong in a line stands beside the file, and says which line."""
    if problem.where.startswith("line "):
        line = problem.where.replace("line", _("Baris"), 1)
        return replace(problem, where="file", what=f"{line}: {problem.what}")
    return problem if problem.where in ("file", "channel", "first") else replace(problem, where="")
