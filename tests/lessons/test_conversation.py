from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core import clock
from core.hot import Hot
from lessons import library as libraries
from lessons import records
from lessons.conversation import ASK_AGAIN_AFTER, converse, is_asking
from lessons.course import Quiz, course_to_json, quiz_to_json
from lessons.dialogue import happenings as h
from lessons.dialogue.turn import Heard
from lessons.library import Library
from lessons.render import sms, ussd
from lessons.tables import Answer, Attempt, ContentVersion, Conversation, CourseEdition, QuizEdition
from lessons.tables import Course as CourseRow
from lessons.tables import Quiz as QuizRow
from schools.tables import Consent, Learner, Region, School
from tests.kept import kept
from tests.learners import IPA5, MTK4, NOW, SEPULUH

NUMBER, SHARED, NEW = "+6281234567890", "+6281234567891", "+6281234567892"
RIGHT, WRONG = "1", "2"


@pytest.fixture
def school(any_database):
    """Two courses and a quiz of ten; Siti with consent on NUMBER, Ani with and Budi without on SHARED."""
    kept(any_database, "a school that converses", lambda: fill(any_database))
    return any_database


def fill(any_database):
    with any_database.writing() as db:
        region = Region(code="64.72", name="Samarinda", kind="city", time_zone="Asia/Makassar")
        db.add(region)
        db.flush()
        school = School(npsn="12345678", name="SD", region_id=region.id, time_zone="Asia/Makassar")
        db.add(school)
        db.flush()
        for name, number in (("Siti", NUMBER), ("Ani", SHARED), ("Budi", SHARED)):
            db.add(Learner(name=name, msisdn=number, school_id=school.id, language="id", created_at=NOW))
            db.flush()
        for learner, state in ((1, "given"), (2, "given"), (3, "given"), (3, "withdrawn")):
            db.add(Consent(learner_id=learner, state=state, guardian="Ibu", how="paper", text_version="1", at=NOW))
            db.flush()
        for course in (MTK4, IPA5):
            row = CourseRow(code=course.code, draft={})
            db.add(row)
            db.flush()
            edition = CourseEdition(course_id=row.id, number=1, content=course_to_json(course), published_at=NOW)
            db.add(edition)
            db.flush()
            row.edition_id = edition.id
        db.add(ContentVersion(id=1, number=1))
    publish(any_database, SEPULUH)


def publish(database, quiz: Quiz) -> None:
    """A new edition of ``quiz``, as lessons.authoring leaves it."""
    with database.writing() as db:
        row = db.scalar(select(QuizRow).where(QuizRow.keyword == quiz.keyword))
        if row is None:
            row = QuizRow(keyword=quiz.keyword, draft={}, updated_at=NOW)
            db.add(row)
            db.flush()
        number = 1 + (db.scalar(select(func.max(QuizEdition.number)).where(QuizEdition.quiz_id == row.id)) or 0)
        edition = QuizEdition(quiz_id=row.id, number=number, content=quiz_to_json(quiz), published_at=NOW)
        db.add(edition)
        db.flush()
        row.edition_id = edition.id
        version = db.get(ContentVersion, 1)
        version.number += 1


class Line:
    """A number in conversation with a library of its own."""

    def __init__(self, database, msisdn=NUMBER, budget=None, library=None):
        self.database, self.msisdn, self.budget = database, msisdn, budget or ussd.budget()
        self.library = library or Library()
        self.now = NOW

    def hear(self, kind, text="", course=""):
        heard = Heard(kind, text)

        def work(db):
            return converse(db, self.library, self.msisdn, heard, self.budget, self.now, course=course)

        return self.database.step(work, seconds=30).text

    def dial(self, text="", course=""):
        return self.hear("arrived", text, course)

    def say(self, *typed):
        return [self.hear("said", text) for text in typed][-1]


def rows(database, *columns, **where):
    with database.reading() as db:
        return [tuple(row) for row in db.execute(select(*columns).filter_by(**where).order_by(columns[0]))]


