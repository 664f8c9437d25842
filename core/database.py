"""The database: engine, column types, and the only places where a transaction begins and ends.

Views, webhooks and jobs (nobody else) call ``reading()``, ``writing()`` or ``step()``; everything below
takes ``db``. No network call belongs inside. What is asked for with ``core.jobs.later`` is rung after the commit.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from flask import current_app
from sqlalchemy import BigInteger, MetaData, Text, create_engine, event, text
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import QueuePool
from sqlalchemy.types import TypeDecorator

from core import clock
from core.glances import Glances
from core.hot import Busy, GroupWriter, Hot, Unsure

T = TypeVar("T")
SQLITE_ERROR = 1  # of SQLite: a statement that cannot be, such as one on a table that is not there
BUSY_MS = 2000  # a USSD answer must leave within two seconds
WAL_PAGES = 4000  # 16 MB between two checkpoints: a page that many hops changed is then written once for all of them
BEGIN_WITHIN = 0.85  # of a step's seconds; the rest is for its end
AWAY_AFTER = 8  # steps in a row that had no time: then one at a time tries, and the others need not wait for the same


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def partial(where: str) -> dict[str, Any]:
    """For an ``Index`` of the rows ``where`` alone. PostgreSQL's own word for it waits: to say it imports that dialect, 2 MB."""
    return {"sqlite_where": text(where), "info": {"where": where}}


