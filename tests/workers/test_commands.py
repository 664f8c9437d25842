"""``flask worker`` as operators start it: with Redis the bell wakes it, and SIGTERM ends it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time

import pytest
from sqlalchemy import select

from app import create_app
from core import clock, jobs
from core.alive import worker_state
from core.settings import ROOT
from gateway import outbox
from gateway.tables import Outbox
from tests.conftest import settings_for
from tests.gateway.fixtures import PHONE, add_line
from tests.services import READY_WITHIN, free_port, wait_until
from workers import commands


@pytest.fixture
def belled(settings, tmp_path, redis_url):
    """An application with Redis, and a line."""
    app = create_app(settings_for(tmp_path, redis_url=redis_url))
    with app.app_context():
        yield app, add_line(app, "simulator", "sms")
    app.extensions["database"].close()


def post(app, line):
    return app.extensions["database"].step(
        lambda db: outbox.post(db, key="k", line_id=line.id, msisdn=PHONE, text="halo", now=clock.now())
    )


def state(app):
    with app.extensions["database"].reading() as db:
        return db.scalar(select(Outbox.state))


def test_the_bell_is_a_job_of_ids_that_a_worker_does(belled, redis_url):
    from redis import Redis
    from rq import Queue, SimpleWorker
    from rq.serializers import JSONSerializer

    app, line = belled
    its_id = post(app, line)
    with Redis.from_url(redis_url) as connection:
        queue = Queue("kentongan", connection=connection, serializer=JSONSerializer)
        [job] = queue.jobs
        assert (job.func_name, list(job.args)) == ("workers.outbox.deliver", [its_id])
        worker = SimpleWorker([queue], connection=connection, serializer=JSONSerializer)
        worker.work(burst=True, logging_level="ERROR")
    assert state(app) == "delivered"


@pytest.mark.slow
def test_a_worker_does_what_waits_and_ends_when_told_to(belled, redis_url, tmp_path):
    app, line = belled
    environ = {
        **os.environ, "REDIS_URL": redis_url, "DATABASE_URL": f"sqlite:///{tmp_path}/kentongan.db", "SECRET_KEY": "s",
        "INSTANCE_DIR": str(tmp_path),
    }  # fmt: skip
    worker = subprocess.Popen([sys.executable, "-m", "flask", "--app", "app", "worker"], cwd=ROOT, env=environ)
    try:
        post(app, line)
        wait_until(lambda: state(app) == "delivered", "it is delivered", alive=worker)
        time.sleep(0.3)
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(READY_WITHIN) == 0


def test_a_bell_that_nobody_hears_is_no_error_and_costs_no_time():
    began = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections and says nothing
        for port in (silent.getsockname()[1], free_port()):
            jobs.RedisBell(f"redis://127.0.0.1:{port}/0")([("workers.outbox.deliver", (1,))] * 1000)
    assert time.monotonic() - began < 50  # the first is waited for, a tenth of a second


def test_a_worker_without_redis_is_seen_to_work_beside_another_too(app, settings, monkeypatch):
    states = []

    class Stopping:
        def wait(self):
            states.append(worker_state(settings))
            if len(states) == 1:
                assert app.test_cli_runner().invoke(args=["worker"]).exit_code == 0

    monkeypatch.setattr(commands, "_stopped_by_signals", Stopping)
    assert worker_state(settings) == "never started"
    assert app.test_cli_runner().invoke(args=["worker"]).exit_code == 0
    assert (states, worker_state(settings)) == (["ok", "ok"], "does not run")
