from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from core import clock
from schools import logins, staff
from schools.access import IDLE, LONGEST, token_hash
from schools.tables import Login, LoginTry, Staff

WRONG = "Nama masuk atau kata sandi salah. Periksa keduanya, lalu coba lagi."


def _login_token(client):
    with client.session_transaction() as kept:
        return kept.get("login")


def test_the_right_password_lets_a_teacher_in(person):
    answer = person.log_in("guru.a")
    assert (answer.status_code, answer.location) == (303, "/teach/")
    assert person.client.get("/school/").status_code == 200


def test_a_login_is_read_as_people_type_it(person):
    assert person.log_in("  Guru.A ").status_code == 303


@pytest.mark.parametrize(
    ("login", "password"),
    [("guru.a", "a wrong password"), ("nobody", "a long password"), ("", ""), ("guru.a\x00", "\ud800"), ("²" * 200, "x" * 900)],
)
def test_a_wrong_password_and_an_unknown_login_get_the_same_answer(person, login, password):
    answer = person.post(
        "/login", login=login.encode("utf-8", "surrogatepass"), password=password.encode("utf-8", "surrogatepass")
    )
    assert (answer.status_code, WRONG in answer.text, answer.text.count("notice problem")) == (401, True, 1)
    assert person.client.get("/school/").status_code == 303


def test_an_unknown_login_costs_the_same_hash(person, monkeypatch):
    verified = []
    real = staff._hasher
    monkeypatch.setattr(
        staff,
        "_hasher",
        type("Counted", (), {"verify": lambda self, *a: (verified.append(a[0][:30]), real.verify(*a))[1], "hash": real.hash})(),
    )
    staff._nobody.cache_clear()
    person.log_in("guru.a", "wrong")
    person.log_in("nobody", "wrong")
    assert verified == ["$argon2id$v=19$m=19456,t=2,p=1"] * 2


def test_ten_failed_tries_make_a_pause_for_the_account_even_with_the_right_password(person, another):
    for _ in range(logins.TRIES):
        assert person.log_in("guru.a", "wrong").status_code == 401
    another.client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    answer = another.log_in("guru.a")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "600")
    assert "Sudah terlalu banyak percobaan yang gagal. Coba lagi 10 menit lagi." in answer.text
    assert another.client.get("/school/").status_code == 303


def test_ten_failed_tries_make_a_pause_for_the_address(person):
    for n in range(logins.TRIES):
        person.log_in(f"guess{n}", "wrong")
    assert person.log_in("guru.a").status_code == 429


def test_the_pause_ends(person, database):
    for _ in range(logins.TRIES + 1):
        person.log_in("guru.a", "wrong")
    with database.writing() as db:
        db.execute(update(LoginTry).values(until=clock.now() - timedelta(seconds=1)))
    assert person.log_in("guru.a").status_code == 303


def test_a_success_forgets_the_tries_of_the_account_alone(person, database):
    for _ in range(3):
        person.log_in("guru.a", "wrong")
    person.log_in("guru.a")
    with database.reading() as db:
        assert [(row.key.split(":")[0], row.failed) for row in db.scalars(select(LoginTry))] == [("address", 3)]


def test_what_was_typed_as_login_is_not_kept(person, database):
    person.log_in("my secret password", "x")
    with database.reading() as db:
        assert "secret" not in " ".join(db.scalars(select(LoginTry.key)))


def test_logout_really_ends_the_login(person, another):
    person.log_in("guru.a")
    stolen = person.client.get_cookie("kentongan").value
    answer = person.log_out()
    assert (answer.status_code, answer.location, answer.headers["Clear-Site-Data"]) == (303, "/login", '"cache"')
    another.client.set_cookie("kentongan", stolen)
    assert another.client.get("/school/").status_code == 303


