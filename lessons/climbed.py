"""A learner's practice week by week: what she answered, and how many rungs of each course she had mastered by its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lessons.course import FIRST, course_from_json, say
from lessons.mastery import Criterion
from lessons.practice_tables import PracticeAnswer
from lessons.tables import Course, CourseEdition, Enrolment

MOST_WEEKS = 12


@dataclass(slots=True)
class Week:
    """``monday`` begins it, in the learner's own zone. ``marks`` of all her practice; ``rungs`` mastered by its end."""

    monday: date
    marks: Counter[str] = field(default_factory=Counter)
    rungs: dict[str, int] = field(default_factory=dict)


def weeks(db: Session, learner_id: int, quiz_ids: Sequence[int] | None = None) -> list[Week]:
    """The newest weeks in which she practised, the oldest first. ``quiz_ids``: whose items the reader may see; None: all."""
    query = select(PracticeAnswer).where(PracticeAnswer.learner_id == learner_id).order_by(PracticeAnswer.id)
    if quiz_ids is not None:
        query = query.where(PracticeAnswer.quiz_id.in_(quiz_ids))
    enrolled = select(Enrolment.course_id, Enrolment.criterion).where(Enrolment.learner_id == learner_id)
    criteria = {row.course_id: row.criterion for row in db.execute(enrolled)}
    titles = _titles(db, list(criteria))
    found: dict[date, Week] = {}
    by: dict[tuple[int, int], str] = {}  # (course, rung): marks, the oldest first
    for answer in db.scalars(query):
        monday = date(1970, 1, 1) + timedelta(answer.day - (answer.day + 3) % 7)  # 1970 began on a Thursday
        week = found.setdefault(monday, Week(monday))
        week.marks[answer.mark] += 1
        if answer.mode != "climb" or answer.course_id not in titles:
            continue
        rung = (answer.course_id, answer.level)
        by[rung] = by.get(rung, "") + ("0" if answer.mark == "wrong" else "1")
        criterion = Criterion.read(criteria[answer.course_id])
        of_course = [marks for (course, _level), marks in by.items() if course == answer.course_id]
        week.rungs[titles[answer.course_id]] = sum(criterion.is_met(marks) for marks in of_course)
    held: dict[str, int] = {}
    for monday in sorted(found):
        held |= found[monday].rungs
        found[monday].rungs = dict(held)  # a course that she left alone stays where it was
    return [found[monday] for monday in sorted(found)][-MOST_WEEKS:]


def _titles(db: Session, courses: Sequence[int]) -> dict[int, str]:
    rows = db.execute(
        select(Course.id, CourseEdition.content)
        .join(CourseEdition, CourseEdition.id == Course.edition_id)
        .where(Course.id.in_(courses))
    )
    return {row.id: say(course_from_json(row.content).title, FIRST) for row in rows}
