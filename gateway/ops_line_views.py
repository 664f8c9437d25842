"""An operator's lines: what each is called at, its secret, its prices, a message to try it with."""

from __future__ import annotations

import re
import secrets
from typing import Any

import structlog
from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import clock, gsm7, msisdn
from core.database import database
from core.problems import Problem, Refused
from core.settings import Settings
from core.text import clean
from gateway import line_files, line_forms, meters, outbox, provider, traffic_report
from gateway.lines import MEDIA, lines, segment_price
from gateway.profiles import PROFILES
from gateway.tables import Line
from schools.access import current_staff, requires

blueprint = Blueprint("ops_lines", __name__, url_prefix="/ops/lines", template_folder="templates")
log = structlog.get_logger()
LONGEST_TEST = 459  # characters: three segments


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def _line(db: Session, line_id: int) -> Line:
    line = db.get(Line, line_id)
    if line is None:
        abort(404)
    return line


@blueprint.get("")
@requires("operator")
def table() -> Any:
    now = clock.now()
    with database().reading() as db:
        found = db.scalars(select(Line).order_by(Line.is_active.desc(), Line.medium, Line.address, Line.id)).all()
        sums = traffic_report.last_hours(db, now).by_line()
        return render_template("gateway/ops_lines.html", lines=found, sums=sums, silent=traffic_report.Sums())


@blueprint.get("/<int:line_id>")
@requires("operator")
def line(line_id: int) -> Any:
    with database().reading() as db:
        return _page(db, _line(db, line_id))


def _page(db: Session, found: Line, *, shown: bool = False, problems: Any = (), typed: Any = None, test: Any = None) -> str:
    """One line's page. ``shown``: with its secrets. ``test``: what the form for a message to try holds."""
    of = provider.find(found.provider)
    secret = found.token if shown else "…"
    callbacks = []
    for what in of.methods if of is not None else ():
        if found.medium in MEDIA.get(what, ()):
            callbacks.append((what, provider.callback(found, what, _settings()).replace(found.token, secret)))
    return render_template(
        "gateway/ops_line.html", line=found, callbacks=callbacks, shown=shown, problems=problems,
        typed=typed or line_forms.typed_of(found), profiles=[name for name in PROFILES if name], test=test or {},
        meter=meters.read().get(found.id), mask=line_forms.KEPT, routes=line_forms.routes(), longest=LONGEST_TEST,
    )  # fmt: skip


@blueprint.post("/<int:line_id>/reveal")
@requires("operator")
def reveal(line_id: int) -> Any:
    """The page with the secret in it; who looked stands in the log."""
    with database().reading() as db:
        page = _page(db, _line(db, line_id), shown=True)
    log.info("line_token_shown", line=line_id, staff=_me())
    response = current_app.make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/<int:line_id>/rotate")
@requires("operator")
def rotate(line_id: int) -> Any:
    """A new token; the old one stays good until it is dropped. Not while an old one is: callbacks may still come to it."""
    with database().writing() as db:
        found = _line(db, line_id)
        is_free = not found.old_token
        if is_free:
            found.old_token, found.token = found.token, line_files.new_token()
    lines().expire()
    if is_free:
        log.info("line_token_rotated", line=line_id, staff=_me())
        flash(_("Token baru dibuat. Yang lama tetap berlaku: pasang alamat baru di penyedia, lalu hapus yang lama."), "done")
    else:
        flash(_("Token lama masih berlaku. Hapus dulu, baru buat yang baru."), "problem")
    return redirect(url_for("ops_lines.line", line_id=line_id), 303)


@blueprint.post("/<int:line_id>/drop-old")
@requires("operator")
def drop_old(line_id: int) -> Any:
    with database().writing() as db:
        _line(db, line_id).old_token = None
    lines().expire()
    log.info("line_old_token_dropped", line=line_id, staff=_me())
    flash(_("Token lama tidak berlaku lagi."), "done")
    return redirect(url_for("ops_lines.line", line_id=line_id), 303)


@blueprint.get("/new")
@requires("operator")
def new() -> Any:
    return _new(line_forms.typed_of(None), ())


def _new(typed: Any, problems: Any) -> str:
    return render_template(
        "gateway/ops_new_line.html", typed=typed, problems=problems, providers=list(provider.all_providers()),
        media=line_files.MEDIA, profiles=[name for name in PROFILES if name], mask=line_forms.KEPT, routes=line_forms.routes(),
    )  # fmt: skip


