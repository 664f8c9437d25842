"""Statements over libpq itself: the same values, errors and order as through a cursor, in fewer round trips."""

from __future__ import annotations

import importlib
import pkgutil
import threading
import time

import psycopg
import pytest
from sqlalchemy import BigInteger, Boolean, Text, bindparam, cast, insert, literal, null, select, text, update

import broadcast_schedule
import core
import gateway
import lessons
import schools
import workers
from core import pipelined
from core.database import Database
from core.hot import Statement
from core.pipelined import DIALECT
from lessons.tables import Conversation
from tests.wires import trips

__all__ = ["trips"]

_C = Conversation.__table__.c
PUT = Statement(insert(Conversation.__table__).values(msisdn=bindparam("m"), state="", updated_at=bindparam("at")))
SET = Statement(update(Conversation.__table__).where(_C.msisdn == bindparam("m")).values(state=bindparam("to")))
GET = Statement(select(_C.state, _C.updated_at).where(_C.msisdn == bindparam("m")))
PATIENT = Statement(text("SET LOCAL lock_timeout = '60s'"))  # of the server; a step's seconds are ours
ECHO = Statement(
    select(
        cast(bindparam("words"), Text).label("words"), cast(bindparam("number"), BigInteger).label("number"),
        cast(bindparam("so"), Boolean).label("so"), null().label("nothing"), text("1.5::float8 AS half"),
        text("sum(7::bigint) AS total"),
    )
)  # fmt: skip


@pytest.fixture
def database(postgresql_url):
    found = Database(postgresql_url)
    yield found
    found.close()


def test_values_come_back_as_they_went(database):
    for words in ("", 'Ani\'s "½" \\ %s $1 😀', "NULL"):
        row = database.step(lambda db, words=words: db.one(ECHO, words=words, number=-(2**63), so=True))
        assert tuple(row) == (words, -(2**63), True, None, 1.5, 7)
    assert database.step(lambda db: db.one(ECHO, words=None, number=None, so=False))[:3] == (None, None, False)


@pytest.mark.parametrize(
    ("values", "error"),
    [({"words": "a\0b"}, psycopg.DataError), ({"words": "\ud800"}, UnicodeEncodeError), ({"number": 2**63}, psycopg.DataError),
     ({"words": b"x"}, TypeError)],
)  # fmt: skip
def test_values_that_no_column_takes_are_refused_and_leave_nothing_open(database, values, error):
    with pytest.raises(error):
        database.step(lambda db: db.one(ECHO, **{"words": "", "number": 1, "so": True, **values}))
    assert database.step(lambda db: db.run(PUT, m="+1", at=1)) == 1


def test_begin_rides_with_the_first_statement_and_what_nobody_waits_for_with_the_commit(database, trips):
    def work(db):
        before = db.one(GET, m="+1")
        db.soon(PUT, m="+1", at=7)
        db.soon(SET, m="+1", to="x")
        return before

    assert (database.step(work), database.step(lambda db: db.one(GET, m="+1")), trips) == (
        None, ("x", 7), [["BEGIN", "SELECT"], ["INSERT", "UPDATE", "COMMIT"], ["BEGIN", "SELECT"], ["COMMIT"]],
    )  # fmt: skip


def test_a_read_sees_what_was_written_soon(database):
    def work(db):
        db.soon(PUT, m="+1", at=7)
        return db.all(GET, m="+1")

    assert database.step(work) == [("", 7)]


def test_each_says_what_each_touched_in_one_trip(database, trips):
    database.step(lambda db: db.run(PUT, m="+1", at=1))
    trips.clear()

    def work(db):
        return db.each(SET, [{"m": m, "to": "x"} for m in ("+1", "+2", "+1")]), db.each(SET, [])

    assert (database.step(work), trips) == (([1, 0, 1], []), [["BEGIN", "UPDATE", "UPDATE", "UPDATE"], ["COMMIT"]])


def test_what_is_read_ahead_rides_behind_what_is_asked_next_and_is_read_once(database, trips):
    for m in ("+1", "+2"):
        database.step(lambda db, m=m: db.run(PUT, m=m, at=1))
    trips.clear()

    def work(db):
        db.ahead(GET, m="+1")
        db.ahead(GET, m="+2")
        seen = [db.one(GET, m="+3"), db.one(GET, m="+1"), db.all(GET, m="+2")]
        assert len(trips) == 1
        return [*seen, db.one(GET, m="+2")]

    assert database.step(work) == [None, ("", 1), [("", 1)], ("", 1)]
    assert trips == [["BEGIN", "SELECT", "SELECT", "SELECT"], ["SELECT"], ["COMMIT"]]


def test_answers_are_told_apart_where_nothing_is_prepared_yet(database):
    one, two, three = (Statement(select(literal(n).label(f"number{n}"))) for n in (1, 2, 3))

    def step(db):
        db.ahead(two)
        db.ahead(three)
        return db.one(one), db.one(two), db.one(three)

    assert [row._asdict() for row in database.step(step)] == [{"number1": 1}, {"number2": 2}, {"number3": 3}]


