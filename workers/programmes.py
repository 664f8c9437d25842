"""Tells those who asked for it, a quarter of an hour before, what is about to be aired. By day, once for each airing.

Late is never: a message expires when the programme begins, and one that fell into quiet hours is not sent afterwards.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from core import clock, msisdn
from core.database import database
from core.hot import Hot
from gateway import caps, opt_out, pushes
from gateway.lines import lines
from gateway.tables import Line
from lessons import listening
from lessons.listening import Due

KIND = "programme"
KEPT = timedelta(days=90)  # how long it is known of which airings somebody was told
log = structlog.get_logger()


def tick() -> int:
    """Posts what is due; how many. One that fails holds up nobody else: it is tried again until the programme begins."""
    now = clock.now()
    ways = {line.id: line for line in lines().active("sms")}
    found = database().step(lambda db: listening.due(db, now), seconds=10) if ways else []
    posted = 0
    for one in found:
        try:
            posted += database().step(lambda db, one=one: remind(db, ways, one, now), seconds=10)  # type: ignore[misc]
        except Exception as error:
            log.error("programme_reminder_failed", slot=one.slot, error=type(error).__name__)
    return posted


def clean() -> int:
    """Forgets of which airings learners were told, once those are long over."""
    before = clock.now() - KEPT
    return database().step(lambda db: listening.forget(db, before), seconds=10)


def remind(db: Hot, ways: dict[int, Line], one: Due, now: datetime) -> bool:
    """Posts the reminder; False where it was taken before, or may not go."""
    if opt_out.is_out(db, one.msisdn):
        return False
    taken = listening.take(db, one, now)
    if taken is None:
        return False
    who, text = one.learners[0], listening.message(one)
    told = pushes.count(db, KIND, who, one.msisdn, now - timedelta(days=1))
    if told >= listening.A_DAY or caps.exceeded(db, one.msisdn, text, now):
        return False
    line = ways.get(pushes.line_of(db, one.msisdn) or 0) or next(iter(ways.values()))
    its_id = pushes.post(
        db, kind=KIND, of=who, on=taken, line=line, msisdn=one.msisdn, text=text, now=now, life=one.start - now, zone=one.zone,
        school_id=one.school,
    )  # fmt: skip
    log.info("programme_reminder", msisdn=msisdn.masked(one.msisdn), is_posted=its_id is not None)
    return its_id is not None
