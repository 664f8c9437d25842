"""``flask doctor``: what is wrong with this installation, and what to do. It changes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import click
from flask import Blueprint, Flask, current_app
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from core import clock, files
from core.alive import redis_state, worker_state
from core.database import Database, UnsafeSqlite, check_sqlite_version, database
from core.migrations import applied, heads, is_newer
from core.phrases import FOLDER, compile_all
from core.settings import ROOT, Settings
from gateway import needs, provider
from gateway.tables import Line
from workers.files import in_use

blueprint = Blueprint("doctor", __name__, cli_group=None)
LEAST_FREE = 500 * 1024 * 1024
LARGEST_WAL = 64 * 1024 * 1024  # four times what it has when it is folded in
PROFILE = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"}


@dataclass(frozen=True, slots=True)
class Finding:
    """``state``: ok, note (nothing is broken, but know it) or wrong. ``remedy`` says what to do."""

    state: str
    about: str
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.state:<6}{self.about:<14}{' '.join(filter(None, (self.what, self.remedy)))}"


@blueprint.cli.command("doctor")
def doctor() -> None:
    """Say what is wrong with this installation and what to do; exit 1 where something is."""
    found = examine(cast(Flask, cast(Any, current_app)._get_current_object()))
    for finding in found:
        click.echo(str(finding))
    wrong = sum(finding.state == "wrong" for finding in found)
    click.echo(f"{wrong} wrong." if wrong else "Nothing is wrong.")
    if wrong:
        raise SystemExit(1)


def examine(app: Flask) -> list[Finding]:
    """Every check's findings. A check that itself breaks is a finding."""
    settings: Settings = app.extensions["settings"]
    found = [*_safely("settings", lambda: _settings(settings)), *_safely("address", lambda: _address(settings))]
    of_database = _safely("database", lambda: _database(database(), settings))
    found += of_database
    if not database().is_sqlite and settings.instance_dir.exists():
        found += _safely("disk", lambda: _free(settings.instance_dir))  # of the spool and of files; its database is elsewhere
    if all(finding.state != "wrong" for finding in of_database if finding.about in ("database", "schema")):
        found += _safely("lines", lambda: _lines(settings))
        found += _safely("waiting", _waiting)
        found += _safely("files", lambda: _files(settings))
    found += _safely("redis", lambda: _redis(settings))
    found += _safely("worker", lambda: _worker(settings))
    found += _safely("translations", _translations)
    return found


def _safely(about: str, check: Callable[[], Iterator[Finding]]) -> list[Finding]:
    try:
        return list(check())
    except (SQLAlchemyError, OSError, ImportError, ValueError, UnsafeSqlite) as error:
        return [Finding("wrong", about, f"cannot be looked at ({type(error).__name__}).", "See the log, or ask with this line.")]


def _settings(settings: Settings) -> Iterator[Finding]:
    if len(settings.secret_key) < 32:
        yield Finding("wrong", "settings", "SECRET_KEY is short: logins could be forged.", "Use 32 random characters or more.")
    for path in (ROOT / ".env", settings.instance_dir / "secret_key"):
        if path.exists() and path.stat().st_mode & 0o044:
            yield Finding("wrong", "settings", f"{path.name} can be read by every user of this machine.", f"chmod 600 {path}")
    if settings.database_url.startswith("sqlite") and settings.web_concurrency > 1:
        yield Finding("note", "settings", "WEB_CONCURRENCY has no effect on SQLite: one process serves.")
    yield Finding("ok", "settings", "read and understood.")


def _address(settings: Settings) -> Iterator[Finding]:
    parts = urlsplit(settings.public_base_url)
    if not settings.public_base_url.startswith(("http://", "https://")) or not parts.hostname or parts.query or parts.fragment:
        yield Finding(
            "wrong", "address", "PUBLIC_BASE_URL is no address.", "Write it as the outside calls us: https://kentongan.example.id"
        )
    elif is_trial(settings):
        yield Finding(
            "note", "address", f"{settings.public_base_url} is reached from this machine alone: good for trying out.",
            "Set PUBLIC_BASE_URL before a provider shall call.",
        )  # fmt: skip
    elif not settings.public_base_url.startswith("https://"):
        yield Finding("wrong", "address", "PUBLIC_BASE_URL is not https: secrets travel readable.", "See deploy/nginx.conf.")
    elif settings.host == "127.0.0.1" and not settings.trusted_proxies:
        yield Finding(
            "wrong", "address", "A proxy seems to stand in front, but TRUSTED_PROXIES is 0: all callers look like one.",
            "Set TRUSTED_PROXIES=1.",
        )  # fmt: skip
    else:
        yield Finding("ok", "address", settings.public_base_url)


def is_trial(settings: Settings) -> bool:
    """True where only this machine can call: what is not set up yet breaks nothing."""
    return (urlsplit(settings.public_base_url).hostname or "") in ("127.0.0.1", "localhost", "::1")


def _database(found: Database, settings: Settings) -> Iterator[Finding]:
    try:
        with found.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
            version = applied(found)
            if found.is_sqlite:
                yield from _sqlite(connection, settings)
            else:
                number = connection.execute(text("SHOW server_version")).scalar()
                yield Finding("ok", "database", f"PostgreSQL {number} answers.")
    except (SQLAlchemyError, OSError) as error:
        yield Finding("wrong", "database", f"does not answer ({type(error).__name__}).", "Is it running? Check DATABASE_URL.")
        return
    if is_newer(version):
        yield Finding("note", "schema", f"at {version}: a later version made it. This one goes on with it.")
    elif [version] != heads():
        newest = ", ".join(heads())
        yield Finding("wrong", "schema", f"at {version or 'nothing'}, newest is {newest}.", "flask --app app db upgrade")
    else:
        yield Finding("ok", "schema", f"at the newest, {version}.")


