from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.hot import Busy
from core.problems import Refused
from schools import staff

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"login": "ab"}, ["login"]),
        ({"login": "a b c"}, ["login"]),
        ({"login": "<script>"}, ["login"]),
        ({"name": " "}, ["name"]),
        ({"role": "king"}, ["role"]),
        ({"role": "teacher"}, ["school"]),
        ({"role": "station"}, ["station"]),
        ({"login": "GURU.A"}, ["login"]),
    ],
)
def test_create_refuses(two_schools, database, given, where):
    fields = {"login": "new.one", "name": "New", "role": "planner", **given}
    with database.writing() as db, pytest.raises(Refused) as refused:
        staff.create(db, fields["login"], fields["name"], fields["role"], "x", NOW)
    assert [problem.where for problem in refused.value.problems] == where


@pytest.mark.parametrize("password", ["", "too short", "x" * 201])
def test_passwords_have_a_length(app, password):
    with pytest.raises(Refused):
        staff.hash_password(password)


def test_passwords_are_argon2id_and_salted(app):
    first, second = staff.hash_password("a long password"), staff.hash_password("a long password")
    assert first != second
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_third_hash_at_once_waits_and_then_is_refused(app, monkeypatch):
    monkeypatch.setattr(staff, "WAIT", 0.01)
    with staff._slot(), staff._slot(), pytest.raises(Busy):
        staff.is_password(None, "x")


def test_create_admin_prints_the_password_once(app):
    result = app.test_cli_runner().invoke(args=["create-admin", "--login", "Kepala", "--name", "Kepala Dinas"])
    login, password = result.output.splitlines()[0].split("\t")
    with app.extensions["database"].reading() as db:
        made = staff.staff_of(db, "kepala")
        assert (login, made.role, staff.is_password(made, password)) == ("kepala", "admin", True)
    again = app.test_cli_runner().invoke(args=["create-admin", "--login", "kepala", "--name", "X", "--password", "0123456789"])
    assert (again.exit_code, "kepala" in again.output) == (1, True)


def test_an_account_is_made_and_its_password_renewed(app, two_schools):
    run = app.test_cli_runner()
    made = run.invoke(args=["staff", "create", "Guru.Baru", "--name", "Guru", "--role", "teacher", "--school", "99000002"])
    old = made.output.split()[1]
    renewed = run.invoke(args=["staff", "password", "guru.baru"]).output.split()
    with app.extensions["database"].reading() as db:
        found = staff.staff_of(db, "guru.baru")
        assert (made.output.split()[0], found.role, found.school_id) == ("guru.baru", "teacher", two_schools.B.school)
        assert [staff.is_password(found, word) for word in (old, renewed[1])] == [False, True]


@pytest.mark.parametrize(
    "arguments",
    [
        ["create", "guru.x", "--name", "Guru", "--role", "teacher"],
        ["create", "guru.x", "--name", "Guru", "--role", "teacher", "--school", "12345678"],
        ["create", "guru.a", "--name", "Guru", "--role", "planner"],
        ["password", "tidak.ada"],
    ],
)
def test_an_account_that_cannot_be_is_one_sentence(app, two_schools, arguments):
    told = app.test_cli_runner().invoke(args=["staff", *arguments])
    assert (told.exit_code, told.output.count("\n"), told.output.startswith("Error: ")) == (1, 1, True)
