"""The wall sheet: a page to be printed on A4 and pinned up, with the hours of all three zones of Indonesia beside each other and
the word by which listeners begin a programme's quiz. Day by day in the station's own time; what goes on after midnight stands
again under the next day. Cancelled ones are crossed out and say so, because somebody may have announced them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from broadcast_schedule.feeds import Feed, want
from broadcast_schedule.feeds._days import by_day
from broadcast_schedule.timetable import Occurrence, Timetable
from broadcast_schedule.words import clock_of, day_of
from core import xml

ZONES = (("WIB", "Asia/Jakarta"), ("WITA", "Asia/Makassar"), ("WIT", "Asia/Jayapura"))


def render(timetable: Timetable) -> bytes:
    station = timetable.station
    root = xml.etree.Element("html", lang="id")
    head = xml.etree.SubElement(root, "head")
    xml.etree.SubElement(head, "meta", charset="utf-8")
    xml.etree.SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    _add(head, "title", f"Jadwal {station.name}")
    xml.etree.SubElement(head, "link", rel="stylesheet", href="/static/kentongan.css")
    main = xml.etree.SubElement(xml.etree.SubElement(root, "body"), "main")
    _add(main, "h1", station.name)
    told = [station.frequency, f"revisi {timetable.revision}"]
    if timetable.revised_at is not None:
        told.append(day_of(timetable.revised_at, station.time_zone))
    _add(main, "p", " · ".join(filter(None, told))).set("class", "quiet")
    zones = _zones(timetable)
    names = {c.key: c.name for c in timetable.channels} if len(timetable.channels) > 1 else {}
    is_empty = True
    for day, airings in by_day(timetable, timetable.occurrences):
        _day(main, timetable, day, airings, zones, names)
        is_empty = False
    if is_empty:
        _add(main, "p", "Tidak ada siaran.")
    return b"<!DOCTYPE html>\n" + bytes(xml.etree.tostring(root, method="html", encoding="utf-8")) + b"\n"


def _zones(timetable: Timetable) -> list[tuple[str, str]]:
    """The station's own zone stands first where it is none of the three."""
    own = timetable.station.time_zone
    offset = {o.start.astimezone(timetable.zone).utcoffset() for o in timetable.occurrences[:1]}
    three = [(label, zone) for label, zone in ZONES]
    known = {o.start.astimezone(ZoneInfo(zone)).utcoffset() for o in timetable.occurrences[:1] for _label, zone in ZONES}
    return three if not offset or offset <= known else [(own.rpartition("/")[2].replace("_", " "), own), *three]


def _day(
    main: xml.etree._Element,
    timetable: Timetable,
    day: date,
    airings: list[tuple[Occurrence, bool]],
    zones: list[tuple[str, str]],
    names: dict[str, str],
) -> None:
    heading = day_of(day, timetable.station.time_zone)
    _add(main, "h2", heading)
    table = xml.etree.SubElement(main, "table")
    table.set("class", "cards")  # on a phone a row becomes a card
    _add(table, "caption", heading).set("class", "hidden")
    row = xml.etree.SubElement(xml.etree.SubElement(table, "thead"), "tr")
    for label in (*(label for label, _zone in zones), "Acara", *(["Saluran"] if names else []), "Kuis"):
        _add(row, "th", label).set("scope", "col")
    body = xml.etree.SubElement(table, "tbody")
    for one, is_continued in airings:
        row = xml.etree.SubElement(body, "tr")
        for label, zone in zones:
            cell = xml.etree.SubElement(row, "td")
            cell.set("data-label", label)
            _add(cell, "span", _span(one, zone, day)).set("class", "whole")
        cell = xml.etree.SubElement(row, "th")
        cell.set("scope", "row")
        what = _add(cell, "span" if one.is_on else "s", one.title)
        what.tail = _rest(one, is_continued)
        if names:
            _add(row, "td", names.get(one.channel, one.channel)).set("data-label", "Saluran")
        _add(row, "td", f"SMS: {one.quiz_keyword}" if one.quiz_keyword else "").set("data-label", "Kuis")


def _rest(one: Occurrence, is_continued: bool) -> str:
    told = f": {one.episode}" if one.episode else ""
    told += f" ({one.audience})" if one.audience else ""
    told += " (lanjutan)" if is_continued else ""
    return told if one.is_on else f"{told} BATAL"


def _span(one: Occurrence, zone: str, day: date) -> str:
    """08.00–08.30; an hour of the day after is marked +1, of the day before -1."""
    return "–".join(_hour(at.astimezone(ZoneInfo(zone)), day) for at in (one.start, one.end))


def _hour(local: datetime, day: date) -> str:
    apart = (local.date() - day).days
    return clock_of(local) + (f" {apart:+d}" if apart else "")


def _add(parent: xml.etree._Element, tag: str, text: str) -> xml.etree._Element:
    child = xml.etree.SubElement(parent, tag)
    child.text = text
    return child


def check(raw: bytes, timetable: Timetable) -> None:
    shown = len(xml.etree.fromstring(raw, xml.etree.HTMLParser()).findall(".//tbody/tr"))
    want(shown >= len([o for o in timetable.occurrences if timetable.holds(o)]), "an airing is missing on the sheet")


feed = Feed("html", "html", "text/html; charset=utf-8", render, check)
