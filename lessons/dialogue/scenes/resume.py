"""She was in the middle of a quiz or a lesson when the session ended: go on at the very place?"""

from __future__ import annotations

from dataclasses import replace

from lessons.course import say
from lessons.dialogue.happenings import AttemptFinished
from lessons.dialogue.scenes import Here, Step, lesson, listed, picked, question
from lessons.dialogue.state import State
from lessons.dialogue.turn import Prompt

_WORDS = {"lanjut": 0, "ya": 0, "continue": 0, "yes": 0, "baru": 1, "mulai baru": 1, "new": 1, "0": 2}


def unfinished(here: Here) -> State | None:
    """Where to ask whether she goes on; None where she left nothing in the middle."""
    facts = here.place.facts
    if here.place.scene in ("lesson", "resume") and facts.get("words") and not facts.get("read") and lesson.opened(here)[1]:
        return here.to("resume", **{name: facts[name] for name in ("course", "lesson", "words")})
    quiz, _item = question.opened(here)
    return here.to("resume") if quiz is not None and quiz.is_open(here.world.now) else None


def onward(here: Here) -> State:
    """The very place where she left, or the menu where there is none."""
    facts = here.place.facts
    if here.place.scene == "resume" and facts.get("lesson"):
        return lesson.at_word(here, facts["course"], facts["lesson"], facts.get("words", 0))
    return here.to("question" if question.opened(here)[0] else "menu")


def show(here: Here) -> Prompt:
    _ = here._
    quiz, _item = question.opened(here)
    reading = lesson.opened(here)[1]
    if reading is not None:
        text = _("Lanjut membaca: %(title)s", title=say(reading.title, here.language))
    elif quiz is not None and here.place.going is not None:
        text = _("Kuis %(title)s: lanjut di soal %(n)d dari %(total)d?",
                 title=say(quiz.title, here.language), n=here.place.going.at + 1, total=len(quiz.items))  # fmt: skip
    else:
        return Prompt(_("Kuis ini tidak ada lagi."), moves=(here.home(),))
    return Prompt(text, listed([_("Lanjut"), _("Mulai baru"), _("Menu")]))


def hear(here: Here, said: str) -> Step | None:
    at = _WORDS.get(said.casefold(), picked(said, 3))
    if at is None:
        return None
    if at == 2:
        return Step(here.to("menu"))
    if at == 0:
        return Step(onward(here))
    facts, going = here.place.facts, here.place.going
    if facts.get("lesson"):
        return Step(here.to("lesson", course=facts["course"], lesson=facts["lesson"]))
    quiz, _item = question.opened(here)
    if quiz is None or going is None:
        return Step(here.to("menu"))
    step = question.start(here, question.newest(here, quiz))
    if step.state.place.scene != "question":  # no further attempt is allowed: the one under way is kept
        return step
    return replace(step, happenings=(AttemptFinished(here.person.id, going.quiz, going.number), *step.happenings))