@event.listens_for(Base.metadata, "before_create")
def say_partial(metadata: MetaData, *_connection: Any, **_more: Any) -> None:
    """Says it, where tables are made or migrations written."""
    for index in (index for table in metadata.tables.values() for index in table.indexes if "where" in index.info):
        index.dialect_options["postgresql"]["where"] = text(index.info["where"])


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept as milliseconds since 1970 UTC: the same order and meaning on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else clock.to_ms(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else clock.from_ms(value)


class Json(TypeDecorator[Any]):
    """A JSON value, kept as compact text: the hot path reads it without the ORM."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else to_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


def to_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class UnsafeSqlite(Exception):
    """This SQLite can corrupt a database that several connections write in WAL mode."""


def check_sqlite_version(version: tuple[int, int, int]) -> None:
    """Raises UnsafeSqlite for 3.7.0 to 3.51.2, which have the WAL-reset bug; 3.44.6 and 3.50.7 carry the repair."""
    major, minor, patch = version
    repaired = version >= (3, 51, 3) or ((major, minor) == (3, 44) and patch >= 6) or ((major, minor) == (3, 50) and patch >= 7)
    if not repaired:
        raise UnsafeSqlite(
            f"SQLite {major}.{minor}.{patch} has the WAL-reset bug and may corrupt the database. "
            "Install the pinned packages (python3 run.py) or use PostgreSQL (DATABASE_URL)."
        )


def is_away(error: BaseException) -> bool:
    """Whether it is the database's trouble and not ours: locked, full, out of reach. By name: drivers are heavy to import."""
    orig = getattr(error, "orig", error)
    names = {kind.__name__ for one in (error, orig) for kind in type(one).__mro__}
    is_ours = getattr(orig, "sqlite_errorcode", None) == SQLITE_ERROR
    return isinstance(error, PoolTimeout) or (not is_ours and bool(names & {"OperationalError", "InterfaceError"}))


def _sqlite_module() -> Any:
    try:
        import pysqlite3.dbapi2 as module
    except ImportError:  # not Linux: the interpreter's own may be new enough
        import sqlite3 as module
    check_sqlite_version(module.sqlite_version_info)
    return module


def _sqlite_profile(connection: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    profile = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}", "secure_delete=ON")
    for pragma in (*profile, f"wal_autocheckpoint={WAL_PAGES}"):
        connection.execute(f"PRAGMA {pragma}").close()


class Database:
    def __init__(self, url: str):
        self.bell: Callable[[list[tuple[str, tuple[Any, ...]]]], None] = lambda asked: None
        self._lock = threading.Lock()
        self._nested = threading.local()
        self._writer: GroupWriter | None = None
        self._busy_in_a_row = 0
        self._trying = threading.Lock()
        self.is_sqlite = url.startswith("sqlite")
        if self.is_sqlite:
            self._open_sqlite(url)
        else:
            # a deadlock is found after a second (deadlock_timeout) and then run again; a lock must be waited for longer than that
            options = "-c statement_timeout=5000 -c lock_timeout=1500 -c idle_in_transaction_session_timeout=10000"
            self.engine = create_engine(
                url, pool_size=8, max_overflow=24, pool_timeout=2, pool_pre_ping=True, hide_parameters=True,
                connect_args={"options": options, "connect_timeout": 3},
            )  # fmt: skip
            from core.postgresql import Steps

            self._steps = Steps(self.engine)

    def _open_sqlite(self, url: str) -> None:
        module = _sqlite_module()
        path = url.removeprefix("sqlite:///")
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        self.engine = create_engine(
            url, module=module, poolclass=QueuePool, pool_size=8, max_overflow=24, pool_timeout=2, hide_parameters=True,
            connect_args={"check_same_thread": False, "timeout": BUSY_MS / 1000},
        )  # fmt: skip
        event.listen(self.engine, "connect", lambda connection, record: _sqlite_profile(connection))
        event.listen(self.engine, "begin", _begin)

        def connect() -> Any:
            connection = module.connect(path, timeout=BUSY_MS / 1000, check_same_thread=False)
            _sqlite_profile(connection)
            return connection

        self._writer = GroupWriter(connect, self.engine.dialect, self._lock)
        self._glances = Glances(connect, self.engine.dialect)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one moment of the database and writes nothing."""
        with Session(self.engine, autoflush=False) as db:
            yield db

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session in one transaction, committed at the end, rolled back where the body raises."""
        if getattr(self._nested, "on", False):
            raise RuntimeError("a transaction inside a transaction")
        self._nested.on = True
        if self.is_sqlite:
            self._lock.acquire()
        try:
            with Session(self.engine.execution_options(immediate=True)) as db:
                yield db
                db.commit()
                asked = db.info.get("asked", [])
        finally:
            if self.is_sqlite:
                self._lock.release()
            self._nested.on = False
        if asked:
            self.bell(asked)

    def step(self, work: Callable[[Hot], T], seconds: float = BUSY_MS / 1000) -> T:
        """What ``work`` returns, after its commit is on the disk. ``work`` may run again: it touches only the database.

        On SQLite several steps share one commit; on PostgreSQL it is run again where that is safe (core.postgresql). Raises
        Busy after ``seconds`` at the latest; Unsure, a Busy, where it may be written nevertheless. While the database is
        away only one step at a time waits for it, and the others are Busy at once.
        """
        if getattr(self._nested, "on", False):
            raise RuntimeError("a transaction inside a transaction")
        is_away = self._busy_in_a_row >= AWAY_AFTER
        if is_away and not self._trying.acquire(blocking=False):
            raise Busy("the database is away")
        try:
            result, info = self._group(work, seconds) if self._writer is not None else self._steps.run(work, seconds)
        except Busy:
            self._busy_in_a_row += 1
            raise
        finally:
            if is_away:
                self._trying.release()
        if self._busy_in_a_row:
            self._busy_in_a_row = 0
        if info.get("asked"):
            self.bell(info["asked"])
        return result

    def glance(self, work: Callable[[Hot], T]) -> T:
        """What ``work`` reads with one statement, outside any transaction: the newest commit, and nothing waits for it."""
        return self._glances.run(work) if self.is_sqlite else self._steps.run(work, BUSY_MS / 1000)[0]

    def _group(self, work: Callable[[Hot], T], seconds: float) -> tuple[T, dict[str, Any]]:
        assert self._writer is not None
        ticket = self._writer.submit(work)
        if not ticket.wait(seconds * BEGIN_WITHIN):
            if ticket.claim():
                raise Busy("the database is busy")
            if not ticket.wait(seconds * (1 - BEGIN_WITHIN)):
                raise Unsure("the database does not come to an end")
        error = ticket.error
        if error is not None:
            if isinstance(error, Busy) or not is_away(error):
                raise error
            raise Unsure(f"the database fails: {error}") from error  # a full or a broken disk; of a COMMIT nobody knows
        return ticket.result, ticket.info

    def forget(self) -> None:
        """Lets nothing that was erased stay in SQLite's write-ahead log, as far as no reader holds it. Not in a transaction."""
        if self.is_sqlite:
            connection = self.engine.raw_connection()
            try:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
            finally:
                connection.close()

    def close(self) -> None:
        if self._writer is not None:
            self._writer.stop()
            self._glances.close()
        else:
            self._steps.close()
        self.engine.dispose()


def _begin(connection: Connection) -> None:
    # A deferred transaction that reads and then writes fails at once when another has written in between (BUSY_SNAPSHOT).
    immediate = connection.get_execution_options().get("immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def database() -> Database:
    """The database of the running application."""
    found: Database = current_app.extensions["database"]
    return found
