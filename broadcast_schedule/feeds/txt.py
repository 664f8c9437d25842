"""Plain text of 80 columns, to be printed, faxed or read aloud: day by day, in the station's own time. Cancelled ones are
in it and say so, because somebody may have announced them. What goes on after midnight stands again under the next day."""

from __future__ import annotations

import textwrap
import unicodedata

from broadcast_schedule.feeds import Feed, want
from broadcast_schedule.feeds._days import by_day
from broadcast_schedule.timetable import Occurrence, Timetable
from broadcast_schedule.words import day_of, span

WIDTH = 80


def render(timetable: Timetable) -> bytes:
    station, zone = timetable.station, timetable.station.time_zone
    lines = [*_wrapped(" · ".join(filter(None, (station.name, station.frequency)))), f"Revisi {timetable.revision}", ""]
    names = {c.key: c.name for c in timetable.channels} if len(timetable.channels) > 1 else {}
    days = list(by_day(timetable, timetable.occurrences))
    for when, airings in days:
        heading = day_of(when, zone)
        lines += [heading, "-" * len(heading)]
        for one, is_continued in airings:
            lines += _wrapped(_told(one, zone, names, is_continued))
        lines.append("")
    if not days:
        lines += ["Tidak ada siaran.", ""]
    return "\n".join(lines).encode()


def _told(one: Occurrence, zone: str, names: dict[str, str], is_continued: bool) -> str:
    what = f"{one.title}: {one.episode}" if one.episode else one.title
    more = [one.audience, names.get(one.channel, ""), f"kuis {one.quiz_keyword}" if one.quiz_keyword else ""]
    told = f"{span(one.start, one.end, zone)}  {what}"
    if any(more):
        told += f" ({', '.join(filter(None, more))})"
    told += " (lanjutan)" if is_continued else ""
    return told if one.is_on else f"{told} BATAL"


def _wrapped(text: str) -> list[str]:
    """Characters of East Asia are two columns wide: a text with any is wrapped as though all were."""
    is_wide = any(unicodedata.east_asian_width(each) in "WF" for each in text)
    return textwrap.wrap(text, WIDTH // 2 if is_wide else WIDTH, subsequent_indent=" " * 4)


def check(raw: bytes, timetable: Timetable) -> None:
    want(max(map(len, raw.decode().split("\n"))) <= WIDTH, "a line is longer than 80 columns")


feed = Feed("txt", "txt", "text/plain; charset=utf-8", render, check)
