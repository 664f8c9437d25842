from __future__ import annotations

import threading
from time import perf_counter, thread_time

import pytest

from gateway import meters


@pytest.fixture(autouse=True)
def anew():
    meters.forget()
    yield
    meters.forget()


def test_hops_are_counted_by_line_outcome_and_time(monkeypatch):
    for milliseconds, outcome in ((1, "con"), (1.5, "con"), (3, "end"), (5000, "busy")):
        monkeypatch.setattr(meters, "perf_counter", lambda took=milliseconds: 100 + took / 1000)
        meters.hop(7, outcome, 100)
    meter = meters.read()[7]
    assert meter.outcomes == {"con": 2, "end": 1, "busy": 1, "shed": 0, "refused": 0, "failed": 0}
    assert (meter.buckets, meter.count, round(meter.seconds, 4)) == ([2, 1] + [0] * 8 + [1], 4, 5.0055)
    assert (meter.below_ms(0.5), meter.below_ms(0.75), meter.below_ms(0.99)) == (2, 5, None)


def test_no_hop_is_lost_among_threads():
    def press():
        for _ in range(2000):
            meters.hop(1, "con", perf_counter())

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (meters.read()[1].count, meters.read()[1].outcomes["con"]) == (16_000, 16_000)


def test_a_hop_costs_next_to_nothing():
    """A microsecond or two; told by what a machine is as fast as: less than reading a hundred numbers from their letters."""

    def best(work):
        took = []
        for _ in range(30):
            began = thread_time()
            for _ in range(200):
                work()
            took.append(thread_time() - began)
        return min(took)

    assert best(lambda: meters.hop(1, "con", 0.0)) < best(lambda: [int("12345") for _ in range(100)])