def test_a_full_quiz_is_one_attempt_with_ten_answers_rightly_marked(school):
    line = Line(school)
    assert line.dial("sepuluh").split("\n")[0] == "1/10 Berapa 4 x 3?"
    keys = [RIGHT, WRONG, RIGHT, RIGHT, WRONG, RIGHT, "9", RIGHT, RIGHT, RIGHT, RIGHT]  # 9 is no option of the seventh
    assert line.say(*keys).split("\n")[1] == "Sepuluh soal selesai! 8 dari 10 benar."
    assert rows(school, Attempt.id, Attempt.learner_id, Attempt.number, Attempt.started_at, Attempt.finished_at) == [
        (1, 1, 1, NOW, NOW)
    ]
    marks = ["right", "wrong", "right", "right", "wrong", "right", "right", "right", "right", "right"]
    typed = [key for key in keys if key != "9"]
    assert rows(school, Answer.id, Answer.item_id, Answer.typed, Answer.mark, Answer.score, Answer.medium) == [
        (n, f"s{n + 3}", typed[n - 1], mark, 100 if mark == "right" else 0, "ussd") for n, mark in enumerate(marks, 1)
    ]


def test_she_goes_on_after_a_restart(school):
    Line(school).dial("sepuluh")
    Line(school).say(RIGHT, RIGHT)
    again = Line(school)
    assert again.dial().split("\n")[0] == "Kuis Sepuluh soal: lanjut di soal 3 dari 10?"
    assert again.say("1").split("\n")[0] == "3/10 Berapa 6 x 3?"
    assert is_asking_now(school, NUMBER) is True


def is_asking_now(database, msisdn) -> bool:
    return database.step(lambda db: is_asking(db, msisdn))


def test_nobody_is_asked_who_never_spoke_or_stands_at_the_menu(school):
    Line(school).dial()
    assert (is_asking_now(school, NUMBER), is_asking_now(school, NEW)) == (False, False)


@pytest.mark.parametrize("state", ["", "{", '{"who":1,"places":{"1":{"scene":"of tomorrow","page":9}}}', "[1]"])
def test_a_state_that_cannot_be_read_loses_no_answer(school, state):
    line = Line(school)
    line.dial("sepuluh")
    line.say(RIGHT, WRONG)
    with school.writing() as db:
        db.get(Conversation, NUMBER).state = state
    assert line.dial().split("\n")[0] == "Halo, Siti! Mau apa?"
    assert line.dial("sepuluh").split("\n")[0] == "3/10 Berapa 6 x 3?"
    assert line.say(*[RIGHT] * 8).split("\n")[1] == "Sepuluh soal selesai! 9 dari 10 benar."
    assert rows(school, Attempt.id, Attempt.number) == [(1, 1)]


def test_fifty_numbers_at_once_lose_nothing(school):
    library = Library()
    numbers = [f"+62812000000{n:02d}" for n in range(50)]

    def take(number):
        line = Line(school, number, library=library)
        line.dial("sepuluh")
        return line.say(RIGHT, WRONG, RIGHT).split("\n")[1]

    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(take, numbers)) == ["4/10 Berapa 7 x 3?"] * 50
    with school.reading() as db:
        assert db.scalar(select(func.count()).select_from(Attempt)) == 50
        found = db.execute(select(Learner.msisdn, func.count()).join(Attempt).join(Answer).group_by(Learner.msisdn)).all()
    assert sorted(tuple(row) for row in found) == [(number, 3) for number in numbers]


def test_answers_of_one_number_at_the_same_instant_follow_one_another(school):
    line = Line(school)
    line.dial("sepuluh")
    with ThreadPoolExecutor(8) as threads:
        shown = list(threads.map(line.say, [RIGHT] * 8))
    assert sorted(text.split("\n")[1].split(" ")[0] for text in shown) == [f"{n}/10" for n in range(2, 10)]
    assert [item for _, item in rows(school, Answer.id, Answer.item_id)] == [f"s{n}" for n in range(4, 12)]


