"""Logging in and out: tokens kept as hashes, and a pause after ten failed tries of an account or an address."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import case, delete, literal, or_, select, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from schools.access import LONGEST, token_hash
from schools.staff import read_login
from schools.tables import Login, LoginTry, Staff

TRIES = 10
PAUSE = timedelta(minutes=10)


def keys(login: str, address: str) -> tuple[str, str]:
    """What tries are counted by. The login is hashed: people type passwords into the wrong box."""
    account = hashlib.sha256(read_login(login).encode("utf-8", "replace")).hexdigest()[:32]
    return f"account:{account}", f"address:{_network(address)}"


def _network(address: str) -> str:
    """An IPv6 network of 64 bits is one household, so it counts as one address."""
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network(f"{read}/64", strict=False)) if read.version == 6 else str(read)


def count_try(db: Session, tried: Sequence[str], now: datetime) -> datetime | None:
    """Counts a try before the password is looked at, so that a hundred at once are a hundred.

    Returns until when there is a pause, or None where the try may go on. A try during a pause does not lengthen it.
    """
    paused = db.scalars(
        select(LoginTry.until).where(LoginTry.key.in_(tried), LoginTry.failed >= TRIES, LoginTry.until > now)
    ).all()
    if paused:
        return max(paused)
    insert = _insert(db.get_bind().dialect.name)
    for key in sorted(tried):  # in one order: two at once do not wait for each other
        row = insert(LoginTry).values(key=key, failed=1, until=now + PAUSE)
        again = case((LoginTry.until > now, LoginTry.failed + literal(1)), else_=literal(1))
        db.execute(row.on_conflict_do_update(index_elements=["key"], set_={"failed": again, "until": now + PAUSE}))
    return None


def _insert(dialect: str) -> Any:
    if dialect == "sqlite":
        return sqlite.insert
    from sqlalchemy.dialects import postgresql  # 2 MB that SQLite does not need

    return postgresql.insert


def forgive(db: Session, tried: tuple[str, str]) -> None:
    """After a right password: the account's tries are forgotten, the address's lose this one alone."""
    account, address = tried
    db.execute(delete(LoginTry).where(LoginTry.key == account))
    db.execute(update(LoginTry).where(LoginTry.key == address, LoginTry.failed > 0).values(failed=LoginTry.failed - 1))


def begin(db: Session, staff: Staff, now: datetime) -> str:
    """A new login; returns its token, which only the browser keeps. Old logins of everybody are swept on the way."""
    db.execute(delete(Login).where(or_(Login.seen_at < now - 4 * LONGEST, Login.created_at < now - 4 * LONGEST)))
    token = secrets.token_urlsafe(32)
    db.add(Login(token_hash=token_hash(token), staff_id=staff.id, created_at=now, seen_at=now))
    return token


def end(db: Session, token: str) -> int | None:
    """Ends a login for good; returns whose it was, or None."""
    login = db.get(Login, token_hash(token)) if token else None
    if login is None:
        return None
    db.delete(login)
    return login.staff_id


def end_all(db: Session, staff_id: int) -> None:
    """Ends every login of one person: a lost phone, a changed password."""
    db.execute(delete(Login).where(Login.staff_id == staff_id))


def safe_next(target: str) -> str:
    """``target`` where it is a path of this site, else "". Browsers read a backslash as a slash and skip controls."""
    if not target.startswith("/") or target.startswith(("//", "/\\")) or any(c < " " or c in "\\\x7f" for c in target):
        return ""
    try:
        parts = urlsplit(target)
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc else target
