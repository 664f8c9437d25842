"""The path of a keypress to the disk: statements compiled once, several steps to a commit.

SQLAlchemy describes the tables and the statements; here the SQL text that it makes runs on the bare
driver, because its own execution costs 200 µs a statement and the ORM more. Values are primitives: ``int``
(instants in milliseconds), ``str``, ``None``.
"""

from __future__ import annotations

import queue
import threading
from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from typing import Any, TypeVar, cast

from sqlalchemy import ClauseElement, Insert
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler

T = TypeVar("T")
BATCH = 64  # steps to a commit; a step takes about 0.3 ms, so the last of a batch waits 20 ms


class Busy(Exception):
    """The database could not take the step in time. Nothing was written."""


class Unsure(Busy):
    """It had begun and its end is not known in time: all of it is written, or nothing. Asking again is harmless."""


class Statement:
    """A SQLAlchemy Core statement, compiled once for each dialect. Bind values with ``bindparam("name")``.

    ``suffix`` is SQL that both databases spell alike but SQLAlchemy keeps in two dialects: ``ON CONFLICT DO NOTHING``.
    A constant NULL is ``sqlalchemy.null()``; a plain None is a value to bind.
    """

    def __init__(self, clause: ClauseElement, suffix: str = ""):
        # On PostgreSQL SQLAlchemy would add a RETURNING of its own, before the suffix.
        self.clause = clause.inline() if isinstance(clause, Insert) else clause
        self.suffix = suffix
        self._compiled: dict[str, tuple[str, list[str] | None, dict[str, Any]]] = {}
        self.row: Callable[[Iterable[Any]], Any] | None = None

    def compiled(self, dialect: Dialect) -> tuple[str, list[str] | None, dict[str, Any]]:
        """(SQL, names in order of their ``?`` or None where the driver takes names, constants)."""
        found = self._compiled.get(dialect.name)
        if found is None:
            made = cast(SQLCompiler, self.clause.compile(dialect=dialect))
            wanted = {name: 0 for name, bind in made.binds.items() if bind.required}
            state = made.construct_expanded_state(wanted)  # writes out the values of an IN
            constants = {k: v for k, v in state.parameters.items() if v is not None and k not in wanted}
            names = None if state.positiontup is None else list(state.positiontup)
            found = self._compiled[dialect.name] = (f"{state.statement} {self.suffix}".rstrip(), names, constants)
        return found


class Hot:
    """A step's handle on the database: three verbs over Statements. It neither commits nor rolls back."""

    def __init__(self, cursor: Any, dialect: Dialect):
        self._cursor = cursor
        self._dialect = dialect
        self.info: dict[str, Any] = {}

    def _execute(self, statement: Statement, values: dict[str, Any]) -> None:
        sql, names, constants = statement.compiled(self._dialect)
        if constants:
            values = {**constants, **values}
        self._cursor.execute(sql, values if names is None else [values[name] for name in names])

    def _row(self, statement: Statement) -> Callable[[Iterable[Any]], Any]:
        if statement.row is None:
            names = [column[0] for column in self._cursor.description]
            statement.row = namedtuple("Row", names, rename=True)._make  # type: ignore[attr-defined]
        return statement.row

    def run(self, statement: Statement, **values: Any) -> int:
        """Executes; returns how many rows it touched."""
        self._execute(statement, values)
        return int(self._cursor.rowcount)

    def one(self, statement: Statement, **values: Any) -> Any:
        """The first row as a named tuple, or None."""
        self._execute(statement, values)
        row = self._cursor.fetchone()
        return None if row is None else self._row(statement)(row)

    def all(self, statement: Statement, **values: Any) -> list[Any]:
        self._execute(statement, values)
        rows = self._cursor.fetchall()
        return [] if not rows else list(map(self._row(statement), rows))


_Item = tuple[Callable[[Hot], Any], "Future[Any]"]


class GroupWriter:
    """One thread that owns one SQLite connection and commits what has gathered; only then do callers go on.

    Each step runs inside a savepoint, so a failing one takes nothing of its neighbours with it.
    """

    def __init__(self, connect: Callable[[], Any], dialect: Dialect, lock: threading.Lock):
        self._connect, self._dialect, self._lock = connect, dialect, lock
        self._queue: queue.SimpleQueue[_Item | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def submit(self, work: Callable[[Hot], T]) -> Future[tuple[T, dict[str, Any]]]:
        """A future of (what ``work`` returned, its ``info``), done after the commit."""
        future: Future[tuple[T, dict[str, Any]]] = Future()
        if self._thread is None:
            with self._starting:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="group-writer", daemon=True)
                    self._thread.start()
        self._queue.put((work, future))
        return future

    def stop(self) -> None:
        """Lets what has been submitted finish, then ends the thread."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join(5)
            self._thread = None

    def _run(self) -> None:
        connection = None
        while (first := self._queue.get()) is not None:
            taken: list[Future[Any]] = []
            done: list[tuple[Future[Any], Any, dict[str, Any]]] = []
            failed: list[tuple[Future[Any], BaseException]] = []
            try:
                with self._lock:
                    if connection is None:
                        connection = self._connect()
                    cursor = connection.cursor()
                    cursor.execute("BEGIN IMMEDIATE")
                    for work, future in self._gathered(first):
                        if future.set_running_or_notify_cancel():  # its caller may have given up meanwhile
                            taken.append(future)
                            self._step(cursor, work, future, done, failed)
                    cursor.execute("COMMIT")
            except BaseException as error:  # the whole batch is undone: a full disk, a lock held too long
                if not taken and first[1].set_running_or_notify_cancel():
                    taken.append(first[1])
                    error = Busy("the database is locked") if "locked" in str(error) else error
                done, failed = [], [(future, error) for future in taken]
                _discard(connection)
                connection = None
            for future, result, info in done:
                future.set_result((result, info))
            for future, reason in failed:
                future.set_exception(reason)
        _discard(connection)

    def _gathered(self, first: _Item) -> Iterator[_Item]:
        """``first`` and what else is waiting by now, as far as a batch goes."""
        yield first
        for _ in range(BATCH - 1):
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                return
            if item is None:  # the sign to stop: for the next round
                self._queue.put(None)
                return
            yield item

    def _step(self, cursor: Any, work: Any, future: Any, done: list[Any], failed: list[Any]) -> None:
        hot = Hot(cursor, self._dialect)
        cursor.execute("SAVEPOINT step")
        try:
            result = work(hot)
        except Exception as error:
            try:
                cursor.execute("ROLLBACK TO step")
                cursor.execute("RELEASE step")
            except Exception:
                raise error from None  # a full disk: SQLite itself has undone the whole transaction, and with it the batch
            failed.append((future, error))
        else:
            cursor.execute("RELEASE step")
            done.append((future, result, hot.info))


def _discard(connection: Any) -> None:
    """Closes a connection whose state nobody knows; closing rolls back."""
    if connection is not None:
        connection.close()