def _sqlite(connection: Any, settings: Settings) -> Iterator[Finding]:
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    version = str(connection.execute(text("SELECT sqlite_version()")).scalar())
    numbers = cast(tuple[int, int, int], tuple(int(part) for part in version.split(".")[:3]))
    try:
        check_sqlite_version(numbers)
    except UnsafeSqlite as error:
        yield Finding("wrong", "database", str(error))
        return
    odd = [name for name, value in PROFILE.items() if str(connection.execute(text(f"PRAGMA {name}")).scalar()) != value]
    if odd:
        yield Finding("wrong", "database", f"SQLite is not in its safe mode: {', '.join(odd)}.", "Is it on a network share?")
    else:
        yield Finding("ok", "database", f"SQLite {version}: WAL, synchronous FULL, foreign keys.")
    yield from _free(path.parent)
    wal = path.with_name(path.name + "-wal")
    if wal.exists() and wal.stat().st_size > LARGEST_WAL:
        yield Finding(
            "wrong", "disk", f"the write-ahead log has {wal.stat().st_size // 2**20} MB: some program keeps the file open.",
            "End what reads the database beside the service.",
        )  # fmt: skip


def _free(folder: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        yield Finding("wrong", "disk", f"{free // 2**20} MB free.", "Make room: a full disk stops every answer.")
    else:
        yield Finding("ok", "disk", f"{free / 2**30:.1f} GB free.")


def _lines(settings: Settings) -> Iterator[Finding]:
    with database().reading() as db:
        found = list(db.scalars(select(Line).where(Line.is_active.is_(True)).order_by(Line.id)))
        db.expunge_all()
    if not found:
        yield Finding("note", "lines", "none is active: nobody can call.", "Add one under /ops/lines.")
    for line in found:
        about = f"line {line.id}"
        called = f"{line.provider} {line.medium} {line.address}"
        of = provider.find(line.provider)
        if of is None:
            yield Finding("wrong", about, f"{called}: no such provider.", "Switch it off or change it under /ops/lines.")
        elif line.medium not in of.methods:
            yield Finding("wrong", about, f"{called}: this provider has no {line.medium}.", "Switch it off under /ops/lines.")
        elif lacks := of.lacks(line, settings):
            state = "note" if is_trial(settings) else "wrong"
            yield Finding(state, about, f"{called}: cannot send without {', '.join(lacks)}.", "Set it, or switch the line off.")
        else:
            yield Finding("ok", about, f"{called}.")


def _waiting() -> Iterator[Finding]:
    remedies = {
        "spooled": "It came while the database was away, and is tried again every five seconds.",
        "unanswered": "Is the worker running?", "unsent": "Does the provider answer? See /ops/outbox?state=created.",
        "unknown": "See /ops/outbox?state=unknown.", "dead": "See /ops/dead.", "held": "flask --app app outbox release",
    }  # fmt: skip
    with database().reading() as db:
        found = needs.needs(db, clock.now())
    for need in found:
        late = need.name in ("spooled", "unanswered", "unsent")
        yield Finding("wrong" if late else "note", "waiting", f"{need.count} {need.name}.", remedies[need.name])


def _files(settings: Settings) -> Iterator[Finding]:
    """Whether all that people handed in is on the disk; what it holds is not read."""
    with database().reading() as db:
        named = in_use(db)
    lost = sorted(digest for digest in named if not files.path_of(settings.files_dir, digest).is_file())
    if lost:
        place = files.path_of(settings.files_dir, lost[0])
        remedy = f"Put them back from a copy: install -D -m 600 COPY.files/{lost[0]} {place}"
        yield Finding("wrong", "files", f"{len(lost)} of {len(named)} are not on the disk, such as {lost[0]}.", remedy)
    elif named:
        yield Finding("ok", "files", f"{len(named)} on the disk.")


def _redis(settings: Settings) -> Iterator[Finding]:
    state = redis_state(settings.redis_url)
    if state == "not wanted":
        yield Finding("ok", "redis", "not used: one worker runs inside the server.")
    elif state == "ok":
        yield Finding("ok", "redis", "answers.")
    else:
        yield Finding("wrong", "redis", f"{state}.", "Start Redis, or take REDIS_URL out. Nothing is lost meanwhile.")


def _worker(settings: Settings) -> Iterator[Finding]:
    state = worker_state(settings, current_app.extensions.get("worker"))
    if state == "ok":
        yield Finding("ok", "worker", "answers and sends.")
    elif state == "never started":
        yield Finding("note", "worker", "none has run here yet.", "It starts with the server: python3 run.py")
    else:
        how = "flask --app app worker" if settings.redis_url else "Start the service: python3 run.py"
        yield Finding("wrong", "worker", f"{state}: messages are neither answered nor sent.", how)


def _translations() -> Iterator[Finding]:
    sources = sorted(FOLDER.glob("*/LC_MESSAGES/messages.po"))
    try:
        compile_all()
    except (OSError, ValueError) as error:
        yield Finding("wrong", "translations", f"cannot be compiled ({type(error).__name__}).", f"Can we write in {FOLDER}?")
        return
    names = ", ".join(path.parent.parent.name for path in sources)
    yield Finding("ok", "translations", f"compiled: {names}." if names else "Indonesian alone.")
