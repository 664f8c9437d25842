"""The rules of USSD text: what is a new input, what is the same hop again, and what is neither."""

from __future__ import annotations

import threading

import pytest
from flask import current_app
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway import sessions
from gateway.sessions import Hop
from gateway.tables import Inbox
from tests.examples import examples
from tests.gateway.fixtures import PHONE, add_line

DAY = 86_400_000


class Network:
    """Sends texts at instants of its own, and keeps what the dialogue heard."""

    def __init__(self, database, line_id, appends=None, session="s1"):
        self.database, self.line_id, self.appends, self.session = database, line_id, appends, session
        self.heard = []
        self.at = 1_000_000

    def talk(self, heard):
        self.heard.append((heard.kind, heard.text))
        return f"screen {len(self.heard)}", heard.text == "bye"

    def send(self, text, arrived=None, later=1000):
        self.at += later
        hop = Hop(self.line_id, self.session, PHONE, text, self.at if arrived is None else arrived, self.appends)
        return self.database.step(lambda db: sessions.step(db, hop, self.talk, lambda: self.at))


@pytest.fixture
def network(app, database, make_line):
    return Network(database, make_line("africastalking", "ussd").id)


@pytest.mark.parametrize(
    ("texts", "heard"),
    [
        (["", "1", "1*2"], [("arrived", ""), ("said", "1"), ("said", "2")]),
        (["", "1*2"], [("arrived", ""), ("said", "1*2")]),  # it may itself hold *
        (["", "1*2", "1*2*a*b"], [("arrived", ""), ("said", "1*2"), ("said", "a*b")]),
        (["MTK5", "MTK5*2"], [("arrived", "MTK5"), ("said", "2")]),  # a deep link
        (["1*2", "1*2*1"], [("arrived", "1*2"), ("said", "1")]),
        (["", "1", "1*"], [("arrived", ""), ("said", "1"), ("said", "")]),
        (["", "1", "1*1", "1*1*1"], [("arrived", ""), ("said", "1"), ("said", "1"), ("said", "1")]),
        (["", "1", "12"], [("arrived", ""), ("said", "1"), ("said", "12")]),  # 12 does not continue 1: this one does not append
        (["", "1", "2", "2", "2"], [("arrived", ""), ("said", "1"), ("said", "2"), ("said", "2"), ("said", "2")]),
        (["", "1", "2", "2*1"], [("arrived", ""), ("said", "1"), ("said", "2"), ("said", "1")]),  # it left the dialled part out
        (["77", "1", "1*2"], [("arrived", "77"), ("said", "1"), ("said", "2")]),
    ],
)
def test_what_a_hop_adds(network, texts, heard):
    for text in texts:
        network.send(text)
    assert network.heard == heard


@pytest.mark.parametrize(
    ("texts", "replies"),
    [
        (["", ""], [1, 1]),
        (["", "1", "1"], [1, 2, 2]),
        (["", "1", "1*2", "1", "", "1*2", "1*2*3"], [1, 2, 3, 2, 1, 3, 4]),  # earlier hops again, then on
        (["", "1", "1*2", "1*3"], [1, 2, 3, 3]),  # a fork: the newest screen, nothing is answered
        (["", "1", "1*2", "7"], [1, 2, 3, 3]),
        (["", "1", "1*2", "1*3", "1*3", "1*2*4"], [1, 2, 3, 3, 3, 4]),
    ],
)
def test_a_hop_sent_again_gets_the_stored_reply(network, texts, replies):
    assert [network.send(text) for text in texts] == [f"CON screen {n}" for n in replies]


def test_same_key_four_times_works_where_it_is_known_not_to_append(network, database):
    network.appends = False
    assert [network.send(text) for text in ("", "1", "1", "1", "1")] == [f"CON screen {n}" for n in (1, 2, 3, 4, 5)]
    assert network.heard[1:] == [("said", "1")] * 4
    with database.reading() as db:
        assert [row.text for row in db.query(Inbox).order_by(Inbox.id)] == ["", "1", "1", "1", "1"]


def test_a_known_last_input_network_may_send_a_star(network):
    network.appends = False
    for text in ("", "1", "1*2"):
        network.send(text)
    assert network.heard == [("arrived", ""), ("said", "1"), ("said", "1*2")]


@pytest.mark.parametrize("appends", [False, None])
def test_what_came_before_the_newest_reply_had_left_answers_nothing(network, appends):
    network.appends = appends
    network.send("")
    before = network.at + 500
    assert network.send("1") == "CON screen 2"
    assert network.send("1", arrived=before) == "CON screen 2"  # a twin
    assert network.send("2", arrived=before) == "CON screen 2"  # another key at the same instant
    assert network.heard == [("arrived", ""), ("said", "1")]
    assert network.send("3") == "CON screen 3"


