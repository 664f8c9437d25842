"""Which course, then which of its lessons."""

from __future__ import annotations

from lessons.course import Course, say
from lessons.dialogue.happenings import Enrolled
from lessons.dialogue.scenes import Here, Step, listed, picked, practice
from lessons.dialogue.turn import Prompt


def show(here: Here) -> Prompt:
    _, moves = here._, (here.back(),)
    course = _opened(here)
    if course is not None:
        read = here.world.read(here.person, course)
        labels = [say(x.title, here.language) + (" *" if x.id in read else "") for x in course.lessons]
        if _has_ladder(here, course):
            labels.append(_("Latihan bertingkat"))
        return Prompt(say(course.title, here.language), listed(labels), moves=moves)
    courses = here.world.courses(here.person)
    if not courses:
        return Prompt(_("Belum ada pelajaran. Coba lagi besok."), moves=moves)
    return Prompt(_("Pilih pelajaran:"), listed([say(c.title, here.language) for c in courses]), moves=moves)


def hear(here: Here, said: str) -> Step | None:
    if said == "0":
        return Step(here.to("courses") if _opened(here) and len(here.world.courses(here.person)) > 1 else here.to("menu"))
    course = _opened(here)
    if course is None:
        courses = here.world.courses(here.person)
        at = picked(said, len(courses))
        if at is None:
            return None
        return Step(
            here.to("courses", course=courses[at].code), (Enrolled(here.person.id, courses[at].id, courses[at].criterion),)
        )
    at = picked(said, len(course.lessons) + _has_ladder(here, course))
    if at == len(course.lessons):
        return practice.climb(here, course)
    return None if at is None else Step(here.to("lesson", course=course.code, lesson=course.lessons[at].id))


def _has_ladder(here: Here, course: Course) -> bool:
    return any(quiz.items for quiz in here.world.to_practise(here.person, course))


def _opened(here: Here) -> Course | None:
    code = here.place.facts.get("course")
    return next((c for c in here.world.courses(here.person) if c.code == code), None)
