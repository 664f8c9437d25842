"""RadioDNS SPI (ETSI TS 102 818), schema version 3.4: SI says what services there are, PI what they air, GI what series.

Names and descriptions have a longest length, and every programme a CRID and a short number below 2^24: both are made from the
occurrence's id, so that they stay however it moves. ``duration`` has hours and minutes only (PT24H, never P1D), and every time an
offset. Beside the billed time stands the actual one, where the station said when it aired. What was cancelled is left out, as
in XMLTV. A channel without an FM or DAB bearer is found by its name in the DNS.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from broadcast_schedule.feeds import Feed, want
from broadcast_schedule.timetable import Bearer, Channel, Occurrence, Station, Timetable, window
from core import xml

NAMESPACE = "http://www.worlddab.org/schemas/spi/34"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
EDUCATION = "urn:tva:metadata:cs:IntentionCS:2005:1.3"
SHORT, MEDIUM, LONG, SHORT_TEXT, LONG_TEXT = 8, 16, 128, 180, 1200  # the schema's lengths
BROADCAST = re.compile(r"(fm|dab|drm|amss|hd):[a-z0-9.]+")


def render(timetable: Timetable) -> bytes:
    """PI: one schedule for each channel that airs anything, or for all of them where none does."""
    root = _root("epg")
    airing = timetable.airing
    used = {one.channel for one in airing} or {channel.key for channel in timetable.channels}
    for channel in timetable.channels:
        if channel.key in used:
            _schedule(root, timetable, channel, [one for one in airing if one.channel == channel.key])
    return _written(root)


def programme_groups(timetable: Timetable) -> bytes:
    """GI: the series of a station, each once."""
    root = _root("epg")
    groups = _add(root, "programmeGroups", **_issued(timetable))
    series = {(one.channel, one.title): one for one in timetable.airing}
    for (channel, title), one in sorted(series.items()):
        id_ = _series(channel, title)
        group = _add(groups, "programmeGroup", shortId=str(_number(id_)), id=id_, type="series")
        _names(group, title, one.language)
        if one.description:
            _description(group, one.description, one.language)
    return _written(root)


def service_information(stations: Iterable[tuple[Station, Iterable[Channel]]], provider: str) -> bytes:
    """SI: every channel as a service with its bearers and its name in the DNS."""
    root = _root("serviceInformation", **{LANGUAGE: "id"})
    services = _add(root, "services")
    named = _add(services, "serviceProvider")
    _names(named, provider, "id", with_short=True)
    for station, channels in stations:
        for channel in channels:
            service = _add(services, "service")
            _names(service, channel.name, "id", with_short=True)
            if station.frequency:
                _description(service, f"{station.name}, {station.frequency}", "id")
            _add(service, "genre", href=EDUCATION)
            for bearer in _bearers(channel):
                _add(service, "bearer", **_bearer(bearer))
            host, name = host_of(channel)
            _add(service, "radiodns", fqdn=host, serviceIdentifier=name)
    return _written(root)


def host_of(channel: Channel) -> tuple[str, str]:
    """(name in the DNS, service identifier of 1 to 16 characters) of a channel: both follow from its permanent key."""
    return channel.key, re.sub(r"[^a-z0-9]", "", channel.key.partition(".")[0])[:16] or "channel"


def paths(channel: Channel) -> list[str]:
    """The service identifier paths under which a channel's files are found: "fm/cf2/c123/10250", and that of its host, last."""
    found = [re.sub(r"[:.]", "/", each.uri) for each in channel.bearers if BROADCAST.fullmatch(each.uri)]
    return [*found, "/".join(("id", *host_of(channel)))]


def _schedule(root: xml.etree._Element, timetable: Timetable, channel: Channel, airing: list[Occurrence]) -> None:
    begin, end = window(timetable.from_date, timetable.days, timetable.station.time_zone)
    schedule = _add(root, "schedule", **_issued(timetable), **{LANGUAGE: "id"})
    scope = _add(schedule, "scope", startTime=_time(begin, timetable.zone), stopTime=_time(end, timetable.zone))
    for uri in [each.uri for each in _bearers(channel)] or ["/".join(host_of(channel))]:
        _add(scope, "serviceScope", id=uri)
    taken: set[int] = set()
    for one in airing:
        number = _number(one.id)
        while number in taken:
            number = (number + 1) % 2**24
        taken.add(number)
        _programme(schedule, one, number, timetable.zone, channel)


