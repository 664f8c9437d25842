"""Announcements as pages: a teacher's to a class of hers, an operator's to a school. First counted and priced, then confirmed.

Both desks share these views: /teach/announcements and /ops/announcements. What is not a desk's is not there (404).
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Any

import structlog
from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock, gsm7
from core.database import database
from core.problems import Problem, Refused
from core.text import clean
from gateway import announcements, broadcasts, provider
from gateway.announcements import Announced
from gateway.broadcasts import NotConfirmed
from gateway.tables import Line
from schools import people
from schools.access import current_staff, requires
from schools.tables import Class, School, Staff

blueprint = Blueprint("announcements", __name__, template_folder="templates")
log = structlog.get_logger()
FIELDS = ("npsn", "class", "line", "text", "typed", "nonce")
LONGEST = 700  # characters that are read; four segments are fewer


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed, read: ready to be counted."""

    school: School
    room: Class | None
    line: Line
    text: str


def _me(desk: str) -> Staff:
    staff = current_staff()
    if staff is None or staff.role not in ({"teach": "teacher", "ops": "operator"}[desk], "admin"):
        abort(404)
    return staff


def _own_school(db: Session, desk: str, me: Staff) -> School | None:
    """A teacher's school, or the one that an admin chose; at an operator's desk none: she names it."""
    chosen = None if desk == "ops" else me.school_id if me.role != "admin" else session.get("school")
    return db.get(School, chosen) if chosen else None


@blueprint.get("/teach/announcements", defaults={"desk": "teach"})
@blueprint.get("/ops/announcements", defaults={"desk": "ops"})
@requires("teacher", "operator")
def listing(desk: str) -> Any:
    me = _me(desk)
    with database().reading() as db:
        school = _own_school(db, desk, me)
        if desk == "teach" and school is None:
            return redirect("/school/choose", 303)
        return _page(db, desk, school, dict.fromkeys(FIELDS, ""))


@blueprint.post("/teach/announcements", defaults={"desk": "teach"})
@blueprint.post("/ops/announcements", defaults={"desk": "ops"})
@requires("teacher", "operator")
def announce(desk: str) -> Any:
    """Counts what was typed; with ``send`` and, above a hundred, its number typed, it goes out. Sent twice, it goes once."""
    me, now = _me(desk), clock.now()
    typed = {name: clean(request.form.get(name, ""), LONGEST) for name in FIELDS}
    is_sent = bool(request.form.get("send")) and re.fullmatch("[0-9a-f]{32}", typed["nonce"]) is not None
    made: int | None = None
    problems: tuple[Problem, ...] = ()
    with database().writing() if is_sent else database().reading() as db:
        school = _own_school(db, desk, me)
        try:
            draft = _read(db, desk, school, typed)
            if is_sent:
                if me.role == "teacher":
                    announcements.check_pace(db, me.id, now)
                row, is_new = broadcasts.announce(
                    db, key=f"page:{typed['nonce']}", school=draft.school, class_id=draft.room.id if draft.room else None,
                    text=draft.text, line=draft.line, now=now, typed=re.sub(r"[ .]", "", typed["typed"]), staff_id=me.id,
                )  # fmt: skip
                made = row.id
            else:
                return _page(db, desk, school, {**typed, "nonce": secrets.token_hex(16), "typed": ""}, draft)
        except NotConfirmed as refused:
            words = _("Ketik jumlah pesannya persis: %(count)s. Belum ada yang dikirim.", count=refused.estimate.messages)
            problems = (Problem("typed", words),)
        except Refused as refused:
            problems = tuple(refused.problems)
    if made is None:
        with database().reading() as db:
            is_counted = problems[0].where == "typed"
            return _page(db, desk, _own_school(db, desk, me), typed, _read_again(db, desk, me, typed, is_counted), problems), 422
    log.info("announced", broadcast=made, staff=me.id, is_new=is_new)
    words = _("Pengumuman dikirim. Halaman ini menunjukkan nasibnya.") if is_new else _("Pengumuman ini sudah dikirim tadi.")
    flash(words, "done" if is_new else "advice")
    return redirect(url_for("announcements.one", desk=desk, its_id=made), 303)


def _read_again(db: Session, desk: str, me: Staff, typed: dict[str, str], is_counted: bool) -> Draft | None:
    return _read(db, desk, _own_school(db, desk, me), typed) if is_counted else None


