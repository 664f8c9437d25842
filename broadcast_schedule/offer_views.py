"""A planner offers a slot to stations, sees who answered, and agrees to the times that they want."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from broadcast_schedule import compliance, draft, offers, planning, slot_forms
from broadcast_schedule.tables import Programme
from core import clock
from core.database import database
from core.hot import Hot
from core.problems import Problem, Refused
from core.text import clean
from schools.access import current_staff, requires

blueprint = Blueprint("offers", __name__, url_prefix="/plan", template_folder="templates")
WEEKS = 4


@blueprint.get("/slots/<int(max=2147483647):slot_id>/offers")
@requires("planner")
def page(slot_id: int) -> Any:
    return _page(slot_id, {}, ())


def _page(slot_id: int, values: dict[str, Any], problems: Any) -> str:
    with database().reading() as db:
        try:
            slot = planning.living_slot(db, slot_id)
        except Refused:
            abort(404)
        standing = offers.all_of(db, slot_id=slot_id)
        asked = {row.channel_id for row in standing}
        places = [
            (str(p.id), f"{p.station}: {p.name}" if p.name != p.station else p.name)
            for p in draft.places(db).values()
            if p.id != slot.channel_id and p.id not in asked
        ]
        programme = db.get(Programme, slot.programme_id)
        return render_template(
            "broadcast_schedule/offers.html",
            slot=slot, programme=programme, offers=standing, places=sorted(places, key=lambda place: place[1]), problems=problems,
            values={"mode": "relay", "delay_minutes": "0", "language": "", "channels": [], **values},
            words={
                "offered": _("menunggu jawaban"), "accepted": _("diterima"), "declined": _("ditolak"),
                "proposed": _("ingin jam lain"),
            },
        )  # fmt: skip


@blueprint.post("/slots/<int(max=2147483647):slot_id>/offers")
@requires("planner")
def offer(slot_id: int) -> Any:
    """To all that were chosen, or to none: the first that may not carry it says why."""
    form = request.form
    channels = [number for number in (slot_forms.read_number(typed) for typed in form.getlist("channels")[:2000]) if number]
    delay = slot_forms.read_number(form.get("delay_minutes", "") or "0")
    values: dict[str, Any] = {
        "mode": form.get("mode", ""), "delay_minutes": form.get("delay_minutes", "")[:6],
        "language": clean(form.get("language", ""), 8), "channels": [str(channel) for channel in channels],
    }  # fmt: skip
    now = clock.now()
    try:
        if not channels:
            raise Refused(Problem("channels", _("Belum ada stasiun yang dipilih."), _("Centang stasiun yang ditawari.")))
        with database().writing() as db:
            for channel in channels:
                offers.offer(db, slot_id, channel, values["mode"], -1 if delay is None else delay, values["language"], now, _)
    except Refused as refused:
        return _page(slot_id, values, refused.problems), 422
    flash(ngettext("Ditawarkan kepada %(num)d saluran.", "Ditawarkan kepada %(num)d saluran.", len(channels)), "done")
    return redirect(url_for("offers.page", slot_id=slot_id), 303)


@blueprint.post("/offers/<int(max=2147483647):code>/agree")
@requires("planner")
def agree(code: int) -> Any:
    staff, now = current_staff(), clock.to_ms(clock.now())
    by = staff.login if staff else ""

    def work(db: Hot) -> int:
        row = offers.by_code(db, code) or abort(404)
        offers.agree(db, row, by, now, _)
        return int(row.slot_id)

    try:
        slot_id = database().step(work, seconds=5)
    except Refused as refused:
        flash(str(refused), "problem")
        return redirect(url_for("plan.overview"), 303)
    flash(_("Jam itu disetujui. Stasiun melihatnya sesudah diterbitkan."), "done")
    return redirect(url_for("offers.page", slot_id=slot_id), 303)


@blueprint.post("/offers/<int(max=2147483647):offer_id>/withdraw")
@requires("planner")
def withdraw(offer_id: int) -> Any:
    try:
        with database().writing() as db:
            slot_id = offers.withdraw(db, offer_id, _)
    except Refused:
        abort(404)
    flash(_("Tawaran ditarik."), "done")
    return redirect(url_for("offers.page", slot_id=slot_id), 303)


@blueprint.get("/report")
@requires("planner")
def report() -> Any:
    """Billed and actual of all stations."""
    now = clock.now()
    with database().reading() as db:
        kept = compliance.by_programme(db, now - timedelta(weeks=WEEKS), now)
        return render_template("broadcast_schedule/compliance.html", station=None, stations=[], kept=kept, weeks=WEEKS)
