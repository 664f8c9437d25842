from __future__ import annotations

import json

import pytest

from schools.tables import Learner
from tests.schools.conftest import another, person, two_schools

__all__ = ["another", "person", "two_schools"]


@pytest.fixture
def admin(person, two_schools):
    person.log_in("admin")
    person.post("/school/choose", npsn="99000002")
    return person


def test_an_admin_downloads_all_that_is_held(admin, two_schools):
    told = json.loads(admin.client.get(f"/school/learners/{two_schools.B.learner}/data.json").data)
    assert (told["name"], told["msisdn"], told["held"]["consents"][0]["guardian"]) == ("Murid B", "+6281234567890", "Wali B")


def test_erasing_wants_her_name_typed_and_leaves_a_proof(admin, two_schools, database):
    b = two_schools.B.learner
    address = f"/school/learners/{b}/erase"
    page = admin.client.get(address).text
    assert ("Ketik Murid B untuk menghapus" in page, "dipakai bersama 1 murid lain" in page) == (True, True)
    assert admin.post(address, confirm="Murid").status_code == 422
    done = admin.post(address, confirm=" murid  b ")
    assert (done.status_code, done.location) == (303, "/school/")
    roster = admin.client.get("/school/").text
    assert (f"Data murid {b} sudah dihapus" in roster, "Murid B" in roster) == (True, False)
    with database.reading() as db:
        assert (db.get(Learner, b).name, db.get(Learner, two_schools.A.learner).msisdn) == (None, "+6281234567890")
    assert "Data murid ini dihapus" in admin.client.get(f"/school/learners/{b}").text
    for gone in (address, f"/school/learners/{b}/data.json"):
        assert admin.client.get(gone).status_code == 404


@pytest.mark.parametrize("path", ["data.json", "erase"])
def test_only_an_admin_and_only_of_the_school_she_chose(admin, another, two_schools, path):
    assert admin.client.get(f"/school/learners/{two_schools.A.learner}/{path}").status_code == 404
    assert admin.client.get(f"/school/learners/99999999999/{path}").status_code == 404
    another.log_in("guru.b")
    assert another.client.get(f"/school/learners/{two_schools.B.learner}/{path}").status_code == 404
    assert "/erase" not in another.client.get(f"/school/learners/{two_schools.B.learner}").text
