from __future__ import annotations

from dataclasses import replace

import pytest

from lessons import authoring, licences, sharing
from lessons.tables import Course, Quiz
from schools.tables import Staff
from tests.classroom import NOW, QUIZ, publish
from tests.lessons.test_course_views import NEW, send

LIBRARY = "/teach/library"


@pytest.fixture
def quiz(teacher, database, two_schools):
    return publish(database, two_schools.A.teacher)


def give(person, address="/teach/quizzes/1/share", licence="cc-by-sa", author="Bu Ani", page=None):
    return person.post(address, page=page or address, licence=licence, author=author)


def test_a_quiz_is_given_found_and_copied_with_its_author(teacher, stranger, database, quiz):
    assert "Belum ada yang dibagikan." in stranger.client.get(LIBRARY).text
    assert give(teacher).location == "/teach/library/1"
    page = stranger.client.get(LIBRARY).text
    assert ("Tumbuhan hijau" in page, "Bu Ani, SD A" in page, "CC BY-SA 4.0" in page) == (True, True, True)
    entry = stranger.client.get("/teach/library/1").text
    assert ("Salin ke kelas saya" in entry, "Apa yang menyerap air dari tanah?" in entry) == (True, True)
    copied = stranger.post("/teach/library/1/copy", page="/teach/library/1")
    assert copied.location == "/teach/quizzes/2"
    assert "Penulis dan lisensinya tetap disebut." in stranger.client.get(copied.location).text
    with database.reading() as db:
        row = db.get(Quiz, 2)
        mine = authoring.draft_of(row)
        assert (row.school_id, row.edition_id, mine.keyword) == (2, None, "DAUN2")
        assert (mine.credits, mine.licence) == (("Bu Ani, SD A",), "cc-by-sa")
        assert [i.prompt for i in mine.items] == [i.prompt for i in QUIZ.items]
        assert mine.time_zone == "Asia/Jayapura"
    assert "Disalin 1 kali." in stranger.client.get(LIBRARY).text


def test_what_was_made_from_it_keeps_authors_and_licence_and_passes_them_on(teacher, stranger, database, quiz):
    give(teacher)
    stranger.post("/teach/library/1/copy", page="/teach/library/1")
    stranger.post("/teach/quizzes/2/publish", page="/teach/quizzes/2")
    refused = give(stranger, "/teach/quizzes/2/share", "cc0", "Pak Beni")
    assert (refused.status_code, "Ini dibuat dari karya berlisensi CC BY-SA 4.0." in refused.text) == (422, True)
    assert give(stranger, "/teach/quizzes/2/share", "cc-by-sa", "Pak Beni").status_code == 303
    assert "Bu Ani, SD A; Pak Beni, SD B" in teacher.client.get("/teach/library/2").text


def test_a_course_is_given_and_found_by_subject_phase_and_grade(teacher, stranger, database):
    send(teacher, NEW, do="publish")
    assert give(teacher, "/teach/courses/IPA7/share").location == "/teach/library/1"
    for query, found in (("?subject=IPA", True), ("?subject=IPS", False), ("?phase=D&grade=SMP+7", True), ("?phase=C", False),
                         ("?q=makhluk+ani", True), ("?q=makhluk+batu", False), ("?q=%00%F0", False)):  # fmt: skip
        assert ("/teach/library/1" in stranger.client.get(LIBRARY + query).text) is found, query
    copied = stranger.post("/teach/library/1/copy", page="/teach/library/1")
    assert copied.location == "/teach/courses/IPA8/edit"
    assert "Ditulis oleh Bu Ani, SD A." in stranger.client.get(copied.location).text
    with database.reading() as db:
        assert db.query(Course).filter_by(code="IPA8").one().draft["licence"] == "cc-by-sa"


def test_only_what_is_published_is_given_and_somebody_must_have_written_it(teacher, database, two_schools):
    with database.writing() as db:
        authoring.new_quiz(db, db.get(Staff, two_schools.A.teacher), QUIZ, NOW)
    refused = give(teacher, author=" ", licence="mine")
    assert refused.status_code == 422
    for words in ("Ini belum diterbitkan.", "Penulisnya belum disebut.", "Lisensinya belum dipilih."):
        assert words in refused.text


def test_giving_again_replaces_and_taking_back_leaves_copies(teacher, stranger, database, quiz):
    give(teacher)
    stranger.post("/teach/library/1/copy", page="/teach/library/1")
    with database.writing() as db:
        row = db.get(Quiz, 1)
        authoring.save_quiz(db, row, replace(QUIZ, title={"id": "Lebih baik"}), row.version, NOW)
        authoring.publish_quiz(db, row, None, NOW)
    assert give(teacher, author="Bu Ani S.").location == "/teach/library/1"
    assert "Lebih baik" in stranger.client.get(LIBRARY).text
    assert stranger.post("/teach/library/1/withdraw", page=LIBRARY).status_code == 404
    assert teacher.post("/teach/library/1/withdraw", page="/teach/library/1").location == LIBRARY
    assert stranger.client.get("/teach/library/1").status_code == 404
    assert stranger.post("/teach/library/1/copy", page="/teach/quizzes/new").location == LIBRARY
    assert stranger.client.get("/teach/quizzes/2").status_code == 200
    with database.reading() as db:
        assert sharing.search(db) == []


def test_nobody_gives_what_is_anothers(stranger, quiz):
    assert stranger.client.get("/teach/quizzes/1/share").status_code == 404
    assert give(stranger, page="/teach/quizzes/new").status_code == 404
    assert stranger.client.get("/teach/library/99").status_code == 404


def test_licences_become_only_what_they_allow():
    assert licences.may_become("") == tuple(licences.LICENCES)
    assert licences.may_become("cc-by-sa") == ("cc-by-sa",)
    assert "cc0" not in licences.may_become("cc-by")
    assert all(set(licences.may_become(x)) <= set(licences.LICENCES) for x in licences.LICENCES)
    assert set(licences.ADDRESSES) == set(licences.LICENCES)
