"""Repetitions beyond plain weeks, by the names and rules of RFC 5545, as local dates. Pure.

Read: FREQ (daily to yearly), INTERVAL, BYDAY (with numbers where a month or a year is counted), BYMONTHDAY, BYMONTH, BYSETPOS,
WKST. A day that a month lacks is left out, never moved. A period's set is always that of the whole period: BYSETPOS in the week
or month of the first airing counts the days before it too, and only then are they left out.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
Frequency = Literal["daily", "weekly", "monthly", "yearly"]
LONGEST_INTERVAL = 1000
LAST_DAY = date.max.toordinal()


@dataclass(frozen=True, slots=True)
class Pattern:
    """``days`` are (n, weekday): n is 0 for every such day, 2 for the second, -1 for the last. Monday is 0.

    Without any of ``days`` and ``month_days`` the first airing's own day (of week, month or year) is meant.
    """

    frequency: Frequency
    interval: int = 1
    days: tuple[tuple[int, int], ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    week_start: int = 0


def dates(pattern: Pattern, first: date, since: date, until: date) -> Iterator[date]:
    """The pattern's dates in [since, until), in order, begun on ``first``. Costs what the window costs, however old it is."""
    low = max(first, since).toordinal()
    high = min(until.toordinal() - 1, LAST_DAY)
    for days in _periods(pattern, first, low, high):
        if pattern.positions:
            days = _at(pattern.positions, days)
        for day in days:
            if low <= day <= high:
                yield date.fromordinal(day)


def _periods(pattern: Pattern, first: date, low: int, high: int) -> Iterator[list[int]]:
    """The whole set (ordinals, in order) of each period that reaches into [low, high]."""
    begun = first.toordinal()
    if pattern.frequency == "daily":
        for day in range(begun + _steps(begun, low, pattern.interval), high + 1, pattern.interval):
            yield _kept([day], pattern, [w for _n, w in pattern.days])
    elif pattern.frequency == "weekly":
        weekdays = [w for _n, w in pattern.days] or [first.weekday()]
        week = begun - (first.weekday() - pattern.week_start) % 7
        step = 7 * pattern.interval
        for start in range(week + _steps(week, low - 6, step), high + 1, step):
            yield _kept(range(start, min(start + 7, LAST_DAY + 1)), pattern, weekdays)
    elif pattern.frequency == "monthly":
        month = first.year * 12 + first.month - 1
        lowest = date.fromordinal(low)
        for number in range(
            month + _steps(month, lowest.year * 12 + lowest.month - 1, pattern.interval), 120_000, pattern.interval
        ):
            year, at = divmod(number, 12)
            if date(year, at + 1, 1).toordinal() > high:
                return
            if not pattern.months or at + 1 in pattern.months:
                yield _month(pattern, year, at + 1, first.day)
    else:
        lowest = date.fromordinal(low)
        for year in range(first.year + _steps(first.year, lowest.year, pattern.interval), 10_000, pattern.interval):
            if date(year, 1, 1).toordinal() > high:
                return
            yield _year(pattern, year, first)


