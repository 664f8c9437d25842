from __future__ import annotations

import re

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

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
    def full(*_):
        raise OperationalError("UPDATE", {}, Exception("database or disk is full"))

    monkeypatch.setattr(Session, "execute", full)  # it begins, and takes nothing
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["database"]) == (503, "does not answer (OperationalError)")


def test_not_ready_where_the_worker_has_stopped(client, migrated, app):
    worker = app.extensions["worker"] = Loop(app).start()
    assert client.get("/readyz").get_json()["worker"] == "ok"
    worker.stop()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["worker"]) == (503, "has stopped: restart the service")


def test_version_names_itself(client):
    said = client.get("/version").get_json()
    assert (said["name"], bool(re.fullmatch(r"\d+\.\d+\.\d+", said["version"]))) == ("kentongan", True)
