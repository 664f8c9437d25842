"""Breaker, bulkhead, bucket and failover, on a clock that the test moves."""

from __future__ import annotations

from collections import Counter

import pytest

from gateway.breaker import IN_A_ROW, OPEN_S, Breaker
from gateway.gates import MOST_IN_FLIGHT, Gates
from gateway.provider import AMBIGUOUS, NOT_SENT, REFUSED, WAIT, SendFailed
from gateway.tables import Line
from gateway.traffic import Receipt

GOOD, BAD = Receipt("p"), SendFailed(NOT_SENT, "refused")


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def at():
    return Clock()


@pytest.fixture
def gates(at):
    return Gates(4, at)


def line(number, **options):
    return Line(id=number, provider="http", address=str(number), send_url=f"http://gateway{number}:13013/send", options=options)


def send(gates, where, outcome=GOOD, took=0.1, times=1, segments=1):
    for _ in range(times):
        gates.began(where, segments)
        gates.ended(where, outcome, took)


def test_errors_in_a_row_open_and_a_good_try_closes(gates, at):
    one = line(1)
    send(gates, one, BAD, times=IN_A_ROW - 1)
    assert gates.room(one)[0] == 4
    send(gates, one, BAD)
    assert gates.room(one)[0] == 0
    at.now += OPEN_S
    assert gates.room(one)[0] == 1
    gates.began(one, 1)
    assert gates.room(one)[0] == 0  # one tries, the others wait for its fate
    gates.ended(one, GOOD, 0.1)
    assert gates.room(one)[0] == 4


def test_a_try_that_fails_keeps_it_open_twice_as_long(gates, at):
    one = line(1)
    send(gates, one, BAD, times=IN_A_ROW)
    at.now += OPEN_S
    send(gates, one, SendFailed(AMBIGUOUS, "timeout"))
    at.now += OPEN_S
    assert gates.room(one)[0] == 0
    at.now += OPEN_S
    assert gates.room(one)[0] == 1


def test_a_try_that_was_not_begun_after_all_proves_nothing(gates, at):
    one = line(1)
    send(gates, one, BAD, times=IN_A_ROW)
    at.now += OPEN_S
    send(gates, one, None)
    assert gates.room(one)[0] == 1


def test_fifty_errors_in_a_minute_open_though_good_ones_are_between():
    breaker = Breaker()
    for n in range(49):
        breaker.ended(n, 0.1, True)
        breaker.ended(n, 0.1, False)
    assert not breaker.is_open(49)
    breaker.ended(49, 0.1, True)
    assert breaker.is_open(49)


def test_old_errors_are_forgotten():
    breaker = Breaker()
    for n in range(200):
        breaker.ended(2 * n, 0.1, True)
        breaker.ended(2 * n, 0.1, False)
        assert not breaker.is_open(2 * n)


def test_answers_that_take_too_long_open():
    breaker = Breaker()
    for n in range(19):
        breaker.ended(n, 6.0, False)
    assert not breaker.is_open(19)
    breaker.ended(19, 6.0, False)
    assert breaker.is_open(19)


def test_what_a_provider_refuses_is_no_error_of_its(gates):
    one = line(1)
    send(gates, one, SendFailed(REFUSED, "bad number"), times=100)
    assert gates.room(one)[0] == 4


def test_a_route_that_hangs_leaves_the_others_their_senders(gates):
    one, other = line(1), line(2)
    for _ in range(4):
        gates.began(one, 1)
    assert (gates.room(one)[0], gates.room(other)[0]) == (0, 4)


def test_a_bucket_counts_segments_not_messages(gates, at):
    one = line(1, per_second=2)
    sent = 0
    for _ in range(1000):
        while gates.room(one)[1]:
            send(gates, one, segments=3)
            sent += 3
        at.now += gates.wait(one) or 0.01
        if at.now >= 1100:
            break
    assert 200 <= sent <= 206  # two a second for a hundred seconds, and the second's worth at the start


def test_retry_after_holds_the_whole_line(gates, at):
    one = line(1)
    send(gates, one, SendFailed(WAIT, "429", 40))
    assert (gates.room(one), gates.wait(one)) == ((0, 0), 40)
    at.now += 40
    assert gates.room(one)[0] == 4


def shares(gates, where, others, times=100):
    return dict(Counter(gates.pick(where, others).id for _ in range(times)))


def test_a_line_that_fails_gives_way_by_tens_and_comes_back_by_tens(gates, at):
    one, two, three = line(1, failover={"http/2": 30, "http/3": 10}), line(2), line(3)
    lines = [one, two, three]
    assert shares(gates, one, lines) == {1: 100}
    send(gates, one, BAD)
    assert shares(gates, one, lines) == {1: 90, 2: 7, 3: 3} or shares(gates, one, lines)[1] == 90
    for _ in range(20):
        at.now += 1
        send(gates, one, BAD)
        send(gates, one)
    assert shares(gates, one, lines)[1] == 10
    at.now += 10
    send(gates, one, times=5)
    assert shares(gates, one, lines)[1] == 20


def test_an_open_breaker_sends_everything_elsewhere_and_nowhere_where_nobody_is_well(gates):
    one, two = line(1, failover={"http/2": 1}), line(2)
    send(gates, one, BAD, times=IN_A_ROW)
    assert shares(gates, one, [one, two]) == {2: 100}
    send(gates, two, BAD, times=IN_A_ROW)
    assert shares(gates, one, [one, two]) == {1: 100}
    assert gates.room(one)[0] == 0


def test_a_line_without_failover_keeps_its_own(gates):
    one, two = line(1), line(2)
    send(gates, one, BAD, times=IN_A_ROW)
    assert shares(gates, one, [one, two]) == {1: 100}


def test_messages_in_flight_are_bound_however_few_requests_they_are_in(gates):
    one = line(1)
    gates.began(one, 300, messages=300)
    assert gates.room(one) == (3, MOST_IN_FLIGHT - 300)
    gates.began(one, 200, messages=MOST_IN_FLIGHT - 300)
    assert gates.room(one) == (0, 0)
    gates.ended(one, GOOD, 0.1, messages=300)
    assert gates.room(one) == (3, 300)
