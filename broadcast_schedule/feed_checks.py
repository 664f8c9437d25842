"""Before an edition stands, what it changes is written in every format and read again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from zoneinfo import ZoneInfo

from broadcast_schedule.changes import Change
from broadcast_schedule.draft import Place
from broadcast_schedule.feeds import faults
from broadcast_schedule.timetable import Channel, Occurrence, Station, Timetable
from broadcast_schedule.words import Phrases, in_indonesian
from core.problems import Problem

MOST = 50  # of a station: formats differ by words, not by weeks


def problems(changes: Iterable[Change], places: Iterable[Place], _: Phrases = in_indonesian) -> list[Problem]:
    """One for each station and format that a receiver could not read. Of a series one airing stands for all."""
    by_key = {place.key: place for place in places}
    by_station: dict[Station, dict[Channel, list[Occurrence]]] = {}
    seen: set[tuple[object, ...]] = set()
    for change in changes:
        one, place = change.after, by_key[change.after.channel]
        station, channel = Station(str(place.station_id), place.station, place.time_zone), Channel(place.key, place.name)
        same = (one.channel, one.slot, one.title, one.episode, one.status, one.end - one.start)
        if same not in seen:
            seen.add(same)
            by_station.setdefault(station, {}).setdefault(channel, []).append(one)
    found = []
    for station, channels in by_station.items():
        for fault in faults(_timetable(station, channels)):
            what = _(
                "Jadwal %(station)s tidak dapat dibaca dalam salah satu formatnya: %(fault)s.", station=station.name, fault=fault
            )
            found.append(Problem("", what, _("Periksa nama acara dan episodenya.")))
    return found


def _timetable(station: Station, channels: dict[Channel, list[Occurrence]]) -> Timetable:
    occurrences = sorted((one for some in channels.values() for one in some), key=lambda o: (o.start, o.channel, o.id))[:MOST]
    first, last = (each.start.astimezone(ZoneInfo(station.time_zone)).date() for each in (occurrences[0], occurrences[-1]))
    return Timetable(station, tuple(channels), tuple(occurrences), 1, first, (last - first + timedelta(days=2)).days)
