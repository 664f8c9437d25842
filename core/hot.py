"""The path of a keypress to the disk: statements compiled once, several steps to a commit.

SQLAlchemy describes the tables and the statements; here the SQL text that it makes runs on the bare
driver, because its own execution costs 200 µs a statement and the ORM more. Values are primitives: ``int``
(instants in milliseconds), ``str``, ``None``.
"""

from __future__ import annotations

import queue
import threading
from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import ClauseElement, Insert
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler

from core import clock

T = TypeVar("T")
BATCH = 64  # steps to a commit; a step takes about 0.3 ms, so the last of a batch waits 20 ms
GRACE = 0.0004  # seconds, the time of a commit: who came together with others last time is worth waiting so long for


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
        self._ready: dict[str, tuple[str, Callable[[dict[str, Any]], Any]]] = {}
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

    def ready(self, dialect: Dialect) -> tuple[str, Callable[[dict[str, Any]], Any]]:
        """(SQL, what makes of the values what the driver of SQLite wants)."""
        found = self._ready.get(dialect.name)
        if found is None:
            sql, names, constants = self.compiled(dialect)
            found = self._ready[dialect.name] = sql, _arranged(names, constants)
        return found


def _arranged(names: Sequence[str] | None, constants: dict[str, Any]) -> Callable[[dict[str, Any]], Any]:
    if names is None:
        return lambda values: {**constants, **values}
    if constants:
        return lambda values: [values[name] if name in values else constants[name] for name in names]
    return itemgetter(*names) if len(names) > 1 else lambda values: [values[name] for name in names]


class Hot:
    """A step's handle on the database: verbs over Statements. It neither commits nor rolls back."""

    def __init__(self, cursor: Any, dialect: Dialect):
        self._cursor = cursor
        self._dialect = dialect
        self.info: dict[str, Any] = {}

    def now(self) -> datetime:
        """The present instant on the database's clock: leases count by it, so that workers need not agree on the time.

        A SQLite database is on this machine, and so is its clock.
        """
        return clock.now()

    def _execute(self, statement: Statement, values: dict[str, Any]) -> None:
        sql, arranged = statement.ready(self._dialect)
        self._cursor.execute(sql, arranged(values))

    def _row(self, statement: Statement) -> Callable[[Iterable[Any]], Any]:
        if statement.row is None:
            names = [column[0] for column in self._cursor.description]
            statement.row = namedtuple("Row", names, rename=True)._make  # type: ignore[attr-defined]
        return statement.row

    def run(self, statement: Statement, **values: Any) -> int:
        """Executes; returns how many rows it touched."""
        self._execute(statement, values)
        return int(self._cursor.rowcount)

    def soon(self, statement: Statement, **values: Any) -> None:
        """A write whose count nobody asks for: on PostgreSQL it rides with what is asked next, or with COMMIT."""
        self._execute(statement, values)

    def ahead(self, statement: Statement, **values: Any) -> None:
        """``one`` or ``all`` will be asked the very same soon: on PostgreSQL it is read in the trip of what is asked next, right
        after that. A promise of speed alone: what was read before a write is read anew."""

    def each(self, statement: Statement, rows: Sequence[dict[str, Any]]) -> list[int]:
        """``run`` for each of ``rows``: how many rows each touched. On PostgreSQL all in one round trip."""
        sql, arranged = statement.ready(self._dialect)
        execute, cursor, counts = self._cursor.execute, self._cursor, []
        for values in rows:
            execute(sql, arranged(values))
            counts.append(int(cursor.rowcount))
        return counts

    def one(self, statement: Statement, **values: Any) -> Any:
        """The first row as a named tuple, or None."""
        self._execute(statement, values)
        row = self._cursor.fetchone()
        return None if row is None else self._row(statement)(row)

    def all(self, statement: Statement, **values: Any) -> list[Any]:
        self._execute(statement, values)
        rows = self._cursor.fetchall()
        return [] if not rows else list(map(self._row(statement), rows))


