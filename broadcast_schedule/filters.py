"""Days and hours as the timetables' templates say them, in the reader's language."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from babel.dates import get_day_names
from flask_babel import format_date, get_locale
from flask_babel import gettext as _

from broadcast_schedule import patterns, weeks, words
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


def repeats(slot: Slot, names: str) -> str:
    """Sen, Rab, tiap 2 minggu; tiap bulan, tanggal 31; sekali"""
    if names:
        return names if slot.every_weeks == 1 else _("%(days)s, tiap %(n)s minggu", days=names, n=slot.every_weeks)
    if not slot.pattern:
        return str(_("sekali"))
    pattern = patterns.read(slot.pattern)
    if pattern.frequency != "monthly" or pattern.months or pattern.positions:
        return slot.pattern.replace(";", " ")
    if pattern.days and not pattern.month_days:
        said = ", ".join(_nth(n, weekday) for n, weekday in pattern.days)
    else:
        days = pattern.month_days or (slot.starts_on.day,)
        said = _("tanggal %(days)s", days=", ".join(str(day) if day > 0 else _("terakhir") for day in days))
    every = _("tiap bulan") if pattern.interval == 1 else _("tiap %(n)s bulan", n=pattern.interval)
    return f"{every}, {said}"


def _nth(n: int, weekday: int) -> str:
    if n == 0:
        return weekday_name(weekday)
    which = _("ke-%(n)s", n=n) if n > 0 else _("terakhir")
    return f"{weekday_name(weekday)} {which}"


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
        repeats,
        zone_words,
    )
}
