"""Takes back the room of recordings and pictures that no draft and no edition names any more."""

from __future__ import annotations

from datetime import timedelta

from core import clock
from core.database import database
from lessons import media

YOUNG = timedelta(days=1)  # a form may be open all day on what was handed in this morning


def forget() -> int:
    """How many rows went; their bytes go with the next sweep (workers.files). What is named is read before anybody waits."""
    with database().reading() as db:
        rows = media.unnamed(db, clock.now() - YOUNG)
    if not rows:
        return 0
    with database().writing() as db:
        return media.forget(db, rows)
