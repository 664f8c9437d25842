"""Work asked for inside a transaction and rung after its commit. The database is the truth, this is the bell.

A job is named by its dotted name ("workers.outbox.deliver"), takes ids alone, and may run twice, late or never:
the poller finds what the bell missed.
"""

from __future__ import annotations

import threading
from typing import Any

from sqlalchemy.orm import Session

from core.hot import Hot

woken = threading.Event()  # the in-process worker sleeps on this


def later(db: Session | Hot, job: str, *ids: Any) -> None:
    """Asks for ``job(*ids)`` once the transaction of ``db`` has committed; a rollback forgets it."""
    db.info.setdefault("asked", []).append((job, ids))


def embedded_bell(asked: list[tuple[str, tuple[Any, ...]]]) -> None:
    """Without Redis: wake the worker of this process."""
    woken.set()


class RedisBell:
    """With Redis: one RQ job each, best effort within 100 ms. A Redis that is away costs nothing but the poller's second."""

    def __init__(self, url: str):
        from redis import Redis
        from rq import Queue
        from rq.serializers import JSONSerializer

        self.connection = Redis.from_url(url, socket_timeout=0.1, socket_connect_timeout=0.1)
        self.queue = Queue("kentongan", connection=self.connection, serializer=JSONSerializer)

    def __call__(self, asked: list[tuple[str, tuple[Any, ...]]]) -> None:
        import structlog
        from redis import RedisError

        for job, ids in asked:
            try:
                self.queue.enqueue(job, *ids, result_ttl=0, failure_ttl=3600)
            except (RedisError, OSError) as error:
                structlog.get_logger().warning("bell_unheard", job=job, error=type(error).__name__)
                return
