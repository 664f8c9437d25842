"""Steps: grouped into one commit, each on its own; and the profile that keeps them."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import bindparam, insert, select, text
from sqlalchemy.exc import IntegrityError

from core import clock
from core.database import BUSY_MS, WAL_PAGES, Database, UnsafeSqlite, _sqlite_module, check_sqlite_version
from core.hot import Busy, Statement, Unsure
from core.jobs import later
from lessons.tables import Conversation
from tests.threads import in_thread

TABLE = Conversation.__table__
PUT = Statement(
    insert(TABLE).values(msisdn=bindparam("m"), state=bindparam("s"), updated_at=bindparam("at")), "ON CONFLICT DO NOTHING"
)
HARD_PUT = Statement(insert(TABLE).values(msisdn=bindparam("m"), state=bindparam("s"), updated_at=bindparam("at")))
GET = Statement(select(Conversation.state).where(Conversation.msisdn == bindparam("m")))


@pytest.mark.parametrize(
    ("version", "is_safe"),
    [((3, 40, 1), False), ((3, 51, 2), False), ((3, 51, 3), True), ((3, 44, 6), True), ((3, 44, 5), False), ((3, 50, 7), True)],
)  # fmt: skip
def test_the_start_refuses_a_sqlite_that_can_corrupt(version, is_safe):
    if is_safe:
        check_sqlite_version(version)
    else:
        with pytest.raises(UnsafeSqlite):
            check_sqlite_version(version)


@pytest.mark.usefixtures("synced")
def test_every_connection_has_the_safe_profile(database):
    wanted = {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "mmap_size": 0, "busy_timeout": BUSY_MS, "secure_delete": 1,
        "wal_autocheckpoint": WAL_PAGES,
    }  # fmt: skip
    with database.reading() as db:
        assert {name: db.execute(text(f"PRAGMA {name}")).scalar() for name in wanted} == wanted
    connection = database._writer._connect()  # the one that keypresses are written with
    assert {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted} == wanted
    connection.close()


def test_a_step_returns_after_its_commit(database):
    database.step(lambda db: db.run(PUT, m="+1", s="here", at=1))
    with database.reading() as db:
        assert db.get(Conversation, "+1").state == "here"


def test_a_glance_sees_the_newest_commit_and_waits_for_no_writer(any_database):
    seen = []
    for n in range(3):
        any_database.step(lambda db, n=n: db.run(PUT, m=f"+{n}", s="here", at=1))
        seen.append(any_database.glance(lambda db, n=n: db.one(GET, m=f"+{n}")))
    assert seen == [("here",)] * 3
    with any_database.writing() as db:
        db.execute(text("UPDATE conversations SET state = 'there'"))
        assert any_database.glance(lambda db: db.one(GET, m="+1")) == ("here",)
    assert any_database.glance(lambda db: db.one(GET, m="+1")) == ("there",)


def test_a_glance_that_breaks_leaves_the_next_one_whole(any_database):
    with pytest.raises(ZeroDivisionError):
        any_database.glance(lambda db: (db.one(GET, m="+1"), 1 / 0))
    assert any_database.glance(lambda db: db.one(GET, m="+1")) is None


def test_a_failing_step_takes_nothing_with_it(database):
    def fails(db):
        db.run(PUT, m="+bad", s="half", at=1)
        raise ValueError("no")

    results = []

    def run(work):
        try:
            results.append(database.step(work))
        except ValueError as error:
            results.append(str(error))

    works = [fails if n % 3 == 0 else (lambda db, n=n: db.run(PUT, m=f"+{n}", s="", at=1)) for n in range(30)]
    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, results)) == ["1"] * 20 + ["no"] * 10
    with database.reading() as db:
        assert db.query(Conversation).count() == 20


def test_on_conflict_the_first_one_stays(database):
    assert [database.step(lambda db, s=s: db.run(PUT, m="+1", s=s, at=1)) for s in ("first", "second")] == [1, 0]
    assert database.step(lambda db: db.one(GET, m="+1")).state == "first"


def test_a_bell_rings_after_the_commit_and_not_after_a_rollback(database):
    rung = []
    database.bell = rung.append
    database.step(lambda db: later(db, "workers.x.y", 7))
    with pytest.raises(ZeroDivisionError):
        database.step(lambda db: (later(db, "workers.x.y", 8), 1 / 0))
    with database.writing() as db:
        later(db, "workers.x.y", 9)
        assert rung == [[("workers.x.y", (7,))]]
    assert rung == [[("workers.x.y", (7,))], [("workers.x.y", (9,))]]


def test_a_transaction_inside_a_transaction_is_refused(database):
    with database.writing(), pytest.raises(RuntimeError):
        database.step(lambda db: None)


def test_a_step_that_cannot_begin_in_time_writes_nothing(database):
    with database.writing(), pytest.raises(Busy):  # whoever waited on would wait for ever
        in_thread(lambda: database.step(lambda db: db.run(PUT, m="+late", s="", at=1), seconds=0.05))
    assert database.step(lambda db: db.one(GET, m="+late")) is None


def test_a_page_that_raises_leaves_nothing_and_frees_the_lock(database):
    def page():
        with database.writing() as db:
            db.execute(insert(TABLE).values(msisdn="+1", state="", updated_at=clock.now()))
            raise ValueError

    with pytest.raises(ValueError):
        page()
    database.step(lambda db: db.run(PUT, m="+2", s="", at=1))
    assert database.step(lambda db: db.one(GET, m="+1")) is None


def test_a_full_disk_fails_the_steps_and_heals(database):
    raw = database._writer._connect
    limited = []

    def connect():
        connection = raw()
        connection.execute("PRAGMA max_page_count=1")  # not below what there is: no further page
        limited.append(connection)
        return connection

    database._writer._connect = connect
    with pytest.raises(Unsure, match="full"):
        database.step(lambda db: db.run(HARD_PUT, m="+1", s="x" * 2_000_000, at=1))
    database._writer._connect = raw
    assert limited
    database.step(lambda db: db.run(HARD_PUT, m="+1", s="x" * 2_000_000, at=1))
    assert len(database.step(lambda db: db.one(GET, m="+1")).state) == 2_000_000


def test_a_database_in_memory_is_not_offered(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/new/folder/k.db")
    assert (tmp_path / "new/folder").is_dir()
    database.close()


def test_a_step_that_does_not_end_in_time_is_unsure_and_may_be_written(database):
    begun, over = threading.Event(), threading.Event()
    database.step(lambda db: None, seconds=60)  # the writer is there
    with pytest.raises(Unsure):
        database.step(lambda db: (begun.set(), db.run(PUT, m="+slow", s="", at=1), over.wait(60)), seconds=2)
    assert (begun.is_set(), over.is_set()) == (True, False)
    over.set()
    assert database.step(lambda db: db.one(GET, m="+slow"), seconds=60) == ("",)


def test_who_writes_holds_the_lock_from_its_beginning(database, settings):
    """A transaction that begins by reading would fail at its first write where another has written since (BUSY_SNAPSHOT)."""
    module = _sqlite_module()
    other = module.connect(settings.database_url.removeprefix("sqlite:///"), timeout=0, check_same_thread=False)
    other.isolation_level = None

    def is_kept_out():
        try:
            other.execute("BEGIN IMMEDIATE").close()
        except module.OperationalError:
            return True
        other.execute("ROLLBACK").close()
        return False

    with database.writing() as db:
        db.execute(select(TABLE)).all()
        assert is_kept_out()
    assert database.step(lambda db: (db.one(GET, m="+1"), is_kept_out())[1])
    assert not is_kept_out()
    other.close()


def test_a_database_is_not_opened_by_a_sqlite_that_can_corrupt_it(tmp_path, monkeypatch):
    monkeypatch.setattr(_sqlite_module(), "sqlite_version_info", (3, 40, 1))
    with pytest.raises(UnsafeSqlite, match=r"3\.40\.1"):
        Database(f"sqlite:///{tmp_path}/k.db")


def test_an_error_of_the_database_tells_no_value(database):
    def twice():
        with database.writing() as db:
            for _ in range(2):
                db.execute(insert(TABLE).values(msisdn="+6281200000001", state="rahasia", updated_at=clock.now()))

    with pytest.raises(IntegrityError) as raised:
        twice()
    assert ("+62" in str(raised.value), "rahasia" in str(raised.value)) == (False, False)
