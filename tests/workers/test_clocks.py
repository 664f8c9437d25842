"""Clocks that disagree, and clocks that are set anew: nobody's lease ends early by it, nobody's message waits for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import current_app

from core import clock
from gateway import outbox, provider
from gateway.tables import Outbox
from gateway.traffic import Receipt
from tests.gateway.fixtures import PHONE, add_line
from workers import outbox as work

HOUR = timedelta(hours=1)
ON_POSTGRESQL = pytest.mark.parametrize("any_database", ["postgresql"], indirect=True)  # a SQLite file has one machine's clock


class Network(provider.Provider):
    def __init__(self):
        self.sent = []

    def send(self, mt, line, settings):
        self.sent.append(mt.id)
        return Receipt(f"p{mt.id}")


@pytest.fixture
def network(monkeypatch):
    network = Network()
    monkeypatch.setattr(provider, "find", lambda name: network)
    return network


@pytest.fixture
def this_clock(monkeypatch):
    """this_clock(by): from now on the clock of this process is wrong by so much."""
    right = clock.now
    return lambda by: monkeypatch.setattr(clock, "now", lambda: right() + by)


@pytest.fixture
def post(any_database):
    line = add_line(current_app._get_current_object(), "http", "sms")
    return lambda key="k": any_database.step(
        lambda db: outbox.post(db, key=key, line_id=line.id, msisdn=PHONE, text="halo", now=clock.now())
    )


def state(database, its_id):
    with database.reading() as db:
        return db.get(Outbox, its_id).state


@ON_POSTGRESQL
@pytest.mark.parametrize("wrong_by", [HOUR, -HOUR])
def test_a_worker_whose_clock_is_wrong_takes_nobodys_lease(any_database, post, network, this_clock, wrong_by):
    its_id = post()
    [claimed] = work.deliver_due()
    this_clock(wrong_by)
    assert work.deliver_due() == []
    assert any_database.step(lambda db: outbox.sending(db, claimed, db.now()))
    assert work.sweep() == 0
    assert state(any_database, its_id) == "sending"


def test_a_lease_given_before_the_clock_was_set_back_ends_all_the_same(any_database, post):
    its_id, now = post(), clock.now()
    [old] = any_database.step(lambda db: outbox.claim(db, now + HOUR, by=now + HOUR))
    [new] = any_database.step(lambda db: outbox.claim(db, now + HOUR, by=now))
    assert (new.id, new.fence) == (its_id, old.fence + 1)
    assert any_database.step(lambda db: outbox.sending(db, new, now + HOUR)) is False
    any_database.step(lambda db: outbox.begin(db, [new], now))
    assert any_database.step(lambda db: outbox.sweep(db, now - HOUR)) == 1
    assert state(any_database, its_id) == "unknown"


def test_leases_of_others_a_moment_ahead_of_us_are_theirs(any_database, post):
    post()
    now = clock.now()
    any_database.step(lambda db: outbox.claim(db, now, by=now + timedelta(seconds=1)))
    assert any_database.step(lambda db: outbox.claim(db, now, by=now)) == []


def test_answers_posted_before_the_clock_was_set_back_go_at_once_and_announcements_as_planned(any_database, post, this_clock):
    first = post()
    this_clock(HOUR)
    its_id, planned = post("reply"), post("announcement")
    with any_database.writing() as db:
        db.get(Outbox, planned).urgency = 1
    this_clock(-HOUR)
    assert [claimed.id for claimed in work.deliver_due(10)] == []
    this_clock(timedelta(0))
    assert [claimed.id for claimed in work.deliver_due(10)] == [first]
    work.sweep()
    assert [claimed.id for claimed in work.deliver_due(10)] == [its_id]
