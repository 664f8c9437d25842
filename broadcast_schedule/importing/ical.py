"""iCalendar (RFC 5545): events, their rules, exceptions and overrides. Pure.

A UID becomes one rule with departures, besides airings of their own for what no rule can say: a second airing on a day, an
override with other words, an override without its master. An EXDATE that meets no airing has no effect, as everywhere. Of two
versions of one event the higher SEQUENCE holds, then the later LAST-MODIFIED or DTSTAMP.
"""

from __future__ import annotations

from broadcast_schedule.importing.ical_events import EventReader, Uid, key_of
from broadcast_schedule.importing.ical_lines import Component, parse
from broadcast_schedule.importing.ical_zones import Zones
from broadcast_schedule.importing.reading import MAX_OCCURRENCES, Reading, Source, Unreadable
from core.problems import N_, Problem, Refused
from core.text import clean, one_line


def read(raw: bytes, source: Source) -> Reading:
    """Raises Refused for what is no calendar at all."""
    calendars, bad = parse(raw, source.tick)
    found = Reading(bad=bad)
    zones = Zones(source.zone)
    uids: dict[str, Uid] = {}
    for calendar in (each for each in calendars if each.name == "VCALENDAR"):
        zones.learn(calendar)
        for each in calendar.components:
            if each.name == "VEVENT":
                _sorted_in(each, uids, found)
    if not any(each.name == "VCALENDAR" for each in calendars) and not bad:
        raise Refused(Problem("file", N_("Ini bukan kalender: BEGIN:VCALENDAR tidak ada.")))
    for uid, events in uids.items():
        source.tick()
        where = one_line(clean(uid, 120)) or "UID"
        try:
            made = EventReader(uid, where, zones, source, found).entries(events)
        except Unreadable as problem:
            found.bad.append(problem.at(where))
            continue
        if made:
            found.entries += made
        elif events.masters:
            found.cancelled.append(key_of(uid))
        if len(found.entries) > MAX_OCCURRENCES:
            break
    return found


def _sorted_in(event: Component, uids: dict[str, Uid], found: Reading) -> None:
    uid = event.text("UID").strip()
    if not uid:
        facts = {"title": clean(event.text("SUMMARY"), 60)}
        found.bad.append(Problem(f"line {event.line}", N_("acara ini tidak punya UID: %(title)s."), facts=facts))
        return
    events = uids.setdefault(uid, Uid())
    (events.overrides if event.all("RECURRENCE-ID") else events.masters).append(event)