def test_the_first_words_of_a_new_number_at_once_make_one_visitor(school):
    line = Line(school, NEW)
    with ThreadPoolExecutor(8) as threads:
        shown = {text.split("\n")[0] for text in threads.map(line.dial, [""] * 8)}
    assert shown == {"Pilih bahasa / Choose language:"}
    assert rows(school, Learner.id, Learner.name, Learner.school_id, msisdn=NEW) == [(4, None, None)]


def test_the_unique_constraints_judge(school):
    facts = [
        h.AttemptStarted(1, 1, 1, 1), h.AttemptStarted(1, 1, 1, 1), h.Answered(1, 1, 1, "s4", "1", "right", 100, "ussd"),
        h.Answered(1, 1, 1, "s4", "2", "wrong", 0, "sms"), h.Enrolled(1, 1), h.Enrolled(1, 1), h.LessonFinished(1, 1, "l1"),
        h.LessonFinished(1, 1, "l1"), h.AttemptFinished(1, 1, 1),
    ]  # fmt: skip

    def write(db: Hot) -> None:
        records.write(db, facts, clock.to_ms(NOW))
        records.write(db, [h.AttemptFinished(1, 1, 1)], clock.to_ms(NOW + timedelta(hours=1)))

    school.step(write)
    assert rows(school, Answer.id, Answer.typed, Answer.mark) == [(1, "1", "right")]
    assert rows(school, Attempt.id, Attempt.finished_at) == [(1, NOW)]


def test_a_visitor_becomes_a_nameless_learner_who_keeps_her_results(school):
    line = Line(school, NEW)
    line.dial("sepuluh")
    line.say(*[RIGHT] * 10)
    assert rows(school, Attempt.id, Attempt.learner_id) == [(1, 4)]
    assert line.say("nilai") == "Nilai terakhirmu:\nSepuluh soal: 10 dari 10\n0.Kembali"


def test_the_course_of_the_line_comes_first(school):
    assert Line(school).dial("1", course="IPA5") == "Pilih pelajaran:\n1. IPA 5\n2. Matematika 4\n0.Kembali"
    assert Line(school).dial("1") == "Pilih pelajaran:\n1. Matematika 4\n2. IPA 5\n0.Kembali"


def test_without_consent_no_name_is_said(school):
    line = Line(school, SHARED)
    assert line.dial() == "Siapa ini?\n1. Ani\n2. Murid 2\n3. Murid baru"
    assert line.say("Budi").split("\n")[0] == "Siapa ini?"
    assert line.say("2").split("\n")[0] == "Halo! Mau apa?"


def test_children_on_one_number_are_asked_again_after_a_silence_by_sms(school):
    line = Line(school, SHARED, sms.budget())
    line.say("sepuluh", "1")
    line.now += ASK_AGAIN_AFTER
    assert line.say("A").split("\n")[1] == "2/10 Berapa 5 x 3?"
    line.now += ASK_AGAIN_AFTER + timedelta(milliseconds=1)
    assert line.say("A") == "Siapa ini?\n1. Ani\n2. Murid 2\n3. Murid baru"
    assert line.say("2").split("\n")[0] == "Halo! Mau apa?"  # Ani's question is not Budi's to answer
    assert rows(school, Answer.id, Answer.item_id) == [(1, "s4")]


def test_one_learner_by_sms_is_asked_nothing_before_her_quiz(school):
    line = Line(school, budget=sms.budget())
    assert line.say("Sepuluh").split("\n")[0] == "1/10 Berapa 4 x 3?"
    line.now += timedelta(days=3)
    assert line.say("B").split("\n")[0] == "Salah. Jawaban: 12. 4 x 3 = 12."


