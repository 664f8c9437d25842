"""SIGTERM drains: who has asked is answered, what is being sent is settled, and nothing new is begun."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
import pytest

from bench import load, storm
from bench.storm_learners import Wire
from bench.storm_network import network
from bench.storm_product import Product, Redis, product
from tests import services

pytestmark = pytest.mark.slow
TAKES = 4  # seconds until the network answers; after ten we would not wait for it any more


def states(folder):
    with sqlite.connect(folder / "kentongan.db") as db:
        found = [row[0] for row in db.execute("SELECT state FROM outbox ORDER BY id")]
    db.close()
    return found


def ask_until_much_waits(port, course, folder):
    """By SMS, until more waits to be sent than is being sent, on however slow a machine."""
    wire = Wire(port)
    for n in range(1000):
        asked = f"{course.sms}?from=%2B6289700000{n:03d}&to={course.sms_code}&text={course.keyword}&id=d{n}"
        assert wire.ask(load.get(asked))[0] == 200
        if n % 10 == 9 and states(folder).count("created") >= 40:
            break
    wire.close()


def is_read(wire, port):
    """Whether nothing that ``wire`` sent still waits in the server's socket."""
    for line in Path("/proc/net/tcp").read_text().splitlines():
        _, ours, theirs, _, queues, *_ = line.split()
        if (ours.rpartition(":")[2], theirs.rpartition(":")[2]) == (f"{port:04X}", f"{wire.socket.getsockname()[1]:04X}"):
            return queues.endswith(":00000000")
    return False


def test_who_has_asked_is_answered_after_sigterm(tmp_path):
    with network() as outside, product("sqlite", tmp_path, outside.address) as (made, _):
        course, _ = storm.course_of(made)
        heard, wires = [], [Wire(made.port) for _ in range(8)]
        blocker = sqlite.connect(tmp_path / "kentongan.db", isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")  # so that all eight wait in the server
        for n, wire in enumerate(wires):
            assert wire.send(load.post(course.ussd[2], f"sessionId=d{n}&phoneNumber=%2B6289700000{n:03d}&text={course.keyword}"))
        services.wait_until(lambda: all(is_read(wire, made.port) for wire in wires), "the server has what was asked")
        time.sleep(0.2)
        made.server.terminate()
        time.sleep(0.3)
        blocker.execute("ROLLBACK")
        blocker.close()
        for wire in wires:
            heard.append(wire.hear())
            wire.close()
        assert made.server.wait(services.READY_WITHIN) == 0
    # Her question, or, where they had to wait longer than a hop may, that it is crowded: nobody hears nothing.
    assert [(status, bool(course.asked(body)) or body == course.busy) for status, body in heard] == [(200, True)] * 8


def test_what_is_being_sent_is_settled_after_sigterm(tmp_path):
    begun, sent = threading.Event(), []

    def on_taken(its_id):
        sent.append(its_id)
        begun.set()
        time.sleep(TAKES)

    with network(reports=False, on_taken=on_taken) as outside, product("sqlite", tmp_path, outside.address) as (made, _):
        course, _ = storm.course_of(made)
        ask_until_much_waits(made.port, course, tmp_path)
        assert begun.wait(services.READY_WITHIN)
        made.server.terminate()
        assert made.server.wait(services.READY_WITHIN) == 0
    found = states(tmp_path)
    assert (found.count("sent"), "sending" in found, "unknown" in found) == (len(sent), False, False)
    assert found.count("created") == len(found) - len(sent) > 0


@services.needs("redis")
def test_a_worker_settles_what_it_sends_after_sigterm(tmp_path):
    begun, sent = threading.Event(), []

    def on_taken(its_id):
        sent.append(its_id)
        begun.set()
        time.sleep(TAKES)

    redis = Redis(tmp_path)
    redis.start()
    with network(reports=False, on_taken=on_taken) as outside:
        made = Product(tmp_path, HTTP_BASE_URL=outside.address, REDIS_URL=redis.url)
        try:
            made.start()
            course, _ = storm.course_of(made)
            ask_until_much_waits(made.port, course, tmp_path)
            assert begun.wait(services.READY_WITHIN)
            for worker in made.workers:
                worker.terminate()
            assert [worker.wait(services.READY_WITHIN) for worker in made.workers] == [0, 0]
        finally:
            made.stop()
            redis.stop()
    found = states(tmp_path)
    assert (found.count("sent"), set(found) - {"sent", "created"}) == (len(sent), set())
    assert found.count("created") > 0
