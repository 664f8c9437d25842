"""A network that one process finds broken is left alone by the others, until it works again."""

from __future__ import annotations

import pytest

from gateway.gates import Gates
from gateway.provider import AMBIGUOUS, SendFailed
from gateway.tables import Line
from gateway.traffic import Receipt
from workers import rests

BROKEN = SendFailed(AMBIGUOUS, "HTTP 500")


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def processes(app, make_line):
    """Two lines of one network and one of another; (the clock, their gates, a function that lets each share once)."""
    lines = [
        make_line("http", "sms", send_url=f"http://{at}/send", address=str(n), token=str(n) * 30) for n, at in enumerate("aab")
    ]
    time = Clock()
    both = [Gates(now=time), Gates(now=time)]

    def share(which):
        app.extensions["gates"] = both[which]
        app.extensions["lines"].expire()
        return rests.share()

    return time, both, share, lines


def send(gates, line, outcome, times=1):
    for _ in range(times):
        gates.began(line, 1)
        gates.ended(line, outcome, 0.1)


def test_what_one_sees_the_other_believes_until_it_works_again(processes, database):
    time, (first, second), share, (a, other_a, b) = processes
    assert (share(0), share(1)) == (0, 0)
    send(first, a, BROKEN, 10)
    assert (share(0), share(1), share(0)) == (2, 0, 0)
    assert [gates.room(line)[0] for gates in (first, second) for line in (a, other_a, b)] == [0, 0, 8, 0, 0, 8]
    with database.reading() as db:
        assert [db.get(Line, line.id).rest_until is not None for line in (a, other_a, b)] == [True, True, False]
    time.now += 15.1
    assert [gates.room(a)[0] for gates in (first, second)] == [1, 1]  # each may try one
    send(second, a, Receipt("1"))
    assert (share(1), share(0)) == (2, 0)
    assert [gates.room(a)[0] for gates in (first, second)] == [1, 8]  # who saw it break tries for himself
    with database.reading() as db:
        assert db.get(Line, a.id).rest_until is None


def test_a_failed_try_prolongs_it_for_both(processes):
    time, (first, second), share, (a, _, _) = processes
    send(first, a, BROKEN, 10)
    share(0), share(1)
    time.now += 15.1
    send(first, a, BROKEN)
    assert share(0) == 2
    time.now += 20
    assert [gates.room(a)[0] for gates in (first, second)] == [0, 1]


def test_hearsay_ends_when_it_is_taken_back(processes):
    _, (first, second), share, (a, _, _) = processes
    send(first, a, BROKEN, 10)
    share(0), share(1)
    assert second.room(a)[0] == 0
    first.hear(a, 0)  # what it saw itself stays
    assert first.room(a)[0] == 0
    second.hear(a, 0)
    assert (second.room(a)[0], share(1)) == (8, 0)
