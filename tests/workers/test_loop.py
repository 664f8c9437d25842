"""The worker beside the web server: it wakes when the bell rings, and ends when it is told to."""

from __future__ import annotations

import threading
import time

import pytest
from sqlalchemy import func, select, update

from core import clock, jobs
from core.hot import Busy
from gateway import inbox, outbox, provider
from gateway.gates import gates
from gateway.tables import Inbox, Outbox
from gateway.traffic import Receipt
from tests.gateway.fixtures import PHONE
from tests.services import READY_WITHIN
from workers import loop, periodic
from workers import outbox as work


@pytest.fixture
def worker(app, quiz):  # what is kept is not put under a worker that runs
    jobs.woken.clear()
    found = loop.Loop(app).start()
    yield found
    found.stop()
    assert [t.name for t in threading.enumerate() if t.name.startswith("worker-")] == []


def eventually(look):
    until = time.monotonic() + READY_WITHIN
    while not (found := look()) and time.monotonic() < until:
        time.sleep(0.01)
    return found


@pytest.fixture
def no_poll(monkeypatch):
    """For a minute only a bell wakes the worker."""
    monkeypatch.setattr(loop, "POLL_SECONDS", 60.0)


@pytest.mark.usefixtures("no_poll")
def test_a_text_is_answered_when_the_bell_rings(client, make_line, quiz, database, worker):
    line, began = make_line("simulator", "sms"), time.monotonic()
    client.post(f"/gateway/simulator/{line.token}/sms", data={"from": PHONE, "text": "MTK5", "id": "1"})

    def delivered():
        with database.reading() as db:
            return db.scalars(select(Outbox.text).where(Outbox.state == "delivered")).all()

    assert [text[:3] for text in eventually(delivered)] == ["1/3"]
    assert time.monotonic() - began < 60  # the bell, not the poll


def test_a_text_whose_bell_nobody_heard_is_answered(worker, make_line, quiz, database, monkeypatch):
    line = make_line("simulator", "sms")
    time.sleep(0.1)  # the worker has looked, and waits
    monkeypatch.setattr(database, "bell", lambda asked: None)
    its_id = database.step(lambda db: inbox.receive_once(db, line.id, "1", PHONE, "MTK5", clock.to_ms(clock.now())))

    def answered():
        with database.reading() as db:
            return db.get(Inbox, its_id).state == "answered"

    assert eventually(answered)


def test_what_the_bell_missed_is_found(worker, make_line, quiz, database, monkeypatch):
    monkeypatch.setattr(database, "bell", lambda asked: None)
    line = make_line("simulator", "sms")
    database.step(lambda db: outbox.post(db, key="k", line_id=line.id, msisdn=PHONE, text="halo", now=clock.now()))

    def delivered():
        with database.reading() as db:
            return db.scalar(select(Outbox.state)) == "delivered"

    assert eventually(delivered)


def test_it_starts_once_and_only_without_redis(app):
    first = loop.start_embedded(app)
    assert loop.start_embedded(app) is first
    first.stop()
    app.extensions.pop("worker")
    app.extensions["settings"].redis_url = "redis://127.0.0.1:6379/0"
    assert loop.start_embedded(app) is None


def test_a_stumble_does_not_end_it(app, monkeypatch):
    calls = []

    def stumbles():
        calls.append(1)
        raise OSError("the database is away")

    monkeypatch.setattr(loop, "POLL_SECONDS", 0.02)
    monkeypatch.setattr(loop, "gates", stumbles)
    running = loop.Loop(app).start()
    assert eventually(lambda: len(calls) > 2)
    running.stop()


def test_periodic_jobs_run_when_due_and_fail_alone(app, monkeypatch):
    monkeypatch.setattr(
        periodic, "EVERY", {"workers.nothing.here": 60.0, "workers.outbox.sweep": 0.0, "workers.clean.sessions": 60.0}
    )
    due = periodic.Periodic()
    assert periodic.run_due(due) == ["workers.nothing.here", "workers.outbox.sweep", "workers.clean.sessions"]
    assert periodic.run_due(due) == ["workers.outbox.sweep"]


def test_a_provider_that_hangs_does_not_hold_the_others_messages(app, make_line, database, monkeypatch):
    let_go, begun = threading.Event(), []

    class Hangs(provider.Provider):
        def send(self, mt, line, settings):
            begun.append(mt.id)
            let_go.wait(2 * READY_WITHIN)
            return Receipt("p")

    simulator, hangs = provider.find("simulator"), Hangs()
    monkeypatch.setattr(provider, "find", lambda name: hangs if name == "http" else simulator)
    slow, quick = make_line("http", "sms"), make_line("simulator", "sms")

    def post(db):
        for n in range(40):
            outbox.post(db, key=f"s{n}", line_id=slow.id, msisdn=PHONE, text="halo", now=clock.now())
        for n in range(20):
            outbox.post(db, key=f"q{n}", line_id=quick.id, msisdn=PHONE, text="halo", now=clock.now())

    database.step(post)
    running = loop.Loop(app, 2).start()

    def delivered():
        with database.reading() as db:
            return len(db.scalars(select(Outbox.id).where(Outbox.state == "delivered")).all()) == 20

    assert eventually(delivered)
    assert len(begun) == 2  # its bulkhead
    let_go.set()
    running.stop()