def _steps(begun: int, wanted: int, step: int) -> int:
    """How far to go from ``begun`` in whole steps so as not to pass ``wanted``."""
    return max(0, (wanted - begun) // step * step)


def _at(positions: tuple[int, ...], days: list[int]) -> list[int]:
    found = {days[p - 1 if p > 0 else p] for p in positions if abs(p) <= len(days)}
    return sorted(found)


def _kept(days: range | list[int], pattern: Pattern, weekdays: list[int]) -> list[int]:
    kept = [day for day in days if not weekdays or (day - 1) % 7 in weekdays]  # ordinal 1 was a Monday
    if pattern.months or pattern.month_days:
        kept = [day for day in kept if _is_in(pattern, date.fromordinal(day))]
    return kept


def _is_in(pattern: Pattern, day: date) -> bool:
    if pattern.months and day.month not in pattern.months:
        return False
    return not pattern.month_days or bool({day.day, day.day - monthrange(day.year, day.month)[1] - 1} & {*pattern.month_days})


def _month(pattern: Pattern, year: int, month: int, own_day: int) -> list[int]:
    first, length = date(year, month, 1).toordinal(), monthrange(year, month)[1]
    wanted = pattern.month_days or (() if pattern.days else (own_day,))
    found: set[int] | None = None
    if wanted:
        found = {first + (d - 1 if d > 0 else length + d) for d in wanted if -length <= d <= length}
    if pattern.days:
        named = _numbered(pattern.days, first, length)
        found = named if found is None else found & named
    return sorted(found or ())


def _numbered(days: tuple[tuple[int, int], ...], first: int, length: int) -> set[int]:
    """The days of these names and numbers among the ``length`` days from ``first`` on."""
    found: set[int] = set()
    for n, weekday in days:
        same = range(first + (weekday - (first - 1)) % 7, first + length, 7)
        if n == 0:
            found.update(same)
        elif abs(n) <= len(same):
            found.add(same[n - 1 if n > 0 else n])
    return found


def _year(pattern: Pattern, year: int, first: date) -> list[int]:
    if pattern.days and not pattern.months:  # numbers count within the year
        begin = date(year, 1, 1).toordinal()
        named = _numbered(pattern.days, begin, date(year, 12, 31).toordinal() - begin + 1)
        return sorted(day for day in named if _is_in(pattern, date.fromordinal(day)))
    months = pattern.months or (tuple(range(1, 13)) if pattern.month_days else (first.month,))
    return [day for month in sorted(set(months)) for day in _month(pattern, year, month, first.day)]


def write(pattern: Pattern) -> str:
    """The text that ``read`` reads: "FREQ=MONTHLY;BYDAY=-1FR"."""
    parts = [f"FREQ={pattern.frequency.upper()}"]
    if pattern.interval != 1:
        parts.append(f"INTERVAL={pattern.interval}")
    if pattern.days:
        parts.append("BYDAY=" + ",".join(f"{n or ''}{DAYS[weekday]}" for n, weekday in pattern.days))
    for name, numbers in (("BYMONTHDAY", pattern.month_days), ("BYMONTH", pattern.months), ("BYSETPOS", pattern.positions)):
        if numbers:
            parts.append(f"{name}=" + ",".join(str(n) for n in numbers))
    if pattern.week_start:
        parts.append(f"WKST={DAYS[pattern.week_start]}")
    return ";".join(parts)


def read(text: str) -> Pattern:
    """The pattern of an RRULE's text, COUNT and UNTIL taken out. Raises ValueError, naming the part that has no exact meaning."""
    parts: dict[str, str] = {}
    for part in text.upper().split(";"):
        name, _equals, value = part.partition("=")
        if name in parts or not value:
            raise ValueError(part or text)
        parts[name] = value
    unknown = parts.keys() - {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"}
    frequency = parts.get("FREQ", "").lower()
    if unknown or frequency not in get_args(Frequency):
        raise ValueError(", ".join(sorted(unknown)) or f"FREQ={parts.get('FREQ', '')}")
    days = _days(parts["BYDAY"]) if "BYDAY" in parts else ()
    if frequency in ("daily", "weekly") and any(n for n, _weekday in days):
        raise ValueError(f"BYDAY={parts['BYDAY']}")
    if frequency == "weekly" and "BYMONTHDAY" in parts:
        raise ValueError(f"BYMONTHDAY={parts['BYMONTHDAY']}")
    if "BYSETPOS" in parts and not parts.keys() & {"BYDAY", "BYMONTHDAY", "BYMONTH"}:
        raise ValueError(f"BYSETPOS={parts['BYSETPOS']}")
    return Pattern(
        frequency,  # type: ignore[arg-type]
        _numbers(parts, "INTERVAL", LONGEST_INTERVAL, signed=False)[0] if "INTERVAL" in parts else 1,
        days,
        _numbers(parts, "BYMONTHDAY", 31),
        _numbers(parts, "BYMONTH", 12, signed=False),
        _numbers(parts, "BYSETPOS", 366),
        DAYS.index(parts["WKST"]) if parts.get("WKST", "MO") in DAYS[1:] else _monday(parts),
    )


def _monday(parts: dict[str, str]) -> int:
    if parts.get("WKST", "MO") != "MO":
        raise ValueError(f"WKST={parts['WKST']}")
    return 0


def _days(text: str) -> tuple[tuple[int, int], ...]:
    found = []
    for one in text.split(","):
        read_as = re.fullmatch(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)", one, re.ASCII)
        n = int(read_as[1] or 0) if read_as else 99
        if read_as is None or abs(n) > 53 or (read_as[1] and n == 0):
            raise ValueError(f"BYDAY={text}")
        found.append((n, DAYS.index(read_as[2])))
    return tuple(dict.fromkeys(found))


def _numbers(parts: dict[str, str], name: str, most: int, signed: bool = True) -> tuple[int, ...]:
    if name not in parts:
        return ()
    found = []
    for one in parts[name].split(","):
        if (
            not re.fullmatch(r"[+-]?[0-9]{1,4}", one, re.ASCII)
            or not (1 <= abs(int(one)) <= most)
            or (int(one) < 0 and not signed)
        ):
            raise ValueError(f"{name}={parts[name]}")
        found.append(int(one))
    if name == "INTERVAL" and len(found) != 1:
        raise ValueError(f"{name}={parts[name]}")
    return tuple(dict.fromkeys(found))
