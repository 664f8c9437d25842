"""What a calendar's TZIDs mean. Pure.

First their name: of IANA, of Windows, or what the VTIMEZONE says that it is. Else the VTIMEZONE's own offsets: an IANA zone that
has the very same ones, week by week and at every change, over the years in which the file uses it and a whole cycle of the
calendar after them (28 years), the station's own before others. Where there is none, single airings are still exact instants
by the VTIMEZONE itself; a rule is not, as rules are planned in zones of IANA.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import islice
from zoneinfo import ZoneInfo

from broadcast_schedule import patterns
from broadcast_schedule.importing.ical_lines import Component
from broadcast_schedule.importing.reading import Unreadable, iana, read_zone
from core.problems import N_
from core.text import clean

OFFSET = re.compile(r"([+-])([0-9]{2})([0-9]{2})([0-9]{2})?", re.ASCII)
LOCAL = re.compile(r"([0-9]{8}T[0-9]{6})(Z?)", re.ASCII)
YEAR = re.compile(r"(?<![0-9])([0-9]{4})[0-9]{4}(?![0-9])", re.ASCII)
OLDEST, NEWEST = date(1900, 1, 1), date(2100, 1, 1)
CYCLE = 28  # years after which dates fall on the same weekdays again
MOST_CHANGES = 2000  # of a zone: two a year are usual
PREFERRED = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "UTC")
AREAS = ("Asia/", "Europe/", "Australia/", "Pacific/", "Africa/", "America/")


@dataclass(frozen=True)
class Definition:
    """Offsets from UTC: ``first``, and each from its instant on."""

    first: timedelta
    changes: tuple[tuple[datetime, timedelta], ...]

    @cached_property
    def offsets(self) -> list[timedelta]:
        """Every offset that it has at any time."""
        return list(dict.fromkeys([self.first, *(offset for _at, offset in self.changes)]))

    @cached_property
    def instants(self) -> list[datetime]:
        return [at for at, _offset in self.changes]

    def offset(self, instant: datetime) -> timedelta:
        n = bisect_right(self.instants, instant)
        return self.changes[n - 1][1] if n else self.first

    def instant(self, local: datetime) -> datetime:
        """Of a naive wall time: in a gap by the offset before it, of two the first."""
        at = local.replace(tzinfo=UTC)
        right = sorted(at - offset for offset in self.offsets if self.offset(at - offset) == offset)
        return right[0] if right else at - self.offset(at - max(self.offsets))


@dataclass
class Zones:
    """``station`` is the zone of times that name none. ``years`` are those in which the file uses a TZID."""

    station: str  # IANA
    vtimezones: dict[str, Component] = field(default_factory=dict)
    years: dict[str, tuple[int, int]] = field(default_factory=dict)
    _known: dict[str, str | Definition] = field(default_factory=dict)

    def learn(self, calendar: Component) -> None:
        """Takes up a calendar's VTIMEZONEs, and in which years it uses them."""
        for each in calendar.components:
            if each.name == "VTIMEZONE":
                self.vtimezones[each.text("TZID").strip()] = each
            for found in each.properties if each.name == "VEVENT" else ():
                name = found.parameters.get("TZID", "").strip()
                for year in map(int, YEAR.findall(found.value) if name else ()):
                    first, last = self.years.get(name, (year, year))
                    self.years[name] = (min(first, year), max(last, year))

    def meant(self, name: str) -> str | Definition:
        """IANA of a TZID, or its own definition where no zone of IANA is the same. Raises Unreadable."""
        if name not in self._known:
            self._known[name] = self._named(name) or self._defined(name)
        return self._known[name]

    def _named(self, name: str) -> str:
        from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON  # 3 MB come with it

        described = self.vtimezones[name].text("X-LIC-LOCATION") if name in self.vtimezones else ""
        candidates = [name, described, WINDOWS_TO_OLSON.get(name, "")]
        if "/" in name:  # the end of a path such as /…/Asia/Jakarta
            parts = name.strip("/").split("/")
            candidates += ["/".join(parts[-n:]) for n in (3, 2) if len(parts) > n]
        for candidate in filter(None, candidates):
            try:
                return read_zone(candidate, self.station)
            except Unreadable:
                continue
        return ""

    def _defined(self, name: str) -> str | Definition:
        if name not in self.vtimezones:
            raise Unreadable(N_("zona waktu %(zone)s tidak dikenal."), zone=clean(name, 60))
        first, last = self.years.get(name, (OLDEST.year, OLDEST.year))
        try:
            definition = read_definition(self.vtimezones[name])
        except ValueError as error:
            what = N_("zona waktu %(zone)s tidak dikenal, dan VTIMEZONE-nya tidak terbaca: %(error)s.")
            raise Unreadable(what, zone=clean(name, 60), error=clean(str(error), 60)) from None
        return same_as(definition, first, last + CYCLE, self.station) or definition


