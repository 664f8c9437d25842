"""A browser goes on where the phone is, with a code that the phone told; a form that comes twice answers once."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from core import clock
from lessons import learn_phone_views as views
from lessons.conversation import converse
from lessons.dialogue.turn import Heard
from lessons.library import library
from lessons.practice_tables import WebCode
from lessons.render import sms
from lessons.tables import Answer
from tests.gateway.fixtures import PHONE, quiz  # noqa: F401
from tests.schools.conftest import Person


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    for name in ("_pace", "_tries", "_everybody"):
        monkeypatch.setattr(views, name, views.Pace(1000, 1.0))


@pytest.fixture
def text(app, database, quiz):  # noqa: F811
    content = library()
    return lambda said: (
        database.step(lambda db: converse(db, content, PHONE, Heard("said", said), sms.budget(), clock.now())).text
    )


@pytest.fixture
def inside(client, text):
    """A browser that goes on with the phone, which is at the second of three questions."""
    text("MTK5"), text("2")
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", text("WEB")).group()
    browser = Person(client)
    assert browser.post("/learn/phone/in", "/learn/phone", code=code.lower()).status_code == 303
    return browser


def answers(database):
    with database.reading() as db:
        return [(a.item_id, a.typed, a.medium) for a in db.scalars(select(Answer).order_by(Answer.id))]


def press(browser, **fields):
    page = browser.client.get("/learn/phone").text
    n = re.search(r'name="n" value="([0-9]+)"', page).group(1)
    return browser.post("/learn/phone", n=fields.pop("n", n), **fields)


def test_she_goes_on_at_the_very_question_and_finishes(inside, database):
    assert "lanjut di soal 2 dari 3?" in inside.client.get("/learn/phone").text
    press(inside, key="1")
    assert "2/3 2 + 2 = ?" in inside.client.get("/learn/phone").text
    press(inside, said="5")
    page = inside.client.get("/learn/phone").text
    assert ("Salah. Jawaban: 4." in page, "3/3 3 + 3 = ?" in page) == (True, True)
    press(inside, said="6")
    assert "2 dari 3 benar" in inside.client.get("/learn/phone").text
    assert answers(database) == [("i1", "2", "sms"), ("i2", "5", "web"), ("i3", "6", "web")]


def test_a_form_that_comes_twice_answers_once(inside, database):
    press(inside, key="1")
    press(inside, n="1", said="4")
    press(inside, n="1", said="6")
    assert answers(database) == [("i1", "2", "sms"), ("i2", "4", "web")]


def test_a_code_is_good_once_and_for_ten_minutes(client, text, database):
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", text("web")).group()
    with database.writing() as db:
        assert code.replace("-", "") not in [row.code_hash for row in db.scalars(select(WebCode))]
    browser = Person(client)
    assert [browser.post("/learn/phone/in", "/learn/phone", code=c).status_code for c in ("XXXXXXXX", code)] == [200, 303]
    browser.post("/learn/phone/out", "/learn/phone")
    assert browser.post("/learn/phone/in", "/learn/phone", code=code).status_code == 200
    late = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", text("web")).group()
    with database.writing() as db:
        for row in db.scalars(select(WebCode)):
            row.expires_at = clock.now()
    assert browser.post("/learn/phone/in", "/learn/phone", code=late).status_code == 200


def test_without_a_code_nothing_is_shown_and_nothing_answered(client, text, database):
    browser = Person(client)
    assert "Kode dari telepon" in client.get("/learn/phone").text
    assert browser.post("/learn/phone", "/learn/phone", n="0", said="2").status_code == 303
    assert answers(database) == []


@pytest.mark.parametrize("kept", [None, "x", [1], ["+62", "x", 0, "", ""], ["+62812", 1, 0, "", ""]])
def test_a_cookie_of_any_age_is_read_or_is_none(client, kept):
    with client.session_transaction() as session:
        session["learn"] = kept
    assert "Kode dari telepon" in client.get("/learn/phone").text


def test_tries_are_few(client, text, monkeypatch):
    monkeypatch.setattr(views, "_tries", views.Pace(2, 0.0))
    browser = Person(client)
    assert [browser.post("/learn/phone/in", "/learn/phone", code="A" * 8).status_code for _ in range(3)] == [200, 200, 429]