def test_logging_in_gives_a_new_token_and_ends_the_old_one(person, database):
    person.log_in("guru.a")
    first = _login_token(person.client)
    csrf = person.token("/school/learners/new")
    person.client.post("/login", data={"csrf_token": csrf, "login": "guru.a", "password": "a long password"})
    second = _login_token(person.client)
    assert first != second
    with database.reading() as db:
        assert [row.token_hash for row in db.scalars(select(Login))] == [token_hash(second)]


def test_a_token_set_before_the_login_is_not_the_login(person, database):
    with person.client.session_transaction() as kept:
        kept["login"] = "fixed by somebody else"
    person.log_in("guru.a")
    assert _login_token(person.client) != "fixed by somebody else"
    with database.reading() as db:
        assert db.get(Login, token_hash("fixed by somebody else")) is None


@pytest.mark.parametrize("age", [{"seen_at": IDLE}, {"created_at": LONGEST}])
def test_a_login_runs_out(person, database, age):
    person.log_in("guru.a")
    with database.writing() as db:
        db.execute(update(Login).values({name: clock.now() - span - timedelta(seconds=1) for name, span in age.items()}))
    assert person.client.get("/school/").location == "/login?next=/school/"


def test_a_form_that_was_open_when_the_login_ran_out_can_be_sent_again(person, database, two_schools):
    person.log_in("guru.a")
    open_form = person.token("/school/learners/new")
    fields = {"csrf_token": open_form, "name": "Rina", "msisdn": "0812 1111 2222", "class": two_schools.A.room}
    with database.writing() as db:
        db.execute(update(Login).values(seen_at=clock.now() - IDLE - timedelta(seconds=1)))
    assert person.client.post("/school/learners/new", data=fields).status_code == 401
    person.log_in("guru.a")
    assert person.client.post("/school/learners/new", data=fields).status_code == 303


def test_another_persons_login_makes_open_forms_stale(person, database, two_schools):
    person.log_in("guru.a")
    open_form = person.token("/school/learners/new")
    person.client.post("/login", data={"csrf_token": open_form, "login": "guru.b", "password": "a long password"})
    answer = person.client.post("/school/learners/new", data={"csrf_token": open_form})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("wanted", "lands"),
    [
        ("/school/", "/school/"),
        ("/school/?page=2&x=%2F", "/school/?page=2&x=%2F"),
        ("https://example.org/", "/teach/"),
        ("//example.org/", "/teach/"),
        ("///example.org/", "/teach/"),
        ("/\\example.org", "/teach/"),
        ("/\t/example.org", "/teach/"),
        ("javascript:alert(1)", "/teach/"),
        ("/a\r\nSet-Cookie: x=1", "/teach/"),
        ("", "/teach/"),
        ("school", "/teach/"),
        ("//[", "/teach/"),
    ],
)
def test_after_the_login_only_this_site_comes_next(person, wanted, lands):
    assert person.log_in("guru.a", next=wanted).location == lands


def test_get_does_not_log_out(person):
    person.log_in("guru.a")
    assert person.client.get("/logout").status_code == 405
    assert person.client.get("/school/").status_code == 200


def test_a_login_without_the_forms_token_is_refused_in_words(person):
    answer = person.client.post("/login", data={"login": "guru.a", "password": "a long password"})
    assert (answer.status_code, "lalu kirim lagi" in answer.text) == (400, True)


def test_a_hash_of_other_costs_is_renewed_at_login(person, database):
    from argon2 import PasswordHasher

    cheap = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash("a long password")
    with database.writing() as db:
        db.execute(update(Staff).where(Staff.login == "guru.a").values(password_hash=cheap))
    person.log_in("guru.a")
    with database.reading() as db:
        renewed = db.scalar(select(Staff.password_hash).where(Staff.login == "guru.a"))
        assert (renewed[:30], db.scalar(select(func.count()).select_from(Login))) == ("$argon2id$v=19$m=19456,t=2,p=1", 1)


def test_who_is_logged_in_is_sent_on(person):
    person.log_in("jadwal")
    assert person.client.get("/login").location == "/plan/"
