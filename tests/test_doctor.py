"""The doctor names what is wrong, says what to do and exits with 1; where nothing is wrong it exits with 0."""

from __future__ import annotations

import fcntl
import shutil
from collections import namedtuple
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import current_app
from sqlalchemy import text

import doctor
from core import clock, files
from core.migrations import heads
from gateway.tables import Inbox, Line
from lessons.media_tables import MediaFile
from tests.gateway.fixtures import make_line  # noqa: F401

pytestmark = pytest.mark.usefixtures("synced")


@pytest.fixture
def well(app, database, settings):
    """An installation with nothing wrong in it; returns what is wrong after a change."""
    settings.secret_key = "s" * 40
    with database.writing() as db:
        db.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        db.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": heads()[0]})
        db.add(Line(provider="simulator", medium="sms", address="77077", token="t" * 32, prices={}, options={}))

    def wrong(**changes):
        for name, value in changes.items():
            setattr(settings, name, value)
        return {found.about: f"{found.what} {found.remedy}".strip() for found in doctor.examine(app) if found.state == "wrong"}

    return wrong


def test_nothing_is_wrong(app, well):
    run = app.test_cli_runner().invoke(args=["doctor"])
    assert (well(), run.exit_code, run.output.splitlines()[-1]) == ({}, 0, "Nothing is wrong.")
    assert {line.split()[0] for line in run.output.splitlines()[:-1]} == {"ok", "note"}


def test_something_wrong_ends_with_one(app, well, database):
    with database.writing() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '0000_old'"))
    run = app.test_cli_runner().invoke(args=["doctor"])
    told = f"wrong schema        at 0000_old, newest is {heads()[0]}. flask --app app db upgrade"
    assert (run.exit_code, [x for x in run.output.splitlines() if x.startswith("wrong")]) == (1, [told])


@pytest.mark.parametrize(
    ("changes", "about", "begins"),
    [
        ({"secret_key": "short"}, "settings", "SECRET_KEY is short"),
        ({"public_base_url": "kentongan"}, "address", "PUBLIC_BASE_URL is no address."),
        ({"public_base_url": "http://kentongan.example.id"}, "address", "PUBLIC_BASE_URL is not https"),
        ({"public_base_url": "https://kentongan.example.id"}, "address", "A proxy seems to stand in front"),
        ({"redis_url": "redis://127.0.0.1:1/0"}, "redis", "does not answer (ConnectionError)"),
    ],
)
def test_a_wrong_setting_is_named(well, changes, about, begins):
    assert well(**changes)[about][: len(begins)] == begins


def test_a_secret_that_others_can_read(well, settings):
    path = settings.instance_dir / "secret_key"
    path.write_text("x")
    path.chmod(0o644)
    assert well()["settings"] == f"secret_key can be read by every user of this machine. chmod 600 {path}"
    path.chmod(0o600)
    assert well() == {}


def test_on_postgresql_the_disk_of_the_spool_is_looked_at(any_database, monkeypatch):
    app = current_app._get_current_object()
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=2**20))
    disk = [found.what for found in doctor.examine(app) if found.about == "disk"]
    assert disk == ["1 MB free."]


def test_a_full_disk(well, monkeypatch):
    usage = namedtuple("usage", "total used free")(2**40, 2**40 - 2**20, 2**20)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    assert well() == {"disk": "1 MB free. Make room: a full disk stops every answer."}


def test_a_database_that_is_away(well, app, monkeypatch):
    monkeypatch.setattr(app.extensions["database"].engine, "connect", lambda: (_ for _ in ()).throw(OSError("gone")))
    assert well() == {"database": "does not answer (OSError). Is it running? Check DATABASE_URL."}


def test_a_sqlite_that_is_not_in_its_safe_mode(well, database):
    database.engine.dispose()
    connection = database.engine.raw_connection()  # the pool's only one: what looks next gets it
    connection.driver_connection.execute("PRAGMA synchronous = OFF").close()
    connection.close()
    assert well() == {"database": "SQLite is not in its safe mode: synchronous. Is it on a network share?"}


def test_the_worker_is_seen_by_its_lock(well, settings):
    path = settings.instance_dir / "worker.lock"
    assert well() == {}  # none was ever started: a note
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert well() == {}
    told = "does not run: messages are neither answered nor sent. Start the service: python3 run.py"
    assert well() == {"worker": told}


def test_each_line_is_looked_at(well, make_line):  # noqa: F811
    make_line("nobody", "sms", address="1", token="a" * 32)
    make_line("http", "voice", address="2", token="b" * 32)
    make_line("http", "sms", address="3", token="c" * 32, profile="relay")
    make_line("http", "sms", address="4", token="d" * 32, profile="kannel", send_url="http://127.0.0.1:1/x")
    make_line("africastalking", "sms", address="5", token="e" * 32)
    make_line("africastalking", "ussd", address="6", token="f" * 32)
    make_line("twilio", "sms", address="7", token="g" * 32)
    make_line("twilio", "sms", address="8", token="h" * 32, is_active=False)
    trial = well()
    assert list(trial) == ["line 2", "line 3"]  # nothing to send with is no fault while nobody outside can call
    found = well(public_base_url="https://kentongan.example.id", trusted_proxies=1)
    switch = "Set it, or switch the line off."
    assert found == {
        **trial,
        "line 4": f"http sms 3: cannot send without send_url, options.secret. {switch}",
        "line 5": f"http sms 4: cannot send without options.password, options.username. {switch}",
        "line 6": f"africastalking sms 5: cannot send without AT_API_KEY. {switch}",
        "line 8": f"twilio sms 7: cannot send without TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN. {switch}",
    }


def test_old_messages_that_wait_are_told(well, database):
    with database.writing() as db:
        at = clock.now() - timedelta(minutes=5)
        db.add(Inbox(line_id=1, key="sms:1", msisdn="+6281200001", text="x", received_at=at, state="waiting"))
        db.add(Inbox(line_id=1, key="sms:2", msisdn="+6281200001", text="x", received_at=at, state="dead"))
    assert well() == {"waiting": "1 unanswered. Is the worker running?"}


def test_a_log_that_somebody_holds_open(well, settings):
    wal = Path(settings.database_url.removeprefix("sqlite:///") + "-wal")
    with wal.open("ab") as file:
        file.truncate(80 * 1024 * 1024)
    assert well() == {
        "disk": "the write-ahead log has 80 MB: some program keeps the file open. End what reads the database beside the service."
    }


def test_a_file_that_the_disk_has_lost(well, database, settings):
    with database.writing() as db:
        db.add(MediaFile(digest="a1" * 32, size=9, media_type="audio/mpeg", name="x", added_at=clock.now()))
    place = files.path_of(settings.instance_dir / "files", "a1" * 32)
    digest = "a1" * 32
    told = (
        f"1 of 1 are not on the disk, such as {digest}. Put them back from a copy: install -D -m 600 COPY.files/{digest} {place}"
    )
    assert well() == {"files": told}
    place.parent.mkdir(parents=True)
    place.write_bytes(b"ID3")
    assert well() == {}
