"""An announcement: whom it reaches, what it costs, when it goes, and that more than a hundred are asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import current_app
from sqlalchemy import func, select

from core.problems import Refused
from gateway import broadcasts, opt_out, outbox
from gateway.lines import segment_price
from gateway.tables import Outbox
from schools.tables import Class, Consent, Learner, Region, School
from tests.gateway.fixtures import add_line

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # a Monday: 10.00 WIB, 12.00 WIT
WIT = "Asia/Jayapura"


class Place:
    """A school in Jayapura with two classes, and short names for what is done there."""

    def __init__(self, database):
        self.database = database
        self.line = add_line(current_app._get_current_object(), "http", "sms", prices={"": 300, "+62811": 250, "62811000": 200})
        with database.writing() as db:
            region = Region(code="91.71", name="Kota Contoh", kind="city", time_zone=WIT)
            db.add(region)
            db.flush()
            school = School(npsn="60300001", name="SD Contoh", region_id=region.id, time_zone=WIT)
            db.add(school)
            db.flush()
            rooms = [Class(school_id=school.id, name=name, grade=5) for name in ("5A", "5B")]
            db.add_all(rooms)
            db.flush()
            self.school, self.rooms = school.id, [room.id for room in rooms]

    def learner(self, msisdn, *states, room=0):
        with self.database.writing() as db:
            learner = Learner(
                school_id=self.school, class_id=self.rooms[room], name="Contoh", msisdn=msisdn, created_at=NOW, language="id"
            )
            db.add(learner)
            db.flush()
            for state in states:
                db.add(Consent(learner_id=learner.id, state=state, guardian="Wali", how="paper", text_version="2026-11", at=NOW))
            return learner.id

    def many(self, count):
        for n in range(count):
            self.learner(f"+62812{n:07d}", "given")

    def announce(self, text="Besok ulangan IPA", now=NOW, typed="", key="form-1", room=None):
        with self.database.writing() as db:
            made, is_new = broadcasts.announce(
                db, key=key, school=db.get(School, self.school), class_id=room, text=text, line=self.line, now=now, typed=typed
            )
            return made.id, is_new

    def rows(self):
        with self.database.reading() as db:
            return db.scalars(select(Outbox).order_by(Outbox.msisdn)).all()

    def claim(self, now):
        return [one.msisdn for one in self.database.step(lambda db: outbox.claim(db, now, 200))]


@pytest.fixture
def place(any_database):
    return Place(any_database)


@pytest.fixture
def small(database):
    return Place(database)


def test_it_reaches_each_phone_with_consent_once(place):
    place.learner("+628120000001", "given")
    place.learner("+628120000001", "given")  # her brother, on the same phone
    place.learner("+628120000002")
    place.learner("+628120000003", "given", "withdrawn")
    place.learner("+628120000004", "withdrawn", "given")
    place.learner(None, "given")
    place.learner("+628120000005", "given", room=1)
    place.learner("+628120000006", "given")
    place.database.step(lambda db: opt_out.stop(db, "+628120000006", "stop", NOW))
    place.announce(room=place.rooms[0])
    assert [row.msisdn for row in place.rows()] == ["+628120000001", "+628120000004"]
    assert [(row.state, row.urgency, row.school_id, row.segments) for row in place.rows()] == [
        ("created", 1, place.school, 1)
    ] * 2


def test_the_price_is_that_of_each_prefix(place):
    numbers = ["+628110000001", "+628110000002", "+628111000003", "+628120000004"]
    for number in numbers:
        place.learner(number, "given")
    place.announce(text="a" * 161)
    assert [row.price for row in place.rows()] == [2 * segment_price(place.line, number) for number in numbers]
    with place.database.reading() as db:
        school = db.get(School, place.school)
        said = broadcasts.estimate(db, school, None, "a" * 161, place.line, NOW)
    assert (said.messages, said.segments, said.rupiah) == (4, 8, sum(row.price for row in place.rows()))


def test_a_hundred_go_unasked_and_more_want_their_number_typed(small):
    small.many(100)
    small.announce()
    small.learner("+628119999999", "given")
    for typed in ("", "yes", "100"):
        with pytest.raises(broadcasts.NotConfirmed) as refused:
            small.announce(key="form-2", typed=typed)
        assert refused.value.estimate.messages == 101
    assert len(small.rows()) == 100
    small.announce(key="form-2", typed=" 101 ")
    assert len(small.rows()) == 201


def test_the_same_form_twice_goes_out_once(place):
    place.learner("+628120000001", "given")
    first = place.announce()
    assert place.announce() == (first[0], False)
    assert len(place.rows()) == 1


def test_it_waits_for_the_morning_of_the_school(small):
    small.learner("+628120000001", "given")
    night = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # 21.00 WIT
    morning = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)  # 07.00 WIT
    small.announce(now=night)
    [row] = small.rows()
    assert (row.not_before, row.expires_at) == (morning, morning + broadcasts.LIFE)


def test_what_did_not_leave_by_evening_waits_for_the_next_morning(place):
    place.many(3)
    place.announce()
    evening = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # 20.00 WIT
    assert place.claim(evening) == []
    with place.database.reading() as db:
        assert db.scalar(select(func.count()).where(Outbox.state == "created")) == 3
    assert place.claim(evening + timedelta(hours=11) - timedelta(seconds=1)) == []
    assert len(place.claim(evening + timedelta(hours=11))) == 3


def test_nobody_to_reach_and_a_text_too_long_are_refused(small):
    with pytest.raises(Refused):
        small.announce()
    small.many(1)
    for text in ("  ", "a" * 700):
        with pytest.raises(Refused):
            small.announce(text=text)


def test_the_command_counts_and_sends_only_when_told(small):
    small.many(101)
    run = current_app.test_cli_runner().invoke
    words = ["announce", "60300001", "Besok ulangan", "--line", "77123"]
    counted = run(args=words)
    assert (counted.exit_code, counted.output.split(",")[:2]) == (0, ["101 pesan / messages", " 101 segmen / segments"])
    assert (run(args=[*words, "--send"]).exit_code, len(small.rows())) == (1, 0)
    assert (run(args=[*words, "--send", "--typed", "101"]).exit_code, len(small.rows())) == (0, 101)
    assert [run(args=[*words[:2], "x", "--line", address]).exit_code for address in ("1", "77123")] == [1, 0]
    assert run(args=[*words, "--class", "6Z"]).exit_code == 1


@pytest.mark.parametrize("prices", [{"": 300}, {}, {"+62812": 300}])
def test_phones_are_counted_whatever_the_line_has_for_prices(place, prices):
    place.many(3)
    place.line.prices = prices
    with place.database.reading() as db:
        found = broadcasts.estimate(db, db.get(School, place.school), None, "Halo", place.line, NOW)
    assert (found.messages, found.rupiah) == (3, 900 if prices else 0)
