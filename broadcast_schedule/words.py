"""A day, an hour and a span as people read them, the zone always said. Pure.

Functions that make sentences take ``_`` (a gettext that fills ``%(name)s``) and ``language``, so that one sentence serves
pages, commands and SMS.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from babel.dates import format_date

Phrases = Callable[..., str]


def in_indonesian(phrase: str, **values: object) -> str:
    """The source language: the phrase itself."""
    return phrase % values if values else phrase


def day_of(instant: datetime | date, zone: str, language: str = "id") -> str:
    """Senin, 13 April 2020"""
    return format_date(_local_date(instant, zone), "EEEE, d MMMM y", locale=language)


def short_day(instant: datetime | date, zone: str, language: str = "id") -> str:
    """Sen 13 Apr"""
    return format_date(_local_date(instant, zone), "EEE d MMM", locale=language).replace(".", "")


def _local_date(instant: datetime | date, zone: str) -> date:
    return instant.astimezone(ZoneInfo(zone)).date() if isinstance(instant, datetime) else instant


def hour(instant: datetime, zone: str, language: str = "id") -> str:
    """08.00 WIB"""
    local = instant.astimezone(ZoneInfo(zone))
    return f"{clock_of(local, language)} {local.tzname()}"


def span(start: datetime, end: datetime, zone: str, language: str = "id") -> str:
    """08.00–08.30 WIB; what ends at midnight ends at 24.00"""
    first, last = start.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
    is_midnight = last.time() == time() and last.date() > first.date()
    ends = clock_of(last, language).replace("00", "24", 1) if is_midnight else clock_of(last, language)
    return f"{clock_of(first, language)}–{ends} {first.tzname()}"


def clock_of(local: datetime | time, language: str = "id") -> str:
    """08.00; elsewhere than in Indonesian 08:00"""
    return f"{local:%H.%M}" if language == "id" else f"{local:%H:%M}"
