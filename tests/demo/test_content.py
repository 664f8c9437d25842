"""The demo's courses: complete in both languages, short enough for the smallest phone, and right."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import func, select

from core import gsm7
from demo import content
from lessons.check import after_wrong, check_course, check_quiz, question_prompt
from lessons.course import quiz_from_json
from lessons.kinds import kinds
from lessons.marking import numbers
from lessons.render import sms, ussd
from lessons.tables import Course as CourseRow
from lessons.tables import Quiz as QuizRow
from lessons.tables import QuizEdition

LANGUAGES = ("id", "en")
NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
MOST = 150  # ten septets are left for whatever a translation or a longer lead adds
QUIZZES = pytest.mark.parametrize("quiz", content.quizzes(), ids=lambda quiz: quiz.keyword)
ITEMS = [item for quiz in content.quizzes() for item in quiz.items]


@QUIZZES
def test_a_quiz_has_ten_items_and_nothing_to_be_advised(quiz):
    assert (len(quiz.items), check_quiz(quiz)) == (10, [])


@pytest.mark.parametrize("course", content.courses(), ids=lambda course: course.code)
def test_a_course_has_lessons_of_several_screens_and_nothing_to_be_advised(course):
    sizes = [len(lesson.text[language]) for lesson in course.lessons for language in LANGUAGES]
    assert (len(course.lessons) >= 3, [n for n in sizes if not 500 <= n <= 900], check_course(course)) == (True, [], [])


@QUIZZES
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("draw", [ussd.draw, sms.draw], ids=["ussd", "sms"])
def test_verdict_explanation_and_next_question_are_one_screen(quiz, language, draw):
    texts = [draw(after_wrong(quiz, at, language)) for at in range(10)] + [draw(question_prompt(quiz, 0, language))]
    assert [text for text in texts if not gsm7.is_gsm7(text) or gsm7.septets(text) > MOST] == []


def test_the_kinds_are_mixed():
    names = [item.kind for item in ITEMS]
    assert (set(names), names.count("multiple_choice") >= 6) == (set(kinds()), True)


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_example_answers_are_what_they_say_on_every_phone(item):
    right, wrong = content.example_answers(item)
    marks = [kinds()[item.kind].mark(item, typed, language).mark for language in LANGUAGES for typed in (right, wrong)]
    assert marks == ["right", "wrong"] * 2
    assert [typed for typed in (right, wrong) if not re.fullmatch(r"[a-z]+|\d+", typed) or typed in ("0", "00", "9")] == []


def test_ids_of_items_are_their_own():
    assert len({item.id for item in ITEMS}) == len(ITEMS)


def test_every_equation_of_the_courses_holds():
    """What stands beside an equals sign is worked out again: "25% = 25/100 = 1/4", "1/2 + 1/4 = 3/4", "20 : 2 = 10"."""
    said = [text for item in ITEMS for text in item.explanation.values()]
    said += [text for course in content.courses() for lesson in course.lessons for text in lesson.text.values()]
    term = r"(?:\d+ \d+/\d+|\d[\d.,/]*\d%?|\d%?)"
    chain = re.compile(rf"{term}(?: [-+:] {term})*(?: = {term}(?: [-+:] {term})*)+")
    chains = [found for text in said for found in chain.findall(text)]
    wrong = [found for found in chains if len({_worked_out(side) for side in found.split(" = ")}) != 1]
    assert (wrong, len(chains) > 50) == ([], True)


def _worked_out(side: str) -> Fraction:
    parts = re.split(r" ([-+:]) ", side)
    value = _value(parts[0])
    for sign, part in zip(parts[1::2], parts[2::2], strict=True):
        other = _value(part)
        value = value + other if sign == "+" else value - other if sign == "-" else value / other
    return value


def _value(text: str) -> Fraction:
    quantity = numbers.read(text)
    assert quantity is not None, text
    return quantity.values[0] / (100 if text.endswith("%") else 1)


def test_seeding_twice_makes_it_once_and_tells_the_same(database):
    with database.writing() as db:
        first = content.seed(db, NOW, {})
    with database.writing() as db:
        second = content.seed(db, NOW + timedelta(days=3), {})
        counts = [db.scalar(select(func.count()).select_from(table)) for table in (CourseRow, QuizRow, QuizEdition)]
    assert (first == second, counts) == (True, [2, 2, 2])


def test_the_demo_says_its_course_and_its_quiz(database):
    with database.writing() as db:
        made = content.seed(db, NOW, {})
    assert (made["course"], made["quiz"]["keyword"], len(made["quiz"]["items"])) == ("MTK5", "PECAHAN", 10)
    assert made["quiz"]["items"][0] == {"id": "p1", "prompt": "Mana yang senilai dengan 1/2?", "right": "1", "wrong": "2"}


def test_the_quizzes_are_everybodys_and_open_for_a_month(database):
    with database.writing() as db:
        content.seed(db, NOW, {})
        rows = db.scalars(select(QuizRow)).all()
        published = [(row, quiz_from_json(db.get(QuizEdition, row.edition_id).content, school=row.school_id)) for row in rows]
        told = [(quiz.school, quiz.attempts, quiz.course) for _, quiz in published]
        opens = [quiz.is_open(NOW + timedelta(days=days)) for _, quiz in published for days in (-2, 0, 31, 33)]
    assert told == [(None, 0, "MTK5"), (None, 0, "IPA5")]
    assert opens == [False, True, True, False] * 2
