"""Tells stations' contacts by SMS what is offered, reminds them once, and asks once a day what they aired. By day alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import structlog

from broadcast_schedule import station_news
from core import clock
from core.database import database
from core.hot import Hot
from core.phrases import SOURCE, phrases
from gateway import opt_out, pushes
from gateway.lines import lines
from gateway.tables import Line

LIFE = timedelta(hours=6)
log = structlog.get_logger()


def tick() -> int:
    """Posts what is due; how many messages. Where it is night, or there is no line and no contact, it stays due."""
    ways = lines().active("sms")
    if not ways:
        return 0
    now, posted = clock.now(), 0
    for due, write in ((_untold, _tell), (_unanswered, _remind), (_silent, _ask)):
        for row in database().step(lambda db, due=due: due(db, now), seconds=10):  # type: ignore[misc]
            try:
                posted += database().step(lambda db, write=write, row=row: write(db, ways, row, now), seconds=10)  # type: ignore[misc]
            except Exception as error:
                log.error("station_news_failed", error=type(error).__name__)
    return posted


def _untold(db: Hot, now: datetime) -> list[Any]:
    return station_news.untold(db)


def _unanswered(db: Hot, now: datetime) -> list[Any]:
    return station_news.unanswered(db, now)


def _silent(db: Hot, now: datetime) -> list[Any]:
    return station_news.to_ask(db, now)


def _tell(db: Hot, ways: list[Line], row: Any, now: datetime) -> int:
    sent = _send(db, ways, f"offer{row.offered_at}", row, station_news.offer_words(row, phrases(SOURCE)), now)
    if sent:
        station_news.told(db, row.id, now)
    return sent


def _remind(db: Hot, ways: list[Line], row: Any, now: datetime) -> int:
    sent = _send(db, ways, f"offer again{row.offered_at}", row, station_news.reminder_words(row, phrases(SOURCE)), now)
    if sent:
        station_news.reminded(db, row.id, now)
    return sent


def _ask(db: Hot, ways: list[Line], station: Any, now: datetime) -> int:
    rows = station_news.unreported(db, station.id, now)
    if not rows or not station_news.take_day(db, station, now):
        return 0
    text = station_news.question_words(rows, station.time_zone, phrases(SOURCE))
    day = now.astimezone(clock.zone(station.time_zone)).toordinal()
    return _push(db, ways, "as-run", station.id, day, station.time_zone, text, now)


def _send(db: Hot, ways: list[Line], kind: str, row: Any, text: str, now: datetime) -> int:
    return _push(db, ways, kind, row.station_id, row.id, row.time_zone, text, now)


def _push(db: Hot, ways: list[Line], kind: str, station_id: int, on: int, zone: str, text: str, now: datetime) -> int:
    """To every contact of the station who wants messages; how many there were."""
    by_id, sent = {line.id: line for line in ways}, 0
    for contact in station_news.contacts(db, station_id):
        if opt_out.is_out(db, contact.msisdn):
            continue
        line = by_id.get(pushes.line_of(db, contact.msisdn) or 0) or ways[0]
        its_id = pushes.post(
            db, kind=kind, of=contact.id, on=on, line=line, msisdn=contact.msisdn, text=text, now=now, life=LIFE, zone=zone,
            school_id=None,
        )  # fmt: skip
        sent += its_id is not None
    return sent
