"""What a teacher may do about the phones of her own school's learners, and how classes stand beside one another."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import clock
from lessons import board
from lessons.practice_tables import ClassBoard, Habit
from schools import consent, people
from schools.tables import Class
from tests.classroom import answer, publish
from tests.schools.conftest import Person


@pytest.fixture
def teacher(client, two_schools):
    browser = Person(client)
    browser.log_in("guru.b")
    return browser


def habit(database, learner):
    with database.reading() as db:
        return db.get(Habit, learner)


def test_she_clears_a_pin_and_doubts_a_number(teacher, two_schools, database):
    learner = two_schools.B.learner
    with database.writing() as db:
        db.add(Habit(learner_id=learner, pin="x", pin_failed=2, pin_locked_until=clock.now() + timedelta(minutes=5)))
    at = f"/teach/learners/{learner}/phone"
    assert "terkunci sebentar" in teacher.client.get(at).text
    teacher.post(f"{at}/pin", at)
    assert (habit(database, learner).pin, habit(database, learner).pin_locked_until) == (None, None)
    teacher.post(f"{at}/doubt", at)
    assert habit(database, learner).doubted_at is not None
    teacher.post(f"{at}/doubt", at)
    assert habit(database, learner).doubted_at is None


def test_another_schools_learner_is_not_there(teacher, two_schools, database):
    at = f"/teach/learners/{two_schools.A.learner}/phone"
    assert teacher.client.get(at).status_code == 404
    assert [teacher.post(f"{at}/{what}", "/teach/board").status_code for what in ("pin", "doubt")] == [404, 404]
    assert habit(database, two_schools.A.learner) is None
    assert teacher.post(f"/teach/board/{two_schools.A.room}", "/teach/board").status_code == 404


def fill(database, two_schools, count):
    quiz = publish(database, two_schools.B.teacher)
    ids = []
    with database.writing() as db:
        room = db.get(Class, two_schools.B.room)
        for n in range(count):
            made = people.add_learner(db, room, f"Murid {n} Rahasia", f"0812 3456 71{n:02d}", clock.now())
            consent.give(db, made.id, "Wali", "paper", clock.now())
            ids.append(made.id)
    for learner in ids:
        answer(database, quiz, learner, "rrww", at=clock.now() - timedelta(days=1))


@pytest.mark.parametrize(("count", "agrees", "shown"), [(5, True, 1), (4, True, 0), (5, False, 0)])
def test_a_class_is_ranked_by_consent_and_never_a_small_one(database, two_schools, count, agrees, shown):
    fill(database, two_schools, count)
    with database.writing() as db:
        if agrees:
            db.add(ClassBoard(class_id=two_schools.B.room, staff_id=two_schools.B.teacher, at=clock.now()))
    with database.reading() as db:
        assert [(row.active, row.answers) for row in board.ranked(db, clock.now())] == [(5, 4)] * shown


def test_the_board_names_classes_and_never_a_child(teacher, two_schools, database):
    fill(database, two_schools, 6)
    teacher.post(f"/teach/board/{two_schools.B.room}", "/teach/board")
    page = teacher.client.get("/teach/board").text
    assert ("5A, SD B" in page, "Rahasia" in page) == (True, False)
    teacher.post(f"/teach/board/{two_schools.B.room}", "/teach/board")
    assert "5A, SD B" not in teacher.client.get("/teach/board").text
