"""What belongs to this phone: who learns on it, her PIN, her hour of practice, the way to a browser."""

from __future__ import annotations

from dataclasses import replace

from lessons.dialogue.happenings import ReminderAsked
from lessons.dialogue.scenes import Here, Step, listed, picked, web
from lessons.dialogue.state import Place
from lessons.dialogue.turn import Prompt

EARLIEST, LATEST = 7, 19  # o'clock: quiet hours are from 20 to 7


def show(here: Here) -> Prompt:
    _ = here._
    if here.place.facts.get("hour"):
        return Prompt(
            _("SMS latihan jam berapa? Tekan 7 sampai 19, atau 20 untuk berhenti."), wants="number", moves=(here.back(),)
        )
    labels = [_("Ganti atau tambah murid"), _("PIN"), _("Jam SMS latihan"), _("Lanjut di internet")]
    return Prompt(_("Telepon ini:"), listed(labels), moves=(here.back(),))


def hear(here: Here, said: str) -> Step | None:
    if here.place.facts.get("hour"):
        if said == "0":
            return Step(here.to("phone"))
        hour = int(said) if said.isascii() and said.isdigit() and len(said) <= 2 else None
        return None if hour is None or hour == 0 else reminded(here, -1 if hour == LATEST + 1 else hour)
    if said == "0":
        return Step(here.to("menu"))
    at = picked(said, 4)
    if at is None:
        return None
    if at == 0:
        return Step(replace(here.state, who=0).at(Place("who")))
    if at == 3:
        return web.enter(here)
    return Step(here.to("pin") if at == 1 else here.to("phone", hour=True))


def reminded(here: Here, hour: int) -> Step:
    """Her daily set by SMS at that hour, or no more (-1); she goes on where she was."""
    _ = here._
    state = here.to("menu") if here.place.scene == "phone" else here.state
    if hour < 0:
        return Step(state, (ReminderAsked(here.person.id, None),), lead=_("SMS latihan dihentikan."))
    if not EARLIEST <= hour <= LATEST:
        return Step(here.state, lead=_("Pilih jam 7 sampai 19."))
    zone = here.world.moment(here.world.now, here.person.time_zone, here.language).rsplit(" ", 1)[-1]
    told = _("Baik. SMS latihan jam %(hour)d %(zone)s. LATIHAN STOP untuk berhenti.", hour=hour, zone=zone)
    return Step(state, (ReminderAsked(here.person.id, hour),), lead=told)
