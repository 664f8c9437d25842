"""A quiz that opens after an airing: for each learner after that of her own station, and said so in her own hours."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from broadcast_schedule.tables import Coverage
from core import clock
from core.problems import Refused
from lessons import after, authoring, openings, rules, scope
from lessons.conversation import converse
from lessons.course import quiz_from_json, quiz_to_json
from lessons.dialogue.turn import Heard
from lessons.exchange import course_file
from lessons.library import library
from lessons.render import sms
from lessons.tables import Quiz as QuizRow
from schools.tables import Learner, School, Staff
from tests.broadcast_schedule.aired import BILLED, ENDS_EAST, ENDS_WEST, WEST, Aired
from tests.classroom import QUIZ, form_of
from tests.kept import kept
from tests.learners import MTK4

TIE = after.write(1, BILLED)
LONG_AGO = datetime(2026, 11, 1, tzinfo=UTC)
WEST_PHONE, EAST_PHONE, NOBODY = "+6281200000001", "+6281200000002", "+6281200000003"


class Told(Aired):
    """The same, with a school in each region, a learner in each, and what their phones are told."""

    def __init__(self, database, keyword=""):
        super().__init__(database, keyword)
        kept(database, "two schools that are told", self._enrol)

    def _enrol(self):
        with self.database.writing() as db:
            for n, (region, zone, phone) in enumerate(
                ((self.west, "Asia/Jakarta", WEST_PHONE), (self.east, "Asia/Jayapura", EAST_PHONE)), 1
            ):
                school = School(npsn=str(10_000_000 + n), name="SD", region_id=region, time_zone=zone)
                db.add(school)
                db.flush()
                db.add(Learner(msisdn=phone, school_id=school.id, language="id", created_at=LONG_AGO))
                db.add(
                    Staff(
                        login=f"guru{n}",
                        name="Guru",
                        role="teacher",
                        school_id=school.id,
                        password_hash="x",
                        language="id",
                        created_at=LONG_AGO,
                    )
                )
            db.add(Learner(msisdn=NOBODY, language="id", created_at=LONG_AGO))

    def publish(self, tie=TIE, keyword="ENERGI", **more):
        with self.database.writing() as db:
            quiz = replace(QUIZ, keyword=keyword, title={"id": "Energi"}, after=tie, **more)
            staff = db.get(Staff, 1)
            row = authoring.new_quiz(db, staff, quiz, LONG_AGO)
            row.school_id = None
            db.flush()
            authoring.publish_quiz(db, row, staff, LONG_AGO)
        library().expire()

    def text(self, phone, said, at):
        library().expire()
        heard, content = Heard("said", said), library()
        return self.database.step(lambda db: converse(db, content, phone, heard, sms.budget(), at)).text.split("\n")[0]


@pytest.fixture
def told(app, database):
    return Told(database)


FIRST = "1/4 Apa yang menyerap air dari tanah?"


def test_it_opens_for_each_when_it_is_over_on_her_own_station_and_says_when_in_her_hours(told):
    told.publish()
    second = timedelta(seconds=1)
    assert told.text(EAST_PHONE, "energi", ENDS_EAST - second) == "Kuis Energi dibuka sesudah siarannya, Sen 23/11 08.30 WIT."
    assert told.text(EAST_PHONE, "energi", ENDS_EAST) == FIRST
    assert told.text(WEST_PHONE, "energi", ENDS_WEST - second) == "Kuis Energi dibuka sesudah siarannya, Sen 23/11 08.30 WIB."
    assert told.text(NOBODY, "energi", ENDS_EAST) == "Kuis Energi dibuka sesudah siarannya, Sen 23/11 08.30 WIB."
    assert [told.text(phone, "energi", ENDS_WEST) for phone in (WEST_PHONE, NOBODY)] == [FIRST, FIRST]


def test_before_it_is_in_no_list_and_afterwards_it_is(told):
    told.publish()
    nothing = "Belum ada kuis yang dibuka. Coba lagi besok."
    assert [told.text(phone, "kuis", ENDS_EAST) for phone in (WEST_PHONE, EAST_PHONE)] == [nothing, "Pilih kuis:"]


def test_called_off_it_is_not_opened_and_says_so(told):
    told.publish()
    told.plan.depart(told.slot, "2026-11-23", "skipped")
    told.plan.publish()
    held = "Kuis Energi menunggu siarannya, dan siaran itu tidak ada di jadwal. Tanya gurumu."
    assert told.text(WEST_PHONE, "energi", ENDS_WEST + timedelta(days=3)) == held


def test_moved_the_opening_moves(told):
    told.publish()
    told.plan.depart(told.slot, "2026-11-23", "moved", new_start=datetime(2026, 11, 23, 9, 0))  # noqa: DTZ001
    told.plan.publish()
    assert told.text(WEST_PHONE, "energi", ENDS_WEST) == "Kuis Energi dibuka sesudah siarannya, Sen 23/11 09.30 WIB."
    assert told.text(WEST_PHONE, "energi", ENDS_WEST + timedelta(hours=1)) == FIRST


def test_a_late_start_shifts_it_but_takes_no_question_from_who_has_begun(told):
    told.publish()
    assert told.text(WEST_PHONE, "energi", ENDS_WEST) == FIRST
    told.reports(WEST, ENDS_WEST - timedelta(minutes=5))
    at = ENDS_WEST + timedelta(minutes=1)
    assert told.text(WEST_PHONE, "A", at) == "Benar! Akar menyerap air dan mineral."
    assert told.text(NOBODY, "energi", at) == "Kuis Energi dibuka sesudah siarannya, Sen 23/11 08.55 WIB."


def test_the_teachers_own_later_opening_holds_too(told):
    told.publish(opens_at=ENDS_WEST + timedelta(days=1))
    assert told.text(WEST_PHONE, "energi", ENDS_WEST) == "Kuis Energi dibuka sesudah siarannya, Sel 24/11 08.30 WIB."


def test_by_its_keyword_whichever_airing_names_it_opens_it(app, database):
    told = Told(database, keyword="ENERGI")
    told.publish(after.EPISODE)
    assert [told.text(phone, "energi", ENDS_EAST) for phone in (EAST_PHONE, NOBODY)] == [
        FIRST, "Kuis Energi dibuka sesudah siarannya, Sen 23/11 08.30 WIB.",
    ]  # fmt: skip


def test_a_quiz_that_waits_for_none_asks_the_database_nothing_more(told, monkeypatch):
    told.publish("")
    for name in ("of_slot", "of_keyword"):
        monkeypatch.setattr(openings.openings, name, lambda *args: pytest.fail("asked"))
    assert told.text(WEST_PHONE, "energi", LONG_AGO) == FIRST


def test_a_quiz_that_waits_is_asked_about_once_a_turn(told, monkeypatch):
    asked = []
    real = openings.openings.of_slot
    monkeypatch.setattr(openings.openings, "of_slot", lambda *args: asked.append(args) or real(*args))
    told.publish()
    asked.clear()
    told.text(WEST_PHONE, "kuis", ENDS_WEST)
    assert len(asked) == 1


@pytest.mark.parametrize(
    "text", ["episodes", "0@2026-11-23T08:00", "1@2026-11-23", "1@2026-02-30T08:00", "١@2026-11-23T08:00", "x" * 40]
)
def test_what_names_no_airing_stops_a_quiz_from_being_published(text):
    assert after.read(text) is None
    assert [(p.where, p.stops) for p in rules.rule_problems(replace(QUIZ, after=text))] == [("after", True)]
    assert rules.rule_problems(replace(QUIZ, after=TIE)) == []


def test_an_airing_that_is_not_in_the_timetable_stops_it_and_one_called_off_is_advice(told):
    with pytest.raises(Refused) as refused:
        told.publish(after.write(1, BILLED + timedelta(days=1)))
    assert str(refused.value.problems[0].what) == "Siaran itu tidak ada di jadwal yang terbit."
    with told.database.reading() as db:
        named = openings.problems(db, replace(QUIZ, after=after.EPISODE), 1)
        closing = openings.problems(db, replace(QUIZ, after=TIE, closes_at=ENDS_WEST), 1)
    told.plan.depart(told.slot, "2026-11-23", "skipped")
    told.plan.publish()
    with told.database.reading() as db:
        gone = openings.problems(db, replace(QUIZ, after=TIE), 1)
    assert [(p.where, p.stops) for p in (*named, *closing, *gone)] == [("after", False), ("closes_at", False), ("after", False)]


def test_a_form_offers_the_airings_of_the_schools_own_stations(told):
    with told.database.reading() as db:
        offered = openings.choices(db, 1, "", ENDS_WEST)
        chosen = openings.choices(db, 1, after.write(1, BILLED + timedelta(days=70)), ENDS_WEST)
    assert offered[0] == (TIE, "Sen 23/11 08.00 WIB X-Sains (TVRI Nasional)")
    assert len(offered) == 4
    assert chosen[0][1] == "Sen 1/2 08.00 WIB X-Sains (TVRI Nasional)"


def test_the_teacher_sees_that_it_waits_and_that_it_is_open(told):
    told.publish()
    with told.database.writing() as db:
        db.get(QuizRow, 1).school_id = 1
    with told.database.reading() as db:
        states = [scope.state(db, db.get(QuizRow, 1), at) for at in (ENDS_WEST - timedelta(seconds=1), ENDS_WEST)]
    assert states == ["scheduled", "open"]


def test_it_is_kept_in_json_in_a_form_and_in_a_file_and_what_is_older_waits_for_none():
    quiz = replace(QUIZ, after=TIE)
    assert quiz_from_json(json.loads(json.dumps(quiz_to_json(quiz)))) == quiz
    assert (form_of(quiz)["after"], "after" in quiz_to_json(QUIZ)) == (TIE, False)
    held = course_file.Held(replace(MTK4, id=0), (quiz,))
    assert course_file.read(course_file.write(held)).quizzes == (quiz,)
    assert quiz_from_json(quiz_to_json(QUIZ)).after == ""
    assert "is_held" not in json.dumps(quiz_to_json(replace(QUIZ, is_held=True)))


def test_a_copy_waits_for_no_airing(told):
    told.publish()
    with told.database.writing() as db:
        copy = authoring.duplicate(db, db.get(QuizRow, 1), db.get(Staff, 1), clock.now(), "Asia/Jakarta")
        assert authoring.draft_of(copy).after == ""


@time_machine.travel(BILLED - timedelta(days=1), tick=False)  # the form offers what is still to air
def test_a_teacher_picks_the_airing_on_her_form_and_what_names_none_is_told_beside_it(told, person):
    with told.database.writing() as db:
        db.add(Coverage(station_id=WEST, region_id=db.scalars(select(School.region_id).where(School.npsn == "99000001")).one()))
    person.log_in("guru.a")
    page = person.client.get("/teach/quizzes/new", headers={"Accept-Language": "id"}).text
    assert f'<option value="{TIE}"' in page
    given = {**form_of(QUIZ), "csrf_token": person.token("/teach/quizzes/new")}
    shown = person.client.post("/teach/quizzes/new/preview", data={**given, "after": TIE}).text
    assert "Dibuka setelah siaran Sen 23/11 08.00 WIB X-Sains (TVRI Nasional), di stasiun masing-masing murid." in shown
    wrong = person.client.post("/teach/quizzes/new", data={**given, "after": "99@2026-11-23T08:00", "do": "publish"})
    assert "Siaran itu tidak ada di jadwal yang terbit." in person.client.get(wrong.location).text
