"""A school verifies a certificate by its code: course, date, school, initials; a full name is confirmed and never told."""

from __future__ import annotations

import pytest

from lessons import authoring, certificate_views, certificates
from lessons.course import Course, Lesson, course_to_json
from lessons.practice_tables import Certificate
from lessons.tables import Course as CourseRow
from tests.classroom import NOW
from tests.schools.conftest import Person

CODE = "K7QM3XWPRT45"


@pytest.fixture
def certified(two_schools, database, monkeypatch):
    """Murid B of school B, whose guardian agreed, and Murid A, whose guardian did not, have one each."""
    monkeypatch.setattr(certificate_views, "_pace", certificate_views.Pace(100, 1.0))
    monkeypatch.setattr(certificate_views, "_everybody", certificate_views.Pace(100, 1.0))
    course = Course("IPA5", {"id": "IPA 5"}, (Lesson("a", {"id": "Akar"}, {"id": "Akar."}),), grade="SD 5")
    with database.writing() as db:
        row = CourseRow(code="IPA5", draft=course_to_json(course))
        db.add(row)
        db.flush()
        authoring.publish_course(db, row, None, NOW)
        for code, learner in ((CODE, two_schools.B.learner), ("A" * 12, two_schools.A.learner)):
            db.add(Certificate(code=code, learner_id=learner, course_id=row.id, criterion="3/4", at=NOW))


@pytest.mark.parametrize("typed", ["K7QM-3XWP-RT45", "k7qm3xwprt45", " K7QM 3XWP RT45 "])
def test_a_code_is_read_as_people_write_it(typed):
    assert certificates.read_code(typed) == CODE


@pytest.mark.parametrize("typed", ["", "K7QM", "K" * 13, "../../etc/pas", "K7QM-3XWP-RT4é", "<script>aaaa"])
def test_what_is_no_code_is_none(typed):
    assert certificates.read_code(typed) == ""


def test_it_says_course_day_school_and_initials_and_no_name(client, certified):
    page = client.get(f"/certificate/{CODE}").text
    assert [word in page for word in ("IPA 5", "23 November 2026", "SD B", "M. B.", "Murid B")] == [True, True, True, True, False]


@pytest.mark.parametrize(("name", "is_hers"), [("murid  b", True), ("Murid", False), ("Murid C", False), ("", False)])
def test_a_name_is_confirmed_only_where_it_is_hers(client, certified, name, is_hers):
    page = Person(client).post(f"/certificate/{CODE}", name=name).text
    assert ("atas nama Murid B" in page, "Murid B" in page) == (is_hers, is_hers)


def test_without_consent_not_even_the_name_that_is_asked_about(client, certified):
    page = Person(client).post(f"/certificate/{'A' * 12}", name="Murid A").text
    assert ("atas nama" in page, "M. A." in page, "IPA 5" in page) == (False, False, True)


def test_an_unknown_code_is_404_and_tries_are_few(client, certified, monkeypatch):
    assert client.get("/certificate/ZZZZZZZZZZZZ").status_code == 404
    monkeypatch.setattr(certificate_views, "_pace", certificate_views.Pace(3, 0.0))
    assert [client.get(f"/certificate/{CODE}").status_code for _ in range(4)] == [200, 200, 200, 429]


def test_the_form_leads_to_the_code(client, certified):
    assert client.get("/certificate?code=k7qm-3xwp-rt45").location == f"/certificate/{CODE}"
    assert "12 huruf dan angka" in client.get("/certificate?code=x").text
