"""An MT's life: claimed by one, sent once, settled by rank, in whatever order its reports come."""

from __future__ import annotations

import itertools
import threading
from datetime import timedelta

import pytest
from flask import current_app
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from core import clock
from gateway import opt_out, outbox, reports
from gateway.provider import AMBIGUOUS, NOT_SENT, REFUSED, WAIT, SendFailed
from gateway.tables import Outbox
from gateway.traffic import Dlr, Receipt
from tests.examples import examples
from tests.gateway.fixtures import PHONE, add_line

NOW = clock.from_ms(1_800_000_000_000)
SECOND = timedelta(seconds=1)


class Desk:
    """Short names for the outbox's verbs, each in a step of its own."""

    def __init__(self, database, line):
        self.database, self.line, self.count = database, line, 0

    def step(self, work):
        return self.database.step(work)

    def post(self, key=None, text="halo", **more):
        self.count += 1
        values = {"key": key or f"k{self.count}", "line_id": self.line.id, "msisdn": PHONE, "text": text, "now": NOW, **more}
        return self.step(lambda db: outbox.post(db, **values))

    def claim(self, now=NOW, n=10, only=None):
        return self.step(lambda db: outbox.claim(db, now, n, only))

    def sending(self, claimed, now=NOW):
        return self.step(lambda db: outbox.sending(db, claimed, now))

    def settle(self, claimed, outcome, now=NOW):
        self.step(lambda db: outbox.settle(db, claimed, outcome, now))

    def report(self, state, provider_id="", now=NOW, **more):
        return self.step(lambda db: reports.take(db, self.line, Dlr(state, provider_id=provider_id, **more), now))

    def sent(self):
        """A message that is with the network, as p1."""
        self.post()
        [claimed] = self.claim()
        self.sending(claimed)
        self.settle(claimed, Receipt("p1"))
        return claimed.id

    def row(self, its_id):
        with self.database.reading() as db:
            return db.get(Outbox, its_id)

    def state(self, its_id):
        row = self.row(its_id)
        assert row.rank == outbox.RANK[row.state]
        return row.state


@pytest.fixture
def desk(app, database, make_line):
    return Desk(database, make_line("http", "sms"))


@pytest.fixture
def any_desk(any_database):
    return Desk(any_database, add_line(current_app._get_current_object(), "http", "sms"))


def test_posting_twice_posts_once(any_desk):
    first = any_desk.post("reply:7", "3 × 4 = “dua belas”…")
    assert any_desk.post("reply:7", "something else") is None
    row = any_desk.row(first)
    assert (row.text, row.segments, row.state) == ('3 x 4 = "dua belas"...', 1, "created")


def test_segments_are_counted_after_the_rewrite(desk):
    assert desk.row(desk.post(text="…" * 54)).segments == 2  # 162 dots
    assert desk.row(desk.post(text="я" * 71)).segments == 2


def test_a_message_is_claimed_by_one(any_desk):
    ids = {any_desk.post() for _ in range(20)}
    start, claims = threading.Barrier(6), []

    def work():
        start.wait()
        while found := any_desk.claim(n=3):
            claims.extend(found)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(c.id for c in claims) == sorted(ids)


def test_no_more_are_claimed_than_asked_for_in_a_young_table(any_desk):
    any_desk.post()
    with any_desk.database.engine.begin() as db:
        db.execute(text("ANALYZE outbox"))  # says that there is one: a plan for one may look for what is due again and again
    for _ in range(4):
        any_desk.post()
    assert [len(any_desk.claim(n=n)) for n in (2, 1, 2)] == [2, 1, 2]


def test_the_straight_way(any_desk):
    its_id = any_desk.post()
    [claimed] = any_desk.claim()
    assert any_desk.state(its_id) == "claimed"
    assert any_desk.sending(claimed)
    assert any_desk.state(its_id) == "sending"
    any_desk.settle(claimed, Receipt("p1", "KES 0.8000"))
    row = any_desk.row(its_id)
    assert (row.state, row.provider_id, row.cost, row.attempts) == ("sent", "p1", "KES 0.8000", 1)
    assert any_desk.report("delivered", "p1")
    assert any_desk.state(its_id) == "delivered"


