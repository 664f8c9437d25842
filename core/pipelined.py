"""A connection to PostgreSQL for steps: libpq itself, statements prepared once, several to a round trip.

A round trip costs two changes of process besides what it asks for, and psycopg's cursor four times what libpq does. Here BEGIN
travels with a step's first statement, writes that nobody waits for (``Hot.soon``) with the next one or with COMMIT, and values
are only what steps have: ``int``, ``str``, ``bool``, ``float``, ``None``.
"""

from __future__ import annotations

import itertools
import select
from collections import namedtuple
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import psycopg
from psycopg import pq
from psycopg.errors import error_from_result
from sqlalchemy import BigInteger, cast, extract, func
from sqlalchemy import select as sql_select
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import Dialect

from core import clock
from core.hot import Hot, Statement

DIALECT: Dialect = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]  # $1, as libpq wants it
_BEGIN, _COMMIT, _ROLLBACK = (b"BEGIN", b"BEGIN", ()), (b"COMMIT", b"COMMIT", ()), (b"ROLLBACK", b"ROLLBACK", ())
_NOW = Statement(sql_select(cast(extract("epoch", func.clock_timestamp()) * 1000, BigInteger).label("ms")))
_FINE = (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK)
_Command = tuple[bytes, bytes, "tuple[bytes | None, ...]"]  # what it is prepared as, its SQL, its values


class Wire:
    """A connection of psycopg's, from now on used by nobody else. What is queued goes with the next ``ask``."""

    def __init__(self, connection: Any):
        self._connection = connection  # closes with it
        self._pg = connection.pgconn
        self._poll = select.poll()  # libpq's own waiting would hold every other thread
        self._poll.register(self._pg.socket, select.POLLIN)
        self._both = select.poll()  # not select(): that knows no descriptor above 1023
        self._both.register(self._pg.socket, select.POLLIN | select.POLLOUT)
        self._prepared: set[bytes] = set()
        self._queue: list[_Command] = []
        self._is_open = False  # a transaction is, or may be
        self._pg.enter_pipeline_mode()

    @property
    def closed(self) -> bool:
        return bool(self._pg.status == pq.ConnStatus.BAD)

    def fileno(self) -> int:
        return int(self._pg.socket)

    def queue(self, name: bytes, sql: bytes, values: tuple[bytes | None, ...]) -> None:
        """Sends it with what is asked next. The first of a transaction has BEGIN before it."""
        if not self._is_open and not self._queue:
            self._queue.append(_BEGIN)
        self._queue.append((name, sql, values))

    def ask(self, name: bytes, sql: bytes, values: tuple[bytes | None, ...]) -> Any:
        """The result of this statement, after all that was queued. Raises what psycopg would."""
        self.queue(name, sql, values)
        return self._sent()[-1]

    def ask_each(self, commands: Sequence[_Command]) -> list[Any]:
        """The result of each, in one round trip."""
        for command in commands:
            self.queue(*command)
        return self._sent()[-len(commands) :] if commands else []

    def commit(self) -> None:
        if self._queue or self._is_open:
            self._queue.append(_COMMIT)
            said = self._sent()[-1].command_status
            self._is_open = False
            if said != b"COMMIT":  # an error that somebody swallowed has undone it
                raise psycopg.errors.InFailedSqlTransaction("the transaction was undone by an error before")

    def rollback(self) -> None:
        """Undoes what is open, and forgets what was queued."""
        self._queue.clear()
        if self._is_open:
            self._queue.append(_ROLLBACK)
            self._sent()
            self._is_open = False

    def close(self) -> None:
        self._connection.close()

    def _sent(self) -> list[Any]:
        pg, queue, prepared = self._pg, self._queue, self._prepared
        self._queue = []
        self._is_open = True
        fresh: list[tuple[int, bytes]] = []  # (place of its result, name)
        place = 0
        for name, sql, values in queue:
            if name not in prepared:
                pg.send_prepare(name, sql)
                fresh.append((place, name))
                prepared.add(name)
                place += 1
            pg.send_query_prepared(name, values)
            place += 1
        pg.pipeline_sync()
        while pg.flush():  # it does not take all at once: what it answers meanwhile must not fill its own side
            if any(event & ~select.POLLOUT for _, event in self._both.poll()):
                pg.consume_input()
        results = self._heard()
        wrong = next((n for n, one in enumerate(results) if one.status not in _FINE), None)
        if wrong is not None:
            prepared.difference_update(name for n, name in fresh if n >= wrong)
            raise error_from_result(results[wrong], "utf-8")
        prepares = {n for n, _name in fresh}
        return [one for n, one in enumerate(results) if n not in prepares]

    def _heard(self) -> list[Any]:
        pg = self._pg
        found: list[Any] = []
        while True:
            while pg.is_busy():
                self._poll.poll()
                pg.consume_input()
            result = pg.get_result()
            if result is None:
                if pg.status == pq.ConnStatus.BAD:
                    raise psycopg.OperationalError("the connection was lost")
                continue
            if result.status == pq.ExecStatus.PIPELINE_SYNC:
                return found
            found.append(result)


