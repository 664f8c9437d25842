"""Copies of the database: made while it is written, and put back. SQLite by its own backup, PostgreSQL by its own programs.

A copy holds everything but ``.env`` and the secret key, so it is for the eyes of whoever may see everything.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from core import file_copies, files
from core.alive import worker_state
from core.database import Database, _sqlite_module
from core.migrations import FOLDER, applied, is_behind, upgrade
from core.problems import Refused
from core.settings import Settings

_REVISION = re.compile(r"^COPY .*alembic_version.*\n(\w+)$", re.M)
CLOSING = 2.0  # seconds in which the server still lists a connection that was just closed, our own among them
IN_USE = "Kentongan masih berjalan: hentikan dahulu. / Something still serves this database ({why}): stop it first."
NO_PROGRAM = (
    "{name} tidak ditemukan. / {name} is not here: it comes with PostgreSQL's client (apt-get install postgresql-client)."
)


def save(settings: Settings, file: Path) -> int:
    """Writes one moment of the database into ``file``, looked at afterwards, and beside it the files that people handed in
    (core.file_copies); how many these are. Nobody waits meanwhile.

    Raises Refused where the file is there already, the copy is not whole or cannot be written, OSError where the folder cannot.
    """
    if file.exists():
        raise Refused(f"{file} sudah ada. / {file} is there already.")
    part = file.with_name(file.name + ".part")
    part.unlink(missing_ok=True)
    part.touch(0o600)
    try:
        if settings.database_url.startswith("sqlite"):
            copy(_path(settings.database_url), part)
        else:
            _run("pg_dump", settings.database_url, "--format=custom", "--no-owner", f"--file={part}")
        files.sync(part)
        count = file_copies.save(settings.files_dir, file_copies.beside(file))
        part.rename(file)
        files.sync(file.parent)
    finally:
        part.unlink(missing_ok=True)
    return count


def copy(source: Path, target: Path) -> None:
    """A whole copy of a SQLite database, whoever writes it meanwhile. Raises Refused where it is damaged, or no database."""
    module = _sqlite_module()
    if not source.is_file():
        raise Refused(f"{source} tidak ada. / There is no {source}.")
    old, new = module.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True), module.connect(target)
    try:
        new.execute("PRAGMA synchronous=FULL").close()
        old.backup(new, pages=-1)  # in one go: page by page it would begin anew whenever somebody writes
        new.execute("PRAGMA journal_mode=DELETE").close()  # one file, nothing beside it
        said = [row[0] for row in new.execute("PRAGMA integrity_check")]
    except module.OperationalError as error:  # the copy's disk is full, or cannot be written
        raise Refused(f"{target.parent} tidak dapat ditulisi. / The copy cannot be written there: {error}.") from None
    except module.DatabaseError as error:
        raise Refused(f"{source} bukan basis data yang utuh. / It is no whole database: {error}.") from None
    finally:
        old.close()
        new.close()
    if said != ["ok"]:
        raise Refused(f"{source} rusak. / It is damaged: {said[0]}.")


def put_back(settings: Settings, file: Path, seal: Callable[[Database], int]) -> tuple[int, Path | None, int]:
    """Makes ``file`` the database, at the newest schema and after ``seal``: (what that returned, where the one before lies, how
    many files were taken in). The files come first, so that nothing names one that is not there.

    ``seal`` sees to it that the copy repeats nothing; on SQLite it has done so before the copy is in its place. The database
    before it is kept on SQLite and replaced on PostgreSQL. Raises Refused while anything serves.
    """
    _refuse_in_use(settings)
    if not file.is_file():
        raise Refused(f"{file} tidak ada. / There is no {file}.")
    taken = file_copies.put_back(file_copies.beside(file), settings.files_dir)
    if settings.database_url.startswith("sqlite"):
        return *_put_back_sqlite(_path(settings.database_url), file, seal), taken
    said = _run("pg_restore", settings.database_url, "--data-only", "--table=alembic_version", "--file=-", file=file)
    _check_revision(next(iter(_REVISION.findall(said)), None))  # afterwards there would be nothing to go back to
    _run("pg_restore", settings.database_url, "--clean", "--if-exists", "--no-owner", "--single-transaction", file=file)
    return _sealed(settings.database_url, seal), None, taken


def _put_back_sqlite(path: Path, file: Path, seal: Callable[[Database], int]) -> tuple[int, Path | None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    part, before = path.with_name(path.name + ".restoring"), path.with_name(path.name + ".before")
    for suffix in ("", "-wal", "-shm"):
        Path(f"{part}{suffix}").unlink(missing_ok=True)
    part.touch(0o600)
    try:
        copy(file, part)
        count = _sealed(f"sqlite:///{part}", seal)
        was_there = path.is_file()
        if was_there:
            _alone(path)
            path.replace(before)
        part.rename(path)
        files.sync(path)
        files.sync(path.parent)
    finally:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{part}{suffix}").unlink(missing_ok=True)
    return count, before if was_there else None


def _sealed(url: str, seal: Callable[[Database], int]) -> int:
    database = Database(url)
    try:
        try:
            _check_revision(applied(database))
            if is_behind(database):
                upgrade(database)
            count = seal(database)
        except SQLAlchemyError as error:
            raise Refused(
                f"Salinan ini bukan milik Kentongan. / This is no copy of Kentongan's: {type(error).__name__}."
            ) from None
    finally:
        database.close()
    if url.startswith("sqlite"):
        _alone(_path(url))
    return count


def _check_revision(revision: str | None) -> None:
    if revision is None or not (FOLDER / "versions" / f"{revision}.py").exists():
        raise Refused(f"Skema {revision} tidak dikenal. / The copy's schema {revision} is none that this version knows.")


def _alone(path: Path) -> None:
    """Folds the log into a SQLite database. Raises Refused where another process has it open."""
    module = _sqlite_module()
    connection = module.connect(path, timeout=0.5)
    try:
        connection.execute("PRAGMA journal_mode=DELETE").close()
    except module.OperationalError as error:
        raise Refused(IN_USE.format(why=error)) from None
    finally:
        connection.close()


def _refuse_in_use(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        if settings.port and probe.connect_ex((settings.host.replace("0.0.0.0", "127.0.0.1"), settings.port)) == 0:  # noqa: S104
            raise Refused(IN_USE.format(why=f"{settings.host}:{settings.port} answers"))
    if worker_state(settings) == "ok":
        raise Refused(IN_USE.format(why="a worker runs"))
    if settings.database_url.startswith("sqlite"):
        path = _path(settings.database_url)
        if path.is_file():
            _alone(path)
        return
    database = Database(settings.database_url)
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    until = time.monotonic() + CLOSING
    try:
        # no transaction: within one the answer stays the same
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while count := connection.execute(text(f"{others} AND backend_type = 'client backend'")).scalar_one():
                if time.monotonic() > until:
                    raise Refused(IN_USE.format(why=f"{count} connections"))
                time.sleep(0.1)
    finally:
        database.close()


def _run(name: str, url: str, *arguments: str, file: Path | None = None) -> str:
    """What a program of PostgreSQL says; the password goes by the environment, where ``ps`` does not show it.

    It is on the database of ``url``, unless ``arguments`` name a file to write to.
    """
    program = shutil.which(name)
    if program is None:
        raise Refused(NO_PROGRAM.format(name=name))
    parts: URL = make_url(url)
    where: dict[str, Any] = {"PGPASSWORD": parts.password, "PGHOST": parts.query.get("host") or parts.host, "PGPORT": parts.port}
    where |= {"PGUSER": parts.query.get("user") or parts.username, "PGSSLMODE": parts.query.get("sslmode")}
    environment = {**os.environ, **{key: str(value) for key, value in where.items() if value}}
    to = [] if "--file=-" in arguments else [f"--dbname={parts.database}"]
    command = [program, *arguments, *to, *([str(file)] if file else [])]
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["?"])[-1]
        raise Refused(f"{name} gagal. / {name} failed: {last}")
    return done.stdout


def _path(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))