def test_only_what_is_due_is_claimed(desk):
    later = desk.post(not_before=NOW + 60 * SECOND)
    assert desk.claim() == []
    assert desk.claim(only=later) == []
    assert [c.id for c in desk.claim(NOW + 60 * SECOND)] == [later]


def test_what_is_too_late_expires_unsent(desk):
    its_id = desk.post(life=timedelta(hours=1))
    assert desk.claim(NOW + timedelta(hours=1)) == []
    assert desk.state(its_id) == "expired"


def test_one_who_says_stop_stops_nobody_else(any_desk):
    any_desk.step(lambda db: opt_out.stop(db, PHONE + "9", "STOP", NOW))
    theirs, mine = any_desk.post(msisdn=PHONE + "9"), any_desk.post()
    assert [one.id for one in any_desk.claim()] == [mine]
    assert any_desk.state(theirs) == "cancelled"


def test_what_a_stopped_number_still_waits_for_is_not_sent_but_the_acknowledgement_is(desk):
    its_id, ack = desk.post(), desk.post(key=opt_out.ack_key(3))
    desk.step(lambda db: opt_out.stop(db, PHONE, "stop", NOW))
    assert [c.id for c in desk.claim()] == [ack]
    assert desk.state(its_id) == "cancelled"


@pytest.mark.parametrize(
    ("failure", "state", "wait"),
    [
        (SendFailed(NOT_SENT, "refused"), "created", 5),
        (SendFailed(WAIT, "429", 40), "created", 40),
        (SendFailed(AMBIGUOUS, "timeout"), "unknown", None),
        (SendFailed(REFUSED, "bad number"), "failed", None),
    ],
)
def test_what_became_of_a_failed_sending(desk, failure, state, wait):
    its_id = desk.post()
    [claimed] = desk.claim()
    desk.sending(claimed)
    desk.settle(claimed, failure)
    assert (desk.state(its_id), desk.row(its_id).reason) == (state, failure.reason)
    if wait:
        assert desk.claim(NOW + (wait - 1) * SECOND) == []
        assert [c.fence for c in desk.claim(NOW + wait * SECOND)] == [2]
    else:
        assert desk.claim(NOW + timedelta(hours=1)) == []


def test_tries_come_to_an_end(desk):
    its_id, now = desk.post(), NOW
    for _ in range(outbox.ATTEMPTS):
        [claimed] = desk.claim(now)
        desk.sending(claimed, now)
        desk.settle(claimed, SendFailed(NOT_SENT, "refused"), now)
        now += timedelta(hours=1)
    assert desk.state(its_id) == "failed"


def test_a_network_that_says_stop_stops(desk):
    its_id = desk.post()
    [claimed] = desk.claim()
    desk.sending(claimed)
    desk.settle(claimed, SendFailed(REFUSED, "21610", stopped=True))
    assert desk.state(its_id) == "failed"
    assert desk.step(lambda db: opt_out.is_out(db, PHONE))


def test_a_report_that_says_stop_stops(desk):
    desk.sent()
    assert desk.report("failed", "p1", reason="UserInBlacklist", stopped=True)
    assert desk.step(lambda db: opt_out.is_out(db, PHONE))


def test_a_claimer_that_died_loses_its_claim_and_cannot_write_any_more(any_desk):
    its_id = any_desk.post()
    [old] = any_desk.claim()
    assert any_desk.claim(NOW + outbox.LEASE) == []
    later = NOW + outbox.LEASE + SECOND
    [new] = any_desk.claim(later)
    assert (new.id, new.fence) == (its_id, old.fence + 1)
    assert not any_desk.sending(old, later)
    assert any_desk.sending(new, later)
    any_desk.settle(old, Receipt("old"), later)
    assert any_desk.state(its_id) == "sending"


def test_a_lease_that_ran_out_before_sending_is_no_lease(desk):
    desk.post()
    [claimed] = desk.claim()
    assert not desk.sending(claimed, NOW + outbox.LEASE)


