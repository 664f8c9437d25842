"""Feeds that were rendered, kept in the process for the next who asks: a calendar that never says what it has asks often.

What is kept is named by all that its bytes depend on, so nothing has to be forgotten when something changes; the oldest go when
there are more bytes than worth their memory.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from weakref import WeakKeyDictionary

from core.database import Database

MOST_BYTES = 4 * 1024 * 1024


class Kept:
    def __init__(self, most: int = MOST_BYTES):
        self._most, self._bytes = most, 0
        self._lock = threading.Lock()
        self._found: OrderedDict[Hashable, bytes] = OrderedDict()

    def get(self, name: Hashable, make: Callable[[], bytes]) -> bytes:
        """What is kept under ``name``, or what ``make`` makes. Two who ask at once may both make it."""
        with self._lock:
            raw = self._found.get(name)
            if raw is not None:
                self._found.move_to_end(name)
                return raw
        raw = make()
        if len(raw) <= self._most // 4:
            with self._lock:
                if name not in self._found:
                    self._found[name] = raw
                    self._bytes += len(raw)
                while self._bytes > self._most:
                    self._bytes -= len(self._found.popitem(last=False)[1])
        return raw


_of_databases: WeakKeyDictionary[Database, Kept] = WeakKeyDictionary()


def kept(database: Database) -> Kept:
    """Those that were rendered from this database."""
    return _of_databases.setdefault(database, Kept())
