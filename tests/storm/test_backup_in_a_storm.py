"""A copy made while learners learn is whole, and put back elsewhere it sends nothing before an operator releases it."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter

import pysqlite3.dbapi2 as sqlite
import pytest

from bench import load, storm
from bench.storm_learners import Wire
from bench.storm_ledger import Ledger
from bench.storm_network import network
from bench.storm_product import Product, product
from tests import services

pytestmark = pytest.mark.slow


def waiting(path):
    with sqlite.connect(path) as db:
        (found,) = db.execute("SELECT count(*) FROM outbox WHERE state IN ('created', 'claimed', 'sending')").fetchone()
    db.close()
    return found


def test_a_copy_of_a_storm_sends_nothing_before_its_release(tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    copy, over, ledger = tmp_path / "copy.db", threading.Event(), Ledger(tmp_path / "ledger.tsv")
    answers_us = threading.Event()  # the network does
    answers_us.set()

    def on_taken(its_id):
        time.sleep(0.1)
        answers_us.wait(8)  # after ten seconds we would not wait for it any more

    with network(on_taken=on_taken) as outside, product("sqlite", here, outside.address) as (made, _):
        course, known = storm.course_of(made)
        learners = storm.gathered(course, ledger, over, known, storm.Wanted(1, diallers=3, texters=12), outside)
        for learner in learners:
            learner.start()
        services.wait_until(lambda: ledger.steps > 100, "the learners learn")
        answers_us.clear()
        services.wait_until(lambda: waiting(here / "kentongan.db"), "something waits to be sent")
        before = ledger.answers[:]
        made.flask("backup", str(copy))
        answers_us.set()
        over.set()
        for learner in learners:
            learner.join(services.READY_WITHIN)
    ledger.close()
    with sqlite.connect(copy) as kept:
        assert kept.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = "SELECT l.msisdn, item_id, typed, mark, medium FROM answers JOIN attempts a ON a.id = attempt_id JOIN learners l"
        answers = Counter(kept.execute(f"{rows} ON l.id = learner_id").fetchall())
    kept.close()
    assert Counter(tuple(answer) for answer in before) - answers == Counter()  # what was acknowledged before it is in it
    assert waiting(copy) > 0
    os.replace(copy, there / "copy.db")
    with network() as elsewhere:
        other = Product(there, HTTP_BASE_URL=elsewhere.address)
        said = other.flask("restore", str(there / "copy.db"))
        held = int(said.split()[0])
        try:
            other.start()
            asked = load.get(f"{course.sms}?from=%2B6289911112222&to={course.sms_code}&text={course.keyword}&id=new")
            wire = Wire(other.port)
            assert wire.ask(asked)[0] == 200
            wire.close()
            time.sleep(4)
            assert elsewhere.posts == {}
            released = int(other.flask("outbox", "release").split()[0])
            assert released > held > 0  # what the copy held, and the reply to what came since
            services.wait_until(lambda: sum(elsewhere.posts.values()) >= released, "what was held is sent")
            assert set(elsewhere.posts.values()) == {1}
        finally:
            other.stop()
