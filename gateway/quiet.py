"""Quiet hours: from 20.00 to 07.00 where the school is, no phone rings because of an announcement. Answers go at any hour.

A message carries one evening's 20.00 as an instant (``quiet_at``). Indonesia's clocks are never changed, so every other evening
is a whole number of days away from it.
"""

from __future__ import annotations

from datetime import datetime

from core import clock

BEGINS = 20  # o'clock
LASTS_MS = 11 * 3_600_000
DAY_MS = 86_400_000


def evening(now: datetime, zone: str) -> datetime:
    """When quiet hours begin in ``zone`` on the day that ``now`` falls on there."""
    return now.astimezone(clock.zone(zone)).replace(hour=BEGINS, minute=0, second=0, microsecond=0).astimezone(now.tzinfo)


def ends_at(at_ms: int, quiet_at_ms: int | None) -> int | None:
    """When the quiet hours end that ``at_ms`` falls into; None where it may be sent."""
    if quiet_at_ms is None:
        return None
    since = (at_ms - quiet_at_ms) % DAY_MS
    return at_ms - since + LASTS_MS if since < LASTS_MS else None


def first_hour(now: datetime, zone: str) -> datetime:
    """``now``, or the morning after it where it falls into quiet hours."""
    ends = ends_at(clock.to_ms(now), clock.to_ms(evening(now, zone)))
    return now if ends is None else clock.from_ms(ends)