@blueprint.post("/new")
@requires("operator")
def add() -> Any:
    form = request.form.to_dict()
    its_id, problems = _written(None, form)
    if problems:
        return _new(form, problems), 422
    flash(_("Jalur ditambahkan. Pasang alamat-alamat di bawah ini di penyedia."), "done")
    return redirect(url_for("ops_lines.line", line_id=its_id), 303)


@blueprint.post("/<int:line_id>")
@requires("operator")
def save(line_id: int) -> Any:
    form = request.form.to_dict()
    _its_id, problems = _written(line_id, form)
    if problems:
        with database().reading() as db:
            return _page(db, _line(db, line_id), problems=problems, typed=form), 422
    flash(_("Jalur disimpan."), "done")
    return redirect(url_for("ops_lines.line", line_id=line_id), 303)


def _written(line_id: int | None, form: dict[str, str]) -> tuple[int | None, tuple[Problem, ...]]:
    """Writes what was typed to that line, or to a new one; (its id, what stood in the way: then nothing was written)."""
    try:
        with database().writing() as db:
            found = _line(db, line_id) if line_id is not None else None
            data = line_forms.read(form, found)
            if found is None:
                found = Line(token=line_files.new_token())
                db.add(found)
            line_forms.apply(found, data)
            db.flush()
            its_id = found.id
    except Refused as refused:
        return line_id, tuple(refused.problems)
    except IntegrityError:
        return line_id, (line_forms.taken(),)
    lines().expire()
    log.info("line_written", line=its_id, is_new=line_id is None, staff=_me())
    return its_id, ()


@blueprint.post("/<int:line_id>/test")
@requires("operator")
def test(line_id: int) -> Any:
    """A message to a typed number: first what it costs, then, with the cost typed back, it goes. Sent twice, it goes once."""
    said = {name: request.form.get(name, "") for name in ("number", "text", "cost", "nonce")}
    with database().reading() as db:
        found = _line(db, line_id)
        db.expunge_all()
    if found.medium != "sms" or not found.is_active:
        abort(404)
    draft, wrong = _draft(found, said)
    if not wrong and request.form.get("send"):
        if re.sub(r"\D", "", said["cost"][:20]) == str(draft["rupiah"]) and re.fullmatch("[0-9a-f]{32}", said["nonce"]):
            return _send_test(found, draft, said["nonce"])
        wrong = [Problem("cost", _("Ketik biayanya persis: %(cost)s. Belum ada yang dikirim.", cost=draft["rupiah"]))]
    test = {**said, **draft, "nonce": secrets.token_hex(16), "problems": {one.where: one for one in wrong}}
    with database().reading() as db:
        return _page(db, _line(db, line_id), test=test), 422 if wrong else 200


def _draft(found: Line, said: dict[str, str]) -> tuple[dict[str, Any], list[Problem]]:
    """What would be sent and what it costs; and what is wrong with it."""
    wrong, draft = [], {}
    text = gsm7.rewrite(clean(said["text"], LONGEST_TEST + 1).strip())
    if not text or len(text) > LONGEST_TEST:
        wrong.append(Problem("text", _("Tulis pesan, paling panjang %(n)s huruf.", n=LONGEST_TEST)))
    try:
        number = msisdn.read(said["number"][:40], _settings().default_region)
    except Refused:
        wrong.append(Problem("number", _("Nomor ini tidak terbaca."), _("Tulis misalnya 0812 3456 7890.")))
    else:
        segments = gsm7.size(text).segments
        draft = {"to": number, "text": text, "segments": segments, "rupiah": segments * segment_price(found, number)}
    return ({} if wrong else draft), wrong


def _send_test(found: Line, draft: dict[str, Any], nonce: str) -> Any:
    posted = database().step(
        lambda db: outbox.post(
            db, key=f"test:{nonce}", line_id=found.id, msisdn=draft["to"], text=draft["text"], now=clock.now()
        ),
        seconds=10,
    )  # fmt: skip
    if posted is None:
        flash(_("Pesan percobaan ini sudah pernah dikirim, jadi tidak dikirim lagi."), "advice")
        return redirect(url_for("ops_lines.line", line_id=found.id), 303)
    log.info("test_message", line=found.id, message=posted, staff=_me())
    flash(_("Pesan percobaan masuk kotak keluar. Muat ulang halaman ini untuk melihat nasibnya."), "done")
    return redirect(url_for("ops_outbox.message", message_id=posted), 303)


def _me() -> int | None:
    staff = current_staff()
    return staff.id if staff is not None else None
