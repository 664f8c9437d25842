"""iCalendar's times: DATE-TIME with its zone, DURATION, PERIOD, RRULE, each exactly or not at all. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from broadcast_schedule import patterns
from broadcast_schedule.importing.ical_lines import Property
from broadcast_schedule.importing.ical_zones import Definition, Zones
from broadcast_schedule.importing.reading import MAX_OCCURRENCES, NEWEST, OLDEST, Unreadable, minutes_between
from broadcast_schedule.recurrence import Rule, airs_on, last_date, repeating, times, to_utc
from core.problems import N_
from core.text import clean

DATE_TIME = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})([0-9]{2})(Z?)", re.ASCII)
DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})", re.ASCII)
DURATION = re.compile(
    r"\+?P(?:([0-9]{1,3})W|(?:([0-9]{1,4})D)?(?:T(?:([0-9]{1,4})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,8})S)?)?)", re.ASCII
)
UNDER_A_DAY = ("HOURLY", "MINUTELY", "SECONDLY")
YEARS_AHEAD = 10  # so far a zone's clock is looked at, to see whether it changes


@dataclass(frozen=True, slots=True)
class Moment:
    """A naive wall time and its zone; ``is_floating`` where the file names none. A time in a zone that is none of IANA's is told
    in UTC, and keeps what the file says of its zone."""

    local: datetime
    zone: str
    is_floating: bool = False
    defined: Definition | None = None

    @property
    def instant(self) -> datetime:
        return to_utc(self.local, self.zone)


def read_moments(found: Property, zones: Zones) -> list[Moment | date]:
    """Every value of a DTSTART, EXDATE, RDATE (without periods) or RECURRENCE-ID."""
    return [read_moment(found, value, zones) for value in found.value.split(",")]


def read_moment(found: Property, value: str, zones: Zones) -> Moment | date:
    value = value.strip().upper()
    whole_day = DATE.fullmatch(value)
    try:
        if whole_day is not None:
            return _within(date(*map(int, whole_day.groups())))
        read_as = DATE_TIME.fullmatch(value)
        local = datetime.strptime(value[:15], "%Y%m%dT%H%M%S") if read_as else None  # noqa: DTZ007
    except ValueError:
        read_as = local = None
    if read_as is None or local is None:
        raise Unreadable(N_("%(name)s %(value)s bukan waktu iCalendar."), name=found.name, value=clean(value, 40))
    _within(local.date())
    name = found.parameters.get("TZID", "").strip()
    zone = zones.meant(name) if name else zones.station
    if read_as[7]:
        if name and zone != "UTC":
            raise Unreadable(N_("%(name)s menyebut TZID dan UTC (Z) sekaligus."), name=found.name)
        return Moment(local, "UTC")
    if isinstance(zone, Definition):
        return Moment(zone.instant(local).replace(tzinfo=None), "UTC", defined=zone)
    return Moment(local, zone, not name)


def _within(day: date) -> date:
    if not OLDEST <= day < NEWEST:
        raise Unreadable(N_("tanggalnya harus antara tahun 1900 dan 2099."))
    return day


def read_duration(text: str) -> tuple[int, timedelta]:
    """(nominal days, exact time) of a DURATION."""
    found = DURATION.fullmatch(text.strip().upper())
    if found is None or not any(found.groups()):
        raise Unreadable(N_("DURATION %(value)s tidak terbaca."), value=clean(text, 40))
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return weeks * 7 + days, timedelta(hours=hours, minutes=minutes, seconds=seconds)


def length_of(start: Moment, end: Property | None, duration: Property | None, zones: Zones) -> int:
    """Exact minutes. Raises Unreadable without an end or a duration, or with both."""
    if end is not None and duration is not None:
        raise Unreadable(N_("DTEND dan DURATION ada sekaligus."))
    if end is not None:
        moment = read_moment(end, end.value, zones)
        if not isinstance(moment, Moment):
            raise Unreadable(N_("DTEND adalah tanggal, tetapi DTSTART berjam."))
        return minutes_between(start.instant, moment.instant)
    if duration is None:
        raise Unreadable(N_("tidak ada akhir (DTEND) dan panjang (DURATION)."))
    days, exact = read_duration(duration.value)
    if days and start.defined is not None and start.defined.changes:
        raise Unreadable(N_("DURATION dalam hari tidak tetap panjangnya di zona yang mengubah jamnya."))
    return minutes_between(start.instant, to_utc(start.local + timedelta(days=days), start.zone) + exact)


def is_nominal(duration: Property | None) -> bool:
    return duration is not None and read_duration(duration.value)[0] > 0


def clock_changes(zone: str, since: date) -> bool:
    """Whether a day of this zone may have 23 or 25 hours."""
    there = ZoneInfo(zone)
    months = (date(year, month, 1) for year in range(since.year, since.year + YEARS_AHEAD) for month in (1, 4, 7, 10))
    return len({datetime.combine(day, time(), there).utcoffset() for day in months}) > 1


def read_rule(found: Property, start: Moment, minutes: int) -> Rule | None:
    """The rule of an RRULE begun at ``start``; None where its UNTIL lies before it. Raises Unreadable."""
    parts: dict[str, str] = {}
    for part in found.value.strip().rstrip(";").upper().split(";"):
        name, _equals, value = part.partition("=")
        if not value or name in parts:
            raise Unreadable(N_("RRULE tidak terbaca: %(part)s."), part=clean(part, 40))
        parts[name] = value.strip()
    if "COUNT" in parts and "UNTIL" in parts:
        raise Unreadable(N_("RRULE menyebut COUNT dan UNTIL sekaligus."))
    if parts.get("FREQ") in UNDER_A_DAY:
        raise Unreadable(N_("RRULE berulang dalam sehari (FREQ=%(freq)s)."), freq=parts["FREQ"])
    for name, own in (("BYHOUR", start.local.hour), ("BYMINUTE", start.local.minute), ("BYSECOND", 0)):
        if (value := parts.pop(name, str(own))) and not (value.isdecimal() and int(value) == own):
            raise Unreadable(N_("RRULE berulang dalam sehari (%(name)s=%(value)s)."), name=name, value=clean(value, 30))
    count, until = parts.pop("COUNT", None), parts.pop("UNTIL", None)
    try:
        pattern = patterns.read(";".join(f"{name}={value}" for name, value in parts.items()))
    except ValueError as error:
        raise Unreadable(N_("RRULE tidak terbaca: %(part)s."), part=clean(str(error), 60)) from None
    if len(patterns.write(pattern)) > 200:
        raise Unreadable(N_("RRULE ini lebih panjang dari 200 huruf."))
    day = start.local.date()
    rule = repeating(pattern, day, start.local.time(), minutes, start.zone)
    if until is not None:
        ends_on = _until(until, start)
        if ends_on < day:
            return None
        rule = replace(rule, ends_on=ends_on)
    if not airs_on(rule, day):
        raise Unreadable(N_("DTSTART %(day)s tidak ada dalam aturannya (RRULE)."), day=day.isoformat())
    if count is not None:
        if not re.fullmatch(r"[0-9]{1,9}", count, re.ASCII) or int(count) == 0:
            raise Unreadable(N_("RRULE tidak terbaca: %(part)s."), part=f"COUNT={clean(count, 20)}")
        if int(count) > MAX_OCCURRENCES:
            raise Unreadable(N_("RRULE berulang lebih dari 50.000 kali (COUNT=%(count)s)."), count=count)
        rule = times(rule, int(count))
    return rule


def _until(text: str, start: Moment) -> date:
    """The last local date. A date holds to its end; without a zone it is the rule's own wall clock."""
    moment = read_moment(Property("UNTIL", {}, text), text, Zones(start.zone))
    if not isinstance(moment, Moment):
        return moment
    return last_date(moment.instant, start.local.time(), start.zone)
