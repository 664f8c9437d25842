"""Logging in and out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session
from flask_babel import gettext as _

from core import clock
from core.database import database
from core.text import clean
from schools import logins, staff
from schools.access import current_staff, public, token_hash
from schools.tables import Login, Staff

blueprint = Blueprint("schools", __name__, template_folder="templates")
HOME = {"teacher": "/teach/", "planner": "/plan/", "station": "/station/", "operator": "/ops/", "admin": "/school/"}


@blueprint.get("/login")
@public("the door itself")
def login() -> Any:
    here = current_staff()
    wanted = logins.safe_next(request.args.get("next", ""))
    if here is not None:
        return redirect(wanted or HOME.get(here.role, "/"), 303)
    return render_template("schools/login.html", next=wanted, problem="", login="")


@blueprint.post("/login")
@public("ten failed tries by account and by address, then a pause")
def log_in() -> Any:
    typed = clean(request.form.get("login", ""), 120)
    password = request.form.get("password", "")[: 4 * staff.LONGEST]
    wanted = logins.safe_next(request.form.get("next", ""))
    now = clock.now()
    tried = logins.keys(typed, request.remote_addr or "")
    with database().writing() as db:
        until = logins.count_try(db, tried, now)
    if until is not None:
        minutes = max(1, -(-(until - now) // timedelta(minutes=1)))
        told = _("Sudah terlalu banyak percobaan yang gagal. Coba lagi %(minutes)d menit lagi.", minutes=minutes)
        return _again(told, typed, wanted, 429, {"Retry-After": str(60 * minutes)})
    with database().reading() as db:
        found = staff.staff_of(db, typed)
        db.expunge_all()
    if not staff.is_password(found, password) or found is None:
        return _again(_("Nama masuk atau kata sandi salah. Periksa keduanya, lalu coba lagi."), typed, wanted, 401)
    fresh = staff.hash_password(password) if staff.needs_rehash(found) else ""
    old = session.get("login", "")
    with database().writing() as db:
        logins.forgive(db, tried)
        same = _ends_own(db, old, found.id)
        if fresh:
            account = db.get(Staff, found.id)
            if account is not None:
                account.password_hash = fresh
        token = logins.begin(db, found, now)
    # A form that was open when her login ran out may be sent again: its CSRF token lives on, but only for the same person.
    guard = session.get("csrf_token") if same else None
    session.clear()
    session["login"] = token
    if guard:
        session["csrf_token"] = guard
    return redirect(wanted or HOME.get(found.role, "/"), 303)


def _ends_own(db: Any, token: str, staff_id: int) -> bool:
    """Ends the login that this browser had before, where it was the same person's."""
    before = db.get(Login, token_hash(token)) if token else None
    if before is None or before.staff_id != staff_id:
        return False
    db.delete(before)
    return True


def _again(problem: str, typed: str, wanted: str, status: int, headers: dict[str, str] | None = None) -> Any:
    return render_template("schools/login.html", next=wanted, problem=problem, login=typed), status, headers or {}


@blueprint.post("/logout")
@public("ends whatever login the browser has")
def logout() -> Any:
    token = session.get("login", "")
    if token:
        with database().writing() as db:
            logins.end(db, token)
    session.clear()
    flash(_("Anda sudah keluar."), "done")
    answer = redirect("/login", 303)
    answer.headers["Clear-Site-Data"] = '"cache"'  # going back must not show a class list on a shared computer
    return answer
