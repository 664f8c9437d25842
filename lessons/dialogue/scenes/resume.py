"""She was in the middle of a quiz when the session ended: go on at the very question?"""

from __future__ import annotations

from lessons.course import say
from lessons.dialogue.happenings import AttemptFinished
from lessons.dialogue.scenes import Here, Step, listed, picked
from lessons.dialogue.scenes.question import begin, opened
from lessons.dialogue.state import Place
from lessons.dialogue.turn import Prompt


def show(here: Here) -> Prompt:
    _ = here._
    quiz, _item = opened(here)
    if quiz is None or here.place.going is None:
        return Prompt(_("Kuis ini tidak ada lagi."), moves=(here.home(),))
    text = _("Kuis %(title)s: lanjut di soal %(n)d dari %(total)d?",
             title=say(quiz.title, here.language), n=here.place.going.at + 1, total=len(quiz.items))  # fmt: skip
    return Prompt(text, listed([_("Lanjut"), _("Mulai baru"), _("Menu")]))


def hear(here: Here, said: str) -> Step | None:
    going = here.place.going
    at = picked(said, 3) if not said.strip().isalpha() else _worded(said)
    if at is None:
        return None
    if at == 0:
        return Step(here.to("question"))
    quiz, _item = opened(here)
    if at == 2 or quiz is None or going is None:
        return Step(here.to("menu"))
    fresh = Here(here.world, here.state.at(Place("menu")), here.person, here.medium, here._)
    step = begin(fresh, here.world.quiz(quiz.keyword, here.person) or quiz)
    return Step(step.state, (AttemptFinished(here.person.id, going.quiz, going.number), *step.happenings), step.lead)


def _worded(said: str) -> int | None:
    """SMS learners answer in words."""
    return {"lanjut": 0, "ya": 0, "continue": 0, "yes": 0, "baru": 1, "new": 1}.get(said.strip().casefold())
