"""What a fixture puts into an empty database is made once, kept as a file, and copied for every other test.

``kept(database, "two schools", make)`` is ``make()``, or what it returned before on a database that stood as this one does
now, which is then left as ``make`` left that. It looks at the files: where anything else was written in between (by a test, by
a fixture that does not keep), or on PostgreSQL, ``make`` runs. So what it makes follows from ``name`` and from what was there
alone, and it returns what can be copied: ids and texts, nothing that holds a database. Threads that use the database are
started after it.
"""

from __future__ import annotations

import copy
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

from flask.testing import FlaskClient

from core import clock
from core.database import Database, _sqlite_module

T = TypeVar("T")
Steps = tuple[str, ...]

_stands: dict[str, tuple[Steps, Any]] = {}  # {a test's database: (what was made in it, its files then)}
_files: dict[Steps, tuple[Path, Any]] = {}  # {what was made, in this order: (a copy of the database, what was returned)}
_folder = tempfile.TemporaryDirectory(prefix="kentongan-kept-")


def _look(path: str) -> Any:
    """Changes with everything that is written."""
    found = []
    for name in (path, f"{path}-wal"):
        try:
            stat = os.stat(name)
        except FileNotFoundError:
            found.append(None)
        else:
            found.append((stat.st_ino, stat.st_size, stat.st_mtime_ns))
    return found


def put_empty(empty: Path, path: Path) -> None:
    """A database with every table and no row, from which all that is kept begins."""
    shutil.copyfile(empty, path)
    _stands[str(path)] = ((), _look(str(path)))


def forget(path: Path) -> None:
    """The test is over."""
    _stands.pop(str(path), None)


def _is_open(database: Database) -> bool:
    """A connection would go on with the file that it knows."""
    is_pooled = database.engine.pool.checkedin() + database.engine.pool.checkedout() > 0
    return is_pooled or database._writer._thread is not None or database._glances._connection is not None


def kept(database: Database, name: str, make: Callable[[], T]) -> T:
    path = database.engine.url.database if database.is_sqlite else None
    before, look = _stands.get(path or "", ((), None))
    if path is None or look != _look(path):
        return make()
    steps = (*before, name)
    if steps in _files:
        if _is_open(database):
            return make()
        copied, returned = _files[steps]
        shutil.copyfile(copied, path)
    else:
        returned = make()
        copied = Path(_folder.name) / str(len(_files))
        with closing(_sqlite_module().connect(path)) as source, closing(_sqlite_module().connect(str(copied))) as target:
            source.backup(target)
        _files[steps] = copied, copy.deepcopy(returned)
    _stands[path] = steps, _look(path)
    return copy.deepcopy(returned)


def logged_in(client: FlaskClient, login: str, log_in: Callable[[], object]) -> None:
    """``client`` as after ``log_in()``, which asks for pages and checks a password: done once, and its cookie kept."""

    def make() -> str:
        log_in()
        cookie = client.get_cookie(client.application.config["SESSION_COOKIE_NAME"])
        assert cookie is not None
        return cookie.value

    name = client.application.config["SESSION_COOKIE_NAME"]
    database = client.application.extensions["database"]
    client.set_cookie(name, kept(database, f"{login} logs in on {clock.now():%F}", make), httponly=True, samesite="Lax")
