"""What is on the air on her station, now and next, in her own zone's time; of a station that she names in that station's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core import gsm7
from lessons.course import FIRST
from lessons.dialogue.scenes import Here, Step, airing, listed, picked
from lessons.dialogue.turn import Prompt
from lessons.dialogue.world import Airing

ONE_OF_MANY = 20
NAME = 30  # a station's name, that what is on now and next stands on the same screen
SCREEN = 160  # septets: of a USSD screen, and of an SMS that costs one segment
TITLES = (40, 30, 24, 20, 16, 12)  # letters: the longest with which all of it is one screen
FEWEST = 2  # now and next; the third gives way to the names of these


def show(here: Here) -> Prompt:
    wanted = _wanted(here)
    airings = here.world.on_air(here.person, wanted)
    if not airings:
        return _nothing(here, wanted)
    head = _head(here, airings, is_list=True)
    return Prompt(head, listed(_fitting(here, head, airings)), moves=(here.back(),))


def told(here: Here, wanted: str = "") -> Prompt:
    """What is on, as one text without choices, to be said beside something else."""
    airings = here.world.on_air(here.person, wanted)
    if not airings:
        return _nothing(here, wanted)
    head = _head(here, airings)
    return Prompt("\n".join([head, *_fitting(here, head, airings)]), moves=(here.back(),))


def hear(here: Here, said: str) -> Step | None:
    if said == "0":
        return Step(here.to("menu"))
    one = chosen(here, said)
    return None if one is None else airing.enter(here, one, when(here, one), _wanted(here))


def chosen(here: Here, said: str) -> Airing | None:
    """Which of those that are listed before her ``said`` picks; None where it picks none, or no list is there."""
    if here.place.scene != "on_air":
        return None
    airings = here.world.on_air(here.person, _wanted(here))
    at = picked(said, len(_fitting(here, _head(here, airings, is_list=True), airings)) if airings else 0)
    return None if at is None else airings[at]


def _wanted(here: Here) -> str:
    wanted = here.place.facts.get("wanted", "") if here.place.scene == "on_air" else ""
    return wanted if isinstance(wanted, str) else ""


def _nothing(here: Here, wanted: str) -> Prompt:
    if wanted:
        what = here._("Belum ada jadwal untuk %(wanted)s. Coba JADWAL SMP atau JADWAL dan nama stasiun.", wanted=wanted)
        return Prompt(what, moves=(here.back(),))
    return Prompt(here._("Belum ada jadwal siaran untuk daerahmu."), moves=(here.back(),))


def _head(here: Here, airings: Sequence[Airing], *, is_list: bool = False) -> str:
    head, alike = airing.cut(airings[0].station, NAME), airings[0].alike
    if alike > 1:
        head = here._("%(station)s (1 dari %(n)d yang cocok)", station=airing.cut(head, ONE_OF_MANY), n=alike)
    return here._("%(station)s. Balas angkanya untuk diingatkan.", station=head) if is_list and here.medium == "sms" else head


def _fitting(here: Here, head: str, airings: Sequence[Airing]) -> list[str]:
    """The lines with titles as long as one screen has room for, with its keys; in need the third one gives way."""
    for count in range(len(airings), min(FEWEST, len(airings)) - 1, -1):
        for most in TITLES:
            lines = [_line(here, one, most) for one in airings[:count]]
            drawn = "\n".join([head, *(f"1. {line}" for line in lines), f"0.{here.back().label}"])
            if gsm7.units(gsm7.rewrite(drawn)) <= SCREEN:
                return lines
    return [_line(here, one, TITLES[-1]) for one in airings[:FEWEST]]


def _line(here: Here, one: Airing, most: int) -> str:
    return f"{when(here, one)}: {airing.cut(one.title, most)}"


def when(here: Here, one: Airing) -> str:
    """From when to when, with the zone; with the day where that is not today."""
    now = here.world.now
    if one.start <= now < one.end:
        return here._("Sekarang sampai %(end)s", end=f"{_hour(here, one.end)} {one.end.tzname()}")
    hours = f"{_hour(here, one.start)}-{_hour(here, one.end)} {one.start.tzname()}"
    days = (one.start.date() - now.astimezone(one.start.tzinfo).date()).days
    if days == 0:
        return hours
    date = f" {one.start.day}/{one.start.month}" if days > 6 else ""  # this week's Monday and the next one's are two
    return f"{here.world.weekday(one.start, here.language)}{date} {hours}"


def _hour(here: Here, at: datetime) -> str:
    """08.00; elsewhere than in Indonesian 08:00."""
    return f"{at:%H.%M}" if here.language == FIRST else f"{at:%H:%M}"
