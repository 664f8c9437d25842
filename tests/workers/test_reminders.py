"""Her daily set by SMS: at her hour, by day, once, within the week's number, and only where it may be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from core import clock
from gateway import opt_out
from gateway.tables import Outbox
from lessons import habits
from lessons.practice_tables import Habit
from lessons.tables import Answer, Attempt, Conversation
from schools.tables import Consent, Learner, Region, School
from tests.gateway.fixtures import PHONE
from workers import reminders

LEARNED = datetime(2026, 11, 16, 3, 0, tzinfo=UTC)
HER_HOUR = datetime(2026, 11, 23, 9, 0, 30, tzinfo=UTC)  # 16.00 WIB, 18.00 WIT


@pytest.fixture
def world(app, database, quiz, make_line, monkeypatch):
    """Ani of a school in Jayapura, consented, who answered three items a week ago and wants her set at 18.00 WIT."""
    make_line("simulator", "sms")
    with database.writing() as db:
        region = Region(code="91.71", name="Jayapura", kind="city", time_zone="Asia/Jayapura")
        db.add(region)
        db.flush()
        school = School(npsn="12345678", name="SD", region_id=region.id, time_zone="Asia/Jayapura")
        db.add(school)
        db.flush()
        add(db, "Ani", school.id)
    set_clock(monkeypatch, HER_HOUR)
    return database


def add(db, name, school, hour=18):
    learner = Learner(name=name, msisdn=PHONE, school_id=school, language="id", created_at=LEARNED)
    db.add(learner)
    db.flush()
    db.add(Consent(learner_id=learner.id, state="given", guardian="Ibu", how="paper", text_version="1", at=LEARNED))
    db.add(Habit(learner_id=learner.id, remind_hour=hour, streak_day=20_773, streak=1))
    attempt = Attempt(learner_id=learner.id, quiz_id=1, edition_id=1, number=1, started_at=LEARNED, finished_at=LEARNED)
    db.add(attempt)
    db.flush()
    for item in ("i1", "i2", "i3"):
        db.add(Answer(attempt_id=attempt.id, item_id=item, typed="2", mark="right", score=100, medium="sms", answered_at=LEARNED))


def set_clock(monkeypatch, at):
    monkeypatch.setattr(clock, "now", lambda: at)


def sent(database):
    with database.reading() as db:
        return [(row.key, row.text, row.expires_at, row.urgency) for row in db.scalars(select(Outbox).order_by(Outbox.id))]


def test_at_her_hour_the_first_question_goes_out_once_however_often_it_ticks(world):
    assert [reminders.tick() for _ in range(3)] == [1, 0, 0]
    [(key, text, expires_at, urgency)] = sent(world)
    assert (key, text.split(" ")[0], urgency) == ("practice:1:20780", "1/3", 1)
    assert expires_at == datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # 20.00 WIT: nothing arrives at night


@pytest.mark.parametrize("hours", [-1, 1, 3, 12])
def test_at_another_hour_nothing_goes(world, monkeypatch, hours):
    set_clock(monkeypatch, HER_HOUR + timedelta(hours=hours))
    assert (reminders.tick(), sent(world)) == (0, [])


def withdrawn(db):
    db.add(Consent(learner_id=1, state="withdrawn", guardian="Ibu", how="paper", text_version="1", at=HER_HOUR))


def doubted(db):
    db.get(Habit, 1).doubted_at = HER_HOUR


def weary(db):
    db.get(Habit, 1).streak_day -= 20


def without_number(db):
    db.get(Learner, 1).msisdn = None


def reminded_five_times(db):
    for n in range(5):
        at = HER_HOUR - timedelta(days=n + 1)
        row = Outbox(key=f"practice:1:{20779 - n}", line_id=1, msisdn=PHONE, text="", segments=1, state="sent")
        row.not_before = row.expires_at = row.created_at = at
        db.add(row)


@pytest.mark.parametrize("change", [withdrawn, doubted, weary, without_number, reminded_five_times])
def test_none_goes_where_it_may_not(world, change):
    with world.writing() as db:
        change(db)
    before = len(sent(world))
    assert (reminders.tick(), len(sent(world)) - before) == (0, 0)


def test_none_goes_to_one_who_said_stop(world):
    world.step(lambda db: opt_out.stop(db, PHONE, "STOP", HER_HOUR))
    assert (reminders.tick(), sent(world)) == (0, [])


def test_who_has_not_learned_for_three_weeks_is_reminded_no_more(world):
    with world.writing() as db:
        weary(db)
    reminders.tick()
    with world.reading() as db:
        assert db.get(Habit, 1).remind_hour is None


def test_nothing_due_is_no_message(world, monkeypatch):
    with world.writing() as db:
        for answer in db.scalars(select(Answer)):
            answer.answered_at = HER_HOUR
    assert (reminders.tick(), sent(world)) == (0, [])


def test_it_does_not_break_into_a_quiz(world):
    with world.writing() as db:
        going = '"going":{"quiz":1,"edition":1,"number":2,"at":0,"right":0}'
        state = '{"v":2,"who":1,"medium":"sms","places":{"1":{"scene":"question","facts":{},' + going + "}}}"
        db.add(Conversation(msisdn=PHONE, state=state, updated_at=HER_HOUR - timedelta(minutes=5)))
    assert (reminders.tick(), sent(world)) == (0, [])


def test_on_a_shared_phone_it_says_for_whom_it_is(world):
    with world.writing() as db:
        add(db, "Budi", 1, hour=None)
    reminders.tick()
    [(_key, text, _expires_at, _urgency)] = sent(world)
    assert text.split(" ")[:2] == ["Ani:", "1/3"]


def test_with_a_pin_it_is_an_invitation_alone(world):
    world.step(lambda db: habits.write(db, habits.h.PinChanged(1, "x"), 0, PHONE))
    reminders.tick()
    assert [text for _key, text, *_ in sent(world)] == ["Ani, latihan hari ini menunggu. Balas LATIHAN."]
