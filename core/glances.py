"""Single reads outside any transaction, on a SQLite connection of their own: the newest commit, for the price of a statement."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.engine import Dialect

from core.hot import Busy, Hot

T = TypeVar("T")
PATIENCE = 2.0  # seconds; a read takes some thirty microseconds


class Glances:
    """One connection, and one reader at a time: each call into SQLite lets go of the interpreter, and thirty readers that
    take it from each other between two calls read a third less in a second than the same thirty in a queue."""

    def __init__(self, connect: Callable[[], Any], dialect: Dialect):
        self._connect, self._dialect = connect, dialect
        self._connection: Any = None
        self._turn = threading.Lock()

    def run(self, work: Callable[[Hot], T]) -> T:
        """What ``work`` reads. Raises Busy where those before it do not come to an end."""
        if not self._turn.acquire(timeout=PATIENCE):
            raise Busy("the database answers no reader")
        try:
            if self._connection is None:
                self._connection = self._connect()
            return work(Hot(self._connection.cursor(), self._dialect))
        except BaseException:
            self._drop()
            raise
        finally:
            self._turn.release()

    def close(self) -> None:
        with self._turn:
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
