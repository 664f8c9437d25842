"""Steps on PostgreSQL: each in its time, run again as a whole where nothing of it can have stayed.

Connections are kept here and not in the engine's pool, which would ask each whether it lives before every step. One that
has died shows when it is used, and the step is run again on a new one.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Any, TypeVar

import psycopg
from psycopg.errors import DeadlockDetected, LockNotAvailable, QueryCanceled, ReadOnlySqlTransaction, SerializationFailure
from sqlalchemy.engine import Engine

from core.hot import Busy, Hot, Unsure
from core.pipelined import Pipelined, Wire

T = TypeVar("T")
RETRIES = 3
AGAIN = (SerializationFailure, DeadlockDetected)
KEPT = 32  # idle connections of a process
CONNECTING = 4  # at once


class _Died(Exception):
    """The connection did, and with it what it had not committed."""


class Steps:
    """Runs steps on connections of ``engine``. Promises an answer, or Busy, in the seconds given (and a tenth)."""

    def __init__(self, engine: Engine):
        self._engine = engine
        self._idle: deque[Any] = deque(maxlen=KEPT)
        self._clerk: ThreadPoolExecutor | None = None
        self._deadlines = Deadlines()

    def run(self, work: Callable[[Hot], T], seconds: float) -> tuple[T, dict[str, Any]]:
        """What ``work`` returned, and its ``info``, after the commit.

        It is run again, three times at the most and while there is time, after a serialization failure, a deadlock, and on a
        connection that died. Where that died before COMMIT was sent, nothing has stayed. Where it died after, nobody knows
        whether all of it stayed or nothing; running it again is right then too, because every step begins by looking up
        what it is about (the inbox's key, the session's newest text, the fence of a claim, the state it expects) and finds
        its own effect: a hop is told the stored reply, a message counts as taken, a claim that is lost stays lost until its
        lease ends. A step that could not stand that would be wrong for a second reason: the network sends things twice.
        """
        until = time.monotonic() + seconds
        for attempt in range(RETRIES + 1):
            connection = self._connection(until)
            try:
                return self._once(connection, work, until)
            except AGAIN:
                if attempt == RETRIES or time.monotonic() > until:
                    raise Busy("others change the same all the time") from None
            except _Died:
                self._forget()  # what idles was made by the same server
                if attempt == RETRIES or time.monotonic() > until:
                    raise Busy("the database is away") from None
        raise AssertionError("unreachable")

    def _once(self, connection: Any, work: Callable[[Hot], T], until: float) -> tuple[T, dict[str, Any]]:
        deadline = self._deadlines.begin(connection.fileno(), until)
        is_sound, trouble = True, Busy
        try:
            hot = Pipelined(connection)
            result = work(hot)
            trouble = Unsure
            connection.commit()
            return result, hot.info
        except psycopg.Error as error:
            self._deadlines.end(deadline)
            if deadline.is_over:
                raise trouble("the database did not answer in time") from None
            if connection.closed or isinstance(error, ReadOnlySqlTransaction):  # killed, or no longer the one that writes
                is_sound = False
                raise _Died from None
            if isinstance(error, LockNotAvailable | QueryCanceled):
                raise Busy("the database is busy") from None
            raise
        finally:
            self._deadlines.end(deadline)
            self._keep(connection, is_sound and not deadline.is_over)

    def _connection(self, until: float) -> Any:
        """An idle connection, or a new one. Connecting has no deadline of its own under two seconds: somebody else does it."""
        try:
            return self._idle.pop()
        except IndexError:
            pass
        if self._clerk is None:
            self._clerk = ThreadPoolExecutor(CONNECTING, thread_name_prefix="connecting")
        future = self._clerk.submit(self._connect)
        try:
            return future.result(max(0.0, until - time.monotonic()))
        except FutureTimeout:
            if not future.cancel():
                future.add_done_callback(self._arrived)
            raise Busy("the database does not answer") from None
        except Exception as error:
            raise Busy(f"the database is away ({type(error).__name__})") from None

    def _connect(self) -> Any:
        fairy = self._engine.raw_connection()
        connection = fairy.dbapi_connection
        fairy.detach()
        return Wire(connection)

    def _arrived(self, future: Future[Any]) -> None:
        if future.exception() is None:
            self._idle.append(future.result())

    def _keep(self, connection: Any, is_sound: bool) -> None:
        """Puts it back, without what an exception left open; one that is broken, or that was cut off, is closed."""
        try:
            if is_sound and not connection.closed:
                connection.rollback()
                if len(self._idle) < KEPT:
                    self._idle.append(connection)
                    return
        except psycopg.Error:
            pass
        connection.close()

    def _forget(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def close(self) -> None:
        """Closes what is idle; a step under way keeps its own."""
        self._forget()
        if self._clerk is not None:
            self._clerk.shutdown(wait=False)
            self._clerk = None


class Deadline:
    __slots__ = ("descriptor", "is_over", "until")

    def __init__(self, until: float, descriptor: int):
        self.until, self.descriptor, self.is_over = until, descriptor, False


class Deadlines:
    """Cuts off a connection whose time is over: then whoever waits on it goes on, with an error.

    A server that is frozen, or behind a network that swallows packets, ends nothing by itself: not even its own time-outs.
    """

    def __init__(self) -> None:
        self._running: dict[Deadline, None] = {}
        self._pid = 0
        self._lock = threading.Lock()

    def begin(self, descriptor: int, until: float) -> Deadline:
        deadline = Deadline(until, descriptor)
        self._running[deadline] = None
        if self._pid != os.getpid():  # the thread does not survive a fork
            self._start()
        return deadline

    def end(self, deadline: Deadline) -> None:
        """From now on it is not cut off any more; ``is_over`` says whether it was."""
        if self._running.pop(deadline, self) is self:
            with self._lock:  # while it is being cut off its descriptor must not become another's
                pass

    def _start(self) -> None:
        with self._lock:
            if self._pid != os.getpid():
                self._pid = os.getpid()
                threading.Thread(target=self._watch, name="deadlines", daemon=True).start()

    def _watch(self) -> None:
        while True:
            time.sleep(0.05)
            now = time.monotonic()
            for deadline in [one for one in list(self._running) if one.until < now]:
                with self._lock:
                    if self._running.pop(deadline, self) is None:
                        deadline.is_over = True
                        _shut(deadline.descriptor)


def _shut(descriptor: int) -> None:
    try:
        with socket.socket(fileno=os.dup(descriptor)) as found:
            found.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # it has ended meanwhile