class Ticket(Generic[T]):
    """A step on its way to the writer. Whoever claims it first decides: the writer does it, or its caller gives it up."""

    __slots__ = ("_claim", "_done", "error", "info", "result", "work")
    result: T
    info: dict[str, Any]

    def __init__(self, work: Callable[[Hot], T]):
        self.work = work
        self.error: BaseException | None = None
        self._claim, self._done = threading.Lock(), threading.Lock()
        self._done.acquire()

    def claim(self) -> bool:
        """True for the first who asks."""
        return self._claim.acquire(blocking=False)

    def wait(self, seconds: float) -> bool:
        """Whether it was settled within ``seconds``."""
        return self._done.acquire(timeout=seconds)

    def settle(self) -> None:
        self._done.release()


class GroupWriter:
    """One thread that owns one SQLite connection and commits what has gathered; only then do callers go on.

    A step that raises takes nothing of its neighbours with it: the transaction begins anew, each of its steps in a savepoint.
    """

    def __init__(self, connect: Callable[[], Any], dialect: Dialect, lock: threading.Lock):
        self._connect, self._dialect, self._lock = connect, dialect, lock
        self._queue: queue.SimpleQueue[Ticket[Any] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._together = 0  # steps in the newest batches: the largest, less one for each batch since

    def submit(self, work: Callable[[Hot], T]) -> Ticket[T]:
        """A ticket, settled after the commit."""
        ticket = Ticket(work)
        if self._thread is None:
            with self._starting:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="group-writer", daemon=True)
                    self._thread.start()
        self._queue.put(ticket)
        return ticket

    def stop(self) -> None:
        """Lets what has been submitted finish, then ends the thread."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join(5)
            self._thread = None

    def _run(self) -> None:
        connection = None
        while (first := self._queue.get()) is not None:
            taken: list[Ticket[Any]] = []
            try:
                with self._lock:
                    if connection is None:
                        connection = self._connect()
                    cursor = connection.cursor()
                    cursor.execute("BEGIN IMMEDIATE")
                    try:
                        for ticket in self._gathered(first, taken):
                            self._do(cursor, ticket)
                    except Exception:
                        if connection.in_transaction:  # of a full disk SQLite itself has undone it
                            cursor.execute("ROLLBACK")
                        cursor.execute("BEGIN IMMEDIATE")
                        for ticket in taken:
                            self._do_apart(cursor, ticket)
                    cursor.execute("COMMIT")
                    self._together = max(len(taken), self._together - 1)
            except BaseException as error:  # the whole batch is undone: a full disk, a lock held too long
                if not taken and first.claim():
                    taken.append(first)
                    error = Busy("the database is locked") if "locked" in str(error) else error
                for ticket in taken:
                    ticket.error = error
                _discard(connection)
                connection = None
            for ticket in taken:
                ticket.settle()
        _discard(connection)

    def _gathered(self, first: Ticket[Any], taken: list[Ticket[Any]]) -> Iterator[Ticket[Any]]:
        """``first`` and what else is waiting by now, as far as a batch goes; each claimed and put into ``taken``.

        Where the last batches were larger it waits once, for GRACE: four callers would else go on as one and three.
        """
        ticket: Ticket[Any] | None = first
        has_waited = False
        while ticket is not None:
            if ticket.claim():  # its caller may have given up meanwhile
                taken.append(ticket)
                yield ticket
            if len(taken) == BATCH:
                return
            if self._queue.empty():
                if has_waited or len(taken) >= self._together:
                    return
                has_waited = True
            try:
                ticket = self._queue.get(timeout=GRACE)
            except queue.Empty:
                return
        self._queue.put(None)  # the sign to stop: for the next round

    def _do(self, cursor: Any, ticket: Ticket[Any]) -> None:
        hot = Hot(cursor, self._dialect)
        ticket.result = ticket.work(hot)
        ticket.info = hot.info

    def _do_apart(self, cursor: Any, ticket: Ticket[Any]) -> None:
        cursor.execute("SAVEPOINT step")
        try:
            self._do(cursor, ticket)
        except Exception as error:
            try:
                cursor.execute("ROLLBACK TO step")
                cursor.execute("RELEASE step")
            except Exception:
                raise error from None  # a full disk: SQLite itself has undone the whole transaction, and with it the batch
            ticket.error = error
        else:
            cursor.execute("RELEASE step")


def _discard(connection: Any) -> None:
    """Closes a connection whose state nobody knows; closing rolls back."""
    if connection is not None:
        connection.close()