def _read(db: Session, desk: str, school: School | None, typed: dict[str, str]) -> Draft:
    """Raises Refused with everything that is wrong, each beside its field."""
    problems = []
    if desk == "ops":
        school = db.scalar(select(School).where(School.npsn == typed["npsn"].strip()))
        if school is None:
            problems.append(Problem("npsn", _("Tidak ada sekolah dengan NPSN itu.")))
    elif school is None:
        abort(404)
    room = next((room for room in people.classes(db, school.id) if typed["class"] == str(room.id)), None) if school else None
    if desk == "ops" and school is not None and typed["class"].strip():
        room = next((one for one in people.classes(db, school.id) if one.name == typed["class"].strip()), None)
    if room is None and (desk == "teach" or typed["class"].strip()) and school is not None:
        problems.append(Problem("class", _("Pilih kelasnya.") if desk == "teach" else _("Sekolah ini tidak punya kelas itu.")))
    line = next((line for line in _senders(db) if typed["line"] == str(line.id)), None)
    if line is None:
        problems.append(Problem("line", _("Pilih nomor pengirimnya.")))
    text = gsm7.rewrite(typed["text"].strip())
    if not text or gsm7.size(text).segments > broadcasts.MOST_SEGMENTS:
        words = _("Tulis pengumumannya, paling panjang %(n)s segmen SMS.", n=broadcasts.MOST_SEGMENTS)
        problems.append(Problem("text", words))
    if problems or school is None or line is None:
        raise Refused(problems)
    return Draft(school, room, line, text)


def _senders(db: Session) -> list[Line]:
    """Active SMS lines that reach a network; those of our own page reach only the page, and come last."""
    found = db.scalars(select(Line).where(Line.medium == "sms", Line.is_active.is_(True)).order_by(Line.id)).all()
    return sorted(found, key=lambda line: (of := provider.find(line.provider)) is None or of.on_page)


def _page(
    db: Session, desk: str, school: School | None, typed: dict[str, str], draft: Draft | None = None,
    problems: tuple[Problem, ...] = (),
) -> str:  # fmt: skip
    now, found = clock.now(), None
    hears_nothing = left = size = None
    if draft is not None:
        room = draft.room.id if draft.room else None
        found = broadcasts.estimate(db, draft.school, room, draft.text, draft.line, now)
        hears_nothing = announcements.without(db, draft.school.id, room, found.messages)
        left, size = announcements.left_today(db, draft.school.id, now), gsm7.size(draft.text)
    return render_template(
        "gateway/announcements.html", desk=desk, school=school, typed=typed, draft=draft, estimate=found, size=size,
        hears_nothing=hears_nothing, left=left, problems=problems, at={one.where: one for one in problems},
        rooms=[(room.id, room.name) for room in people.classes(db, school.id)] if school else [],
        senders=[(line.id, f"{line.address} ({line.provider})") for line in _senders(db)],
        before=announcements.newest(db, school.id if school else None), longest=LONGEST,
    )  # fmt: skip


@blueprint.get("/teach/announcements/<int:its_id>", defaults={"desk": "teach"})
@blueprint.get("/ops/announcements/<int:its_id>", defaults={"desk": "ops"})
@requires("teacher", "operator")
def one(desk: str, its_id: int) -> Any:
    """What has become of it so far."""
    found = _found(desk, its_id)
    names = ("delivered", "sent", "waiting", "unknown", "failed", "dropped")
    rows = [(name, found.outcomes[name]) for name in names if found.outcomes[name]]
    return render_template("gateway/announcement.html", desk=desk, one=found, rows=rows)


@blueprint.post("/teach/announcements/<int:its_id>/stop", defaults={"desk": "teach"})
@blueprint.post("/ops/announcements/<int:its_id>/stop", defaults={"desk": "ops"})
@requires("teacher", "operator")
def stop(desk: str, its_id: int) -> Any:
    """What nobody has begun to send stays unsent."""
    found = _found(desk, its_id)
    with database().writing() as db:
        count = announcements.stop(db, found.id, clock.now())
    log.info("announcement_stopped", broadcast=found.id, messages=count, staff=_me(desk).id)
    flash(ngettext("%(num)d pesan tidak jadi dikirim.", "%(num)d pesan tidak jadi dikirim.", count), "done")
    return redirect(url_for("announcements.one", desk=desk, its_id=found.id), 303)


def _found(desk: str, its_id: int) -> Announced:
    me = _me(desk)
    with database().reading() as db:
        school = _own_school(db, desk, me)
        if desk == "teach" and school is None:
            abort(404)
        found = announcements.one(db, its_id, school.id if school else None)
    if found is None:
        abort(404)
    return found