def test_a_sender_that_died_leaves_an_unknown_that_nobody_sends_again(any_desk):
    its_id = any_desk.post()
    [claimed] = any_desk.claim()
    any_desk.sending(claimed)
    later = NOW + outbox.LEASE + SECOND
    assert any_desk.claim(later) == []
    assert any_desk.step(lambda db: outbox.sweep(db, later)) == 1
    assert any_desk.state(its_id) == "unknown"
    assert any_desk.claim(later) == []
    assert any_desk.report("delivered", id=its_id)
    assert any_desk.state(its_id) == "delivered"


@pytest.mark.parametrize("order", list(itertools.permutations(["sent", "delivered", "failed"])))
def test_reports_in_any_order_end_delivered(desk, order):
    its_id = desk.sent()
    for state in order:
        desk.report(state, "p1")
    assert desk.state(its_id) == "delivered"


@settings(
    max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(st.sampled_from(["sent", "delivered", "failed", ""]), max_size=8))
def test_reports_never_take_back(desk, states):
    its_id = desk.post()
    [claimed] = desk.claim(only=its_id)
    desk.sending(claimed)
    for state in states:
        before = desk.row(its_id)
        changed = desk.report(state, id=its_id)
        after = desk.row(its_id)
        assert after.rank >= before.rank
        assert changed == ((before.state, before.rank) != (after.state, after.rank))
    desk.settle(claimed, Receipt(None))
    expected = "delivered" if "delivered" in states else "failed" if "failed" in states else "sent"
    assert desk.state(its_id) == expected


def test_a_report_before_the_send_call_returned(any_desk):
    by_id, by_theirs = any_desk.post(), any_desk.post()
    first, second = any_desk.claim()
    for claimed in (first, second):
        any_desk.sending(claimed)
    assert any_desk.report("delivered", id=by_id)
    assert not any_desk.report("sent", "p2")  # nobody knows p2 yet
    assert not any_desk.report("delivered", "p2")
    any_desk.settle(first, Receipt("p1"))
    any_desk.settle(second, Receipt("p2"))
    assert [any_desk.state(by_id), any_desk.state(by_theirs)] == ["delivered", "delivered"]
    assert [any_desk.row(by_id).provider_id, any_desk.row(by_theirs).provider_id] == ["p1", "p2"]


def test_a_report_before_the_send_call_returned_may_come_to_another_line_of_the_account(any_desk):
    its_id = any_desk.post()
    [claimed] = any_desk.claim()
    any_desk.sending(claimed)
    app, mine = current_app._get_current_object(), any_desk.line
    for provider, said in (("twilio", "failed"), ("http", "delivered")):  # a stranger's is not ours; our account's is
        any_desk.line = add_line(app, provider, "sms", address="2", token=f"another-token-of-{provider}-account")
        assert not any_desk.report(said, "p1")
    any_desk.line = mine
    any_desk.settle(claimed, Receipt("p1"))
    assert any_desk.state(its_id) == "delivered"


def test_a_report_on_what_is_not_this_lines_changes_nothing(desk, make_line):
    its_id = desk.sent()
    mine, desk.line = desk.line, make_line("twilio", "sms")
    assert not desk.report("failed", id=its_id)
    assert not desk.report("failed", "p1")
    assert not desk.report("failed", id=99_999_999_999_999)
    desk.line = make_line("http", "sms", address="2", token="another-token-of-this-account")
    assert desk.report("delivered", "p1")  # another line of the same provider: one address for the whole account
    desk.line = mine
    assert desk.state(its_id) == "delivered"


def test_the_same_report_twice_changes_once(desk):
    desk.sent()
    assert [desk.report("delivered", "p1"), desk.report("delivered", "p1")] == [True, False]


def test_a_report_on_a_number_that_no_id_can_be_changes_nothing(any_desk):
    any_desk.post()
    assert [any_desk.report("failed", id=its_id) for its_id in (0, 2**31 - 1, 2**31, 2**63, 10**11)] == [False] * 5


def test_a_report_before_the_answer_of_a_sender_thought_dead_is_joined(any_desk):
    its_id = any_desk.post()
    [claimed] = any_desk.claim()
    any_desk.sending(claimed)
    later = NOW + outbox.LEASE + SECOND
    any_desk.step(lambda db: outbox.sweep(db, later))
    assert not any_desk.report("delivered", "p9")
    any_desk.settle(claimed, Receipt("p9"), later)
    assert any_desk.state(its_id) == "delivered"
