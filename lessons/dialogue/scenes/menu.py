"""The beginning of everything."""

from __future__ import annotations

from lessons.course import say
from lessons.dialogue.people import name_of
from lessons.dialogue.scenes import Here, Step, listed, picked, today
from lessons.dialogue.scenes.question import opened
from lessons.dialogue.scenes.result import streak
from lessons.dialogue.turn import Prompt

_WAYS = ("courses", "quizzes", "on_air", "results", "language", "today", "phone")


def show(here: Here) -> Prompt:
    _ = here._
    labels = [_("Pelajaran"), _("Kuis"), _("Jadwal siaran"), _("Nilaiku"), _("Bahasa"), _("Latihan hari ini"), _("Telepon ini")]
    title = _going_title(here)
    if title is not None:
        labels.insert(0, _("Lanjut: %(title)s", title=title))
    name = name_of(here.person)
    greeting = _("Halo, %(name)s!", name=name) if name else _("Halo!")
    return Prompt(" ".join(part for part in (greeting, streak(here), _("Mau apa?")) if part), listed(labels))


def hear(here: Here, said: str) -> Step | None:
    if said == "0":
        return Step(here.state)
    ways = _WAYS if _going_title(here) is None else ("question", *_WAYS)
    at = picked(said, len(ways))
    if at is None:
        return None
    return today.enter(here) if ways[at] == "today" else Step(here.to(ways[at]))


def _going_title(here: Here) -> str | None:
    """The title of the quiz that she is in the middle of and may go on with."""
    quiz, _item = opened(here)
    return say(quiz.title, here.language) if quiz is not None and quiz.is_open(here.world.now) else None
