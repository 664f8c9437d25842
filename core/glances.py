"""Single reads outside any transaction, on SQLite connections of their own: the newest commit, for the price of a statement."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.engine import Dialect

from core.hot import Hot

T = TypeVar("T")
KEPT = 32  # idle connections


class Glances:
    def __init__(self, connect: Callable[[], Any], dialect: Dialect):
        self._connect, self._dialect = connect, dialect
        self._idle: deque[Any] = deque()

    def run(self, work: Callable[[Hot], T]) -> T:
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._connect()
        try:
            found = work(Hot(connection.cursor(), self._dialect))
        except BaseException:
            connection.close()
            raise
        if len(self._idle) < KEPT:
            self._idle.append(connection)
        else:
            connection.close()
        return found

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()
