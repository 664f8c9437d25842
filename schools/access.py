"""Who may call a route. Every route says it aloud, with ``requires`` or ``public``; a house test looks."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar

from flask import abort, g, redirect, request, session, url_for

from core import clock
from core.database import database
from schools.tables import Login, Staff

View = TypeVar("View", bound=Callable[..., Any])
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)


def public(why: str) -> Callable[[View], View]:
    """Anybody may call it; ``why`` says what guards it instead, or why nothing has to."""

    def mark(view: View) -> View:
        view.access = f"public: {why}"  # type: ignore[attr-defined]
        return view

    return mark


def requires(*roles: str) -> Callable[[View], View]:
    """Only staff of these roles (an admin always). Others are sent to /login, or get 404: what is not yours is not there."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            staff = current_staff()
            if staff is None:
                if request.method == "GET":
                    return redirect(url_for("schools.login", next=request.full_path.rstrip("?")), 303)
                abort(401)
            if staff.role not in roles and staff.role != "admin":
                abort(404)
            return view(*args, **kwargs)

        guarded.access = f"staff: {', '.join(roles)}"  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return mark


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def current_staff() -> Staff | None:
    """Whose browser this is, read once a request; None without a living login."""
    if "staff" not in g:
        g.staff = _read_staff(session.get("login", ""))
    found: Staff | None = g.staff
    return found


def _read_staff(token: str) -> Staff | None:
    if not token:
        return None
    now = clock.now()
    with database().reading() as db:
        login = db.get(Login, token_hash(token))
        if login is None or login.seen_at < now - IDLE or login.created_at < now - LONGEST:
            return None
        staff = db.get(Staff, login.staff_id)
        stale = login.seen_at < now - IDLE / 10
        db.expunge_all()
    if stale:  # not at every click: a page view need not write
        with database().writing() as db:
            found = db.get(Login, token_hash(token))
            if found is not None:
                found.seen_at = now
    return staff
