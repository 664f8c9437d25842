"""Writes published timetables further, as days go by."""

from __future__ import annotations

from broadcast_schedule import editions
from core import clock
from core.database import database


def extend() -> int:
    """Brings every published weekly slot up to the horizon; how many occurrences that were."""
    with database().writing() as db:
        return editions.extend(db, clock.now())