def same_as(definition: Definition, first: int, last: int, station: str) -> str:
    """The IANA zone that has these offsets from the year ``first`` to ``last``, the station's where it is one; "" for none."""
    begin = datetime(max(first, OLDEST.year), 1, 1, tzinfo=UTC)
    end = datetime(min(last + 1, NEWEST.year), 1, 1, tzinfo=UTC)
    moments = [begin + timedelta(weeks=n) for n in range((end - begin).days // 7 + 1)]
    moments += [moment for at in definition.instants if begin < at < end for moment in (at - timedelta(seconds=1), at)]
    wanted = [(moment, definition.offset(moment)) for moment in sorted(moments, reverse=True)]
    for name in dict.fromkeys((station, *PREFERRED, *sorted(iana(), key=_rank))):
        zone = ZoneInfo(name)
        if all(moment.astimezone(zone).utcoffset() == offset for moment, offset in wanted):
            return name
    return ""


def _rank(name: str) -> tuple[int, str]:
    return next((n for n, area in enumerate(AREAS) if name.startswith(area)), len(AREAS)), name


def read_definition(vtimezone: Component) -> Definition:
    """Raises ValueError with what cannot be read."""
    found: dict[datetime, tuple[timedelta, timedelta]] = {}
    for part in vtimezone.components:
        if part.name in ("STANDARD", "DAYLIGHT"):
            before, after = _offset(part, "TZOFFSETFROM"), _offset(part, "TZOFFSETTO")
            for instant in _onsets(part, before):
                found[instant] = (before, after)
                if len(found) > MOST_CHANGES:
                    raise ValueError("RRULE")
    if not found:
        raise ValueError("STANDARD")
    ordered = sorted(found.items())
    return Definition(ordered[0][1][0], tuple((instant, after) for instant, (_before, after) in ordered))


def _offset(part: Component, name: str) -> timedelta:
    read_as = OFFSET.fullmatch(part.text(name).strip())
    if read_as is None or int(read_as[2]) > 23 or int(read_as[3]) > 59 or int(read_as[4] or 0) > 59:
        raise ValueError(name)
    ahead = timedelta(hours=int(read_as[2]), minutes=int(read_as[3]), seconds=int(read_as[4] or 0))
    return ahead if read_as[1] == "+" else -ahead


def _onsets(part: Component, before: timedelta) -> Iterator[datetime]:
    """Instants at which a STANDARD or DAYLIGHT begins, none after 2099; of a rule none before 1900."""
    start = _local(part.text("DTSTART"))
    yield _instant(start, before)
    for value in (each for found in part.all("RDATE") for each in found.value.split(",")):
        yield _instant(_local(value), before)
    for rule in part.all("RRULE"):
        for day in _dates(rule.value, start, before):
            yield _instant(datetime.combine(day, start.time()), before)


def _instant(local: datetime, before: timedelta) -> datetime:
    try:
        return (local - before).replace(tzinfo=UTC)
    except OverflowError:  # at either end of the calendar
        raise ValueError("DTSTART") from None


def _dates(text: str, start: datetime, before: timedelta) -> Iterable[date]:
    parts = dict(each.partition("=")[::2] for each in text.strip().rstrip(";").upper().split(";"))
    count, until = parts.pop("COUNT", ""), parts.pop("UNTIL", "")
    pattern = patterns.read(";".join(f"{name}={value}" for name, value in parts.items()))
    since, last = max(start.date(), OLDEST), NEWEST
    if until:
        ends = datetime.combine(_local(f"{until}T235959").date(), time.max) if "T" not in until else _local(until)
        ends = min(ends, datetime.combine(NEWEST, time()))  # "UNTIL=99991231T235959Z" means for ever
        if until.endswith("Z"):
            ends += before
        last = min(last, ends.date() + timedelta(days=ends.time() >= start.time()))
    if not count:
        return islice(patterns.dates(pattern, start.date(), since, last), MOST_CHANGES + 1)
    if not re.fullmatch(r"[0-9]{1,4}", count, re.ASCII):
        raise ValueError("COUNT")
    return islice(patterns.dates(pattern, start.date(), start.date(), last), int(count))


def _local(text: str) -> datetime:
    read_as = LOCAL.fullmatch(text.strip().upper())
    if read_as is None:
        raise ValueError(clean(text, 30) or "DTSTART")
    return datetime.strptime(read_as[1], "%Y%m%dT%H%M%S")  # noqa: DTZ007
