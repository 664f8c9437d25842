"""Sends the daily set to those who asked for it, at their hour: by day, five a week at most, once a day however often it runs."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from core import clock, msisdn
from core.database import database
from core.hot import Hot
from gateway import opt_out, pushes
from gateway.lines import lines
from gateway.tables import Line
from lessons import reminding
from lessons.library import Library, library
from lessons.reminding import Due

KIND = "practice"
LIFE = timedelta(hours=3)  # then it is no longer her hour
log = structlog.get_logger()


def tick() -> int:
    """Posts what is due; how many. One that fails holds up nobody else: it is tried again while her hour lasts."""
    content, now = library(), clock.now()
    ways = {line.id: line for line in lines().active("sms")}
    found = database().step(lambda db: reminding.due(db, now), seconds=10) if ways else []
    posted = 0
    for one in found:
        try:
            posted += database().step(lambda db, one=one: remind(db, content, ways, one, now), seconds=10)  # type: ignore[misc]
        except Exception as error:
            log.error("reminder_failed", learner=one.learner, error=type(error).__name__)
    return posted


def remind(db: Hot, content: Library, ways: dict[int, Line], one: Due, now: datetime) -> bool:
    """Posts her reminder; False where there is none today, or not now."""
    if opt_out.is_out(db, one.msisdn) or reminding.is_busy(db, one, now) or not reminding.take(db, one):
        return False
    if pushes.count(db, KIND, one.learner, one.msisdn, now - timedelta(days=7)) >= reminding.A_WEEK:
        return False
    text = reminding.message(db, content, one, now)
    line = ways.get(pushes.line_of(db, one.msisdn) or 0) or next(iter(ways.values()))
    if not text:
        return False
    its_id = pushes.post(
        db, kind=KIND, of=one.learner, on=one.day, line=line, msisdn=one.msisdn, text=text, now=now, life=LIFE, zone=one.zone,
        school_id=one.school,
    )  # fmt: skip
    log.info("reminder", msisdn=msisdn.masked(one.msisdn), is_posted=its_id is not None)
    return its_id is not None
