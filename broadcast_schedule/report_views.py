"""A station's own word, on its pages: answers to offers, what was aired, its log, who speaks for it by SMS."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from broadcast_schedule import as_runs, compliance, offers, playout_log, reporting
from broadcast_schedule.carriage_tables import StationContact
from broadcast_schedule.station_choice import chosen
from core import clock, msisdn
from core.database import database
from core.hot import Hot
from core.problems import Problem, Refused
from core.text import clean, one_line
from schools.access import current_staff, requires

blueprint = Blueprint("reports", __name__, url_prefix="/station", template_folder="templates")
WEEKS = 4


def _station() -> tuple[int, str, str]:
    """(id, slug, zone) of the station whose page this is."""
    with database().reading() as db:
        station, _everyone = chosen(db)
        return station.id, station.slug, station.time_zone


def _home(slug: str, part: str) -> Any:
    return redirect(url_for("station.home", station=slug) + f"#{part}", 303)


def _me() -> str:
    staff = current_staff()
    assert staff is not None, "requires() has let her in"
    return staff.login


@blueprint.post("/offers/<int(max=2147483647):code>")
@requires("station", "planner")
def answer(code: int) -> Any:
    """``what`` is accept, decline or propose, the last with ``time``."""
    station_id, slug, _zone = _station()
    what, time = request.form.get("what", ""), request.form.get("time", "")[:5]
    if what not in ("accept", "decline", "propose"):
        abort(404)
    now, by = clock.to_ms(clock.now()), _me()

    def work(db: Hot) -> None:
        row = offers.by_code(db, code, station_id) or abort(404)
        if what == "accept":
            offers.accept(db, row, by, now)
        elif what == "decline":
            offers.decline(db, row, by, now)
        else:
            offers.propose(db, row, _time(time), by, now, _)

    try:
        database().step(work, seconds=5)
    except Refused as refused:
        flash(refused.told(_), "problem")
        return _home(slug, "offers")
    said = {
        "accept": _("Diterima. Ada di jadwal Anda sesudah penyusun menerbitkannya."),
        "decline": _("Tercatat: tidak Anda siarkan."),
        "propose": _("Usul jam Anda diteruskan kepada penyusun."),
    }
    flash(said[what], "done")
    return _home(slug, "offers")


def _time(typed: str) -> str:
    hour, colon, minute = typed.partition(":")
    if colon and hour.isdecimal() and minute.isdecimal() and int(hour) < 24 and int(minute) < 60:
        return f"{int(hour):02}:{int(minute):02}"
    raise Refused(Problem("time", _("Jam yang diusulkan belum terbaca."), _("Tulis misalnya 11:00.")))


@blueprint.post("/aired/<int(max=2147483647):occurrence_id>")
@requires("station", "planner")
def aired(occurrence_id: int) -> Any:
    """``what`` is aired, or failed with ``reason``."""
    station_id, slug, _zone = _station()
    what, reason = request.form.get("what", ""), one_line(clean(request.form.get("reason", ""), 160))
    if what not in ("aired", "failed"):
        abort(404)
    now = clock.to_ms(clock.now())

    def work(db: Hot) -> None:
        row = as_runs.of_id(db, occurrence_id, station_id) or abort(404)
        if what == "aired":
            as_runs.aired(db, row, "page", now)
        else:
            as_runs.failed(db, row, reason, "page", now)

    try:
        database().step(work, seconds=5)
    except Refused as refused:
        flash(refused.told(_), "problem")
    else:
        flash(_("Tercatat: sudah siar.") if what == "aired" else _("Tercatat: tidak siar."), "done")
    return _home(slug, "aired")


@blueprint.get("/report")
@requires("station", "planner")
def report() -> Any:
    """Billed and actual of the last four weeks."""
    now = clock.now()
    with database().reading() as db:
        station, everyone = chosen(db)
        kept = compliance.by_programme(db, now - timedelta(weeks=WEEKS), now, station.id)
        return render_template("broadcast_schedule/compliance.html", station=station, stations=everyone, kept=kept, weeks=WEEKS)


@blueprint.get("/log")
@requires("station", "planner")
def log() -> Any:
    with database().reading() as db:
        station, everyone = chosen(db)
        return render_template("broadcast_schedule/log.html", station=station, stations=everyone)


@blueprint.post("/log")
@requires("station", "planner")
def take_log() -> Any:
    """Says what each line means; with ``text`` and ``do=take``, the file as it was shown, it is written down."""
    station_id, slug, zone = _station()
    file = request.files.get("file")
    raw = file.read(playout_log.MAX_BYTES + 1) if file else request.form.get("text", "").encode("utf-8", "replace")
    try:
        entries, bad = playout_log.read(raw, zone)
    except Refused as refused:
        for problem in refused.problems:
            flash(str(problem.told(_)), "problem")
        return redirect(url_for("reports.log", station=slug), 303)
    lines = [reporting.Said(start=one.start, end=one.end, title=one.title) for one in entries]
    with database().reading() as db:
        station, _everyone = chosen(db)
        meant = reporting.meant(db, station_id, lines) if lines else []
    if request.form.get("do") == "take":
        taken = _take(station_id, [line for line in meant if line.row])
        flash(_("%(n)s siaran tercatat dari log.", n=taken), "done")
        return _home(slug, "aired")
    rows = list(zip(entries, meant, strict=True))
    return render_template(
        "broadcast_schedule/log_report.html",
        station=station,
        rows=[(entry, line) for entry, line in rows if line.row],
        others=sum(1 for _entry, line in rows if not line.row),
        bad=[problem.told(_) for problem in bad],
        text=_written([entry for entry, line in rows if line.row], zone),
    )  # fmt: skip


def _written(entries: list[playout_log.Entry], zone: str) -> str:
    """The lines as a log that reads the same when it is confirmed."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(("date", "start", "duration", "title"))
    for one in entries:
        seconds = int((one.end - one.start).total_seconds()) if one.end else 0
        length = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}" if one.end else ""
        local = one.start.astimezone(clock.zone(zone))
        rows.writerow((f"{local:%Y-%m-%d}", f"{local:%H:%M:%S}", length, one.title))
    return out.getvalue()


