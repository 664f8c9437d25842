"""How many USSD hops each line had since this process began, how they ended, and how long they took.

A hop costs a lock and two additions here, a microsecond in all; what is read of it is made when somebody asks.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from dataclasses import dataclass, field
from time import perf_counter

# goes on; is over; no time; one too many at once (core.shedding); not readable; a defect of ours
OUTCOMES = ("con", "end", "busy", "shed", "refused", "failed")
EDGES_MS = (2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)  # upper edges; the last bucket has none

_lock = threading.Lock()
_lines: dict[int, Meter] = {}


@dataclass(slots=True)
class Meter:
    outcomes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))
    buckets: list[int] = field(default_factory=lambda: [0] * (len(EDGES_MS) + 1))
    seconds: float = 0.0

    @property
    def count(self) -> int:
        return sum(self.buckets)

    def below_ms(self, share: float) -> int | None:
        """The edge under which ``share`` of the hops stayed; None where there were none, or they took longer than any."""
        wanted, seen = share * self.count, 0
        for edge, number in zip(EDGES_MS, self.buckets, strict=False):
            seen += number
            if number and seen >= wanted:
                return edge
        return None


def hop(line_id: int, outcome: str, began: float) -> None:
    """Counts a hop that began at ``perf_counter()`` ``began`` and has its reply now."""
    took = perf_counter() - began
    bucket = bisect_left(EDGES_MS, took * 1000)
    with _lock:
        meter = _lines.get(line_id)
        if meter is None:
            meter = _lines[line_id] = Meter()
        meter.outcomes[outcome] += 1
        meter.buckets[bucket] += 1
        meter.seconds += took


def read() -> dict[int, Meter]:
    """A copy by line id, which further hops do not change."""
    with _lock:
        return {key: Meter(dict(one.outcomes), list(one.buckets), one.seconds) for key, one in _lines.items()}


def forget() -> None:
    """Begins anew; for tests, which share a process."""
    with _lock:
        _lines.clear()
