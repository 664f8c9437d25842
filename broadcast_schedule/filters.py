"""Days and hours as the timetables' templates say them, in the reader's language."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from babel.dates import get_day_names
from flask_babel import format_date, get_locale

from broadcast_schedule import weeks, words
from broadcast_schedule.recurrence import to_utc
from broadcast_schedule.tables import Slot
from core import clock
from core.pages import page_language


def date_in_words(day: date) -> str:
    """Senin, 13 April 2020"""
    return words.day_of(day, "UTC", page_language())


def read_day(text: str) -> date:
    """The date of its ISO form"""
    return date.fromisoformat(text)


def short_date(day: date) -> str:
    return str(format_date(day, "d MMM y"))


def day_of_grid(day: date) -> str:
    """Sen 13 Apr"""
    return words.short_day(day, "UTC", page_language())


def wall_clock(at: datetime | time) -> str:
    """08.00"""
    return words.clock_of(at, page_language())


def weekday_name(number: int) -> str:
    """Senin, of 0"""
    return str(get_day_names("wide", locale=get_locale())[number])


def span_in(one: Any, zone: str) -> str:
    """08.00–08.30 WIB, of whatever has a start and an end"""
    return _unbroken(words.span(one.start, one.end, zone, page_language()))


def elsewhere(start: datetime, zone: str) -> str:
    return weeks.hours_elsewhere(start, zone, page_language()).replace(" WI", "\u00a0WI")


def wall_time(slot: Slot) -> str:
    """08.00 WIB: the hour of the rule, with its zone's name on its first day"""
    return _unbroken(
        words.hour(to_utc(datetime.combine(slot.starts_on, slot.starts_at), slot.time_zone), slot.time_zone, page_language())
    )


def zone_words(name: str) -> str:
    """WIB (Asia/Jakarta): what people call a zone, and what software does"""
    return f"{clock.zone_label(clock.now(), name)} ({name})" if name in weeks.INDONESIA else name


def _unbroken(text: str) -> str:
    """An hour and its zone stay on one line."""
    return text.replace(" ", "\u00a0")


FILTERS = {
    f.__name__: f
    for f in (
        date_in_words,
        read_day,
        short_date,
        day_of_grid,
        wall_clock,
        weekday_name,
        span_in,
        elsewhere,
        wall_time,
        zone_words,
    )
}
