"""Staff and their passwords: argon2id, 19 MiB, two passes, one lane (OWASP's second profile: 49 ms on one core)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.hot import Busy
from core.problems import Problem, Refused
from schools.people import read_name
from schools.tables import Staff

ROLES = ("teacher", "planner", "station", "operator", "admin")
SHORTEST, LONGEST = 10, 200
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{2,79}")
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_slots = BoundedSemaphore(2)  # two at a time: a storm of guesses must not take the learners' cores and memory
WAIT = 5  # seconds for a slot


@contextmanager
def _slot() -> Iterator[None]:
    if not _slots.acquire(timeout=WAIT):
        raise Busy("too many logins at once")
    try:
        yield
    finally:
        _slots.release()


def read_login(typed: str) -> str:
    """A login as it is kept: lower case, without blanks around it."""
    return typed.strip().lower()


def hash_password(password: str) -> str:
    """Raises Refused for a password too short or too long, Busy where no slot came free. Call it outside a transaction."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused(
            Problem(
                "password", _("Kata sandi paling sedikit %(least)d huruf, paling banyak %(most)d.", least=SHORTEST, most=LONGEST)
            )
        )
    with _slot():
        return _hasher.hash(password)


@lru_cache(maxsize=1)
def _nobody() -> str:
    """The hash of a password that nobody has: guessing at an unknown login costs the same time as at a known one."""
    return _hasher.hash("nobody has this password")


def is_password(staff: Staff | None, password: str) -> bool:
    """True where ``password`` is theirs. Takes as long for None (an unknown login). Raises Busy where no slot came free."""
    with _slot():
        try:
            _hasher.verify(_nobody() if staff is None else staff.password_hash, password[:LONGEST])
        except (VerificationError, InvalidHashError):
            return False
    return staff is not None and len(password) <= LONGEST


def needs_rehash(staff: Staff) -> bool:
    """True where the hash was made with other costs than today's."""
    return _hasher.check_needs_rehash(staff.password_hash)


def staff_of(db: Session, login: str) -> Staff | None:
    return db.scalars(select(Staff).where(Staff.login == read_login(login))).first()


def create(
    db: Session,
    login: str,
    name: str,
    role: str,
    password_hash: str,
    now: datetime,
    *,
    school_id: int | None = None,
    station_slug: str | None = None,
    language: str = "",
) -> Staff:
    """A new account. ``language`` "" leaves it to the browser. Raises Refused, naming fields, where it cannot be."""
    login, name = read_login(login), read_name(name)
    problems = []
    if not _LOGIN.fullmatch(login):
        problems.append(Problem("login", _("Nama masuk terdiri dari 3 sampai 80 huruf kecil, angka, atau . _ - @ +.")))
    if not name:
        problems.append(Problem("name", _("Nama masih kosong.")))
    if role not in ROLES:
        problems.append(Problem("role", _("Peran ini tidak ada: %(role)s.", role=role)))
    if role == "teacher" and school_id is None:
        problems.append(Problem("school", _("Guru harus punya sekolah.")))
    if role == "station" and not station_slug:
        problems.append(Problem("station", _("Akun stasiun harus punya stasiun.")))
    if problems:
        raise Refused(problems)
    staff = Staff(
        login=login, name=name, role=role, password_hash=password_hash, created_at=now,
        school_id=school_id, station_slug=station_slug, language=language,
    )  # fmt: skip
    try:
        with db.begin_nested():
            db.add(staff)
            db.flush()
    except IntegrityError:
        raise Refused(Problem("login", _("Nama masuk %(login)s sudah dipakai.", login=login))) from None
    return staff
