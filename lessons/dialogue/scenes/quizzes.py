"""The quizzes that are open to her now."""

from __future__ import annotations

from lessons.course import say
from lessons.dialogue.scenes import Here, Step, listed, picked
from lessons.dialogue.scenes.question import begin
from lessons.dialogue.turn import Prompt


def show(here: Here) -> Prompt:
    quizzes = here.world.quizzes(here.person)
    if not quizzes:
        return Prompt(here._("Belum ada kuis yang dibuka. Coba lagi besok."), moves=(here.back(),))
    return Prompt(here._("Pilih kuis:"), listed([say(q.title, here.language) for q in quizzes]), moves=(here.back(),))


def hear(here: Here, said: str) -> Step | None:
    if said == "0":
        return Step(here.to("menu"))
    quizzes = here.world.quizzes(here.person)
    at = picked(said, len(quizzes))
    return None if at is None else begin(here, quizzes[at])
