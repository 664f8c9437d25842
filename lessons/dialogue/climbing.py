"""A learner's way up the ladder of a course, turn by turn, over lessons.mastery. ``facts`` are those of the scene practice.

``by`` holds her newest marks on each rung (as JSON has it: by the rung's number), ``run`` those since she came to this one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lessons import mastery
from lessons.course import Course
from lessons.dialogue.happenings import CourseFinished, Enrolled, Happening, Placed
from lessons.dialogue.scenes import Here
from lessons.kinds import kinds, unsuited

_REMEMBERED = 12  # items that were asked just now, so that others come first
_MARKS = 20  # of each rung: no criterion looks further back


def begin(here: Here, course: Course) -> dict[str, Any] | None:
    """The facts of her next question; None where no item of the course may be practised."""
    rungs = mastery.ladder(course, here.world.to_practise(here.person, course))
    if not rungs:
        return None
    way = here.world.climb(here.person, course)
    by: dict[str, str] = {}
    for level, _item, mark in way.answers:
        by[str(level)] = (by.get(str(level), "") + mark)[-_MARKS:]
    facts: dict[str, Any] = {
        "course": course.code, "id": course.id, "number": here.world.practised_today(here.person), "done": 0, "right": 0,
        "asked": [list(item) for _level, item, _mark in way.answers[-_REMEMBERED:]], "criterion": way.criterion,
    }  # fmt: skip
    if not way.placed:
        return _next(here, rungs, {**facts, "mode": "place", "marks": "", "level": mastery.placed_at(len(rungs), "")})
    placed = min(way.placed, len(rungs))
    mastered = _mastered(facts | {"by": by}, len(rungs))
    level = next((n for n in range(placed, len(rungs) + 1) if not mastered[n - 1]), len(rungs))
    more = {"mode": "climb", "by": by, "run": "", "level": level, "placed": placed}
    return _next(here, rungs, {**facts, **more, **({"finished": True} if way.is_finished else {})})


def onward(here: Here, facts: dict[str, Any], hit: str) -> tuple[dict[str, Any] | None, tuple[Happening, ...]]:
    """(the facts of the next question, None where there is none; what has happened besides the answer)."""
    course = next((c for c in here.world.courses(here.person) if c.code == facts["course"]), None)
    rungs = mastery.ladder(course, here.world.to_practise(here.person, course)) if course else ()
    if course is None or not rungs:
        return None, ()
    facts = {**facts, "asked": [*facts.get("asked", []), facts["item"]][-_REMEMBERED:]}
    if facts["mode"] == "place":
        marks = facts["marks"] + hit
        level = mastery.placed_at(len(rungs), marks)
        if len(marks) < mastery.PLACING:
            return _next(here, rungs, {**facts, "marks": marks, "level": level}), ()
        here_now = {"mode": "climb", "by": {}, "run": "", "level": level, "placed": level, "done": 0, "right": 0, "fresh": True}
        enrolled = Enrolled(here.person.id, course.id, course.criterion)
        return _next(here, rungs, {**facts, **here_now}), (enrolled, Placed(here.person.id, course.id, level))
    return _climbed(here, course, rungs, facts, hit)


def _climbed(
    here: Here, course: Course, rungs: Sequence[mastery.Rung], facts: dict[str, Any], hit: str
) -> tuple[dict[str, Any], tuple[Happening, ...]]:
    level = max(1, min(facts["level"], len(rungs)))
    by = {**facts["by"], str(level): (facts["by"].get(str(level), "") + hit)[-_MARKS:]}
    facts = {name: fact for name, fact in facts.items() if name != "fresh"} | {"by": by}
    mastered = _mastered(facts, len(rungs))
    placed = max(1, min(facts["placed"], len(rungs)))
    happened: tuple[Happening, ...] = ()
    if mastery.is_finished(mastered, placed) and not facts.get("finished"):
        code = here.world.new_code(CODE_LETTERS)
        happened = (CourseFinished(here.person.id, course.id, facts["criterion"], code),)
        facts |= {"finished": True, "code": code}
    level, run = mastery.next_level(level, facts["run"] + hit, len(rungs), mastered, placed)
    return _next(here, rungs, {**facts, "level": level, "run": run[-mastery.HITS :]}), happened


CODE_LETTERS = 12


def _mastered(facts: dict[str, Any], rungs: int) -> list[bool]:
    criterion = mastery.Criterion.read(facts["criterion"])
    return [criterion.is_met(facts["by"].get(str(n), "")) for n in range(1, rungs + 1)]


def _next(here: Here, rungs: Sequence[mastery.Rung], facts: dict[str, Any]) -> dict[str, Any]:
    asked = [(edition, item) for edition, item in facts["asked"]]
    items = rungs[facts["level"] - 1].items
    items = tuple(item for item in items if suits(here, item)) or items
    seed = f"{here.person.id} {facts['course']} {facts['number']}"
    return {**facts, "item": list(mastery.pick(items, seed, asked))}


def suits(here: Here, item: tuple[int, str]) -> bool:
    """Whether an item (edition, id) can be answered where she is: a caller has no letters, and is asked others."""
    if here.medium != "voice":
        return True
    quiz = here.world.edition(item[0])
    found = next((each for each in quiz.items if each.id == item[1]), None) if quiz is not None else None
    return found is None or found.kind not in kinds() or "voice" not in unsuited(found)
