"""A lesson of several screens; at its end the next lesson, or a quiz of the course."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from lessons.course import Course, Lesson, Quiz, say
from lessons.dialogue.happenings import LessonFinished
from lessons.dialogue.scenes import Here, Step, listed, picked
from lessons.dialogue.scenes.question import begin
from lessons.dialogue.state import Place, State
from lessons.dialogue.turn import Prompt

_AT_WORDS = -1  # the page is the one that holds the word facts["words"], whatever the medium


def show(here: Here) -> Prompt:
    course, lesson = opened(here)
    if course is None or lesson is None:
        return Prompt(here._("Pelajaran ini tidak ada lagi."), moves=(here.back(), here.home()))
    labels = [label for label, _ in _onward(here, course, lesson)]
    text = f"{say(lesson.title, here.language)}\n{say(lesson.text, here.language)}"
    return Prompt(text, listed(labels), moves=(here.back(), here.home()))


def hear(here: Here, said: str) -> Step | None:
    course, lesson = opened(here)
    if lesson is None or course is None:
        return Step(here.to("courses")) if said == "0" else None
    if said == "0":
        return Step(here.to("courses", course=course.code))
    ways = _onward(here, course, lesson)
    at = picked(said, len(ways))
    if at is None:
        return None
    way = ways[at][1]
    return Step(here.to("lesson", course=course.code, lesson=way.id)) if isinstance(way, Lesson) else begin(here, way)


def at_word(here: Here, course: str, lesson: str, words: int) -> State:
    """The state at the page of a lesson before which she has read ``words`` words, here or on another medium."""
    return here.state.at(replace(here.to("lesson", course=course, lesson=lesson, words=words).place, page=_AT_WORDS))


def reading(here: Here, pages: Sequence[Prompt]) -> tuple[Place, tuple[LessonFinished, ...]]:
    """Her place, with how much she has read; and that the lesson is finished, when she first sees its last page."""
    place = here.place
    course, lesson = opened(here)
    if course is None or lesson is None:
        return place, ()
    before = list(accumulate((len(page.text.split()) for page in pages), initial=0))[:-1]
    page, read = min(place.page, len(pages) - 1), before[min(place.page, len(pages) - 1)]
    if place.page == _AT_WORDS:
        read = max(0, place.facts.get("words", 0))
        page = max(n for n, words in enumerate(before) if words <= read)
    facts = {**place.facts, "words": read}
    if page < len(pages) - 1 or facts.get("read"):
        return replace(place, page=page, facts=facts), ()
    done = LessonFinished(here.person.id, course.id, lesson.id)
    return replace(place, page=page, facts={**facts, "read": True}), (done,)


def opened(here: Here) -> tuple[Course | None, Lesson | None]:
    """The course and the lesson that her place names, while they are published."""
    facts = here.place.facts
    course = next((c for c in here.world.courses(here.person) if c.code == facts.get("course")), None)
    return course, next((x for x in course.lessons if x.id == facts.get("lesson")), None) if course else None


def _onward(here: Here, course: Course, lesson: Lesson) -> list[tuple[str, Lesson | Quiz]]:
    """(label, where it leads): the next lesson, then the quizzes of this course that are open."""
    following = course.lessons[course.lessons.index(lesson) + 1 :][:1]
    quizzes = [q for q in here.world.quizzes(here.person) if q.course == course.code]
    ways: list[tuple[str, Lesson | Quiz]] = [
        (here._("Berikut: %(title)s", title=say(x.title, here.language)), x) for x in following
    ]
    return ways + [(here._("Kuis: %(title)s", title=say(q.title, here.language)), q) for q in quizzes]
