"""The worker of this process: answers and sends what waits, wakes when the bell rings and looks anyway each second.

Where there is no Redis it runs as threads beside the web server; ``flask worker`` runs the same beside RQ, for what the bell
missed. The threads are no daemons: they end when the main thread does, after finishing what they hold.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import structlog
from flask import Flask

from core import jobs
from core.hot import Busy
from core.settings import Settings
from gateway import provider
from gateway.gates import Gates, gates
from gateway.lines import lines
from gateway.outbox import Claim
from gateway.provider import AMBIGUOUS, SendFailed
from gateway.tables import Line
from workers import inbox, outbox, periodic

POLL_SECONDS = 1.0
SENDERS = 8  # requests in flight at once on each route, beside a web server; what a kill can leave unknown on it
AT_ONCE = 128  # messages of a line to a commit, in whole requests: while the network has some, the next are got ready
PACE = 0.005  # seconds between two commits of the sender, while there is much to do
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
        self._first = 0
        self._sent: deque[outbox.Sent] = deque()  # what the network has answered
        self._unsettled: list[outbox.Sent] = []
        self._settings: Settings = app.extensions["settings"]
        self._periodic = periodic.Periodic()
        self._pool = ThreadPoolExecutor(senders * ROUTES, thread_name_prefix="sender")
        self._threads = [  # no daemons, though one starts them: the process waits until what was sent is settled
            threading.Thread(target=self._run, args=(work,), name=f"worker-{work.__name__.strip('_')}", daemon=False)
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
            if work == self._deliver:
                self._pool.shutdown(wait=True)
                self._settle_the_last()

    def _answer(self) -> None:
        jobs.woken.wait(POLL_SECONDS)
        jobs.woken.clear()
        while not self._is_over() and inbox.answer_waiting():
            self._to_send.set()
        self._to_send.set()

    def _settle_the_last(self) -> None:
        try:
            while self._sent or self._unsettled:
                self._turn()
        except Exception as error:  # their leases run out, and the sweep parks them
            log.error("worker_stumbled", work="settle", error=f"{type(error).__name__}: {error}"[:200])

    def _deliver(self) -> None:
        self._to_send.wait(self._pause)
        self._to_send.clear()
        while not self._is_over():
            began = time.monotonic()
            if not self._turn():
                return
            self._stopping.wait(max(0.0, began + PACE - time.monotonic()))  # what ends meanwhile shares a commit

    def _turn(self) -> bool:
        """Settles what has ended and begins what the gates let through; False where there was neither."""
        while self._unsettled:  # the turn before failed: first what it left, each by itself, and nothing new on top of it
            self._settle_alone(self._unsettled[0])
            self._unsettled.pop(0)
        while self._sent:
            one = self._sent.popleft()
            gates().ended(one.via, one.outcome, one.took, len(one.claims))
            self._unsettled.append(one)
        sent, at = self._unsettled, time.monotonic()
        begun = outbox.turn(sent, [] if self._is_over() else self._wants())
        self._unsettled = []
        for via, claims in begun:
            gates().began(via, sum(one.segments for one in claims), len(claims))
            self._hand(via, claims, at)
        return bool(sent or begun)

    def _settle_alone(self, one: outbox.Sent) -> None:
        try:
            outbox.turn([one], [])
        except Busy:
            raise
        except Exception as error:  # its lease runs out, and the sweep parks it: it holds up nobody else
            log.error("sender_stumbled", message=one.claims[0].id, error=f"{type(error).__name__}: {error}"[:200])

    def _wants(self) -> list[outbox.Want]:
        """What the gates let through, a different line first each time: lines may share a route."""
        active = lines().active("sms")
        self._first += 1
        wants = []
        for line in active[self._first % max(1, len(active)) :] + active[: self._first % max(1, len(active))]:
            via = gates().pick(line, active)
            requests, messages = gates().room(via)
            if requests > 0:
                many = found.many if (found := provider.find(via.provider)) else 1
                wants.append(outbox.Want(line, via, requests, min(messages, max(many, AT_ONCE // many * many)), many))
        self._pause = min([POLL_SECONDS, *(max(0.005, wait) for wait in map(gates().wait, active) if wait)])
        return wants

    def _hand(self, via: Line, claims: list[Claim], at: float) -> None:
        try:
            self._pool.submit(self._send, via, claims, at)
        except RuntimeError:  # at its end an interpreter takes no more work: this process is ending, which shows here first
            self._stopping.set()
            gates().ended(via, None, 0.0, len(claims))
            outbox.put_back(claims)

    def _send(self, via: Line, claims: list[Claim], at: float) -> None:
        try:
            sent = outbox.carry(claims, via, self._settings, at)
        except Exception as error:
            log.error("sender_stumbled", message=claims[0].id, error=f"{type(error).__name__}: {error}"[:200])
            sent = outbox.Sent(via, claims, [SendFailed(AMBIGUOUS, type(error).__name__) for _ in claims], 0.0)
        self._sent.append(sent)
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
