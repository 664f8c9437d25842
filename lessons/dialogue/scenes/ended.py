"""A polite end: what was said last. Whoever dials or writes again begins anew."""

from __future__ import annotations

from lessons.dialogue.scenes import Here, Step
from lessons.dialogue.turn import Prompt


def show(here: Here) -> Prompt:
    return Prompt(str(here.place.facts.get("text", "")), wants="nothing")


def hear(here: Here, said: str) -> Step | None:
    return Step(here.to("menu"))
