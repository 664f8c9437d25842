"""The demo's two courses and quizzes: a file of demo/courses/ each, in Bahasa Indonesia and English.

They are everybody's (no school's) and open to all. ``seed`` makes what is missing; ``example_answers`` is what a visitor
may type.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lessons.authoring import publish_course, publish_quiz
from lessons.course import FIRST, Course, Item, Lesson, Quiz, Words, course_to_json, quiz_to_json, say
from lessons.dialogue.sheets import LETTERS, right_keys
from lessons.kinds import kinds
from lessons.tables import Course as CourseRow
from lessons.tables import Quiz as QuizRow

FOLDER = Path(__file__).parent / "courses"
MAIN = "mtk5"  # whose course and quiz the demo's JSON names
OPEN_BEFORE, OPEN_AFTER = timedelta(days=1), timedelta(days=32)


@cache
def files() -> dict[str, dict[str, Any]]:
    """{name: what the file of that course says}; the one that the JSON names first."""
    names = sorted((path.stem for path in FOLDER.glob("*.toml")), key=lambda name: (name != MAIN, name))
    return {name: tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8")) for name in names}


def courses() -> list[Course]:
    """Every course of the demo, without the ids of rows."""
    return [
        Course(
            code=data["code"], title=data["title"], subject=data["subject"], phase=data["phase"], grade=data["grade"],
            lessons=tuple(Lesson(x["id"], x["title"], _stripped(x["text"])) for x in data["lesson"]),
        )
        for data in files().values()
    ]  # fmt: skip


def quizzes() -> list[Quiz]:
    """The quiz of each course, in the same order, with neither opening nor closing."""
    return [
        Quiz(data["quiz"]["keyword"], data["quiz"]["title"], tuple(_item(row) for row in data["item"]), course=data["code"])
        for data in files().values()
    ]


def example_answers(item: Item) -> tuple[str, str]:
    """(a right answer, a wrong one) to an item of the demo, as typed on USSD and SMS alike: digits where there are options."""
    kind = kinds()[item.kind]
    wrong = next(row["wrong"] for data in files().values() for row in data["item"] if row["id"] == item.id)
    asked = kind.ask(item, FIRST)
    keys = [choice.key for choice in asked.choices] or [kind.mark(item, "", FIRST).right.split(" ")[0]]
    if asked.wants == "keys":
        keys = ["".join(str(LETTERS.index(letter) + 1) for letter in right_keys(item, FIRST))]
    return next(key for key in keys if kind.mark(item, key, FIRST).mark == "right"), wrong


def seed(db: Session, now: datetime, schools: Mapping[str, Any]) -> dict[str, Any]:
    """Courses and quizzes, published, where they are missing. Returns the ``course`` and ``quiz`` of the demo's JSON.

    The quizzes belong to no school, so that those of ``schools`` all take them; they are open from a day before the first
    seeding to a month after it, as often as one likes.
    """
    made: dict[str, Any] = {}
    for course, quiz in zip(courses(), quizzes(), strict=True):
        row = _living(db, quiz.keyword) or _published(db, course, quiz, now)
        if not made:
            told = {"id": row.id, "keyword": row.keyword, "items": [_told(item) for item in quiz.items]}
            made = {"course": course.code, "quiz": told}
    return made


def _living(db: Session, keyword: str) -> QuizRow | None:
    return db.scalar(select(QuizRow).where(QuizRow.keyword == keyword, QuizRow.archived_at.is_(None)))


def _published(db: Session, course: Course, quiz: Quiz, now: datetime) -> QuizRow:
    course_row = db.scalar(select(CourseRow).where(CourseRow.code == course.code))
    if course_row is None:
        course_row = CourseRow(code=course.code, draft=course_to_json(course))
        db.add(course_row)
        db.flush()
        publish_course(db, course_row, None, now)
    timed = replace(quiz, opens_at=now - OPEN_BEFORE, closes_at=now + OPEN_AFTER)
    row = QuizRow(keyword=quiz.keyword, course_id=course_row.id, draft=quiz_to_json(timed), updated_at=now)
    db.add(row)
    db.flush()
    publish_quiz(db, row, None, now)
    return row


def _told(item: Item) -> dict[str, str]:
    right, wrong = example_answers(item)
    return {"id": item.id, "prompt": say(item.prompt, FIRST), "right": right, "wrong": wrong}


def _item(row: Mapping[str, Any]) -> Item:
    choices = tuple({"id": c, "en": c} if isinstance(c, str) else c for c in row.get("choices", ()))
    return Item(row["id"], row["kind"], row["prompt"], row.get("key", {}), choices, row["explanation"], row.get("hint", {}))


def _stripped(text: Words) -> Words:
    return {language: words.strip() for language, words in text.items()}
