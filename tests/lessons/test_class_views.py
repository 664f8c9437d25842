from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core import clock
from lessons import authoring, calls, climbed, course_authoring
from lessons.course import Course, Lesson
from lessons.practice_tables import PracticeAnswer
from lessons.tables import Enrolment
from schools import consent, people
from schools.tables import Class, Staff
from tests.classroom import answer, publish


@pytest.fixture
def room(database, two_schools):
    """Twelve learners of class 5A: the first ones get more and more right, two never answered, one has no consent."""
    now = clock.now()
    quiz = publish(database, two_schools.A.teacher, now=now)
    names = ["Adi", "Budi", "Citra", "Dewi", "Eko", "Fitri", "Gilang", "Hana", "Indra", "Joko", "Kiki"]
    made = {}
    with database.writing() as db:
        for at, name in enumerate(names):
            made[name] = people.add_learner(db, db.get(Class, two_schools.A.room), name, f"0812 3456 78{at:02d}", now).id
            if name != "Citra":
                consent.give(db, made[name], f"Ibu {name}", "paper", now)
    for name, given in zip(names, ["wwww", "rwww", "rrww", "rwwr", "rrrw", "rrrr", "wrww", "rrww", "rwrw"], strict=False):
        answer(database, quiz, made[name], given, at=now - timedelta(hours=1), typed="2")
    return made


def called_today(page):
    return re.findall(r'<li id="m\d+" class="tile"><h2><a [^>]*>([^<]+)</a>', page)


def test_six_are_listed_the_weakest_first_each_with_a_question(teacher, room):
    page = teacher.client.get("/teach/classes/1").text
    assert called_today(page) == ["Adi", "Budi", "Gilang", "Dewi", "Hana", "Indra"]
    assert "<strong>Tanyakan:</strong> Apa yang menyerap air dari tanah?" in page
    assert "Jawabnya: Batang. Yang benar: Akar." in page
    assert "Akar menyerap air dan mineral." in page
    assert "Citra" not in page, "no consent, no name, no call"


def test_numbers_are_masked_until_one_is_asked_for(teacher, room):
    page = teacher.client.get("/teach/classes/1").text
    assert re.findall(r"\+62\d+", page) == []
    shown = teacher.client.get(f"/teach/classes/1?show={room['Adi']}").text
    assert set(re.findall(r"\+62\d+", shown)) == {"+6281234567800"}
    everybody = teacher.client.get("/teach/classes/1?show=all").text
    assert len(set(re.findall(r"\+62\d+", everybody))) == 6


def test_who_was_called_makes_room_for_the_next_and_comes_back(teacher, room):
    assert teacher.post(f"/teach/classes/1/called/{room['Adi']}", page="/teach/classes/1").status_code == 303
    assert called_today(teacher.client.get("/teach/classes/1").text) == ["Budi", "Gilang", "Dewi", "Hana", "Indra", "Eko"]
    teacher.post(f"/teach/classes/1/called/{room['Adi']}", page="/teach/classes/1", do="undo")
    assert called_today(teacher.client.get("/teach/classes/1").text)[0] == "Adi"


def test_a_week_later_she_may_be_called_again(app, database, room):
    now = clock.now()
    with database.writing() as db:
        calls.called(db, db.get(people.Learner, room["Adi"]), 1, now)
    with database.reading() as db:
        weak, _ = calls.six(calls.progress(db, 1, now + timedelta(days=6)), now + timedelta(days=6))
        later = now + timedelta(days=7, seconds=1)
        again, _ = calls.six(calls.progress(db, 1, later), later)
    assert (weak[0].name, again[0].name) == ("Budi", "Adi")


