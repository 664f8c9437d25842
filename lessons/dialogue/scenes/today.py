"""Practice of today: the set that she is about to forget; where nothing waits, the ladders of her courses."""

from __future__ import annotations

from collections.abc import Sequence

from lessons.course import Course, say
from lessons.dialogue.scenes import Here, Step, listed, picked, practice
from lessons.dialogue.turn import Prompt


def enter(here: Here) -> Step:
    """The first question of today's set at once; else what may be practised besides."""
    return practice.daily(here) or Step(here.to("today"))


def show(here: Here) -> Prompt:
    _, ladders = here._, _ladders(here)
    if not ladders:
        return Prompt(_("Belum ada yang bisa dilatih. Kerjakan satu kuis dulu."), moves=(here.back(),))
    labels = [say(course.title, here.language) for course in ladders]
    return Prompt(_("Tidak ada yang perlu diulang sekarang. Naik tingkat di:"), listed(labels), moves=(here.back(),))


def hear(here: Here, said: str) -> Step | None:
    if said == "0":
        return Step(here.to("menu"))
    ladders = _ladders(here)
    at = picked(said, len(ladders))
    return None if at is None else practice.climb(here, ladders[at])


def course_of(here: Here, code: str) -> Course | None:
    return next((course for course in here.world.courses(here.person) if course.code == code), None)


def _ladders(here: Here) -> Sequence[Course]:
    return [c for c in here.world.courses(here.person) if any(q.items for q in here.world.to_practise(here.person, c))]
