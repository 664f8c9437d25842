"""A formal course is there for those who are enrolled; an informal one for anyone who dials."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from core import clock
from lessons import authoring, enrolment_views
from lessons.conversation import converse
from lessons.course import Course, Lesson, course_to_json
from lessons.dialogue.turn import Heard
from lessons.library import Library
from lessons.render import ussd
from lessons.tables import Course as CourseRow
from lessons.tables import Enrolment
from schools.tables import Class, Learner, Region, School
from tests.classroom import NOW
from tests.schools.conftest import Person


@pytest.fixture
def courses(database, two_schools):
    with database.writing() as db:
        for code, is_open in (("BEBAS", True), ("RESMI", False)):
            course = Course(
                code, {"id": code.title()}, (Lesson("a", {"id": "A"}, {"id": "A."}),), is_open=is_open, criterion="5/6"
            )
            row = CourseRow(code=code, draft=course_to_json(course))
            db.add(row)
            db.flush()
            authoring.publish_course(db, row, None, NOW)
        for learner in db.scalars(select(Learner)):
            learner.msisdn, learner.language = f"+62812345678{learner.id:02d}", "id"
    return database


def shown(database, msisdn):
    def dial(db):
        return converse(db, Library(), msisdn, Heard("arrived", "1"), ussd.budget(), clock.now()).text

    return database.step(dial)


def test_a_formal_course_is_for_those_who_are_enrolled(client, courses, two_schools):
    teacher = Person(client)
    teacher.log_in("guru.b")
    numbers = [f"+62812345678{learner:02d}" for learner in (two_schools.B.learner, two_schools.A.learner)]
    assert ["Resmi" in shown(courses, number) for number in numbers] == [False, False]
    for _ in range(2):
        assert teacher.post(f"/teach/enrolments/2/{two_schools.B.room}", "/teach/enrolments").status_code == 303
    assert ["Resmi" in shown(courses, number) for number in numbers] == [True, False]
    with courses.reading() as db:
        assert [(e.learner_id, e.criterion) for e in db.scalars(select(Enrolment))] == [(two_schools.B.learner, "5/6")]


def test_an_informal_course_is_for_a_number_that_nobody_knows(courses, two_schools):
    with courses.writing() as db:
        db.add(Learner(msisdn="+628111111111", language="id", created_at=NOW))
    text = shown(courses, "+628111111111")
    assert ("Bebas" in text, "Resmi" in text) == (True, False)


def test_another_schools_class_and_an_informal_course_are_not_there(client, courses, two_schools):
    teacher = Person(client)
    teacher.log_in("guru.b")
    assert teacher.post(f"/teach/enrolments/2/{two_schools.A.room}", "/teach/enrolments").status_code == 404
    assert teacher.post(f"/teach/enrolments/1/{two_schools.B.room}", "/teach/enrolments").status_code == 404


def test_pressed_twice_at_once_each_is_enrolled_once(any_database):
    with any_database.writing() as db:
        db.add(CourseRow(id=7, code="RESMI", draft={}))
        region = Region(code="34.71", name="Kota", kind="city", time_zone="Asia/Jakarta")
        db.add(region)
        db.flush()
        school = School(npsn="99000001", name="SD", region_id=region.id, time_zone="Asia/Jakarta")
        db.add(school)
        db.flush()
        room = Class(school_id=school.id, name="5A", grade=5)
        db.add(room)
        db.flush()
        db.add_all(Learner(msisdn=f"+62812000000{n}", class_id=room.id, school_id=school.id, created_at=NOW) for n in (1, 2))
        values = {"room": room.id, "course": 7, "now": 1, "its_criterion": "5/6"}
    both = threading.Barrier(1 if any_database.is_sqlite else 2)  # SQLite's writer takes them in turn

    def press(db):
        both.wait(30)
        return db.run(enrolment_views._ENROL, **values)

    with ThreadPoolExecutor(2) as pool:
        pressed = sorted(pool.map(lambda _: any_database.step(press, seconds=30), range(2)))
    with any_database.reading() as db:
        assert (pressed, len(list(db.scalars(select(Enrolment))))) == ([0, 2], 2)
