from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import html

from core import clock
from core.settings import ROOT
from lessons import authoring
from lessons.course import Course, Lesson, course_to_json
from lessons.tables import Course as CourseRow
from tests.classroom import NOW, QUIZ, publish

LONG = "Akar menyerap air dari tanah. " * 60
IPA = Course(
    "IPA5",
    {"id": "IPA 5", "en": "Science 5"},
    (Lesson("a", {"id": "Akar"}, {"id": f"Baris satu\nBaris dua\n\n{LONG}"}), Lesson("b", {"id": "Daun"}, {"id": "Daun hijau."})),
)
LIGHT = 14_000  # bytes compressed: the first window of a slow line


@pytest.fixture
def courses(database, two_schools):
    """An open course for everybody, one that wants enrolment, one of school B."""
    with database.writing() as db:
        for code, school, is_open in (("IPA5", None, True), ("TUTUP", None, False), ("MILIKB", two_schools.B.school, True)):
            course = Course(code, IPA.title, IPA.lessons, is_open=is_open)
            row = CourseRow(code=code, school_id=school, draft=course_to_json(course))
            db.add(row)
            db.flush()
            authoring.publish_course(db, row, None, NOW)


def test_nothing_to_learn_yet(client):
    assert "Belum ada pelajaran yang terbuka." in client.get("/learn").text


def test_only_open_courses_of_everybody_are_shown(client, courses):
    page = client.get("/learn").text
    assert ("/learn/IPA5" in page, "/learn/TUTUP" in page, "/learn/MILIKB" in page) == (True, False, False)
    assert [client.get(f"/learn/{code}").status_code for code in ("IPA5", "TUTUP", "MILIKB", "x")] == [200, 404, 404, 404]


def test_a_course_names_its_open_quizzes(client, courses, database, two_schools):
    shown = (("IPA", "IPA5", None), ("LAIN", "MTK5", None), ("TUTUP", "IPA5", clock.now()))
    for keyword, code, closes in shown:
        quiz = replace(QUIZ, keyword=keyword, course=code, closes_at=closes)
        publish(database, two_schools.A.teacher, quiz, shared=True, now=clock.now() - timedelta(days=1))
    publish(database, two_schools.A.teacher, replace(QUIZ, keyword="MILIKA", course="IPA5"))
    page = html.fromstring(client.get("/learn/IPA5").get_data())
    assert [li.text_content() for li in page.xpath("//main//ul/li")] == ["Tumbuhan hijau: IPA"]


def test_a_lesson_is_read_page_by_page(client, courses):
    first = client.get("/learn/IPA5/a").text
    assert "Baris satu<br>Baris dua</p>" in first
    assert ('href="/learn/IPA5/b" rel="next"' in first, 'rel="prev"' in first) == (True, False)
    last = client.get("/learn/IPA5/b").text
    assert ('rel="next"' in last, 'href="/learn/IPA5/a" rel="prev"' in last) == (False, True)
    assert client.get("/learn/IPA5/c").status_code == 404


def test_it_speaks_the_readers_language(client, courses):
    assert ("IPA 5" in client.get("/learn").text, "Science 5" in client.get("/learn?lang=en").text) == (True, True)


@pytest.mark.parametrize("path", ["/learn", "/learn/IPA5", "/learn/IPA5/a"])
def test_the_first_view_is_light_and_has_no_script(client, courses, path):
    page = client.get(path)
    sheet = (ROOT / "core" / "static" / "kentongan.css").read_bytes()
    assert len(gzip.compress(page.data)) + len(gzip.compress(sheet)) < LIGHT
    assert b"<script" not in page.data


def test_a_teacher_reads_courses_as_screens(person, courses):
    person.log_in("guru.a")
    page = person.client.get("/teach/courses").text
    assert ("/teach/courses/IPA5" in page, "/teach/courses/MILIKB" in page) == (True, False)
    course = person.client.get("/teach/courses/IPA5").text
    assert '<samp class="screen" lang="id">Akar\nBaris satu' in course
    assert [person.client.get(f"/teach/courses/{code}").status_code for code in ("TUTUP", "MILIKB", "%00")] == [200, 404, 404]
