"""What may be sent just now, and over which line: breakers, bulkheads, token buckets and failover of the process that sends.

A *route* is a provider and the host it is reached at: two gateways behind the generic provider fail apart. Each route has
its own senders (bulkhead), so that one that hangs holds nobody else's message. A line may say in its options: ``per_second``
(segments a second; a message of n segments costs n) and ``failover``, other lines by "provider/address" with weights. A line
loses a tenth of its messages to those in a second in which it failed, and gets a tenth back in ten seconds that went well.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from gateway.breaker import Breaker
from gateway.provider import AMBIGUOUS, NOT_SENT, WAIT, SendFailed
from gateway.tables import Line
from gateway.traffic import Receipt

MOST_IN_FLIGHT = 500  # messages on a route, however few requests they are in: what a kill can leave unknown
STEP, FLOOR = 10, 10  # of a hundred; a line that got nothing at all would never show that it works again
WORSE_S, BETTER_S = 1.0, 10.0


@dataclass(slots=True)
class _Route:
    breaker: Breaker = field(default_factory=Breaker)
    in_flight: int = 0  # requests
    messages: int = 0  # in them


@dataclass(slots=True)
class _Lane:
    """A line: tokens may fall below nothing, since how many segments a message has is seen when it is claimed."""

    tokens: float
    filled_at: float
    pause_until: float = 0.0
    share: int = 100
    moved_at: float = -1e9
    credits: dict[int, float] = field(default_factory=dict)


def route_of(line: Line) -> str:
    return f"{line.provider} {urlsplit(line.send_url or '').netloc}".strip()


def name_of(line: Line) -> str:
    return f"{line.provider}/{line.address}"


class Gates:
    """``senders``: requests in flight at once on each route."""

    def __init__(self, senders: int = 8, now: Callable[[], float] = time.monotonic):
        self.senders, self._now = senders, now
        self._lock = threading.Lock()
        self._routes: dict[str, _Route] = {}
        self._lanes: dict[int, _Lane] = {}

    def room(self, line: Line) -> tuple[int, int]:
        """(requests, messages) that may begin on ``line`` now."""
        with self._lock:
            return self._room(line, self._now())

    def _room(self, line: Line, now: float) -> tuple[int, int]:
        route, lane = self._route(line), self._lane(line, now)
        requests = min(self.senders - route.in_flight, route.breaker.room(now))
        tokens = MOST_IN_FLIGHT if _rate(line) is None else int(max(0.0, lane.tokens + 1e-6))
        messages = min(tokens, MOST_IN_FLIGHT - route.messages)
        return (0, 0) if now < lane.pause_until or messages < 1 else (max(0, requests), messages)

    def wait(self, line: Line) -> float:
        """Seconds until the line's bucket or its pause lets a message through; 0 where they do."""
        with self._lock:
            now = self._now()
            lane, rate = self._lane(line, now), _rate(line)
            short = 0.0 if rate is None or lane.tokens >= 1 else (1 - lane.tokens) / rate
            return max(short, lane.pause_until - now, 0.0)

    def pick(self, line: Line, others: Iterable[Line]) -> Line:
        """The line that takes the next message posted on ``line``: itself, but for the share that failover has moved.

        Weighted in turn, not at random. A line whose breaker is open is passed over.
        """
        weights = _failover(line)
        if not weights:
            return line
        named = [(other, weights[name_of(other)]) for other in others if weights.get(name_of(other), 0) and other.id != line.id]
        total = sum(weight for _, weight in named)
        with self._lock:
            now = self._now()
            lane = self._lane(line, now)
            shares = [(line, float(lane.share))] + [(other, (100 - lane.share) * weight / total) for other, weight in named]
            if self._room(line, now)[0] == 0 and self._route(line).breaker.room(now) == 0:  # all of it goes elsewhere
                shares = [(other, float(weight)) for other, weight in named]
            shares = [(one, share) for one, share in shares if share and self._route(one).breaker.room(now)]
            if not shares:
                return line
            for one, share in shares:
                lane.credits[one.id] = lane.credits.get(one.id, 0.0) + share
            chosen = max(shares, key=lambda pair: lane.credits[pair[0].id])[0]
            lane.credits[chosen.id] -= sum(share for _, share in shares)
            return chosen

    def began(self, line: Line, segments: int, messages: int = 1) -> None:
        """A request of so many segments and messages begins."""
        with self._lock:
            now = self._now()
            self._lane(line, now).tokens -= segments
            route = self._route(line)
            route.in_flight += 1
            route.messages += messages
            route.breaker.began(now)

    def ended(self, line: Line, outcome: Receipt | SendFailed | None, took: float, messages: int = 1) -> None:
        """And has ended. None: it was not begun after all, or broke here and not there."""
        with self._lock:
            now = self._now()
            route, lane = self._route(line), self._lane(line, now)
            route.in_flight -= 1
            route.messages -= messages
            if outcome is None:
                route.breaker.undone()
                return
            is_error = isinstance(outcome, SendFailed) and outcome.retry in (NOT_SENT, AMBIGUOUS)
            route.breaker.ended(now, took, is_error)
            if isinstance(outcome, SendFailed) and outcome.retry == WAIT:
                lane.pause_until = max(lane.pause_until, now + max(1, outcome.seconds))  # its Retry-After is for all of the line
            if is_error or route.breaker.is_open(now):
                self._move(lane, now, -STEP, WORSE_S)
            elif isinstance(outcome, Receipt):
                self._move(lane, now, STEP, BETTER_S)

    def state(self) -> dict[str, tuple[int, bool]]:
        """By route: (requests in flight, is its breaker open)."""
        with self._lock:
            now = self._now()
            return {name: (one.in_flight, one.breaker.is_open(now)) for name, one in sorted(self._routes.items())}

    def news(self, line: Line) -> tuple[bool, float]:
        """What the breaker of the line's route has to tell other processes (Breaker.news)."""
        with self._lock:
            return self._route(line).breaker.news(self._now())

    def hear(self, line: Line, seconds: float) -> None:
        """What another process says of the line's route (Breaker.hear)."""
        with self._lock:
            self._route(line).breaker.hear(self._now(), seconds)

    def _move(self, lane: _Lane, now: float, by: int, every: float) -> None:
        if now - lane.moved_at >= every:
            lane.share, lane.moved_at = min(100, max(FLOOR, lane.share + by)), now

    def _route(self, line: Line) -> _Route:
        return self._routes.setdefault(route_of(line), _Route())

    def _lane(self, line: Line, now: float) -> _Lane:
        rate = _rate(line) or 0.0
        most = max(1.0, rate)  # a second's worth may go at once
        lane = self._lanes.get(line.id)
        if lane is None:
            lane = self._lanes[line.id] = _Lane(most, now)
        lane.tokens = min(most, lane.tokens + (now - lane.filled_at) * rate)
        lane.filled_at = now
        return lane


def _rate(line: Line) -> float | None:
    said = (line.options or {}).get("per_second")
    return float(said) if isinstance(said, int | float) and not isinstance(said, bool) and said > 0 else None


def _failover(line: Line) -> dict[str, int]:
    said: Any = (line.options or {}).get("failover")
    return {str(name): int(weight) for name, weight in said.items() if weight} if isinstance(said, dict) else {}


def gates() -> Gates:
    """Those of the running application."""
    found: Gates = current_app.extensions.setdefault("gates", Gates())
    return found
