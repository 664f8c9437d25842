"""The worker of this process: answers and sends what waits, wakes when the bell rings and looks anyway each second.

Where there is no Redis it runs as threads beside the web server; ``flask worker`` runs the same beside RQ, for what the bell
missed. The threads are no daemons: they end when the main thread does, after finishing what they hold.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import structlog
from flask import Flask

from core import jobs
from gateway import provider
from gateway.gates import Gates, gates
from gateway.lines import lines
from gateway.outbox import Claim
from gateway.tables import Line
from workers import inbox, outbox, periodic

POLL_SECONDS = 1.0
SENDERS = 8  # requests in flight at once on each route, beside a web server; what a kill can leave unknown on it
ROUTES = 8  # so many of them may hang before the others wait for a thread
log = structlog.get_logger()


class Loop:
    """Three threads: one answers, one sends (with ``senders`` helpers on each route), one does what is due by the clock."""

    def __init__(self, app: Flask, senders: int = SENDERS):
        self._app = app
        app.extensions["gates"] = Gates(senders)
        self._stopping = threading.Event()
        self._to_send = threading.Event()
        self._pause = POLL_SECONDS
        self._periodic = periodic.Periodic()
        self._pool = ThreadPoolExecutor(senders * ROUTES, thread_name_prefix="sender")
        self._threads = [
            threading.Thread(target=self._run, args=(work,), name=f"worker-{work.__name__.strip('_')}")
            for work in (self._answer, self._deliver, self._tick)
        ]

    def start(self) -> Loop:
        for thread in self._threads:
            thread.start()
        return self

    def is_alive(self) -> bool:
        """True while all of its threads run."""
        return all(thread.is_alive() for thread in self._threads)

    def stop(self, seconds: float = 15.0) -> None:
        """Claims nothing more and waits for what is being sent."""
        self._stopping.set()
        jobs.woken.set()
        self._to_send.set()
        until = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.1, until - time.monotonic()))
        self._pool.shutdown(wait=False)

    def _is_over(self) -> bool:
        return self._stopping.is_set() or not threading.main_thread().is_alive()

    def _run(self, work: Callable[[], None]) -> None:
        with self._app.app_context():
            while not self._is_over():
                try:
                    work()
                except Exception as error:  # a database that is away for a moment must not end the worker
                    log.error("worker_stumbled", work=work.__name__, error=f"{type(error).__name__}: {error}"[:200])
                    self._stopping.wait(POLL_SECONDS)
        self._pool.shutdown(wait=work == self._deliver)

    def _answer(self) -> None:
        jobs.woken.wait(POLL_SECONDS)
        jobs.woken.clear()
        while not self._is_over() and inbox.answer_waiting():
            self._to_send.set()
        self._to_send.set()

    def _deliver(self) -> None:
        self._to_send.wait(self._pause)
        self._to_send.clear()
        while not self._is_over():
            active = lines().active("sms")
            found = [self._deliver_line(line, active) for line in active]
            self._pause = min([POLL_SECONDS, *(max(0.005, wait) for wait in map(gates().wait, active) if wait)])
            if not any(found):
                return

    def _deliver_line(self, line: Line, active: list[Line]) -> int:
        """Claims what the line's gates let through and hands it to senders; how many requests."""
        via = gates().pick(line, active)
        requests, messages = gates().room(via)
        if requests < 1:
            return 0
        found = provider.find(via.provider)
        many = found.many if found else 1
        groups = outbox.together(outbox.deliver_due(min(requests, messages), line, via, many, messages))
        for number, group in enumerate(groups):
            # announcements of different texts do not fit into as few requests; and at its end an interpreter takes no more work
            if number >= requests or not self._handed(group):
                outbox.put_back(group)
        return min(len(groups), requests)

    def _handed(self, group: list[Claim]) -> bool:
        """Gives the group to a sender; False where this process is ending, which shows here first."""
        if self._is_over():
            return False
        outbox.begin(group)
        try:
            self._pool.submit(self._send, group)
        except RuntimeError:
            self._stopping.set()
            return False
        return True

    def _send(self, claims: list[Claim]) -> None:
        try:
            with self._app.app_context():
                outbox.send_together(claims, has_begun=True)
        except Exception as error:  # the lease runs out and the sweep parks it
            log.error("sender_stumbled", message=claims[0].id, error=f"{type(error).__name__}: {error}"[:200])
        finally:
            self._to_send.set()

    def _tick(self) -> None:
        periodic.run_due(self._periodic)
        self._stopping.wait(POLL_SECONDS)


def start_embedded(app: Flask) -> Loop | None:
    """Starts the worker beside the web server, once; None where Redis is set, since ``flask worker`` does it then."""
    if app.extensions["settings"].redis_url:
        return None
    if "worker" not in app.extensions:
        app.extensions["worker"] = Loop(app).start()
    found: Loop = app.extensions["worker"]
    return found
