"""The end of a quiz: how many were right, and what next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lessons.course import Quiz, say
from lessons.dialogue.scenes import Here, Step, listed, picked
from lessons.dialogue.scenes.question import newest, start
from lessons.dialogue.turn import Prompt


def show(here: Here) -> Prompt:
    _, facts = here._, here.place.facts
    quiz = here.world.edition(facts.get("edition", 0))
    counts = tally(facts)
    if quiz is None:
        text = _("Selesai! %(right)d dari %(total)d benar.", **counts)
    else:
        title = say(quiz.title, here.language)
        text = (
            _("%(title)s selesai! %(right)d dari %(total)d benar, %(almost)d hampir.", title=title, **counts)
            if counts["almost"]
            else _("%(title)s selesai! %(right)d dari %(total)d benar.", title=title, **counts)
        )
    text = " ".join(part for part in (text, streak(here)) if part)
    return Prompt(text, listed([_("Ulangi kuis")]) if _may_repeat(here, quiz) else (), moves=(here.home(),))


def tally(facts: Mapping[str, Any]) -> dict[str, int]:
    """What is said of a whole round: ``right`` wholly, ``almost`` (known, but misspelt or not whole), of ``total``."""
    almost = facts.get("almost", 0)
    return {"right": facts.get("right", 0) - almost, "almost": almost, "total": facts.get("total", 0)}


def streak(here: Here) -> str:
    """Her days in a row, where there are two at least and the last is today or yesterday; "" """
    person = here.person
    if person.streak < 2 or person.streak_day < here.world.day_of(person) - 1:
        return ""
    return here._("%(n)d hari berturut-turut!", n=person.streak)


def hear(here: Here, said: str) -> Step | None:
    if said == "0":
        return Step(here.to("menu"))
    quiz = here.world.edition(here.place.facts.get("edition", 0))
    return start(here, newest(here, quiz)) if quiz is not None and picked(said, 1) is not None else None


def _may_repeat(here: Here, quiz: Quiz | None) -> bool:
    if quiz is None:
        return False
    now = newest(here, quiz)
    return now.is_open(here.world.now) and (not now.attempts or here.world.attempts(here.person, now) < now.attempts)