def _take(station_id: int, meant: list[reporting.Meant]) -> int:
    """Written down in portions, that learners answer meanwhile; how many lines were new."""
    now, new = clock.to_ms(clock.now()), 0
    for at in range(0, len(meant), reporting.MOST):
        some = meant[at : at + reporting.MOST]
        became = database().step(lambda db, some=some: reporting.record(db, station_id, some, "log", now), seconds=5)  # type: ignore[misc]
        new += sum(1 for one in became if one.result == "recorded")
    return new


@blueprint.get("/contacts")
@requires("station", "planner")
def contacts() -> Any:
    return _contacts("", "", ())


def _contacts(typed: str, name: str, problems: Any) -> str:
    with database().reading() as db:
        station, everyone = chosen(db)
        rows = db.scalars(select(StationContact).where(StationContact.station_id == station.id).order_by(StationContact.id)).all()
        return render_template(
            "broadcast_schedule/contacts.html",
            station=station, stations=everyone, contacts=rows, masked=msisdn.masked, typed=typed, name=name, problems=problems,
        )  # fmt: skip


@blueprint.post("/contacts")
@requires("station", "planner")
def add_contact() -> Any:
    typed, name = clean(request.form.get("msisdn", ""), 40), one_line(clean(request.form.get("name", ""), 80))
    station_id, slug, _zone = _station()
    try:
        number = msisdn.read(typed, current_app.extensions["settings"].default_region)
        if not msisdn.is_mobile(number):
            raise Refused(Problem("msisdn", _("Nomor itu tidak dapat menerima SMS."), _("Tulis nomor telepon genggam.")))
        with database().writing() as db:
            known = db.scalar(select(StationContact).where(StationContact.msisdn == number))
            if known is not None and known.station_id != station_id:
                raise Refused(Problem("msisdn", _("Nomor itu sudah mewakili stasiun lain."), _("Satu nomor untuk satu stasiun.")))
            if known is None:
                db.add(StationContact(station_id=station_id, msisdn=number, name=name, created_at=clock.now()))
            else:
                known.name = name
    except Refused as refused:
        return _contacts(typed, name, refused.problems), 422
    flash(_("Nomor itu sekarang menerima tawaran dan dapat menjawab lewat SMS."), "done")
    return redirect(url_for("reports.contacts", station=slug), 303)


@blueprint.post("/contacts/<int(max=2147483647):contact_id>/remove")
@requires("station", "planner")
def remove_contact(contact_id: int) -> Any:
    station_id, slug, _zone = _station()
    with database().writing() as db:
        found = db.get(StationContact, contact_id)
        if found is not None and found.station_id == station_id:
            db.delete(found)
    flash(_("Nomor itu tidak lagi mewakili stasiun."), "done")
    return redirect(url_for("reports.contacts", station=slug), 303)
