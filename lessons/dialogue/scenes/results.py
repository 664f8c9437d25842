"""How her last quizzes went."""

from __future__ import annotations

from lessons.dialogue.scenes import Here, Step
from lessons.dialogue.turn import Prompt


def show(here: Here) -> Prompt:
    outcomes = here.world.outcomes(here.person)
    if not outcomes:
        return Prompt(here._("Belum ada nilai. Kerjakan satu kuis dulu."), moves=(here.back(),))
    lines = [here._("%(title)s: %(right)d dari %(total)d", title=x.title, right=x.right, total=x.total) for x in outcomes]
    return Prompt("\n".join([here._("Nilai terakhirmu:"), *lines]), moves=(here.back(),))


def hear(here: Here, said: str) -> Step | None:
    return Step(here.to("menu")) if said == "0" else None
