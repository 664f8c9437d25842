"""What is due by the clock and not by an event. A job here may run late, twice, or in two processes: each claims its rows."""

from __future__ import annotations

import importlib
import time
from dataclasses import dataclass, field

import structlog

log = structlog.get_logger()

# dotted name: every how many seconds. Another room's job is one more line.
EVERY = {
    "workers.outbox.sweep": 5.0,
    "workers.spool.replay": 5.0,
    "workers.rests.share": 2.0,
    "workers.outbox.another_day": 60.0,
    "workers.reminders.tick": 60.0,
    "workers.programmes.tick": 60.0,
    "workers.stations.tick": 60.0,
    "workers.clean.sessions": 3600.0,
    "workers.programmes.clean": 86_400.0,
    "workers.timetables.extend": 21_600.0,
    "workers.media.forget": 21_600.0,
    "workers.files.sweep": 21_600.0,
}


@dataclass
class Periodic:
    """When each job is next due, on this process's own clock that never jumps."""

    next_at: dict[str, float] = field(default_factory=dict)


def run_due(periodic: Periodic) -> list[str]:
    """Runs every job that is due, one failing not holding up the others; returns which ran."""
    ran = []
    for name, seconds in EVERY.items():
        now = time.monotonic()
        if now < periodic.next_at.get(name, 0.0):
            continue
        periodic.next_at[name] = now + seconds
        module, _, function = name.rpartition(".")
        try:
            getattr(importlib.import_module(module), function)()
        except Exception:
            log.exception("periodic_failed", job=name)
        ran.append(name)
    return ran
