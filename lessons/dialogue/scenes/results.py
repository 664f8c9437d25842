"""How her last quizzes went."""

from __future__ import annotations

from lessons.dialogue.scenes import Here, Step
from lessons.dialogue.turn import Prompt
from lessons.dialogue.world import Outcome


def show(here: Here) -> Prompt:
    outcomes = here.world.outcomes(here.person)
    if not outcomes:
        return Prompt(here._("Belum ada nilai. Kerjakan satu kuis dulu."), moves=(here.back(),))
    lines = [_line(here, outcome) for outcome in outcomes]
    return Prompt("\n".join([here._("Nilai terakhirmu:"), *lines]), moves=(here.back(),))


def _line(here: Here, x: Outcome) -> str:
    if not x.almost:
        return here._("%(title)s: %(right)d dari %(total)d", title=x.title, right=x.right, total=x.total)
    return here._(
        "%(title)s: %(right)d dari %(total)d, %(almost)d hampir",
        title=x.title, right=x.right - x.almost, total=x.total, almost=x.almost,
    )  # fmt: skip


def hear(here: Here, said: str) -> Step | None:
    return Step(here.to("menu")) if said == "0" else None
