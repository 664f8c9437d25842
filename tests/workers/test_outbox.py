"""Claim, commit, send, settle: with no transaction open while the network is asked."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from core import clock
from core.hot import Busy
from gateway import outbox, provider
from gateway.gates import gates
from gateway.lines import lines
from gateway.provider import AMBIGUOUS, NOT_SENT, WAIT, SendFailed
from gateway.tables import Outbox
from gateway.traffic import Receipt
from tests.gateway.fixtures import PHONE
from workers import outbox as work


class Network(provider.Provider):
    """Says what it was told to say, and looks at the row while it is being sent."""

    def __init__(self, database):
        self.database, self.sent, self.seen, self.says = database, [], [], Receipt("p1")

    def send(self, mt, line, settings):
        self.sent.append((mt.id, mt.msisdn, mt.text, mt.dlr_url))
        with self.database.writing() as db:  # would wait for ever if the worker held a transaction
            self.seen.append(db.get(Outbox, mt.id).state)
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


@pytest.fixture
def network(app, database, monkeypatch):
    network = Network(database)
    monkeypatch.setattr(provider, "find", lambda name: network if name == "http" else None)
    return network


@pytest.fixture
def post(database, make_line):
    line, count = make_line("http", "sms"), iter(range(1000))
    return lambda **more: database.step(
        lambda db: outbox.post(
            db, **{"key": f"k{next(count)}", "line_id": line.id, "msisdn": PHONE, "text": "halo", "now": clock.now(), **more}
        )
    )


def row(database, its_id):
    with database.reading() as db:
        return db.get(Outbox, its_id)


def test_a_message_is_sent_and_settled(network, post, database, settings):
    its_id = post()
    assert work.deliver(its_id)
    assert network.seen == ["sending"]
    assert network.sent[0][:3] == (its_id, PHONE, "halo")
    assert network.sent[0][3].endswith(f"/dlr/{its_id}")
    assert (row(database, its_id).state, row(database, its_id).provider_id) == ("sent", "p1")


def test_a_job_that_runs_five_times_sends_once(network, post):
    its_id = post()
    assert [work.deliver(its_id) for _ in range(5)] == [True, False, False, False, False]
    assert len(network.sent) == 1


def test_a_provider_that_breaks_leaves_an_unknown(network, post, database):
    network.says = ZeroDivisionError("a defect")
    its_id = post()
    work.deliver(its_id)
    assert (row(database, its_id).state, row(database, its_id).reason) == ("unknown", "ZeroDivisionError")


def test_what_was_not_sent_waits(network, post, database):
    network.says = SendFailed(NOT_SENT, "connection refused")
    its_id = post()
    work.deliver(its_id)
    assert not work.deliver(its_id)
    assert row(database, its_id).state == "created"


def test_what_has_expired_is_not_sent(network, post, database):
    its_id = post(now=clock.now() - timedelta(hours=25))
    assert not work.deliver(its_id)
    assert (network.sent, row(database, its_id).state) == ([], "expired")


def test_a_line_without_its_provider_is_refused(network, post, database, make_line):
    its_id = post(line_id=make_line("africastalking", "sms").id)
    work.deliver(its_id)
    assert (row(database, its_id).state, network.sent) == ("failed", [])


def test_a_sender_that_lost_its_lease_sends_nothing(network, post, database):
    its_id = post()
    [old] = work.deliver_due()
    with database.writing() as db:
        db.get(Outbox, its_id).lease_until = clock.now() - timedelta(seconds=1)
    [new] = work.deliver_due()
    work.send(old)
    assert network.sent == []
    work.send(new)
    assert len(network.sent) == 1


def test_what_the_network_said_is_written_down_though_the_database_was_busy(network, post, database, monkeypatch):
    its_id, turn, busy = post(), work.turn, [Busy("the database is busy")] * 2

    def turns(*given):
        if busy:
            raise busy.pop()
        return turn(*given)

    monkeypatch.setattr(work, "turn", turns)
    assert work.deliver(its_id)
    assert (len(network.sent), row(database, its_id).state, row(database, its_id).provider_id is not None) == (1, "sent", True)


def test_the_days_limit_of_the_settings_holds(network, post, database, app):
    app.extensions["settings"].sms_budget_daily_segments = 1
    ids = [post(), post()]
    with database.writing() as db:
        for its_id in ids:
            db.get(Outbox, its_id).urgency = 1
    assert [work.deliver(its_id) for its_id in ids] == [True, False]
    assert [row(database, its_id).state for its_id in ids] == ["sent", "held"]


def test_a_message_is_priced_where_it_is_posted(post, database, make_line):
    line = make_line("http", "sms", address="2", token="x" * 32, prices={"": 300, "+62812": 250})
    assert row(database, post(line_id=line.id, text="a" * 161)).price == 500


def test_what_surely_did_not_leave_may_go_over_another_line_and_an_unknown_never(network, post, database, make_line):
    with database.reading() as db:
        first = db.get(Outbox, post()).line_id
    other = make_line("http", "sms", address="2", token="x" * 32, prices={"": 400})
    line = lines().of_id(first)
    network.says = SendFailed(NOT_SENT, "connection refused")
    [claimed] = work.deliver_due(1, line)
    work.send(claimed)
    with database.writing() as db:
        db.get(Outbox, claimed.id).not_before = clock.now()
    network.says = SendFailed(AMBIGUOUS, "timeout")
    [claimed] = work.deliver_due(1, line, other)
    work.send(claimed)
    found = row(database, claimed.id)
    assert (found.state, found.line_id, found.moved_from, found.price) == ("unknown", other.id, first, 400)
    assert [work.deliver_due(1, one, other) for one in (line, other)] == [[], []]


def test_a_line_that_rests_keeps_its_messages(network, post, database, app):
    its_id = post()
    line = lines().of_id(row(database, its_id).line_id)
    gates().ended(line, SendFailed(WAIT, "429", 60), 0.1)
    assert not work.deliver(its_id)
    found = row(database, its_id)
    assert (found.state, found.attempts, found.paid, network.sent) == ("created", 0, "no", [])


def test_one_text_to_many_goes_together_but_not_twice_to_one_number(post, database, app, monkeypatch, network):
    numbers = ["+6281200000001", "+6281200000002", "+6281200000002", "+6281200000003"]
    for number in numbers:
        post(msisdn=number)
    post(text="another")
    groups = work.grouped(work.deliver_due(10), 2)
    assert [[one.msisdn[-1] for one in group] for group in groups] == [["1", "2"], ["2", "3"], ["1"]]


def test_a_turn_settles_and_begins_in_one_commit(network, post, database, monkeypatch):
    first, second = post(), post(msisdn="+6281200000002")
    line = lines().of_id(row(database, first).line_id)
    [(via, claims)] = work.turn([], [work.Want(line, line, 1, 9)])
    sent = work.Sent(line, claims, [Receipt("p9")], 0.05)
    steps, step = [], database.step
    monkeypatch.setattr(database, "step", lambda *args, **more: steps.append(1) or step(*args, **more))
    [(_, [other])] = work.turn([sent], [work.Want(line, line, 1, 9)])
    assert (via.id, other.id, len(steps), network.sent) == (line.id, second, 1, [])
    assert [(row(database, n).state, row(database, n).provider_id, row(database, n).attempts) for n in (first, second)] == [
        ("sent", "p9", 1), ("sending", None, 1),
    ]  # fmt: skip


def test_a_turn_begins_no_more_than_there_is_room_for_on_a_route(post, database, make_line):
    other = make_line("http", "sms", address="2", token="x" * 32)
    first = post()
    for n in range(9):
        post(msisdn=f"+62812000001{n:02d}", line_id=other.id if n % 2 else row(database, first).line_id)
    one, two = lines().of_id(row(database, first).line_id), lines().of_id(other.id)
    begun = work.turn([], [work.Want(one, one, 4, 500), work.Want(two, two, 6, 500)])
    assert [via.id for via, _ in begun] == [one.id] * 4 + [two.id] * 2


def test_announcements_of_different_texts_that_do_not_fit_are_given_back(post, database):
    ids = [post(msisdn=f"+62812000001{n:02d}", text=f"text {n % 3}") for n in range(9)]
    with database.writing() as db:
        for its_id in ids:
            db.get(Outbox, its_id).urgency = 1
    line = lines().of_id(row(database, ids[0]).line_id)
    begun = work.turn([], [work.Want(line, line, 2, 500, many=100)])
    assert [[one.text for one in group] for _, group in begun] == [["text 0"] * 3, ["text 1"] * 3]
    assert [row(database, n).state for n in ids] == ["sending", "sending", "created"] * 3
    assert [(row(database, n).attempts, row(database, n).paid) for n in ids[2::3]] == [(0, "no")] * 3


def test_who_slept_between_the_commit_and_the_socket_sends_nothing(network, post, database, settings):
    its_id = post()
    line = lines().of_id(row(database, its_id).line_id)
    [(_, claims)] = work.turn([], [work.Want(line, line, 1, 1)])
    sent = work.carry(claims, line, settings, time.monotonic() - work.MAY_BEGIN_S - 0.1)
    work.turn([sent], [])
    assert (network.sent, row(database, its_id).state) == ([], "created")


def test_announcements_that_left_share_a_line_of_the_log_and_failures_have_their_own(network, post, database):
    ids = [post(msisdn=f"+62812000001{n:02d}") for n in range(3)] + [post(key="reply:7")]
    with database.writing() as db:
        for its_id in ids[:3]:
            db.get(Outbox, its_id).urgency = 1
    line = lines().of_id(row(database, ids[0]).line_id)
    begun = work.turn([], [work.Want(line, line, 9, 9)])
    outcomes = [SendFailed(AMBIGUOUS, "x") if claims[0].id == ids[2] else Receipt() for _, claims in begun]
    with capture_logs() as logs:
        work.turn([work.Sent(line, claims, [said], 0.1) for (_, claims), said in zip(begun, outcomes, strict=True)], [])
    assert [(one["event"], one["trail"]) for one in logs] == [
        ("mt_sent", "mo7"), ("mt_not_sent", f"mt{ids[2]}"), ("mt_sent", f"mt{ids[0]} mt{ids[1]}"),
    ]  # fmt: skip
