"""XMLTV: every ``programme`` is one airing. Pure.

A time without an offset is UTC, as XMLTV has it. A programme without ``stop`` is refused: its end would be a guess. A channel
is the station's of that id or name; where the file holds several, each keeps its own.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from broadcast_schedule.importing.reading import (
    ABBREVIATIONS,
    MAX_OCCURRENCES,
    NEWEST,
    OLDEST,
    Entry,
    Reading,
    Source,
    Unreadable,
    fitting,
    minutes_between,
    placed,
    read_description,
    read_title,
    whole_minute,
)
from broadcast_schedule.recurrence import Rule, to_utc
from core import xml
from core.problems import N_, Problem, Refused
from core.text import clean

TIME = re.compile(r"([0-9]{14}|[0-9]{12})\s*(.*)", re.ASCII | re.DOTALL)
OFFSET = re.compile(r"([+-])([0-9]{2}):?([0-9]{2})", re.ASCII)


def read(raw: bytes, source: Source) -> Reading:
    """Raises Refused for what is no XMLTV."""
    root = _parsed(raw)
    found = Reading()
    names: dict[str, str] = {}
    for channel in root.iterfind("channel"):
        name = next((each.text for each in channel.iterfind("display-name") if each.text), "")
        names.setdefault(channel.get("id", ""), clean(name or channel.get("id", ""), 120))
    programmes = list(root.iterfind("programme"))
    used = {each.get("channel", "") for each in programmes}
    if source.channel and len(used) > 1:
        what = N_("Berkas ini berisi %(count)s saluran; --channel hanya untuk satu.")
        raise Refused(Problem("file", what, facts={"count": len(used)}))
    seen: dict[str, int] = {}
    for programme in programmes:
        source.tick()
        where = f"line {programme.sourceline}"
        try:
            entry = _entry(programme, where, source, names)
            same = f"{entry.channel.casefold()}|{entry.key}"
            if same in seen:
                raise Unreadable(N_("saluran dan awalnya sama dengan acara di baris %(line)s."), line=seen[same])
        except Unreadable as problem:
            found.bad.append(problem.at(where))
            continue
        seen[same] = programme.sourceline
        found.entries.append(entry)
        if len(found.entries) > MAX_OCCURRENCES:
            break
    return found


def _parsed(raw: bytes) -> xml.etree._Element:
    """The root. No entity is resolved, nothing is fetched, nesting and text are bounded by libxml2's own limits."""
    parser = xml.etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True)
    try:
        root = xml.etree.fromstring(raw, parser)
    except (xml.etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        problem = Problem(f"line {line}", N_("XML ini tidak terbaca: %(error)s."), facts={"error": clean(str(error), 200)})
        raise Refused(problem) from None
    if root.tag != "tv":
        facts = {"root": clean(str(root.tag), 40)}
        raise Refused(
            Problem(f"line {root.sourceline}", N_("Ini bukan XMLTV: unsur pertamanya %(root)s, bukan tv."), facts=facts)
        )
    internal = root.getroottree().docinfo.internalDTD
    if internal is not None and next(internal.iterentities(), None) is not None:
        raise Refused(Problem("file", N_("XML ini memakai entitas buatan sendiri; itu tidak dibaca.")))
    return root


def _entry(programme: xml.etree._Element, where: str, source: Source, names: dict[str, str]) -> Entry:
    id_ = clean(programme.get("channel", ""), 120)
    if not id_:
        raise Unreadable(N_("acara ini tidak menyebut salurannya."))
    title = read_title(_words(programme, "title")[0])
    if not programme.get("stop"):
        raise Unreadable(N_("acara ini tidak punya akhir (stop) dan panjang."))
    start = _instant(programme.get("start", ""), "start")
    minutes = minutes_between(start, _instant(programme.get("stop", ""), "stop"))
    local, zone = placed(start, source.zone)
    whole_minute(local)
    language = _words(programme, "title")[1]
    return Entry(
        key=f"{local:%Y-%m-%d|%H:%M}" + ("" if zone == source.zone else " UTC"),
        part="",
        where=where,
        channel=source.channel or names.get(programme.get("channel", "")) or id_,
        rule=Rule(local.date(), local.time(), minutes, zone),
        title=title,
        episode=fitting(_words(programme, "sub-title")[0], 200),
        description=read_description(_words(programme, "desc")[0]),
        language=language if len(language) <= 8 else "id",
    )


def _words(programme: xml.etree._Element, tag: str) -> tuple[str, str]:
    """(text, language) in Indonesian where there is one, else the first."""
    found = [("".join(each.itertext()), each.get("lang", "")) for each in programme.iterfind(tag)]
    text, language = next((each for each in found if each[1].lower().startswith("id")), found[0] if found else ("", ""))
    return text, language.lower() or "id"


def _instant(text: str, attribute: str) -> datetime:
    read_as = TIME.fullmatch(text.strip())
    try:
        naive = datetime.strptime(read_as[1].ljust(14, "0"), "%Y%m%d%H%M%S") if read_as else None  # noqa: DTZ007
    except ValueError:
        naive = None
    if read_as is None or naive is None:
        raise Unreadable(N_("%(attribute)s %(text)s bukan waktu XMLTV."), attribute=attribute, text=clean(text, 40))
    zone = read_as[2].strip()
    if not OLDEST.year <= naive.year <= NEWEST.year:
        raise Unreadable(N_("tanggalnya harus antara tahun 1900 dan 2099."))
    offset = OFFSET.fullmatch(zone)
    if offset is not None:
        if int(offset[2]) > 15 or int(offset[3]) > 59:
            raise Unreadable(N_("zona waktu %(zone)s tidak dikenal."), zone=zone)
        ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
        return naive.replace(tzinfo=timezone(ahead if offset[1] == "+" else -ahead)).astimezone(UTC)
    if zone and zone.upper() not in ABBREVIATIONS:
        raise Unreadable(N_("zona waktu %(zone)s tidak dikenal."), zone=clean(zone, 40))
    return to_utc(naive, ABBREVIATIONS[zone.upper()]) if zone else naive.replace(tzinfo=UTC)
