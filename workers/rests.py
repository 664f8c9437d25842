"""Processes that send tell each other which networks to leave alone, in the rows of the lines (``rest_until``).

Each sees for itself (gateway.breaker); this saves the others the errors that it took to see it, and shows it on /metrics.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import bindparam, select, update

from core import clock
from core.database import database
from core.hot import Statement
from gateway.gates import gates, route_of
from gateway.lines import lines
from gateway.tables import Line

_LINES = Line.__table__
_READ = Statement(select(_LINES.c.id, _LINES.c.rest_until).where(_LINES.c.rest_until.is_not(None)))
_WRITE = Statement(update(_LINES).where(_LINES.c.id == bindparam("of_id")).values(rest_until=bindparam("until")))  # type: ignore[arg-type]


def share() -> int:
    """Writes what this process has learnt, reads what others have; how many lines were written."""
    routes: dict[str, list[Line]] = {}
    for line in lines().active("sms"):
        routes.setdefault(route_of(line), []).append(line)
    said = {row.id: row.rest_until for row in database().step(lambda db: db.all(_READ), seconds=5)}
    now = clock.now()
    written: list[tuple[int, int | None]] = []
    for members in routes.values():
        is_new, seconds = gates().news(members[0])
        if is_new:
            until = clock.to_ms(now + timedelta(seconds=seconds)) if seconds else None
            written += [(line.id, until) for line in members if said.get(line.id) != until]
        else:
            left = max((said.get(line.id) or 0) - clock.to_ms(now) for line in members) / 1000
            gates().hear(members[0], max(0.0, left))
    if written:
        database().step(lambda db: [db.run(_WRITE, of_id=of, until=until) for of, until in written], seconds=5)
    return len(written)
