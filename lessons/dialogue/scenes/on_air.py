"""What is on the air on her station, now and next, in her own zone's time."""

from __future__ import annotations

from datetime import datetime

from lessons.course import FIRST
from lessons.dialogue.scenes import Here, Step
from lessons.dialogue.turn import Prompt
from lessons.dialogue.world import Airing

NAME = 30  # a station's name, that what is on now and next stands on the same screen


def show(here: Here) -> Prompt:
    wanted = here.place.facts.get("wanted", "")
    return told(here, wanted if here.place.scene == "on_air" and isinstance(wanted, str) else "")


def told(here: Here, wanted: str = "") -> Prompt:
    """What is on, on her own station, or of what she names: a level, a station."""
    airings = here.world.on_air(here.person, wanted)
    if not airings and wanted:
        what = here._("Belum ada jadwal untuk %(wanted)s. Coba JADWAL SMP atau JADWAL dan nama stasiun.", wanted=wanted)
        return Prompt(what, moves=(here.back(),))
    if not airings:
        return Prompt(here._("Belum ada jadwal siaran untuk daerahmu."), moves=(here.back(),))
    station = airings[0].station if len(airings[0].station) <= NAME else airings[0].station[: NAME - 2].rstrip() + ".."
    lines = [station, *(_line(here, airing) for airing in airings)]
    return Prompt("\n".join(lines), moves=(here.back(),))


def hear(here: Here, said: str) -> Step | None:
    return Step(here.to("menu")) if said == "0" else None


def _line(here: Here, airing: Airing) -> str:
    now = here.world.now
    if airing.start <= now < airing.end:
        when = here._("Sekarang sampai %(end)s", end=f"{_hour(here, airing.end)} {airing.end.tzname()}")
    else:
        hours = f"{_hour(here, airing.start)}-{_hour(here, airing.end)} {airing.start.tzname()}"
        days = (airing.start.date() - now.astimezone(airing.start.tzinfo).date()).days
        when = hours if days == 0 else f"{here.world.weekday(airing.start, here.language)} {hours}"
    # Short enough that now and next fit one screen together.
    title = airing.title if len(airing.title) <= 40 else airing.title[:38].rstrip() + ".."
    return f"{when}: {title}"


def _hour(here: Here, at: datetime) -> str:
    """08.00; elsewhere than in Indonesian 08:00."""
    return f"{at:%H.%M}" if here.language == FIRST else f"{at:%H:%M}"
