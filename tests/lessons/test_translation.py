from __future__ import annotations

from dataclasses import replace

import pytest

from lessons import authoring, wordings
from lessons.course import Enclosure, Item, Quiz
from lessons.tables import Quiz as QuizRow
from tests.classroom import NOW, QUIZ, publish, with_item
from tests.handed_in import address, body, mp3, reference, upload
from tests.lessons.test_course_views import IPA

PAGE = "/teach/quizzes/1/translation"


@pytest.fixture
def quiz(database, two_schools):
    return publish(database, two_schools.A.teacher)


def draft(database):
    with database.reading() as db:
        row = db.get(QuizRow, 1)
        return authoring.draft_of(row), row.version


def test_every_text_of_a_quiz_is_listed_once():
    assert [x.name for x in wordings.of_quiz(QUIZ)] == [
        "title", "i1.prompt", "i1.choices.0", "i1.choices.1", "i1.choices.2", "i1.explanation", "i2.prompt", "i3.prompt",
        "i3.accepted", "i4.prompt",
    ]  # fmt: skip
    assert [x.name for x in wordings.of_course(IPA)] == ["title", "a.title", "a.text", "b.title", "b.text"]


def test_texts_go_in_and_out():
    texts = {x.name: f"{x.name} jv" for x in wordings.of_quiz(QUIZ)}
    spoken = wordings.quiz_with(QUIZ, "jv", texts)
    assert [x.words["jv"] for x in wordings.of_quiz(spoken)] == list(texts.values())
    assert spoken.items[2].key == {"accepted": {"id": ["fotosintesis", "fotosintesa"], "jv": ["i3.accepted jv"]}}
    assert not any(x.is_missing("jv") for x in wordings.of_quiz(spoken))
    assert wordings.quiz_with(spoken, "jv", dict.fromkeys(texts, "")) == QUIZ
    assert wordings.quiz_with(QUIZ, "jv", {}) == QUIZ
    course = wordings.course_with(IPA, "su", {"a.text": "Hirup"})
    assert (course.lessons[0].text["su"], course.lessons[1]) == ("Hirup", IPA.lessons[1])


def test_pairs_of_a_matching_are_texts_too():
    item = Item("m", "matching", {"id": "Pasangkan"}, {"matches": [{"id": "satu"}, {"id": "dua"}]}, ({"id": "1"}, {"id": "2"}))
    quiz = Quiz("X1", {"id": "X"}, (item,))
    assert [x.name for x in wordings.of_quiz(quiz)][-2:] == ["m.matches.0", "m.matches.1"]
    spoken = wordings.quiz_with(quiz, "en", {"m.matches.1": "two"})
    assert spoken.items[0].key == {"matches": [{"id": "satu"}, {"id": "dua", "en": "two"}]}


def test_a_teacher_translates_side_by_side(teacher, database, quiz):
    page = teacher.client.get(f"{PAGE}?to=jv").text
    assert ('<option value="jv" selected>' in page, 'name="to" value="jv"' in page) == (True, True)
    assert ("10 teks belum ada dalam Basa Jawa." in page, page.count("belum ada</small>")) == (True, 10)
    saved = teacher.post(
        PAGE, to="jv", version=str(draft(database)[1]), **{"w.title": "Tanduran ijo", "w.i1.prompt": "Apa sing nyerep banyu?"}
    )
    assert saved.location == f"{PAGE}?to=jv"
    assert "Tersimpan. 8 teks belum ada." in teacher.client.get(saved.location).text
    found, _ = draft(database)
    assert (found.title["jv"], found.items[0].prompt["jv"]) == ("Tanduran ijo", "Apa sing nyerep banyu?")
    assert found.items[1:] == QUIZ.items[1:]
    form = teacher.client.get("/teach/quizzes/1").text
    assert 'name="title.jv"' in form, "the form shows, and so keeps, every language that is written"


def test_two_translators_are_told_and_what_was_typed_stays(teacher, database, quiz):
    page = teacher.post(PAGE, to="en", version="999", **{"w.title": "Green plants"}).text
    assert ("Kuis ini sudah diubah di tempat lain" in page, ">Green plants</textarea>" in page) == (True, True)
    assert "en" not in draft(database)[0].title


def test_strangers_and_strange_languages(teacher, another, quiz):
    assert teacher.post(PAGE, to="xx", version="1").status_code == 400
    assert teacher.client.get(f"{PAGE}?to=<script>").status_code == 200
    another.log_in("guru.b")
    assert another.client.get(PAGE).status_code == 404
    assert another.post(PAGE, page="/teach/quizzes/new", to="en").status_code == 404


def test_a_language_taken_away_leaves_no_trace():
    assert wordings.quiz_with(replace(QUIZ, title={"id": "A", "en": "B"}), "en", {"title": " "}).title == {"id": "A"}


def test_each_language_has_its_own_recording(teacher, database, quiz):
    with database.writing() as db:
        row = db.get(QuizRow, 1)
        spoken = with_item(authoring.draft_of(row), audio={"id": reference(mp3())})
        authoring.save_quiz(db, row, spoken, row.version, NOW)
    page = teacher.client.get(f"{PAGE}?to=jv").text
    assert ("11 teks belum ada dalam Basa Jawa." in page, f'src="{address(mp3())}"' in page) == (True, True)
    fields = {"csrf_token": teacher.token(PAGE), "to": "jv", "version": str(draft(database)[1]), "w.title": "Tanduran"}
    bad = teacher.client.post(PAGE, **body({**fields, "f.i1.audio": upload(b"MZ", "x.exe")})).text
    assert ("x.exe bukan rekaman yang kami kenal." in bad, ">Tanduran</textarea>" in bad) == (True, True)
    assert teacher.client.post(PAGE, **body({**fields, "f.i1.audio": upload(mp3(1))})).status_code == 303
    found, version = draft(database)
    assert dict(found.items[0].audio) == {"id": reference(mp3()), "jv": reference(mp3(1))}
    again = {**fields, "version": str(version), "w.i1.audio": reference(mp3(1))}
    teacher.client.post(PAGE, **body(again))
    assert draft(database)[0].items[0].audio == found.items[0].audio


def test_words_beside_a_picture_are_texts_too():
    beside = (Enclosure("picture", reference(mp3()), 9, {"id": "Akar"}),)
    course = replace(IPA, lessons=(replace(IPA.lessons[0], enclosures=beside), IPA.lessons[1]))
    assert [x.name for x in wordings.of_course(course)] == ["title", "a.title", "a.text", "a.beside.0", "b.title", "b.text"]
    said = wordings.course_with(course, "jv", {"a.beside.0": "Oyot"})
    assert said.lessons[0].enclosures[0].label == {"id": "Akar", "jv": "Oyot"}
