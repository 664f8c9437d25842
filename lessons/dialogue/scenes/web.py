"""On in a browser: a code that lasts some minutes, to be typed at /learn."""

from __future__ import annotations

from lessons.dialogue.happenings import WebCodeGiven
from lessons.dialogue.scenes import Here, Step
from lessons.dialogue.turn import Prompt

LETTERS = 8


def enter(here: Here) -> Step:
    code = here.world.new_code(LETTERS)
    return Step(here.to("web", code=code), (WebCodeGiven(here.person.id, code),))


def show(here: Here) -> Prompt:
    code = str(here.place.facts.get("code", ""))
    text = here._("Buka halaman Belajar di internet, lalu tulis %(code)s. Berlaku 10 menit.", code=f"{code[:4]}-{code[4:]}")
    return Prompt(text, moves=(here.back(),))


def hear(here: Here, said: str) -> Step | None:
    return Step(here.to("menu")) if said == "0" else None
