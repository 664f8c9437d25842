"""Several steps to a commit: who is waited for, and who is not."""

from __future__ import annotations

import queue

import pytest

from core.hot import GRACE, Ticket


class Watched(queue.SimpleQueue):
    """A writer's queue that knows how long it was waited for, and from which somebody comes while it is."""

    def __init__(self):
        self.waits, self.to_come = [], []

    def get(self, block=True, timeout=None):
        if timeout is not None and self.empty():
            self.waits.append(timeout)
            if self.to_come:
                self.put(self.to_come.pop())
        return super().get(block, timeout)


@pytest.fixture
def watched(database):
    database._writer._queue = Watched()
    return database._writer._queue


@pytest.fixture
def commits(database):
    """COMMITs of the writer."""
    found, connect = [], database._writer._connect

    def traced():
        connection = connect()
        connection.set_trace_callback(lambda sql: found.append(sql) if sql == "COMMIT" else None)
        return connection

    database._writer._connect = traced
    return found


def test_who_came_with_others_the_last_time_is_waited_for_once(database, watched, commits):
    database._writer._together = 3
    late = Ticket(lambda db: "late")
    watched.to_come.append(late)
    assert database.step(lambda db: "early") == "early"
    assert (late.wait(5), late.result, commits, watched.waits) == (True, "late", ["COMMIT"], [GRACE])


def test_company_that_stays_away_is_forgotten_and_who_is_alone_waits_for_nobody(database, watched, commits):
    database._writer._together = 3
    for _ in range(5):
        database.step(lambda db: None)
    assert (watched.waits, len(commits)) == ([GRACE, GRACE], 5)