def _programme(schedule: xml.etree._Element, one: Occurrence, number: int, zone: ZoneInfo, channel: Channel) -> None:
    """Children in the order of the schema."""
    programme = _add(schedule, "programme", shortId=str(number), id=f"crid://{one.channel}/{one.id.partition('@')[0]}")
    if one.sequence:
        programme.set("version", str(one.sequence + 1))
    _names(programme, one.title, one.language)
    location = _add(programme, "location")
    billed = _add(location, "time", time=_time(one.start, zone), duration=_duration(one.end - one.start))
    if one.actual is not None:
        begun, over = one.actual
        billed.set("actualTime", _time(begun, zone))
        billed.set("actualDuration", _duration(over - begun))
    for bearer in _bearers(channel):
        _add(location, "bearer", **_bearer(bearer))
    told = ". ".join(filter(None, (one.episode, one.description)))
    if told:
        _description(programme, told, one.language)
    _add(programme, "genre", href=EDUCATION)
    words = [word.replace(",", " ") for word in (one.audience, one.quiz_keyword) if word]
    if words:
        _add(programme, "keywords", **{LANGUAGE: one.language or "id"}).text = ", ".join(words)
    series = _series(one.channel, one.title)
    _add(programme, "memberOf", id=series, shortId=str(_number(series)))


def _issued(timetable: Timetable) -> dict[str, str]:
    issued = {"version": str(max(timetable.revision, 1)), "originator": _cut(timetable.station.name, LONG)}
    if timetable.revised_at is not None:
        issued["creationTime"] = _time(timetable.revised_at, timetable.zone)
    return issued


def _names(parent: xml.etree._Element, name: str, language: str, with_short: bool = False) -> None:
    spoken = {LANGUAGE: language or "id"}
    if with_short:
        _add(parent, "shortName", **spoken).text = _cut(name, SHORT)
    _add(parent, "mediumName", **spoken).text = _cut(name, MEDIUM)
    _add(parent, "longName", **spoken).text = _cut(name, LONG)


def _description(parent: xml.etree._Element, text: str, language: str) -> None:
    media = _add(parent, "mediaDescription")
    line = " ".join(text.split())
    _add(media, "shortDescription", **{LANGUAGE: language or "id"}).text = _cut(line, SHORT_TEXT)
    if len(line) > SHORT_TEXT:
        _add(media, "longDescription", **{LANGUAGE: language or "id"}).text = _cut(line, LONG_TEXT)


def _cut(text: str, length: int) -> str:
    """At most ``length`` characters, whole words where the first one fits."""
    if len(text) <= length:
        return text
    words = text[: length + 1].rpartition(" ")[0].rstrip(" ,;:-(")
    return words or text[:length]


def _bearers(channel: Channel) -> list[Bearer]:
    return sorted(channel.bearers, key=lambda each: (each.cost, each.uri))


def _bearer(bearer: Bearer) -> dict[str, str]:
    given = {"id": bearer.uri, "cost": str(bearer.cost)}
    if bearer.mime:
        given["mimeValue"] = bearer.mime
    if bearer.kbps is not None:
        given["bitrate"] = str(bearer.kbps)
    return given


def _series(channel: str, title: str) -> str:
    return f"crid://{channel}/series/{hashlib.sha256(title.encode()).hexdigest()[:16]}"


def _number(id_: str) -> int:
    return int.from_bytes(hashlib.sha256(id_.encode()).digest()[:3], "big")


def _time(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).replace(microsecond=0).isoformat(timespec="seconds")


def _duration(length: timedelta) -> str:
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    told = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "") + (f"{seconds}S" if seconds else "")
    return "PT" + (told or "0M")


def _root(tag: str, **attributes: str) -> xml.etree._Element:
    return xml.etree.Element(f"{{{NAMESPACE}}}{tag}", attributes, nsmap={None: NAMESPACE})


def _add(parent: xml.etree._Element, tag: str, **attributes: str) -> xml.etree._Element:
    return xml.etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}", attributes)


def _written(root: xml.etree._Element) -> bytes:
    xml.etree.indent(root)
    return bytes(xml.etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n")


def check(raw: bytes, timetable: Timetable) -> None:
    """What the schema asks for: lengths, CRIDs, short numbers, durations; and what it does not: offsets."""
    root = xml.etree.fromstring(raw)
    named = {"s": NAMESPACE}
    programmes = root.findall(".//s:programme", named)
    want(len(programmes) == len(timetable.airing), "programmes and airings differ in number")
    for each in programmes:
        want(bool(re.fullmatch(r"crid://[^/]+/.+", each.get("id", ""))), "a programme has no CRID")
        want(0 <= int(each.get("shortId", "-1")) < 2**24, "a short number is out of range")
        medium = each.findtext("s:mediumName", "", named)
        want(0 < len(medium) <= MEDIUM, f"{medium!r} is no medium name")
        time = each.find(".//s:time", named)
        want(time is not None and bool(re.fullmatch(r"PT([0-9]+H)?([0-9]+M)?", time.get("duration", ""))), "a duration is none")
        want(time is not None and datetime.fromisoformat(time.get("time", "")).tzinfo is not None, "a time has no offset")


feed = Feed("spi", "spi", "application/xml; charset=utf-8", render, check)