@pytest.mark.parametrize("verb", ["run", "soon", "each"])
def test_what_was_read_ahead_before_a_write_is_read_anew_with_what_is_asked_next(database, trips, verb):
    database.step(lambda db: db.run(PUT, m="+1", at=1))
    trips.clear()

    def work(db):
        db.ahead(GET, m="+1")
        db.one(GET, m="+2")
        db.each(SET, [{"m": "+1", "to": "x"}]) if verb == "each" else getattr(db, verb)(SET, m="+1", to="x")
        return db.one(GET, m="+3"), db.one(GET, m="+1")

    written = [["UPDATE", "SELECT", "SELECT"]] if verb == "soon" else [["UPDATE"], ["SELECT", "SELECT"]]
    assert (database.step(work), trips) == ((None, ("x", 1)), [["BEGIN", "SELECT", "SELECT"], *written, ["COMMIT"]])


def test_what_is_asked_itself_is_not_read_ahead_besides(database, trips):
    def work(db):
        db.ahead(GET, m="+1")
        return db.one(GET, m="+1")

    assert (database.step(work), trips) == (None, [["BEGIN", "SELECT"], ["COMMIT"]])


def test_a_lock_that_is_read_ahead_is_waited_for_in_its_turn(database):
    lock = Statement(select(_C.state).where(_C.msisdn == bindparam("m")).with_for_update())
    database.step(lambda db: db.run(PUT, m="+1", at=1))
    holds, may_go, seen = threading.Event(), threading.Event(), []

    def holder(db):
        db.run(SET, m="+1", to="held")
        holds.set()
        may_go.wait(60)

    def reader(db):
        db.run(PATIENT)
        db.ahead(lock, m="+1")
        db.ahead(GET, m="+1")
        db.one(GET, m="+2")
        seen.append((db.one(lock, m="+1"), db.one(GET, m="+1")))

    threads = [threading.Thread(target=database.step, args=(work, 60)) for work in (holder, reader)]
    threads[0].start()
    holds.wait(60)
    threads[1].start()
    time.sleep(0.1)
    assert seen == []
    may_go.set()
    for thread in threads:
        thread.join()
    assert seen == [(("held",), ("held", 1))]


def test_a_write_that_fails_at_the_commit_undoes_the_step(database):
    database.step(lambda db: db.run(PUT, m="+1", at=1))

    def work(db):
        db.run(PUT, m="+2", at=1)
        db.soon(PUT, m="+1", at=2)

    with pytest.raises(psycopg.errors.UniqueViolation):
        database.step(work)
    assert database.step(lambda db: [db.one(GET, m=m) for m in ("+1", "+2")]) == [("", 1), None]


def test_an_error_that_a_step_swallows_is_no_commit(database):
    def work(db):
        db.run(PUT, m="+1", at=1)
        try:
            db.run(PUT, m="+1", at=1)
        except psycopg.errors.UniqueViolation:
            return "fine"

    with pytest.raises(psycopg.errors.InFailedSqlTransaction):
        database.step(work)
    assert database.step(lambda db: db.one(GET, m="+1")) is None


def test_a_statement_that_could_not_be_prepared_is_prepared_when_it_can_be(database):
    late = Statement(select(text("word FROM comes_later")))
    with pytest.raises(psycopg.errors.UndefinedTable):
        database.step(lambda db: db.one(late))
    for made in ("CREATE TABLE comes_later (word text)", "INSERT INTO comes_later VALUES ('yes')"):
        database.step(lambda db, made=made: db.run(Statement(text(made))))
    try:
        assert database.step(lambda db: db.one(late)) == ("yes",)
    finally:
        database.step(lambda db: db.run(Statement(text("DROP TABLE comes_later"))))


def test_other_threads_go_on_while_one_waits_for_the_server(database):
    database.step(lambda db: db.one(GET, m="+1"))
    database.step(lambda db: db.run(PUT, m="+1", at=1))
    with database.writing() as other:
        other.execute(update(Conversation).values(state="held"))
        waiting = threading.Thread(target=database.step, args=(lambda db: (db.run(PATIENT), db.run(SET, m="+1", to="mine")), 60))
        waiting.start()
        for _ in range(6):
            time.sleep(0.005)  # which nobody could who waits for the interpreter
    waiting.join()
    assert database.step(lambda db: db.one(GET, m="+1")) == ("mine", 1)


def test_postgresql_takes_every_statement_there_is(postgresql_url):
    found = {statement for module in _modules() for statement in _statements(module)}
    refused = []
    with psycopg.connect(postgresql_url.replace("postgresql+psycopg:", "postgresql:"), autocommit=True) as connection:
        for n, statement in enumerate(found):
            sql, _, _ = statement.compiled(DIALECT)
            result = connection.pgconn.prepare(b"s%d" % n, sql.encode())
            if result.status != psycopg.pq.ExecStatus.COMMAND_OK:
                refused.append((sql, result.error_message))
    assert (refused, len(found) > 60) == ([], True)


def _modules():
    for room in (core, schools, broadcast_schedule, lessons, gateway, workers):
        for info in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            yield importlib.import_module(info.name)


def _statements(module):
    for value in vars(module).values():
        held = value.values() if isinstance(value, dict) else [value]
        yield from (one for one in held if isinstance(one, Statement))


def test_names_of_statements_are_never_shared():
    names = [pipelined._command(Statement(select(literal(n))), {})[0] for n in range(50)]
    assert len(set(names)) == 50
