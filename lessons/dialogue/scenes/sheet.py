"""What came of a printed sheet's answers: one text, and the way on to what is still open, or home."""

from __future__ import annotations

from lessons.dialogue.scenes import Here, Step, listed, picked, question
from lessons.dialogue.turn import Prompt


def show(here: Here) -> Prompt:
    text = str(here.place.facts.get("text", "")) or here._("Kirim kode lembarmu dan jawabannya, misalnya Q7 ABDCA.")
    return Prompt(text, listed([here._("Lanjut")]) if _goes_on(here) else (), moves=(here.home(),))


def hear(here: Here, said: str) -> Step | None:
    if said == "0":
        return Step(here.to("menu"))
    return Step(here.to("question")) if _goes_on(here) and picked(said, 1) is not None else None


def _goes_on(here: Here) -> bool:
    """True where the open questions can be answered here one by one. An SMS says how in its text, and has no room for more."""
    return bool(here.place.facts.get("open")) and here.medium != "sms" and question.opened(here)[0] is not None
