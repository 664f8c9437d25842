from __future__ import annotations

from dataclasses import replace

import pytest

from lessons import authoring, versions
from lessons.tables import Quiz
from tests.classroom import NOW, QUIZ, publish, with_item
from tests.lessons.test_course_views import EDIT, IPA, NEW
from tests.lessons.test_course_views import send as send_course
from tests.lessons.test_quiz_views import send

HISTORY = "/teach/quizzes/1/history"


@pytest.fixture
def quiz(database, two_schools):
    return publish(database, two_schools.A.teacher)


def version(database):
    with database.reading() as db:
        return db.get(Quiz, 1).version


def draft(database):
    with database.reading() as db:
        return authoring.draft_of(db.get(Quiz, 1))


def save(teacher, database, quiz, do="save"):
    return send(teacher, "/teach/quizzes/1", quiz, "/teach/quizzes/1", version(database), do=do)


def test_a_saving_is_undone_and_the_undoing_too(teacher, database, quiz):
    before = draft(database)
    save(teacher, database, replace(QUIZ, title={"id": "Salah simpan"}))
    page = teacher.client.get(HISTORY).text
    assert ("<del>Tumbuhan</del>" in page, "<ins>Salah</ins>" in page, "1 perubahan sejak itu" in page) == (True, True, True)
    teacher.post(HISTORY, saved="1")
    assert draft(database) == before
    teacher.post(HISTORY, saved="2")
    assert draft(database).title == {"id": "Salah simpan"}


def test_editions_are_compared_and_gone_back_to(teacher, database, quiz):
    before = draft(database)
    save(teacher, database, replace(with_item(key={"right": 3}), title={"id": "Daun"}), do="publish")
    page = teacher.client.get(HISTORY).text
    assert page.index("Edisi 2") < page.index("Edisi 1")
    assert "Kembalikan draf ke edisi 1" in page
    assert "dilihat murid sekarang" in page
    assert "Soal 1: kunci" in page
    teacher.post(HISTORY, edition="1")
    assert draft(database) == before
    assert "Belum diterbitkan" in teacher.client.get(HISTORY).text


def test_saving_the_same_keeps_nothing(teacher, database, quiz):
    save(teacher, database, QUIZ)
    assert "Belum ada. Tiap kali Anda menyimpan" in teacher.client.get(HISTORY).text


def test_only_the_last_are_kept(app, database, quiz):
    with database.writing() as db:
        for n in range(versions.KEPT + 5):
            versions.keep(db, "quiz", quiz, {"n": n}, None, NOW)
        versions.keep(db, "course", quiz, {"n": 99}, None, NOW)
        assert [x.content["n"] for x in versions.kept(db, "quiz", quiz)] == list(range(24, 4, -1))


def test_what_is_anothers_is_not_there(teacher, another, database, quiz):
    save(teacher, database, replace(QUIZ, title={"id": "X"}))
    other = publish(database, 1, replace(QUIZ, keyword="LAIN"))
    assert teacher.post(f"/teach/quizzes/{other}/history", page=HISTORY, saved="1").status_code == 404
    for data in ({}, {"saved": "²"}, {"saved": "999"}, {"edition": str(other)}):
        assert teacher.post(HISTORY, **data).status_code == 404
    another.log_in("guru.b")
    assert another.client.get(HISTORY).status_code == 404
    assert another.post(HISTORY, page="/teach/quizzes/new", saved="1").status_code == 404


def test_a_keyword_that_is_anothers_now_is_said(teacher, database, quiz):
    save(teacher, database, replace(QUIZ, keyword="DAHAN"))
    publish(database, 1, QUIZ)
    assert teacher.post(HISTORY, saved="1").location == HISTORY
    assert "Kata kunci DAUN sudah dipakai kuis lain." in teacher.client.get(HISTORY).text


def test_a_course_has_a_history_too(teacher, database):
    send_course(teacher, NEW, do="publish")
    changed = replace(IPA, title={"id": "Lain"})
    send_course(teacher, EDIT, changed, page=EDIT, version=2, do="publish")
    page = teacher.client.get("/teach/courses/IPA7/history").text
    assert ("Edisi 2" in page, "<ins>Lain</ins>" in page) == (True, True)
    assert teacher.post("/teach/courses/IPA7/history", saved="1").location == EDIT
    assert 'value="Ciri makhluk hidup"' in teacher.client.get(EDIT).text
