"""A lesson of several screens; at its end the next lesson, or a quiz of the course."""

from __future__ import annotations

from lessons.course import Course, Lesson, Quiz, say
from lessons.dialogue.happenings import LessonFinished
from lessons.dialogue.scenes import Here, Step, listed, picked
from lessons.dialogue.scenes.question import begin
from lessons.dialogue.turn import Prompt


def show(here: Here) -> Prompt:
    course, lesson = _opened(here)
    if lesson is None:
        return Prompt(here._("Pelajaran ini tidak ada lagi."), moves=(here.back(), here.home()))
    labels = [label for label, _ in _onward(here, course, lesson)]
    text = f"{say(lesson.title, here.language)}\n{say(lesson.text, here.language)}"
    return Prompt(text, listed(labels), moves=(here.back(), here.home()))


def hear(here: Here, said: str) -> Step | None:
    course, lesson = _opened(here)
    if lesson is None or course is None:
        return Step(here.to("courses")) if said == "0" else None
    if said == "0":
        return Step(here.to("courses", course=course.code))
    ways = _onward(here, course, lesson)
    at = picked(said, len(ways))
    if at is None:
        return None
    way = ways[at][1]
    if isinstance(way, Lesson):
        return Step(here.to("lesson", course=course.code, lesson=way.id), finished(here))
    step = begin(here, way)
    return Step(step.state, (*finished(here), *step.happenings), step.lead)


def finished(here: Here) -> tuple[LessonFinished, ...]:
    """What is to be written down when she has seen its last page."""
    course, lesson = _opened(here)
    return (LessonFinished(here.person.id, course.id, lesson.id),) if course and lesson else ()


def _onward(here: Here, course: Course | None, lesson: Lesson) -> list[tuple[str, Lesson | Quiz]]:
    """(label, where it leads): the next lesson, then the quizzes of this course that are open."""
    if course is None:
        return []
    following = course.lessons[course.lessons.index(lesson) + 1 :][:1]
    quizzes = [q for q in here.world.quizzes(here.person) if q.course == course.code]
    ways: list[tuple[str, Lesson | Quiz]] = [
        (here._("Berikut: %(title)s", title=say(x.title, here.language)), x) for x in following
    ]
    return ways + [(here._("Kuis: %(title)s", title=say(q.title, here.language)), q) for q in quizzes]


def _opened(here: Here) -> tuple[Course | None, Lesson | None]:
    facts = here.place.facts
    course = next((c for c in here.world.courses(here.person) if c.code == facts.get("course")), None)
    return course, next((x for x in course.lessons if x.id == facts.get("lesson")), None) if course else None