def test_a_publication_is_seen_after_a_second_and_at_once_where_it_was_made(school, monkeypatch):
    seconds = [100.0]
    monkeypatch.setattr(libraries.time, "monotonic", lambda: seconds[0])
    line = Line(school)
    assert line.dial("baru").split("\n")[0] == "Kata itu tidak dikenal."
    publish(school, replace(SEPULUH, keyword="BARU"))
    seconds[0] += 0.9
    assert line.dial("baru").split("\n")[0] == "Kata itu tidak dikenal."
    seconds[0] += 0.2
    assert line.dial("baru").split("\n")[0] == "1/10 Berapa 4 x 3?"
    publish(school, replace(SEPULUH, keyword="LAGI"))
    line.library.expire()
    assert line.dial("lagi").split("\n")[0] == "1/10 Berapa 4 x 3?"


def test_an_attempt_goes_on_with_the_edition_it_began(school):
    line = Line(school)
    line.dial("sepuluh")
    line.say(RIGHT)
    publish(school, replace(SEPULUH, items=SEPULUH.items[:3], title={"id": "Tiga soal"}))
    line.library.expire()
    assert line.say(RIGHT).split("\n")[1] == "3/10 Berapa 6 x 3?"
    assert Line(school).dial().split("\n")[0] == "Kuis Sepuluh soal: lanjut di soal 3 dari 10?"
    assert line.say("2").split("\n")[0] == "1/3 Berapa 4 x 3?"
    assert rows(school, Attempt.id, Attempt.number, Attempt.edition_id) == [(1, 1, 1), (2, 2, 2)]


def test_a_quiz_that_is_extended_is_extended_for_those_who_are_in_it(school):
    publish(school, replace(SEPULUH, closes_at=NOW + timedelta(hours=1)))
    line = Line(school)
    line.dial("sepuluh")
    publish(school, replace(SEPULUH, closes_at=NOW + timedelta(hours=3)))
    line.library.expire()
    line.now += timedelta(hours=2)
    assert line.say(RIGHT).split("\n")[1] == "2/10 Berapa 5 x 3?"
    line.now += timedelta(hours=1)
    assert line.say(RIGHT).split("\n")[0] == "Kuis Sepuluh soal ditutup Sen 23/11 11.10 WIB. Jawabanmu tersimpan."
    publish(school, replace(SEPULUH, closes_at=NOW + timedelta(hours=9)))
    line.library.expire()
    assert line.dial("sepuluh").split("\n")[0] == "1/10 Berapa 4 x 3?"  # what was finished is not begun again
    assert rows(school, Attempt.id, Attempt.number) == [(1, 1), (2, 2)]


@pytest.mark.parametrize(
    "text", ["", " \t\n ", "x" * 5000, "\ud800\udfff", "a\x00b", "😀" * 400, "%(n)d %s", "²", "'; DROP TABLE answers;--"]
)
def test_whatever_is_typed_is_answered_and_kept_short(school, text):
    line = Line(school, budget=sms.budget())
    line.say("sepuluh", RIGHT, text)
    assert line.say(RIGHT)
    assert [n for (n,) in rows(school, func.length(Conversation.state)) if n > 1000] == []


def test_a_paper_sent_in_parts_is_one_attempt_and_its_place_is_found_among_the_records(school):
    line = Line(school, budget=sms.budget())
    with school.reading() as db:
        edition = db.scalar(select(QuizEdition.id))
    line.hear("arrived", f"Q{edition}B 2A 5B 9C")
    with school.writing() as db:
        db.get(Conversation, NUMBER).state = ""
    assert line.hear("arrived", "SEPULUH").split("\n")[0].endswith("x 3?")
    assert line.hear("said", f"Q{edition}B 2A 5B").startswith(f"Q{edition}B Sepuluh soal: 3 dari 10 dijawab")
    kept = rows(school, Answer.id, Answer.sheet, Answer.attempt_id)
    assert (kept, rows(school, Attempt.id, Attempt.finished_at)) == ([(1, "B", 1), (2, "B", 1), (3, "B", 1)], [(1, None)])
    line.hear("said", f"Q{edition}B 1A 3A 4A 6A 7A 8A 10A")
    assert (len(rows(school, Answer.id)), rows(school, Attempt.id, Attempt.finished_at)) == (10, [(1, NOW)])
