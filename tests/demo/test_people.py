from __future__ import annotations

import pytest
from sqlalchemy import func, select

from core import clock, msisdn
from demo import people
from schools import consent, staff
from schools.tables import Consent, Learner, Region, School, Staff
from tests.kept import kept


@pytest.fixture
def seeded(app, database):
    return kept(database, "the demo's people", lambda: seed(database))


def seed(database):
    with database.writing() as db:
        return people.seed(db, clock.now(), "secret")


def test_seeding_again_gives_the_same_and_makes_nothing(seeded, database):
    counted = [select(func.count()).select_from(table) for table in (Region, School, Learner, Staff, Consent)]
    with database.writing() as db:
        before = [db.scalar(count) for count in counted]
        again = people.seed(db, clock.now(), "secret")
        assert (again, [db.scalar(count) for count in counted], before) == (seeded, before, [8, 2, 10, 13, 10])


def test_the_schools_are_as_the_contract_says(seeded):
    schools = seeded["schools"]
    assert [(schools[x]["time_zone"], len(schools[x]["teachers"]), len(schools[x]["learners"])) for x in "AB"] == [
        ("Asia/Jakarta", 2, 5), ("Asia/Jayapura", 2, 5),
    ]  # fmt: skip
    for school in schools.values():
        numbers = [one["msisdn"] for one in school["learners"]]
        assert (len(set(numbers)), [msisdn.read(n) for n in numbers], all(map(msisdn.is_mobile, numbers))) == (4, numbers, True)


def test_every_login_works_and_every_learner_is_consented(seeded, database):
    accounts = [seeded["admin"], seeded["planner"], *seeded["schools"]["A"]["teachers"], *seeded["schools"]["B"]["teachers"]]
    with database.reading() as db:
        assert [staff.is_password(staff.staff_of(db, a["login"]), a["password"]) for a in accounts] == [True] * 6
        ids = [one["id"] for school in seeded["schools"].values() for one in school["learners"]]
        assert set(consent.states(db, ids).values()) == {"given"}
        roles = dict(db.execute(select(Staff.role, func.count()).group_by(Staff.role)).all())
        assert roles == {"teacher": 4, "planner": 1, "station": 6, "operator": 1, "admin": 1}


def test_another_sites_passwords_are_others(seeded, database):
    with database.writing() as db:
        assert people.seed(db, clock.now(), "another")["admin"]["password"] != seeded["admin"]["password"]
