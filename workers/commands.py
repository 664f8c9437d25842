"""``flask worker`` and ``flask cron``: the processes beside the web server."""

from __future__ import annotations

import signal
import threading
from typing import Any, cast

import click
import structlog
from flask import Blueprint, Flask, current_app

from core.alive import seen_to_work
from core.settings import Settings
from workers import periodic
from workers.loop import Loop

log = structlog.get_logger()
SENDERS = 64  # on each route, in a process that does nothing else: at 50 ms a message up to 1,280 a second
blueprint = Blueprint("workers", __name__, cli_group=None)


@blueprint.cli.command()
def worker() -> None:
    """Answer and send what waits: RQ where REDIS_URL is set, with a poller for what the bell missed; else the poller."""
    app = _app()
    settings: Settings = app.extensions["settings"]
    loop = Loop(app, SENDERS)
    if settings.redis_url:
        loop.start()
        try:
            _work_on_bells(settings.redis_url)
        finally:
            loop.stop()
        return
    stopping = _stopped_by_signals()
    with seen_to_work(settings):
        loop.start()
        click.echo("Bekerja. Ctrl-C mengakhiri. / Working. Ctrl-C ends it.")
        stopping.wait()
        loop.stop()


@blueprint.cli.command()
def cron() -> None:
    """Do what is due by the clock. One process is enough; a second one does no harm."""
    stopping = _stopped_by_signals()
    due = periodic.Periodic()
    click.echo("Berjalan. Ctrl-C mengakhiri. / Running. Ctrl-C ends it.")
    while not stopping.wait(1.0):
        periodic.run_due(due)


def _app() -> Flask:
    return cast(Flask, cast(Any, current_app)._get_current_object())


def _stopped_by_signals() -> threading.Event:
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda signum, frame: stopping.set())
    return stopping


def _work_on_bells(redis_url: str) -> None:
    """An RQ worker on the queue ``kentongan``, in this process: a job finds the application context of the command.

    JSON, not pickle: whoever can write into Redis shall not be able to run code here. One queue: RQ loses jobs of a killed
    worker when it listens to several. Its own way with SIGTERM: the job under way is finished.
    """
    from redis import Redis, RedisError
    from rq import Queue, SimpleWorker
    from rq.serializers import JSONSerializer

    # a blocking read waits for a job longer than a socket may be silent elsewhere
    connection = Redis.from_url(redis_url, socket_connect_timeout=5)
    queue = Queue("kentongan", connection=connection, serializer=JSONSerializer)
    while not (stopping := _stopped_by_signals()).is_set():
        try:
            SimpleWorker([queue], connection=connection, serializer=JSONSerializer).work(logging_level="WARNING")
            return  # it was told to stop
        except (RedisError, OSError) as error:  # the poller goes on meanwhile
            log.warning("redis_away", error=type(error).__name__)
            if stopping.wait(2.0):
                return