def test_those_who_know_it_are_not_called_and_the_silent_are(app, database, two_schools):
    now = clock.now()
    quiz = publish(database, two_schools.A.teacher, now=now)
    with database.writing() as db:
        ids = [
            people.add_learner(db, db.get(Class, two_schools.A.room), n, "0812 3456 7801", now).id
            for n in ("Ani", "Beni", "Cici")
        ]
        for id_ in ids:
            consent.give(db, id_, "Wali", "paper", now)
    with database.reading() as db:
        assert calls.six(calls.progress(db, 1, now), now) == ([], []), "nobody has answered: nothing to say yet"
    answer(database, quiz, ids[0], "rrrr", at=now)
    with database.reading() as db:
        weak, silent = calls.six(calls.progress(db, 1, now), now)
    assert ([p.name for p in weak], [p.name for p in silent]) == ([], ["Beni", "Cici"])


def test_another_school_sees_no_class_and_no_learner(stranger, room):
    for address in ("/teach/classes/1", f"/teach/learners/{room['Adi']}", "/teach/classes/99", "/teach/learners/99999"):
        assert stranger.client.get(address).status_code == 404
    assert stranger.post(f"/teach/classes/1/called/{room['Adi']}", page="/teach/quizzes/new").status_code == 404
    assert stranger.post(f"/teach/classes/2/called/{room['Adi']}", page="/teach/quizzes/new").status_code == 404
    assert 'href="/teach/classes/1"' not in stranger.client.get("/teach/classes").text


def test_how_a_learner_came_along(teacher, database, room):
    page = teacher.client.get(f"/teach/learners/{room['Budi']}").text
    assert "Satu percobaan: 25%." in page
    answer(database, 1, room["Budi"], "rrrr", number=2, at=clock.now())
    page = teacher.client.get(f"/teach/learners/{room['Budi']}").text
    assert "Dari 25% menjadi 100% dalam 2 percobaan." in page
    assert "Tidak ada: semua yang terakhir dijawab benar." in page
    assert "Ia belum mengerjakan kuis." in teacher.client.get(f"/teach/learners/{room['Kiki']}").text
    assert "Citra" not in teacher.client.get(f"/teach/learners/{room['Citra']}").text


def test_practice_week_by_week_says_which_rungs_were_mastered(teacher, database, room):
    monday = date(2026, 11, 9)
    with database.writing() as db:
        staff = db.scalars(select(Staff).where(Staff.login == "guru.a")).one()
        course = Course("TUMBUH", {"id": "Tumbuhan"}, (Lesson("a", {"id": "A"}, {"id": "a"}),))
        row = course_authoring.new_course(db, staff, course, clock.now())
        authoring.publish_course(db, row, staff, clock.now())
        db.add(Enrolment(learner_id=room["Adi"], course_id=row.id, at=clock.now(), criterion="2/2", placed=1))
        said = [
            (0, 1, "right"),
            (1, 1, "almost"),
            (6, 2, "wrong"),
            (7, 2, "right"),
            (8, 2, "right"),
            (9, 1, "wrong"),
            (14, 0, "right"),
        ]
        for day, level, mark in said:
            db.add(PracticeAnswer(
                learner_id=room["Adi"], day=(monday - date(1970, 1, 1)).days + day, number=1, mode="climb" if level else "daily",
                course_id=row.id if level else None, level=level, quiz_id=1, item_id="i1", typed="1", mark=mark, medium="sms",
                answered_at=clock.now(),
            ))  # fmt: skip
    with database.reading() as db:
        found = climbed.weeks(db, room["Adi"])
        assert climbed.weeks(db, room["Adi"], [99]) == []
    assert [(week.monday, dict(week.marks), week.rungs) for week in found] == [
        (monday, {"right": 1, "almost": 1, "wrong": 1}, {"Tumbuhan": 1}),
        (monday + timedelta(7), {"right": 2, "wrong": 1}, {"Tumbuhan": 1}),
        (monday + timedelta(14), {"right": 1}, {"Tumbuhan": 1}),
    ]
    page = " ".join(teacher.client.get(f"/teach/learners/{room['Adi']}").text.split())
    assert ("Latihan tiap minggu" in page, "1 tingkat dikuasai." in page, "9 Nov" in page) == (True, True, True)
