"""The open courses as light pages: for whoever has a browser and no credit. Nothing personal is shown or kept."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request

from core import clock
from core.database import database
from core.pages import page_language
from lessons import openings
from lessons.course import Course, Lesson, say
from lessons.library import library
from schools.access import public

blueprint = Blueprint("learn", __name__, template_folder="templates")
OPEN = "open courses are for anybody"


def _open_courses() -> list[Course]:
    """Those of no school that want no enrolment."""
    content = database().step(library().content)
    return [course for school, course in content.courses if school is None and course.is_open]


def _said(**values: Any) -> dict[str, Any]:
    language = page_language()
    return {**values, "said": lambda words: say(words, language)}


@blueprint.get("/learn")
@public(OPEN)
def courses() -> Any:
    return render_template("lessons/learn.html", **_said(courses=_open_courses()))


@blueprint.get("/learn/<code>")
@public(OPEN)
def course(code: str) -> Any:
    found, now = _found(code), clock.now()
    content = database().step(library().content)
    shared = [quiz for quiz in content.quizzes if quiz.course == code and quiz.school is None and quiz.is_open(now)]
    if any(quiz.after for quiz in shared):  # of somebody whose station nobody knows
        shared = database().step(lambda db: [openings.opened(db, quiz, None) for quiz in shared])
    return render_template(
        "lessons/learn_course.html", **_said(course=found, quizzes=[quiz for quiz in shared if quiz.is_open(now)])
    )


@blueprint.get("/learn/<code>/<lesson_id>")
@public(OPEN)
def lesson(code: str, lesson_id: str) -> Any:
    found = _found(code)
    at = next((n for n, each in enumerate(found.lessons) if each.id == lesson_id), None)
    if at is None:
        abort(404)
    shown: Lesson = found.lessons[at]
    before = found.lessons[at - 1] if at else None
    after = found.lessons[at + 1] if at + 1 < len(found.lessons) else None
    paragraphs = [text for text in say(shown.text, page_language()).split("\n\n") if text.strip()]
    wanted = request.args.get("show", "")[:3]
    show = int(wanted) if wanted.isascii() and wanted.isdigit() else 0  # which picture, from 1
    values = _said(course=found, lesson=shown, number=at + 1, before=before, after=after, paragraphs=paragraphs, show=show)
    return render_template("lessons/learn_lesson.html", **values)


def _found(code: str) -> Course:
    return next((course for course in _open_courses() if course.code == code), None) or abort(404)