@pytest.mark.parametrize("appends", [True, False, None])
def test_a_session_goes_on_when_the_clock_is_set_back(network, appends):
    network.appends = appends
    for text in ("", "1"):
        network.send(text)
    network.at -= 3_600_000
    text = "1*2" if appends else "2"
    assert [network.send(text), network.send(text, arrived=network.at - 1)] == ["CON screen 3"] * 2  # and its twin is one
    assert network.heard == [("arrived", ""), ("said", "1"), ("said", "2")]


def test_a_hop_is_the_same_hop_for_a_day_and_its_session_is_new_after_two(network):
    network.send("")
    network.send("1")
    assert network.send("1", later=DAY) == "CON screen 2"
    assert network.send("", later=60_000) == "CON screen 1"
    assert network.send("", later=2 * DAY + 1) == "CON screen 3"
    assert network.heard[-1] == ("arrived", "")
    assert network.send("1") == "CON screen 4"
    assert network.send("1") == "CON screen 4"


def test_a_session_that_was_over_and_goes_on_answers_nothing_blindly(network, database):
    network.send("")
    assert network.send("bye") == "END screen 2"
    network.send("bye*3")
    assert network.heard[-1] == ("arrived", "")


def test_the_networks_own_end_is_kept(network, database):
    network.send("")
    hop = Hop(network.line_id, "s1", PHONE, "", network.at)
    database.step(lambda db: sessions.end(db, hop, network.at))
    network.send("1")
    assert network.heard[-1] == ("arrived", "")


def test_sessions_of_two_numbers_and_of_two_ids_do_not_mix(network):
    network.send("")
    network.send("1")
    network.session = "s2"
    network.send("1")
    assert network.heard == [("arrived", ""), ("said", "1"), ("arrived", "1")]
    network.session = "x" * 500
    assert [network.send("") for _ in range(2)] == ["CON screen 4"] * 2


def test_a_step_that_fails_leaves_no_trace(network):
    network.send("")

    def broken(heard):
        raise ValueError("a defect")

    whole, network.talk = network.talk, broken
    with pytest.raises(ValueError):
        network.send("1")
    network.talk = whole
    assert network.send("1") == "CON screen 2"


@settings(
    max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    keys=st.lists(st.sampled_from(["1", "2", "0", "a*b", "*", "Jakarta"]), max_size=6),
    again=st.lists(st.integers(0, 100), max_size=8),
)
def test_resent_hops_never_change_what_was_heard(app_of_module, keys, again):
    network = app_of_module()
    texts = [""] + ["*".join(keys[: n + 1]) for n in range(len(keys))]
    replies = []
    for n, text in enumerate(texts):
        replies.append(network.send(text))
        for pick in again:
            if pick % len(texts) <= n:
                assert network.send(texts[pick % len(texts)]) == replies[pick % len(texts)]
    assert network.heard == [("arrived", "")] + [("said", key) for key in keys]


@pytest.fixture
def app_of_module(app, database, make_line):
    line, count = make_line("simulator", "ussd"), iter(range(10_000))
    return lambda: Network(database, line.id, session=f"h{next(count)}")


def test_twins_at_the_same_instant_are_answered_once(any_database):
    line = add_line(current_app._get_current_object(), "africastalking", "ussd")
    network = Network(any_database, line.id)
    network.send("")
    for text in ("1", "1*2", "1*2*3"):
        start, replies = threading.Barrier(8), []

        def twin(text=text, start=start, replies=replies):
            start.wait()
            replies.append(network.send(text, later=0))

        threads = [threading.Thread(target=twin) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(replies)) == 1
    assert network.heard == [("arrived", ""), ("said", "1"), ("said", "2"), ("said", "3")]


def test_the_hop_is_a_row_with_its_reply(network, database):
    network.send("MTK5")
    with database.reading() as db:
        row = db.query(Inbox).one()
    assert (row.msisdn, row.text, row.state, row.reply) == (PHONE, "MTK5", "answered", "CON screen 1")


def test_a_session_id_that_is_used_again_after_days_is_told_its_newest_replies(network):
    for _ in range(2):
        network.send("", later=3 * DAY)
        for text in ("1", "1*2"):
            network.send(text)
        assert [network.send(text) for text in ("1", "1*2", "")] == [f"CON screen {len(network.heard) - n}" for n in (1, 0, 2)]
    assert len(network.heard) == 6
