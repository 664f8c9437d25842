"""Random rules in six zones over 2024 to 2030, beside two libraries that we did not write."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import recurring_ical_events
from dateutil.rrule import rrulestr
from icalendar import Calendar, Event, vRecur

from broadcast_schedule import patterns
from broadcast_schedule.patterns import DAYS
from broadcast_schedule.recurrence import Departure, Rule, dates, expand, first_date, repeating, times

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Europe/London", "America/New_York", "Australia/Lord_Howe")
FIRST, LAST = date(2024, 1, 1), date(2031, 1, 1)


def random_text(rng: random.Random) -> str:
    """An RRULE without COUNT and UNTIL."""
    frequency = rng.choice(("DAILY", "WEEKLY", "WEEKLY", "MONTHLY", "MONTHLY", "YEARLY"))
    parts = [f"FREQ={frequency}", f"INTERVAL={rng.choice((1, 1, 1, 2, 3, 4, 5, 7, 12))}"]
    weekdays = rng.sample(DAYS, rng.randint(1, 3))
    kinds = {"DAILY": ("", "", "BYDAY"), "WEEKLY": ("", "BYDAY", "BYDAY")}.get(
        frequency, ("", "BYDAY", "NTH", "BYMONTHDAY", "BOTH")
    )
    kind = rng.choice(kinds)
    if kind in ("BYDAY", "BOTH"):
        parts.append("BYDAY=" + ",".join(weekdays))
    if kind == "NTH":
        parts.append("BYDAY=" + ",".join(f"{rng.choice((1, 2, 3, 4, 5, -1, -2))}{day}" for day in weekdays))
    if kind in ("BYMONTHDAY", "BOTH"):
        parts.append("BYMONTHDAY=" + ",".join(str(n) for n in rng.sample((*range(1, 32), -1, -2, -30), rng.randint(1, 4))))
    if rng.random() < 0.25:
        parts.append("BYMONTH=" + ",".join(str(n) for n in sorted(rng.sample(range(1, 13), rng.randint(1, 4)))))
    if kind and frequency != "DAILY" and rng.random() < 0.3:
        parts.append("BYSETPOS=" + ",".join(str(n) for n in rng.sample((1, 2, 3, -1, -2), rng.randint(1, 2))))
    if rng.random() < 0.3:
        parts.append(f"WKST={rng.choice(DAYS)}")
    return ";".join(parts)


def random_rule(rng: random.Random) -> tuple[Rule, str] | None:
    """A rule that begins on one of its own dates, and its RRULE; None where it never airs before 2031."""
    text = random_text(rng)
    start = FIRST + timedelta(days=rng.randrange(1500))
    at = time(rng.randrange(24), rng.choice((0, 3, 30, 45)))
    pattern, zone = patterns.read(text), rng.choice(ZONES)
    first = next(patterns.dates(pattern, start, start, LAST), None)
    if first is None:
        return None
    rule = repeating(pattern, first, at, rng.randint(1, 1440), zone)
    if first_date(rule) != first:  # without BYDAY and BYMONTHDAY the first date decides
        return None
    end = rng.random()
    if end < 0.2:
        count = rng.randint(1, 40)
        return times(rule, count), f"{text};COUNT={count}"
    if end < 0.4:
        last = first + timedelta(days=rng.randrange(900))
        until = datetime.combine(last, time(23, 59, 59), ZoneInfo(zone)).astimezone(UTC)
        return Rule(
            first, at, rule.minutes, zone, rule.weekdays, rule.every_weeks, last, rule.pattern
        ), f"{text};UNTIL={until:%Y%m%dT%H%M%SZ}"
    return rule, text


def counts_days_before_its_start(text: str) -> bool:
    """Where dateutil takes the first week from its first airing on and we take it whole: the RFC's "the set of the period"."""
    return "FREQ=WEEKLY" in text and "BYSETPOS" in text


def agrees_with_dateutil(rule: Rule, text: str) -> bool:
    """Dates of 2024 to 2030; a weekly BYSETPOS from its second week on and without COUNT."""
    if counts_days_before_its_start(text) and "COUNT" in text:
        return True
    begun = datetime.combine(rule.starts_on, rule.starts_at)
    if "UNTIL" in text:
        text = text[: text.index(";UNTIL")] + f";UNTIL={datetime.combine(rule.ends_on, time(23, 59, 59)):%Y%m%dT%H%M%S}"
    theirs = [
        d.date()
        for d in rrulestr(text, dtstart=begun).between(begun, datetime.combine(LAST, time()), inc=True)
        if d.date() < LAST
    ]
    ours = list(dates(rule, FIRST, LAST))
    if counts_days_before_its_start(text):
        after = rule.starts_on + timedelta(days=7)
        return [d for d in ours if d >= after] == [d for d in theirs if d >= after]
    return ours == theirs


def in_gap(local: datetime, zone: str) -> bool:
    there = local.replace(tzinfo=ZoneInfo(zone))
    return there.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local


def agrees_with_ical(rule: Rule, text: str, skipped: set[date], since: date, until: date) -> bool:
    """Instants in [since, until) without those of a gap: RFC 5545 drops a generated time there, the library moves it, and we
    air it at the offset before the gap. The library takes its end in wall time, so only starts are compared."""
    if counts_days_before_its_start(text):
        return True
    event, zone = Event(), ZoneInfo(rule.time_zone)
    event.add("uid", "1")
    event.add("dtstart", datetime.combine(rule.starts_on, rule.starts_at, zone))
    event.add("duration", timedelta(minutes=rule.minutes))
    event.add("rrule", vRecur.from_ical(text))
    if skipped:
        event.add("exdate", [datetime.combine(day, rule.starts_at, zone) for day in sorted(skipped)])
    calendar = Calendar()
    calendar.add_component(event)
    found = recurring_ical_events.of(calendar).between(since - timedelta(days=2), until + timedelta(days=2))
    locals_ = {e["DTSTART"].dt.astimezone(zone).replace(tzinfo=None): e["DTSTART"].dt.astimezone(UTC) for e in found}
    ours = expand(rule, {day: Departure("skipped") for day in skipped}, since, until)
    gaps = {a.start for a in ours if in_gap(a.original, rule.time_zone)}
    theirs = {at for local, at in locals_.items() if since <= local.date() < until and not _near(at, gaps)}
    return {a.start for a in ours if a.kind != "skipped" and a.start not in gaps} == theirs


def _near(at: datetime, gaps: set[datetime]) -> bool:
    return any(abs(at - gap) <= timedelta(hours=1) for gap in gaps)


def disagreements(seed: int, count: int, with_ical: int = 1) -> list[tuple[str, Rule]]:
    """Of ``count`` rules those where we and a library differ; every ``with_ical``-th is shown to recurring-ical-events too."""
    rng, wrong, made = random.Random(seed), [], 0
    while made < count:
        found = random_rule(rng)
        if found is None:
            continue
        made += 1
        rule, text = found
        if not agrees_with_dateutil(rule, text):
            wrong.append(("dateutil " + text, rule))
        if made % with_ical == 0:
            days = list(dates(rule, FIRST, LAST))
            skipped = set(rng.sample(days, min(len(days) - 1, rng.randrange(3)))) if len(days) > 1 else set()
            since = max(FIRST, rule.starts_on) + timedelta(days=rng.randrange(300))
            if not agrees_with_ical(rule, text, skipped, since, min(since + timedelta(days=200), LAST)):
                wrong.append(("ical " + text, rule))
    return wrong
