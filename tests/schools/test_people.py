from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from core.problems import Refused
from schools import people
from schools.tables import Class, Region

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Siti \n Aminah ", "Siti Aminah"),
        ("D'Cruz", "D'Cruz"),
        ("a\u200bb\u202ec\x00d", "abcd"),
        ("\u200b \t", ""),
        ("é" * 90, "é" * 80),
        ("E\u0301va", "Éva"),
        ("ᬓᬾᬢᬸᬢ᭄", "ᬓᬾᬢᬸᬢ᭄"),
    ],
)
def test_read_name(typed, kept):
    assert people.read_name(typed) == kept


def test_what_is_there_is_found_and_not_made_again(two_schools, database):
    with database.writing() as db:
        again = people.region(db, "34.71", "Another name", "city", "Asia/Jakarta")
        assert again.name == "Kota A"
        assert people.class_named(db, two_schools.A.school, " 5A ", 5).id == two_schools.A.room
        assert (db.scalar(select(func.count()).select_from(Region)), db.scalar(select(func.count()).select_from(Class))) == (2, 2)


@pytest.mark.parametrize("npsn", ["", "1234567", "123456789", "1234567a", "１２３４５６７８"])
def test_a_school_needs_a_real_npsn(database, npsn, two_schools):
    with database.reading() as db, pytest.raises(Refused):
        people.school(db, npsn, "SD", db.scalars(select(Region)).first())


def test_two_learners_may_share_a_number_but_not_the_name_too(two_schools, database):
    with database.writing() as db:
        room = db.get(Class, two_schools.A.room)
        people.add_learner(db, room, "Adik A", "+6281234567890", NOW)
        with pytest.raises(Refused):
            people.add_learner(db, room, "Adik  A", "081234567890", NOW)


def test_scope(two_schools, database):
    with database.reading() as db:
        assert people.learner_of(db, two_schools.A.learner, two_schools.B.school) is None
        assert people.class_of(db, two_schools.A.room, two_schools.B.school) is None
        assert [one.name for one in people.learners(db, two_schools.A.school)] == ["Murid A"]
