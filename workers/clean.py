"""Removes what has served its time."""

from __future__ import annotations

from datetime import timedelta

from core import clock
from core.database import database
from gateway import retention

# A network sends a hop again within minutes, a signed message may be replayed for weeks: the inbox must still know it.
KEEP = timedelta(days=35)


def sessions() -> int:
    """Removes USSD sessions, hops and messages older than KEEP, a few hundred at a time; how many went."""
    before = clock.to_ms(clock.now() - KEEP)
    total = 0
    while gone := database().step(lambda db: retention.remove(db, before), seconds=10):
        total += gone
    return total