class Pipelined(Hot):
    """A step's handle on a Wire."""

    def __init__(self, wire: Wire):
        super().__init__(None, DIALECT)
        self._wire = wire
        self._expected: list[tuple[Statement, dict[str, Any]]] = []
        self._fetched: list[tuple[Statement, dict[str, Any], Any]] = []

    def now(self) -> datetime:
        return clock.from_ms(self.one(_NOW).ms)

    def run(self, statement: Statement, **values: Any) -> int:
        self._forget()
        return _touched(self._wire.ask(*_command(statement, values)))

    def soon(self, statement: Statement, **values: Any) -> None:
        self._forget()
        self._wire.queue(*_command(statement, values))

    def each(self, statement: Statement, rows: Sequence[dict[str, Any]]) -> list[int]:
        self._forget()
        return [_touched(result) for result in self._wire.ask_each([_command(statement, values) for values in rows])]

    def ahead(self, statement: Statement, **values: Any) -> None:
        self._expected.append((statement, values))

    def one(self, statement: Statement, **values: Any) -> Any:
        result = self._asked(statement, values)
        return _reader(statement, result)(0) if result.ntuples else None

    def all(self, statement: Statement, **values: Any) -> list[Any]:
        result = self._asked(statement, values)
        return [] if not result.ntuples else list(map(_reader(statement, result), range(result.ntuples)))

    def _asked(self, statement: Statement, values: dict[str, Any]) -> Any:
        for place, (asked, with_values, result) in enumerate(self._fetched):
            if asked is statement and with_values == values:
                del self._fetched[place]
                return result
        expected = [each for each in self._expected if each != (statement, values)]
        self._expected = []
        if not expected:
            return self._wire.ask(*_command(statement, values))
        result, *others = self._wire.ask_each([_command(*each) for each in ((statement, values), *expected)])
        self._fetched += [(*each, other) for each, other in zip(expected, others, strict=True)]
        return result

    def _forget(self) -> None:
        """A write may have changed what was read ahead: it is read anew, in the trip of what is asked next."""
        if self._fetched:
            self._expected += [(statement, values) for statement, values, _ in self._fetched]
            self._fetched = []


def _touched(result: Any) -> int:
    return int(result.ntuples if result.status == pq.ExecStatus.TUPLES_OK else result.command_tuples or 0)


_numbers = itertools.count(1)
_forms: dict[Statement, tuple[bytes, bytes, list[str], dict[str, Any]]] = {}
_readers: dict[Statement, tuple[Callable[..., Any], list[Callable[[bytes], Any]]]] = {}


def _command(statement: Statement, values: dict[str, Any]) -> _Command:
    form = _forms.get(statement)
    if form is None:
        sql, names, constants = statement.compiled(DIALECT)
        form = _forms[statement] = (b"k%d" % next(_numbers), sql.encode(), names or [], constants)
    name, text, order, fixed = form
    if fixed:
        values = {**fixed, **values}
    return name, text, tuple([_written(values[each]) for each in order])


def _written(value: Any) -> bytes | None:
    if value is None:
        return None
    if type(value) is str:
        raw = value.encode()
        if b"\0" in raw:
            raise psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
        return raw
    if value is True or value is False:
        return b"t" if value else b"f"
    if isinstance(value, int | float):
        return str(value).encode()
    if isinstance(value, str):
        return _written(str(value))
    raise TypeError(f"a step binds no {type(value).__name__}")


def _as_text(raw: bytes) -> str:
    return raw.decode()


def _as_bool(raw: bytes) -> bool:
    return raw == b"t"


_KINDS: dict[int, Callable[[bytes], Any]] = {
    16: _as_bool, 20: int, 21: int, 23: int, 26: int, 700: float, 701: float, 1700: lambda raw: _number(raw.decode()),
}  # fmt: skip


def _number(said: str) -> Any:
    from decimal import Decimal  # what a sum of bigints is

    return Decimal(said)


def _reader(statement: Statement, result: Any) -> Callable[[int], Any]:
    """Makes a named tuple of a row of the result, by its number."""
    kept = _readers.get(statement)
    columns = range(result.nfields)
    if kept is None:
        names = [(result.fname(n) or b"").decode() for n in columns]
        make = namedtuple("Row", names, rename=True)._make  # type: ignore[attr-defined]
        kept = _readers[statement] = (make, [_KINDS.get(result.ftype(n), _as_text) for n in columns])
    make, kinds = kept
    get = result.get_value

    def read(row: int) -> Any:
        return make([None if (raw := get(row, column)) is None else kind(raw) for column, kind in enumerate(kinds)])

    return read
