"""The outbox as pages: what became of each message; resend, release, cancel. And what came in and could not be answered."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from core import clock
from core.database import database
from core.problems import Refused
from gateway import operating, outbox_search, trail
from gateway.lines import segment_price
from gateway.outbox import RANK
from gateway.tables import Line, Outbox
from schools.access import current_staff, requires

blueprint = Blueprint("ops_outbox", __name__, url_prefix="/ops", template_folder="templates")
log = structlog.get_logger()


@blueprint.get("/outbox")
@requires("operator")
def listing() -> Any:
    wanted = outbox_search.read(request.args)
    with database().reading() as db:
        rows, before = outbox_search.page(db, wanted)
        lines = {line.id: line for line in db.scalars(select(Line).order_by(Line.address))}
        held = operating.held(db)
    return render_template(
        "gateway/ops_outbox.html", rows=rows, before=before, lines=lines, wanted=wanted, states=list(RANK), held=held
    )


@blueprint.get("/outbox/<int:message_id>")
@requires("operator")
def message(message_id: int) -> Any:
    """One message: its fate, never its text, which is a learner's."""
    with database().reading() as db:
        row = db.get(Outbox, message_id)
        if row is None:
            abort(404)
        line = db.get(Line, row.line_id)
        again = operating.resends(db, row)
        return render_template(
            "gateway/ops_message.html", row=row, line=line, again=[one.id for one in again],
            may_resend=operating.may_go_again(row, again), trail=trail.of_outbox(row.id, row.key),
            price=row.price or (row.segments * segment_price(line, row.msisdn) if line else 0),
            may_cancel=row.state in ("created", "held"),
        )  # fmt: skip


@blueprint.post("/outbox/<int:message_id>/resend")
@requires("operator")
def resend(message_id: int) -> Any:
    try:
        with database().writing() as db:
            again = operating.resend(db, message_id, clock.now()).id
    except Refused:
        flash(_("Pesan ini tidak bisa dikirim ulang: nasibnya sudah berubah. Lihat di bawah."), "problem")
        return redirect(url_for("ops_outbox.message", message_id=message_id), 303)
    log.info("message_resent", message=message_id, again=again, staff=_me())
    flash(_("Pesan dikirim ulang sebagai pesan %(id)s.", id=again), "done")
    return redirect(url_for("ops_outbox.message", message_id=again), 303)


@blueprint.post("/outbox/<int:message_id>/cancel")
@requires("operator")
def cancel(message_id: int) -> Any:
    try:
        with database().writing() as db:
            operating.cancel(db, message_id, clock.now())
    except Refused:
        flash(_("Terlambat: pesan ini tidak menunggu lagi. Lihat nasibnya di bawah."), "problem")
    else:
        log.info("message_cancelled", message=message_id, staff=_me())
        flash(_("Pesan dibatalkan dan tidak akan dikirim."), "done")
    return redirect(url_for("ops_outbox.message", message_id=message_id), 303)


@blueprint.post("/outbox/release")
@requires("operator")
def release() -> Any:
    with database().writing() as db:
        count = operating.release(db, clock.now())
    log.info("outbox_released", count=count, staff=_me())
    flash(ngettext("%(num)d pesan dilepas.", "%(num)d pesan dilepas.", count), "done")
    return redirect(url_for("ops_outbox.listing"), 303)


@blueprint.get("/dead")
@requires("operator")
def dead() -> Any:
    """Messages in that could not be answered: who and when, and what broke; not what they say."""
    with database().reading() as db:
        rows = operating.dead(db)
        lines = {line.id: line for line in db.scalars(select(Line))}
    return render_template("gateway/ops_dead.html", rows=rows, lines=lines)


@blueprint.post("/dead/<int:inbox_id>")
@requires("operator")
def settle_dead(inbox_id: int) -> Any:
    """``what``: try again, or leave it unanswered."""
    lets_go = request.form.get("what") == "leave"
    try:
        with database().writing() as db:
            (operating.let_go if lets_go else operating.try_again)(db, inbox_id)
    except Refused:
        flash(_("Pesan ini sudah diurus."), "advice")
    else:
        log.info("dead_let_go" if lets_go else "dead_tried_again", trail=trail.of_inbox(inbox_id), staff=_me())
        flash(_("Pesan dibiarkan tanpa balasan.") if lets_go else _("Pesan dijawab sekarang."), "done")
    return redirect(url_for("ops_outbox.dead"), 303)


def _me() -> int | None:
    staff = current_staff()
    return staff.id if staff is not None else None
