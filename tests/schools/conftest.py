"""Two schools with a teacher each, and a browser that knows how to fill in a form."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from schools import consent, people, staff
from tests.kept import kept, logged_in

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
PASSWORD = "a long password"
HASHED = staff.hash_password(PASSWORD)


@pytest.fixture
def two_schools(app, database):
    """Ids of school A in Yogyakarta and school B in Jayapura, their teachers, classes and one learner each."""
    return SimpleNamespace(**kept(database, "two schools", lambda: _two_schools(database)))


def _two_schools(database):
    with database.writing() as db:
        made = {}
        for letter, code, zone in (("A", "34.71", "Asia/Jakarta"), ("B", "91.71", "Asia/Jayapura")):
            region = people.region(db, code, f"Kota {letter}", "city", zone)
            school = people.school(db, f"9900000{1 + (letter == 'B')}", f"SD {letter}", region)
            room = people.class_named(db, school.id, "5A", 5)
            teacher = staff.create(db, f"guru.{letter.lower()}", f"Guru {letter}", "teacher", HASHED, NOW, school_id=school.id)
            learner = people.add_learner(db, room, f"Murid {letter}", "0812 3456 7890", NOW)
            made[letter] = SimpleNamespace(school=school.id, room=room.id, teacher=teacher.id, learner=learner.id)
        staff.create(db, "admin", "Admin", "admin", HASHED, NOW)
        staff.create(db, "jadwal", "Penyusun", "planner", HASHED, NOW)
        consent.give(db, made["B"].learner, "Wali B", "paper", NOW)
    return made


class Person:
    """A browser that posts a form with the token of the page it is on."""

    def __init__(self, client):
        self.client = client

    def token(self, page="/login"):
        html = self.client.get(page).get_data(as_text=True)
        return re.search(r'name="csrf_token" value="([^"]+)"', html).group(1)

    def post(self, address, page=None, **fields):
        return self.client.post(address, data={"csrf_token": self.token(page or address), **fields})

    def log_in(self, login, password=PASSWORD, **fields):
        return self.post("/login", login=login, password=password, **fields)

    def logged_in(self, login):
        """Herself, as after ``log_in``, where logging in is not what a test is about."""
        logged_in(self.client, login, lambda: self.log_in(login))
        return self

    def log_out(self):
        return self.post("/logout", page="/")


@pytest.fixture
def person(client, two_schools):
    return Person(client)


@pytest.fixture
def another(app, two_schools):
    return Person(app.test_client())
