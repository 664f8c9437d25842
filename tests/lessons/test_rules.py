from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lessons import authoring, forms
from lessons.quiz_page import rules_told
from lessons.rules import rule_problems
from lessons.tables import Quiz
from tests.classroom import NOW, QUIZ, form_of

DAY = timedelta(days=1)
CLOSED = replace(QUIZ, opens_at=NOW, closes_at=NOW + DAY)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"opens_at": NOW, "closes_at": NOW}, [("closes_at", True)]),
        ({"attempts": -1}, [("attempts", True)]),
        ({"late_until": NOW}, [("late_until", True)]),
        ({"closes_at": NOW, "late_until": NOW}, [("late_until", True)]),
        ({"closes_at": NOW, "late_until": NOW + DAY, "late_down": 20}, []),
        ({"closes_at": NOW, "late_until": NOW + DAY, "late_down": 100}, [("late_down", True)]),
        ({"late_down": 20}, [("late_down", False)]),
        ({"draw": 4}, []),
        ({"draw": 5}, [("draw", True)]),
        ({"draw": -1}, [("draw", True)]),
    ],
)
def test_rules_that_cannot_be_are_named_at_their_field(changes, found):
    assert [(p.where, p.stops) for p in rule_problems(replace(QUIZ, **changes))] == found


def test_rules_go_through_the_form_and_back():
    quiz = replace(CLOSED, late_until=NOW + 2 * DAY, late_down=25, draw=2, shuffle=True, attempts=3)
    typed = forms.read_form(form_of(quiz), lambda: "x")
    draft, unread = forms.draft_of(typed, QUIZ)
    assert unread == []
    assert draft == quiz


@pytest.mark.parametrize(("name", "text"), [("late_down", "100"), ("late_down", "banyak"), ("draw", "-1"), ("draw", "²")])
def test_what_is_no_count_is_said_beside_its_field(app, name, text):
    with app.test_request_context():
        typed = forms.read_form({**form_of(QUIZ), name: text}, lambda: "x")
        assert [p.where for p in forms.draft_of(typed, QUIZ)[1]] == [name]


def test_what_the_form_has_no_field_for_stays(app):
    item = replace(QUIZ.items[0], hint={"id": "Di bawah tanah."}, lesson="l1")
    base = replace(QUIZ, items=(item, *QUIZ.items[1:]))
    draft, _ = forms.draft_of(forms.read_form(form_of(base), lambda: "x"), base)
    assert draft == base


def test_rules_are_told_in_sentences(app):
    with app.test_request_context():
        assert rules_told(QUIZ) == "Boleh dikerjakan sesering murid mau."
        quiz = replace(CLOSED, late_until=NOW + 2 * DAY, late_down=25, draw=2, shuffle=True, attempts=3)
        assert rules_told(quiz) == (
            "Dibuka Senin, 23 November 2026 08.10 WIB. Ditutup Selasa, 24 November 2026 08.10 WIB. "
            "Yang terlambat diterima sampai Rabu, 25 November 2026 08.10 WIB, nilainya dikurangi 25%. "
            "Boleh dikerjakan 3 kali. Tiap kali ditanyakan 2 dari 4 soal, diundi untuk tiap murid. Urutan soal diacak."
        )
        assert "Yang terlambat ditolak." in rules_told(CLOSED)


def test_a_teacher_sets_them_on_the_page(person, database):
    person.log_in("guru.a")
    token = person.token("/teach/quizzes/new")
    quiz = replace(CLOSED, late_until=NOW + 2 * DAY, late_down=25, draw=2, shuffle=True)
    saved = person.client.post("/teach/quizzes/new", data={"csrf_token": token, **form_of(quiz), "do": "publish"})
    assert saved.location == "/teach/quizzes/1"
    page = person.client.get("/teach/quizzes/1").text
    assert "Tiap kali ditanyakan 2 dari 4 soal, diundi untuk tiap murid." in page
    assert 'name="shuffle" value="1" checked' in page
    with database.reading() as db:
        row = db.get(Quiz, 1)
        draft = authoring.draft_of(row)
        assert (draft.late_until, draft.late_down, draft.draw, draft.shuffle) == (NOW + 2 * DAY, 25, 2, True)
        assert row.edition_id is not None
        version = row.version
    token = person.token("/teach/quizzes/1")
    data = form_of(replace(quiz, draw=9), version)
    stopped = person.client.post("/teach/quizzes/1", data={"csrf_token": token, **data, "do": "publish"})
    assert stopped.location.endswith("stopped=1")
    assert "Yang ditanyakan 9, soalnya hanya 4." in person.client.get(stopped.location).text


def test_a_questions_rung_goes_through_the_form_and_back():
    quiz = replace(QUIZ, items=(replace(QUIZ.items[0], level=3), *QUIZ.items[1:]))
    assert forms.draft_of(forms.read_form(form_of(quiz), lambda: "x"), QUIZ)[0] == quiz
