"""When a provider is left alone for a while: it answers with errors, or so slowly that it would hold every sender.

Closed: all goes. Open: nothing goes, for OPEN_S, twice as long each time. Half open: one message tries; its fate decides. Kept in
the process that sends, which needs nobody to ask; what it has learnt it tells the others every few seconds (workers.rests), and
believes what they tell until it knows better. Times are monotonic seconds.
"""

from __future__ import annotations

from collections import deque

WINDOW_S = 60.0
ERRORS = 50  # within the window
IN_A_ROW = 10
SLOW_S, SLOW_SHARE, FEWEST = 5.0, 0.05, 20  # p95 above 5 s, of twenty answers or more
OPEN_S, LONGEST_S = 15.0, 300.0
MANY = 1_000_000


class Breaker:
    def __init__(self) -> None:
        self._seen: deque[tuple[float, bool, bool]] = deque(maxlen=1000)  # when, was it an error, was it slow
        self._row = 0
        self._open_until: float | None = None
        self._pause = OPEN_S
        self._is_trying = False
        self._is_hearsay = False  # open because another process says so
        self._told: float | None = None  # what the others know of _open_until

    def is_open(self, now: float) -> bool:
        return self._open_until is not None and now < self._open_until

    def room(self, now: float) -> int:
        """How many requests may begin: none while open, one to try while half open."""
        if self._open_until is None:
            return MANY
        return 0 if now < self._open_until or self._is_trying else 1

    def news(self, now: float) -> tuple[bool, float]:
        """(has it changed since this was last asked, for how many seconds nothing goes: 0 where it may, or may be tried)."""
        is_new, self._told = self._open_until != self._told, self._open_until
        return is_new, max(0.0, (self._open_until or now) - now)

    def hear(self, now: float, seconds: float) -> None:
        """Another process lets nothing go for so many seconds, or (0) finds that all goes. What we saw ourselves counts more."""
        if seconds > 0 and self._open_until is None:
            self._open_until = self._told = now + seconds
            self._is_hearsay = True
        elif seconds == 0 and self._is_hearsay and self.is_open(now):
            self._open_until, self._is_hearsay = None, False
            self._told = None

    def began(self, now: float) -> None:
        if self._open_until is not None:
            self._is_trying = True

    def undone(self) -> None:
        """What began did not go out after all: it has shown nothing, and another may try."""
        self._is_trying = False

    def ended(self, now: float, took: float, is_error: bool) -> None:
        """What became of a request. While open, those that were under way say nothing new."""
        if self._open_until is not None:
            if now >= self._open_until and self._is_trying:
                self._tried(now, is_error or took > SLOW_S)
            return
        self._seen.append((now, is_error, took > SLOW_S))
        self._row = self._row + 1 if is_error else 0
        if is_error or took > SLOW_S:
            self._judge(now)

    def _tried(self, now: float, failed: bool) -> None:
        self._is_trying = self._is_hearsay = False
        if failed:
            self._pause = min(LONGEST_S, 2 * self._pause)
            self._open_until = now + self._pause
        else:
            self._open_until, self._pause, self._row = None, OPEN_S, 0
            self._seen.clear()

    def _judge(self, now: float) -> None:
        while self._seen and self._seen[0][0] < now - WINDOW_S:
            self._seen.popleft()
        errors = sum(is_error for _, is_error, _ in self._seen)
        slow = sum(is_slow for _, _, is_slow in self._seen)
        too_slow = len(self._seen) >= FEWEST and slow > SLOW_SHARE * len(self._seen)
        if errors >= ERRORS or self._row >= IN_A_ROW or too_slow:
            self._open_until = now + self._pause
