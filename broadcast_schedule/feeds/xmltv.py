"""XMLTV, for set-top boxes and media centres; valid against Debian's /usr/share/xmltv/xmltv.dtd.

Times are the station's own with a numeric offset and no colon: tvheadend reads +07:00 as seven minutes and a zone's name as
UTC. ``stop`` is optional in the DTD, yet tvheadend and Kodi drop a programme without it. Cancelled occurrences are
left out, and so is a channel without programmes: the validator refuses one.
"""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from broadcast_schedule.feeds import Feed, want
from broadcast_schedule.timetable import Occurrence, Timetable
from core import xml

CATEGORIES = (("id", "Pendidikan"), ("en", "Education"))  # tvheadend knows the English one


def render(timetable: Timetable) -> bytes:
    root = xml.etree.Element("tv", {"generator-info-name": "Kentongan", "source-info-name": timetable.station.name})
    airing = timetable.airing
    used = {one.channel for one in airing}
    for channel in timetable.channels:
        if channel.key in used:
            _text(xml.etree.SubElement(root, "channel", id=channel.key), "display-name", channel.name, "id")
    for one in airing:
        _programme(root, one, timetable.zone, timetable.station.medium)
    xml.etree.indent(root)
    return bytes(
        xml.etree.tostring(root, xml_declaration=True, encoding="UTF-8", doctype='<!DOCTYPE tv SYSTEM "xmltv.dtd">') + b"\n"
    )


def _programme(root: xml.etree._Element, one: Occurrence, zone: ZoneInfo, medium: str) -> None:
    """Children in the order of the DTD."""
    attributes = {"start": _time(one.start, zone), "stop": _time(one.end, zone), "channel": one.channel}
    programme = xml.etree.SubElement(root, "programme", attributes)
    _text(programme, "title", one.title, one.language)
    if one.episode:
        _text(programme, "sub-title", " ".join(one.episode.split()), one.language)
    if one.description:
        _text(programme, "desc", one.description, one.language)
    for language, category in CATEGORIES:
        _text(programme, "category", category, language)
    for keyword in filter(None, (one.audience, one.quiz_keyword)):
        _text(programme, "keyword", keyword, one.language)
    _text(programme, "language", one.language)
    if medium == "radio":
        _text(xml.etree.SubElement(programme, "video"), "present", "no")


def _text(parent: xml.etree._Element, tag: str, text: str, language: str = "") -> None:
    child = xml.etree.SubElement(parent, tag, {"lang": language} if language else {})
    child.text = text


def _time(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).strftime("%Y%m%d%H%M%S %z")


TIME = re.compile(r"[0-9]{14} [+-][0-9]{4}")
CHANNEL = re.compile(r"[-a-zA-Z0-9]+(\.[-a-zA-Z0-9]+)+")


def check(raw: bytes, timetable: Timetable) -> None:
    """What tv_validate_file asks for, and that no programme is lost."""
    root = xml.etree.fromstring(raw)
    channels = {each.get("id", "") for each in root.iterfind("channel")}
    programmes = list(root.iterfind("programme"))
    want(len(programmes) == len(timetable.airing), "programmes and airings differ in number")
    want(all(CHANNEL.fullmatch(each) for each in channels), "a channel's id is none")
    want({each.get("channel") for each in programmes} == channels, "a channel has no programme, or a programme no channel")
    for each in programmes:
        start, stop, title = each.get("start", ""), each.get("stop", ""), each.findtext("title") or ""
        want(bool(TIME.fullmatch(start) and TIME.fullmatch(stop)), f"{start} is no time of XMLTV")
        want(bool(title.strip()), f"the programme of {start} has no title")


feed = Feed("xmltv", "xml", "application/xml; charset=utf-8", render, check)
