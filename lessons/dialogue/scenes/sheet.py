"""What came of a printed sheet's answers: one text, and the way home."""

from __future__ import annotations

from lessons.dialogue.scenes import Here, Step
from lessons.dialogue.turn import Prompt


def show(here: Here) -> Prompt:
    return Prompt(
        str(here.place.facts.get("text", "")) or here._("Kirim kode lembarmu dan jawabannya, misalnya Q7 ABDCA."),
        moves=(here.home(),),
    )


def hear(here: Here, said: str) -> Step | None:
    return Step(here.to("menu")) if said == "0" else None
