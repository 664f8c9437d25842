"""A polite limit for pages that anybody may use. In this process alone: it slows a visitor, it does not guard a secret."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable


class Pace:
    """``at_once`` uses in a row, then ``per_second``. Of each key (an address); the ``remembered`` newest keys are known."""

    def __init__(self, at_once: int, per_second: float, remembered: int = 10_000, clock: Callable[[], float] = time.monotonic):
        self._at_once, self._per_second, self._remembered, self._clock = at_once, per_second, remembered, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def allows(self, key: str) -> bool:
        """True, and one use is counted; False where ``key`` has to wait."""
        now = self._clock()
        with self._lock:
            left, at = self._left.pop(key, (float(self._at_once), now))
            left = min(self._at_once, left + (now - at) * self._per_second)
            allowed = left >= 1
            self._left[key] = (left - 1 if allowed else left, now)
            if len(self._left) > self._remembered:
                self._left.popitem(last=False)
        return allowed
