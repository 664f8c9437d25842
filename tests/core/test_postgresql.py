"""Steps on PostgreSQL: in their time whatever the server does, and run again where that is safe."""

from __future__ import annotations

import socket
import threading

import psycopg
import pytest
from psycopg.errors import ReadOnlySqlTransaction, SerializationFailure
from sqlalchemy import bindparam, create_engine, func, insert, select, text, update

from core.database import AWAY_AFTER, Database
from core.hot import Busy, Statement, Unsure
from lessons.tables import Conversation
from tests.threads import in_thread

PUT = Statement(insert(Conversation.__table__).values(msisdn=bindparam("m"), state="", updated_at=1), "ON CONFLICT DO NOTHING")
SAY = Statement(update(Conversation.__table__).where(Conversation.msisdn == bindparam("m")).values(state=bindparam("s")))
SLEEP = Statement(select(text("pg_sleep(600)")))  # or until its connection is ended


@pytest.fixture
def database(postgresql_url):
    found = Database(postgresql_url)
    yield found
    found.close()


@pytest.fixture
def kill(postgresql_url):
    """Ends every other session, as a failover does."""
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    engine = create_engine(postgresql_url, isolation_level="AUTOCOMMIT")

    def end():
        with engine.connect() as connection:
            connection.execute(text(f"{others} AND datname = current_database()"))

    yield end
    engine.dispose()


def count(database):
    with database.reading() as db:
        return db.query(Conversation).count()


def test_connections_that_died_while_idle_cost_nobody_her_step(database, kill):
    barrier = threading.Barrier(6)

    def meet(db):
        barrier.wait(60)
        return db.run(PUT, m="+0")

    threads = [threading.Thread(target=database.step, args=(meet, 60)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kill()
    assert database.step(lambda db: db.run(PUT, m="+1")) == 1


def test_a_step_whose_connection_dies_before_its_commit_is_run_again_as_a_whole(database, kill):
    ran = []

    def work(db):
        ran.append(db.run(PUT, m="+1"))
        if len(ran) == 1:
            kill()
        return db.run(PUT, m="+2")

    assert (database.step(work), ran, count(database)) == (1, [1, 1], 2)


def test_a_step_whose_commit_nobody_heard_of_finds_its_own_effect(database):
    whole = database._steps._connection
    torn = []

    def tearing(until):
        connection = whole(until)
        if not torn:

            class Torn:
                def __getattr__(self, name):
                    return getattr(connection, name)

                def commit(self):
                    torn.append(1)
                    connection.commit()
                    connection.close()
                    raise psycopg.OperationalError("server closed the connection unexpectedly")

            return Torn()
        return connection

    database._steps._connection = tearing
    assert (database.step(lambda db: db.run(PUT, m="+1")), torn, count(database)) == (0, [1], 1)


@pytest.mark.parametrize(("times", "ends"), [(1, 2), (3, 4), (9, None)])
def test_a_serialization_failure_runs_it_again_thrice_at_the_most(database, times, ends):
    ran = []

    def work(db):
        ran.append(db.run(PUT, m="+1"))
        if len(ran) <= times:
            raise SerializationFailure
        return len(ran)

    if ends is None:
        with pytest.raises(Busy):
            database.step(work)
        assert (len(ran), count(database)) == (4, 0)
    else:
        assert (database.step(work), count(database)) == (ends, 1)


def test_a_server_that_does_not_answer_is_not_waited_for(database, kill):
    database.step(lambda db: db.run(PUT, m="+0"), seconds=60)  # it is connected
    with pytest.raises(Busy) as raised:
        database.step(lambda db: (db.run(PUT, m="+1"), db.one(SLEEP)), seconds=0.3)
    assert (str(raised.value), isinstance(raised.value, Unsure)) == ("the database did not answer in time", False)
    assert (database.step(lambda db: db.run(PUT, m="+2"), seconds=60), count(database)) == (1, 2)
    kill()  # or it would sleep on, and hold its row


def test_a_mistake_of_ours_is_raised_and_leaves_nothing_open(database):
    def mistaken(db):
        db.run(PUT, m="+1")
        return 1 / 0

    with pytest.raises(ZeroDivisionError):
        database.step(mistaken)
    with pytest.raises(psycopg.errors.UndefinedColumn):
        database.step(lambda db: db.one(Statement(select(text("nonsense")))))
    assert (database.step(lambda db: db.run(PUT, m="+2")), count(database)) == (1, 1)


def test_while_it_is_away_one_at_a_time_waits_for_it():
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections and says nothing
        database = Database(f"postgresql+psycopg://nobody@127.0.0.1:{silent.getsockname()[1]}/none")
        threads = [threading.Thread(target=_busy, args=(database, [])) for _ in range(AWAY_AFTER)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        tried = []

        def run(work, seconds):
            tried.append(seconds)
            in_thread(lambda: _busy(database, said))  # another's
            raise Busy("it does not answer")

        database._steps.run, said = run, []
        _busy(database, said)
        assert (said, tried) == (["the database is away", "it does not answer"], [0.3])
    database.close()


def _busy(database, said):
    with pytest.raises(Busy) as raised:
        database.step(lambda db: None, seconds=0.3)
    said.append(str(raised.value))


def test_every_connection_has_its_time_outs(database):
    wanted = {"statement_timeout": "5s", "lock_timeout": "1500ms", "idle_in_transaction_session_timeout": "10s"}
    shown = {name: Statement(select(func.current_setting(name).label("is"))) for name in wanted}
    assert database.step(lambda db: {name: db.one(shown[name])[0] for name in wanted}) == wanted
    with database.reading() as db:
        assert {name: db.scalar(select(func.current_setting(name))) for name in wanted} == wanted


def test_a_row_that_another_holds_is_busy_within_the_time_of_a_hop(database):
    database.step(lambda db: db.run(PUT, m="+1"))
    with database.writing() as other:
        other.execute(update(Conversation).values(state="held"))
        with pytest.raises(Busy):
            in_thread(lambda: database.step(lambda db: db.run(SAY, m="+1", s="mine")))
    assert database.step(lambda db: db.run(SAY, m="+1", s="mine")) == 1


def test_of_two_that_wait_for_one_another_both_are_done(database):
    for m in ("+1", "+2"):
        database.step(lambda db, m=m: db.run(PUT, m=m))
    met, ran, done = threading.Barrier(2), [], []

    def work(db, rows):
        ran.append(rows)
        db.run(SAY, m=rows[0], s=rows[0])
        if len(ran) <= 2:
            met.wait(60)
        return db.run(SAY, m=rows[1], s=rows[0])

    threads = [
        threading.Thread(target=lambda rows=rows: done.append(database.step(lambda db: work(db, rows), seconds=60)))
        for rows in (("+1", "+2"), ("+2", "+1"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [1, 1]
    assert len(ran) > 2  # one of them was run again


def test_a_server_that_has_become_a_copy_is_left_for_the_one_that_writes(database):
    ran = []

    def work(db):
        ran.append(db.run(PUT, m="+1"))
        if len(ran) == 1:
            raise ReadOnlySqlTransaction
        return len(ran)

    assert (database.step(work), count(database)) == (2, 1)
