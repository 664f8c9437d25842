from __future__ import annotations

import re
import time

import pytest
from sqlalchemy import text

from core.database import _sqlite_module
from core.migrations import heads
from core.spool import Spool
from workers.loop import Loop


@pytest.fixture
def migrated(app, database):
    with database.writing() as db:
        db.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        db.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": heads()[0]})


def test_alive_asks_nothing_of_the_database(client, database):
    database.close()
    assert (client.get("/healthz").status_code, client.get("/healthz").get_json()) == (200, {"status": "ok"})


def test_ready(client, migrated):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()) == (
        200,
        {"status": "ok", "database": "ok", "spool": "ok", "redis": "not wanted", "worker": "not in this process"},
    )


def test_asking_often_costs_the_disk_one_try_a_second(client, migrated, monkeypatch):
    tries = []
    monkeypatch.setattr(Spool, "state", lambda self: tries.append(self) or "ok")
    assert [client.get("/readyz").get_json()["spool"] for _ in range(5)] == ["ok"] * 5
    assert len(tries) == 1


def test_not_ready_before_the_migrations(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["database"]) == (503, "waits for its migrations: flask --app app db upgrade")


def test_not_ready_where_the_disk_takes_no_write(client, migrated, database, monkeypatch):
    def full(*_, **__):
        raise _sqlite_module().OperationalError("database or disk is full")

    monkeypatch.setattr(database, "step", full)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["database"]) == (503, "does not answer (OperationalError)")


def test_a_database_that_is_locked_is_said_before_the_asker_loses_patience(client, migrated, settings):
    holder = _sqlite_module().connect(settings.database_url.removeprefix("sqlite:///"))
    holder.isolation_level = None
    holder.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    answer = client.get("/readyz")
    took = time.monotonic() - began
    holder.close()
    assert (answer.status_code, answer.get_json()["database"], took < 5) == (503, "does not answer (Busy)", True)


def test_not_ready_where_the_worker_has_stopped(client, migrated, app):
    worker = app.extensions["worker"] = Loop(app).start()
    assert client.get("/readyz").get_json()["worker"] == "ok"
    worker.stop()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["worker"]) == (503, "has stopped: restart the service")


def test_version_names_itself(client):
    said = client.get("/version").get_json()
    assert (said["name"], bool(re.fullmatch(r"\d+\.\d+\.\d+", said["version"]))) == ("kentongan", True)