class Counts:
    """A provider that takes a moment, and looks how many are being sent meanwhile."""

    def __init__(self, database, many=1):
        self.database, self.many, self.sent, self.under_way = database, many, [], []

    def dlr_url(self, *_):
        return ""

    def send(self, mt, line, settings):
        return self.send_many([mt], line, settings)[0]

    def send_many(self, mts, line, settings):
        self.sent += [mt.msisdn for mt in mts]
        time.sleep(0.01)
        with self.database.reading() as db:
            self.under_way.append(len(db.scalars(select(Outbox.id).where(Outbox.state == "sending")).all()))
        return [Receipt(f"p{mt.id}") for mt in mts]


def announce(database, line, messages):
    def post(db):
        for n in range(messages):
            outbox.post(db, key=f"a{n}", line_id=line.id, msisdn=f"+62812{n:08d}", text="halo", now=clock.now())

    database.step(post)
    with database.writing() as db:
        db.execute(update(Outbox).values(urgency=1))


def states(database):
    with database.reading() as db:
        return dict(db.execute(select(Outbox.state, func.count()).group_by(Outbox.state)).all())


@pytest.mark.parametrize(("many", "most"), [(1, 3), (5, 15)])
def test_what_a_kill_can_leave_unknown_is_no_more_than_the_requests_under_way(app, make_line, database, monkeypatch, many, most):
    counts = Counts(database, many)
    monkeypatch.setattr(provider, "find", lambda name: counts)
    announce(database, make_line("http", "sms"), 60)
    running = loop.Loop(app, 3).start()
    assert eventually(lambda: states(database) == {"sent": 60})
    running.stop()
    assert (sorted(counts.sent), max(counts.under_way) <= most) == ([f"+62812{n:08d}" for n in range(60)], True)


def test_what_the_network_said_is_kept_while_the_database_is_away(app, make_line, database, monkeypatch):
    counts, turn, fails = Counts(database), work.turn, [3]
    monkeypatch.setattr(provider, "find", lambda name: counts)
    monkeypatch.setattr(loop, "POLL_SECONDS", 0.05)

    def away(sent, wants):
        if sent and fails[0]:
            fails[0] -= 1
            raise Busy("the database is away")
        return turn(sent, wants)

    monkeypatch.setattr(work, "turn", away)
    announce(database, make_line("http", "sms"), 5)
    running = loop.Loop(app, 2).start()
    assert eventually(lambda: states(database) == {"sent": 5})
    running.stop()
    assert (len(counts.sent), fails, gates().state()["http"][0]) == (5, [0], 0)


def test_one_that_cannot_be_settled_holds_up_nobody(app, make_line, database, monkeypatch):
    counts, settle = Counts(database), outbox.settle_all
    monkeypatch.setattr(provider, "find", lambda name: counts)
    monkeypatch.setattr(loop, "POLL_SECONDS", 0.05)

    def breaks(db, pairs, now):
        if any(claimed.msisdn.endswith("2") for claimed, _ in pairs):
            raise ValueError("poison")
        settle(db, pairs, now)

    monkeypatch.setattr(outbox, "settle_all", breaks)
    announce(database, make_line("http", "sms"), 6)
    running = loop.Loop(app, 2).start()
    assert eventually(lambda: states(database) == {"sent": 5, "sending": 1})
    running.stop()
    assert len(counts.sent) == 6


def test_it_ends_after_what_it_is_sending_and_settles_that(app, make_line, database, monkeypatch):
    counts = Counts(database)
    monkeypatch.setattr(provider, "find", lambda name: counts)
    announce(database, make_line("http", "sms"), 50)
    running = loop.Loop(app, 4).start()
    assert eventually(lambda: counts.sent)
    running.stop()
    assert (states(database).get("sending"), states(database)["sent"]) == (None, len(counts.sent))


def test_what_must_be_looked_at_is_looked_at():
    wanted = {
        "workers.outbox.sweep": 5, "workers.spool.replay": 5, "workers.rests.share": 2, "workers.outbox.another_day": 60,
        "workers.clean.sessions": 3600,
    }  # fmt: skip
    assert {name: periodic.EVERY.get(name) for name in wanted} == wanted


def test_one_that_is_told_to_end_claims_nothing_more(app, make_line, database):
    line = make_line("simulator", "sms")
    its_id = database.step(lambda db: outbox.post(db, key="k", line_id=line.id, msisdn=PHONE, text="halo", now=clock.now()))
    ending = loop.Loop(app)
    ending._stopping.set()
    assert ending._turn() is False
    with database.reading() as db:
        row = db.get(Outbox, its_id)
    assert (row.state, row.fence) == ("created", 0)
