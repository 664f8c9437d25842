"""INGATKAN: an SMS before each airing of a programme, asked for in one message, and ended in one."""

from __future__ import annotations

from dataclasses import replace

from lessons.dialogue import asking, commands
from lessons.dialogue.scenes import Here, Step, airing, on_air
from lessons.dialogue.world import Airing, Wish


def asked(here: Here, said: str) -> Step | None:
    """What "INGATKAN 101", "INGATKAN 101 BATAL", "INGATKAN BATAL" or INGATKAN alone lead to; None for all else."""
    found = commands.reminder_of(said)
    if found is None:
        return None
    which, ends = found
    if ends:
        step = airing.left(here, _meant(here, which))
    elif not which:
        step = airing.told(here, _mine(here))
    else:
        shown = _named(here, which)
        step = airing.wished(here, shown) if shown is not None else airing.told(here, _unknown(here, which))
    if not asking.is_asking(here.place):
        return step
    return Step(here.state.at(replace(here.place, page=0)), step.happenings, str(step.state.place.facts["told"]))


def _named(here: Here, which: str) -> Airing | None:
    """The programme that she means: by its place in the list that she has before her, else by code or name."""
    return on_air.chosen(here, which) or here.world.programme(here.person, which)


def _meant(here: Here, which: str) -> list[Wish]:
    """Her wishes of that programme; all of them where she names none."""
    wishes = list(here.world.wishes(here.person))
    if not which:
        return wishes
    found = [wish for wish in wishes if wish.code == which]
    if not found:
        shown = _named(here, which)
        found = [wish for wish in wishes if shown is not None and wish.slot == shown.slot]
    return found or [wish for wish in wishes if which in wish.title.upper()]


def _mine(here: Here) -> str:
    """What she is reminded of, or how to be."""
    wishes = here.world.wishes(here.person)
    if not wishes:
        return here._("Kirim JADWAL, lalu INGATKAN dan angkanya, misalnya INGATKAN 1.")
    names = [f"{wish.code} {airing.cut(wish.title, 20)}" for wish in wishes]
    told, more = names[0], 0
    for n, name in enumerate(names[1:], 2):
        if len(told) + len(name) > 80:
            more = len(names) - n + 1
            break
        told += f", {name}"
    text = here._("Kamu diingatkan: %(which)s. Berhenti: INGATKAN BATAL.", which=told + (f" +{more}" if more else ""))
    return text


def _unknown(here: Here, which: str) -> str:
    return here._("Acara %(which)s tidak ada di jadwal. Kirim JADWAL untuk melihat kodenya.", which=which)
