"""The end of a quiz: how many were right, and what next."""

from __future__ import annotations

from lessons.course import say
from lessons.dialogue.scenes import Here, Step, listed, picked
from lessons.dialogue.scenes.question import begin
from lessons.dialogue.turn import Prompt


def show(here: Here) -> Prompt:
    _, facts = here._, here.place.facts
    right, total = facts.get("right", 0), facts.get("total", 0)
    quiz = here.world.edition(facts.get("edition", 0))
    text = _("Selesai! %(right)d dari %(total)d benar.", right=right, total=total)
    if quiz is not None:
        text = _(
            "%(title)s selesai! %(right)d dari %(total)d benar.", title=say(quiz.title, here.language), right=right, total=total
        )
    return Prompt(text, listed([_("Ulangi kuis")]) if quiz else (), moves=(here.home(),))


def hear(here: Here, said: str) -> Step | None:
    if said == "0":
        return Step(here.to("menu"))
    quiz = here.world.edition(here.place.facts.get("edition", 0))
    if quiz is None or picked(said, 1) is None:
        return None
    newest = here.world.quiz(quiz.keyword, here.person)
    return begin(here, newest if newest is not None and newest.id == quiz.id else quiz)
