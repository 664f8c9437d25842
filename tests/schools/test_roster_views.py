from __future__ import annotations

import pytest
from sqlalchemy import select

from schools.tables import Consent, Learner


def test_a_teacher_sees_her_own_school_with_numbers_masked(person):
    person.log_in("guru.a")
    page = person.client.get("/school/").text
    assert ("Murid A" in page, "Murid B" in page, "567890" in page, "•••890" in page) == (True, False, False, True)


@pytest.mark.parametrize("address", ["/school/learners/{}", "/school/learners/{}/consent", "/school/learners/{}/withdrawal"])
def test_another_schools_learner_is_not_there(person, two_schools, address):
    person.log_in("guru.a")
    address = address.format(two_schools.B.learner)
    if address.endswith(("consent", "withdrawal")):
        answer = person.post(address, page="/school/learners/new", guardian="X", how="paper")
    else:
        answer = person.client.get(address)
    assert answer.status_code == 404


def test_a_learner_cannot_be_put_into_another_schools_class(person, two_schools, database):
    person.log_in("guru.a")
    answer = person.post("/school/learners/new", name="Rina", msisdn="081211112222", **{"class": two_schools.B.room})
    assert answer.status_code == 422
    with database.reading() as db:
        assert db.scalars(select(Learner.name).order_by(Learner.id)).all() == ["Murid A", "Murid B"]


@pytest.mark.parametrize("number", ["0", "99999999999", "99999999999999999999", "-1", "abc"])
def test_an_id_that_no_row_can_have_is_not_there(person, number):
    person.log_in("guru.a")
    assert person.client.get(f"/school/learners/{number}").status_code == 404


@pytest.mark.parametrize(("login", "status"), [("jadwal", 404), ("admin", 303)])
def test_other_roles(person, login, status):
    person.log_in(login)
    assert person.client.get("/school/").status_code == status


def test_without_a_login_pages_lead_to_it_and_forms_are_refused(person):
    assert person.client.get("/school/learners/1").location == "/login?next=/school/learners/1"
    assert person.post("/school/learners/new", page="/login").status_code == 401


def test_an_admin_chooses_a_school_first(person):
    person.log_in("admin")
    person.post("/school/choose", npsn="99000002")
    page = person.client.get("/school/").text
    assert ("Murid B" in page, "Murid A" in page) == (True, False)


def test_a_learner_is_added_with_her_guardians_consent(person, two_schools, database):
    person.log_in("guru.a")
    answer = person.post(
        "/school/learners/new", name="  Rina\u200b  Sari ", msisdn="0812-1111-2222", guardian="Ibu Sari", how="call",
        **{"class": two_schools.A.room},
    )  # fmt: skip
    assert answer.status_code == 303
    with database.reading() as db:
        learner = db.scalars(select(Learner).where(Learner.name == "Rina Sari")).one()
        said = db.scalars(select(Consent).where(Consent.learner_id == learner.id)).one()
        assert (learner.msisdn, learner.school_id, learner.class_id) == (
            "+6281211112222",
            two_schools.A.school,
            two_schools.A.room,
        )
        assert (said.state, said.guardian, said.how, said.staff_id) == ("given", "Ibu Sari", "call", two_schools.A.teacher)


@pytest.mark.parametrize("grade", ["0129", f"012{'9' * 30}", f"012{'9' * 4500}"])
def test_a_new_class_is_of_one_of_twelve_grades(person, database, grade):
    person.log_in("guru.a")
    fields = {"name": "Rina", "msisdn": "081211112222", "new_class": "6B", "grade": grade, "how": ""}
    assert person.post("/school/learners/new", **fields).status_code == 422


def test_a_learner_is_added_to_a_new_class_without_consent(person, database):
    person.log_in("guru.a")
    assert (
        person.post("/school/learners/new", name="Rina", msisdn="081211112222", new_class="6B", grade="6", how="").status_code
        == 303
    )
    with database.reading() as db:
        assert db.scalars(select(Consent).join(Learner).where(Learner.name == "Rina")).all() == []


def test_every_problem_is_said_at_once_and_nothing_is_kept(person, database):
    person.log_in("guru.a")
    answer = person.post(
        "/school/learners/new", name=" \u200b", msisdn="021 5550", guardian="", how="paper", new_class="7", grade="²"
    )
    assert (answer.status_code, answer.text.count('class="fault"')) == (422, 4)
    with database.reading() as db:
        assert db.scalars(select(Learner.name).order_by(Learner.id)).all() == ["Murid A", "Murid B"]


def test_what_was_typed_is_still_in_the_form_and_harmless(person):
    person.log_in("guru.a")
    page = person.post("/school/learners/new", name='"><script>alert(1)</script>{{7*7}}', msisdn="x").text
    assert ("&lt;script&gt;alert(1)" in page, "<script>alert" in page, "{{7*7}}" in page) == (True, False, True)


def test_consent_is_given_and_withdrawn_on_the_learners_page(person, two_schools):
    person.log_in("guru.a")
    page = f"/school/learners/{two_schools.A.learner}"
    assert person.post(f"{page}/consent", page=page, guardian="Ibu A", how="paper").status_code == 303
    assert "✓ Setuju" in person.client.get(page).text
    assert person.post(f"{page}/withdrawal", page=page, guardian="Ibu A", how="call").status_code == 303
    assert "✕ Ditarik" in person.client.get("/school/").text
    assert person.post(f"{page}/withdrawal", page=page, guardian="Ibu A", how="call").status_code == 422
