"""A teacher's side for tests: a small quiz, its form as a browser sends it, answers as learners gave them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from lessons import authoring, forms
from lessons.course import Item, Quiz
from lessons.tables import Answer, Attempt
from schools.tables import Staff

NOW = datetime(2026, 11, 23, 1, 10, tzinfo=UTC)  # a Monday, 08.10 WIB
QUIZ = Quiz(
    "DAUN",
    {"id": "Tumbuhan hijau"},
    (
        Item(
            "i1",
            "multiple_choice",
            {"id": "Apa yang menyerap air dari tanah?"},
            {"right": 1},
            ({"id": "Akar"}, {"id": "Batang"}, {"id": "Daun"}),
            {"id": "Akar menyerap air dan mineral."},
        ),
        Item("i2", "number", {"id": "Berapa kg 2,5 kg dan 750 g?"}, {"number": "3,25", "unit": "kg"}),
        Item("i3", "short_answer", {"id": "Cara daun membuat makanan?"}, {"accepted": ["fotosintesis", "fotosintesa"]}),
        Item("i4", "true_false", {"id": "Paus bernapas dengan insang."}, {"right": False}),
    ),
)


def form_of(quiz: Quiz, version: int = 0) -> dict[str, str]:
    """The fields that a browser sends for the form of ``quiz``."""
    typed = forms.typed_of(quiz, version)
    fields = dict(typed.fields)
    for at, item in enumerate(typed.items):
        fields |= {f"items.{at}.id": item.id, f"items.{at}.kind": item.kind}
        fields |= {f"items.{at}.{name}": text for name, text in item.fields.items()}
    return fields


def publish(database, teacher: int, quiz: Quiz = QUIZ, *, shared: bool = False, now: datetime = NOW) -> int:
    """The id of a published quiz of that teacher's school, or of every school's."""
    with database.writing() as db:
        staff = db.get(Staff, teacher)
        row = authoring.new_quiz(db, staff, quiz, now)
        if shared:
            row.school_id = None
            db.flush()
        authoring.publish_quiz(db, row, staff, now)
        return row.id


def answer(
    database,
    quiz_id: int,
    learner: int,
    marks: str,
    *,
    number: int = 1,
    finished: bool = True,
    medium: str = "ussd",
    typed: str = "1",
    at: datetime = NOW,
) -> None:
    """An attempt at the newest edition; an answer a minute for each letter of ``marks``: right, almost, wrong."""
    names = {"r": ("right", 100), "a": ("almost", 50), "w": ("wrong", 0)}
    with database.writing() as db:
        row = db.get(authoring.QuizRow, quiz_id)
        items = authoring.quiz_from_json(db.get(authoring.QuizEdition, row.edition_id).content).items
        attempt = Attempt(
            learner_id=learner,
            quiz_id=quiz_id,
            edition_id=row.edition_id,
            number=number,
            started_at=at,
            finished_at=at + timedelta(minutes=len(marks)) if finished else None,
        )
        db.add(attempt)
        db.flush()
        for place, (letter, item) in enumerate(zip(marks, items, strict=False)):
            mark, score = names[letter]
            db.add(
                Answer(
                    attempt_id=attempt.id,
                    item_id=item.id,
                    typed=typed,
                    mark=mark,
                    score=score,
                    medium=medium,
                    answered_at=at + timedelta(minutes=place),
                )
            )


def with_item(quiz: Quiz = QUIZ, at: int = 0, **changes) -> Quiz:
    """``quiz`` with one item changed."""
    items = list(quiz.items)
    items[at] = replace(items[at], **changes)
    return replace(quiz, items=tuple(items))
