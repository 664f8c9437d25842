"""iCalendar (RFC 5545, 7986) for calendars and phones: expanded occurrences in UTC, no rules.

Readers disagree on gaps, UNTIL, VTIMEZONE and THISANDFUTURE; a single VEVENT in UTC leaves them nothing to disagree
on. UID is the occurrence's id, SEQUENCE rises when it moves, DTSTAMP and LAST-MODIFIED come from the row: a DTSTAMP of
now makes Nextcloud store every event again at every pull (its server#58193). Google reads the feed every 8 to 24 hours
whatever REFRESH-INTERVAL says: changes inside a day go by SMS.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from broadcast_schedule.feeds import Feed, want
from broadcast_schedule.timetable import Occurrence, Timetable

if TYPE_CHECKING:
    from icalendar import Event

REFRESH = timedelta(hours=1)


def render(timetable: Timetable) -> bytes:
    from icalendar import Calendar  # with its zones and grammar 3 MB: whoever builds a calendar pays for it

    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Kentongan//Timetable//ID")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for name in ("name", "x-wr-calname"):
        calendar.add(name, timetable.station.name)
    calendar.add("x-wr-timezone", timetable.station.time_zone)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    if timetable.revised_at is not None:
        calendar.add("last-modified", timetable.revised_at.replace(microsecond=0))
    names = {channel.key: channel.name for channel in timetable.channels}
    for one in timetable.occurrences:
        calendar.add_component(_event(one, names.get(one.channel, one.channel)))
    return bytes(calendar.to_ical())


def _event(one: Occurrence, channel: str) -> Event:
    from icalendar import Event, vUri

    changed = one.updated_at.replace(microsecond=0)
    event = Event()
    event.add("uid", one.id)
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", one.sequence)
    event.add("dtstart", one.start)
    event.add("dtend", one.end)
    event.add("summary", one.title)
    event.add("location", channel)
    event.add("status", "CONFIRMED" if one.is_on else "CANCELLED")
    event.add("transp", "TRANSPARENT")  # to listen does not make anybody busy
    told = [one.episode, one.description, f"Kuis: {one.quiz_keyword}" if one.quiz_keyword else ""]
    told.append(f"Pelajaran: {one.lesson}" if one.lesson else "")
    if any(told):
        event.add("description", "\n".join(line for line in told if line))
    if one.audience:
        event.add("categories", [one.audience])
    for file in one.files:  # size and name as RFC 8607 has them; whoever follows the address brings the station's key
        told_of = {"FMTTYPE": file.media_type, "SIZE": str(file.size), "FILENAME": file.name}
        event.add("attach", vUri(file.url), parameters=told_of)
    return event


def check(raw: bytes, timetable: Timetable) -> None:
    """Lines end with CRLF and hold 75 octets, every event has its own UID, every time is in UTC."""
    lines = raw.split(b"\r\n")
    want(all(len(line) <= 75 and b"\n" not in line for line in lines), "a line is not folded at 75 octets")
    uids = [line for line in raw.replace(b"\r\n ", b"").split(b"\r\n") if line.startswith(b"UID:")]
    want(len(set(uids)) == len(timetable.occurrences), "a UID stands twice or is missing")
    times = [line for line in lines if line.startswith((b"DTSTART", b"DTEND"))]
    want(len(times) == 2 * len(uids) and all(line.endswith(b"Z") for line in times), "a time is missing or not in UTC")


feed = Feed("ical", "ics", "text/calendar; charset=utf-8", render, check)
