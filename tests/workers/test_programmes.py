"""A reminder of a programme: a quarter of an hour before it is aired, once, by day, at the hour that is published now."""

from __future__ import annotations

import contextvars
import threading
from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import current_app
from sqlalchemy import select

from broadcast_schedule import carriage, offers
from broadcast_schedule.tables import Coverage, Programme, Slot, Station
from core import clock, gsm7
from gateway import opt_out
from gateway.tables import Outbox
from lessons import listening
from lessons.dialogue.happenings import ProgrammeLeft, ProgrammeWished
from lessons.listening_tables import ProgrammeReminder, ProgrammeWish
from lessons.practice_tables import Habit
from lessons.tables import Conversation
from schools.tables import Consent, Learner, Region, School
from tests.broadcast_schedule.conftest import Plan, two_stations
from tests.gateway import fixtures
from tests.gateway.fixtures import PHONE
from workers import programmes

PLANNED = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 08.00 WIB, 10.00 WIT: X-Sains begins in the west
WEST, EAST = 1, 2


def set_clock(monkeypatch, at):
    monkeypatch.setattr(clock, "now", lambda: at)


class Listeners:
    """Two stations, a programme on Mondays at 08.00 WIB, and people who wish to be reminded of it."""

    def __init__(self, database, monkeypatch):
        self.database, self.monkeypatch = database, monkeypatch
        set_clock(monkeypatch, PLANNED)
        self.network = two_stations(database)
        self.plan = Plan(self.network)
        self.slot = self.plan.on_mondays()
        fixtures.add_line(current_app._get_current_object(), "simulator", "sms")

    def learner(self, zone="", name="Ani", phone=PHONE, consent="given"):
        """Her id; of a school in ``zone``, or of none."""
        with self.database.writing() as db:
            school = None
            if zone:
                region = Region(code=zone[:16], name=zone, kind="city", time_zone=zone)
                db.add(region)
                db.flush()
                made = School(npsn=str(10_000_000 + region.id), name="SD", region_id=region.id, time_zone=zone)
                db.add(made)
                db.flush()
                school = made.id
                db.add(Coverage(station_id=WEST, region_id=region.id))
            who = Learner(name=name, msisdn=phone, school_id=school, language="id", created_at=PLANNED)
            db.add(who)
            db.flush()
            if school and consent:
                db.add(Consent(learner_id=who.id, state=consent, guardian="Ibu", how="paper", text_version="1", at=PLANNED))
            return who.id

    def wish(self, learner, slot=None, station=WEST, at=PLANNED):
        fact = ProgrammeWished(learner, slot or self.slot, station)
        self.database.step(lambda db: listening.write(db, fact, clock.to_ms(at)))

    def tick(self, at):
        set_clock(self.monkeypatch, at)
        return programmes.tick()

    def sent(self):
        with self.database.reading() as db:
            return [(row.msisdn, row.text, row.expires_at) for row in db.scalars(select(Outbox).order_by(Outbox.id))]

    def texts(self):
        return [text for _msisdn, text, _until in self.sent()]


@pytest.fixture
def listeners(app, database, monkeypatch):
    return Listeners(database, monkeypatch)


def minutes(n):
    return timedelta(minutes=n)


def test_a_quarter_of_an_hour_before_it_goes_out_once_and_expires_when_the_programme_begins(listeners):
    listeners.wish(listeners.learner("Asia/Jakarta"))
    ticks = [listeners.tick(MONDAY - minutes(n)) for n in (16, 15, 14, 1, 0, -5)]
    assert ticks == [0, 1, 0, 0, 0, 0]
    text = "Jam 08.00 WIB: X-Sains di TVRI Nasional. Berhenti: INGATKAN J1 BATAL"
    assert listeners.sent() == [(PHONE, text, MONDAY)]


def test_next_week_she_is_told_again_and_after_she_has_left_no_more(listeners):
    her = listeners.learner("Asia/Jakarta")
    listeners.wish(her)
    assert [listeners.tick(MONDAY + timedelta(days=7 * n) - minutes(10)) for n in range(3)] == [1, 1, 1]
    listeners.database.step(lambda db: listening.write(db, ProgrammeLeft(her, listeners.slot), 0))
    assert listeners.tick(MONDAY + timedelta(days=21) - minutes(10)) == 0


@pytest.mark.parametrize(
    ("zone", "told"),
    [
        ("Asia/Jakarta", "Jam 08.00 WIB:"),
        ("Asia/Jayapura", "Jam 08.00 WIB (10.00 WIT):"),
        ("", "Jam 08.00 WIB:"),  # no school: the hour of the station that she chose
    ],
)
def test_the_hour_is_the_stations_and_hers_beside_it_where_that_is_another(listeners, zone, told):
    listeners.wish(listeners.learner(zone))
    listeners.tick(MONDAY - minutes(15))
    assert [text.split(" X-Sains")[0] for text in listeners.texts()] == [told]


def test_a_local_repeat_in_the_east_is_told_of_two_hours_earlier(listeners):
    listeners.plan.do(carriage.carry, listeners.slot, listeners.network.east, "local")
    listeners.plan.slot(listeners.slot, starts_at=time(10, 0))
    listeners.plan.publish()
    listeners.wish(listeners.learner("Asia/Jayapura"), station=EAST)
    listeners.wish(listeners.learner("Asia/Jakarta", phone="+6281200000002"), station=WEST)
    east, west = MONDAY, MONDAY + timedelta(hours=2)  # 10.00 WIT, 10.00 WIB
    assert [listeners.tick(at - minutes(15)) for at in (east, west)] == [1, 1]
    assert [text[:13] for text in listeners.texts()] == ["Jam 10.00 WIT", "Jam 10.00 WIB"]


def moved(listeners, hour, minute, at=PLANNED):
    new = datetime(2026, 11, 23, hour, minute)  # noqa: DTZ001 - wall time
    listeners.plan.depart(listeners.slot, "2026-11-23", "moved", at, new_start=new)
    listeners.plan.publish(at)


def test_moved_the_reminder_moves_with_it(listeners):
    listeners.wish(listeners.learner("Asia/Jakarta"))
    moved(listeners, 9, 30)
    assert [listeners.tick(MONDAY + minutes(n)) for n in (-15, 74, 75, 80)] == [0, 0, 1, 0]
    assert [text[:13] for text in listeners.texts()] == ["Jam 09.30 WIB"]


def test_moved_after_she_was_told_she_is_not_told_again(listeners):
    listeners.wish(listeners.learner("Asia/Jakarta"))
    assert listeners.tick(MONDAY - minutes(15)) == 1
    moved(listeners, 9, 30, MONDAY - minutes(14))
    assert listeners.tick(MONDAY + minutes(76)) == 0


def test_cancelled_nobody_is_told(listeners):
    listeners.wish(listeners.learner("Asia/Jakarta"))
    listeners.plan.depart(listeners.slot, "2026-11-23", "skipped", PLANNED)
    listeners.plan.publish(PLANNED)
    assert [listeners.tick(MONDAY - minutes(15)), listeners.sent()] == [0, []]


def test_cancelled_between_looking_and_sending_nobody_is_told(listeners):
    listeners.wish(listeners.learner("Asia/Jakarta"))
    [found] = listeners.database.step(lambda db: listening.due(db, MONDAY - minutes(15)))
    listeners.plan.depart(listeners.slot, "2026-11-23", "skipped", PLANNED)
    listeners.plan.publish(PLANNED)
    assert listeners.database.step(lambda db: listening.take(db, found, MONDAY)) is None


@pytest.mark.parametrize(
    ("starts", "zone", "goes"),
    [
        (time(7, 15), "Asia/Jakarta", 1),
        (time(7, 14), "Asia/Jakarta", 0),  # at 06.59
        (time(20, 14), "Asia/Jakarta", 1),
        (time(20, 15), "Asia/Jakarta", 0),  # at 20.00
        (time(0, 10), "Asia/Jakarta", 0),  # the evening before
        (time(6, 0), "Asia/Jayapura", 1),  # 07.45 where she is
        (time(18, 30), "Asia/Jayapura", 0),  # 20.15 where she is
    ],
)
def test_at_night_where_she_is_there_is_none_and_none_later_instead(listeners, starts, zone, goes):
    listeners.wish(listeners.learner(zone))
    listeners.plan.slot(listeners.slot, starts_at=starts)
    listeners.plan.publish(PLANNED)
    begins = datetime(2026, 11, 23, starts.hour, starts.minute, tzinfo=UTC) - timedelta(hours=7)
    assert sum(listeners.tick(begins - minutes(15 - n)) for n in range(15)) == goes


def test_a_station_whose_clocks_change_tells_its_own_hour_on_both_sides_of_the_change(listeners):
    """08.00 in Berlin is 07:00Z in winter and 06:00Z from 28 March 2027 on."""
    with listeners.database.writing() as db:
        db.get(Station, WEST).time_zone = "Europe/Berlin"
    slot = listeners.plan.slot(
        time_zone="Europe/Berlin", starts_at=time(11, 0), weekdays=frozenset({3}), starts_on=date(2027, 3, 1)
    )
    listeners.plan.publish(PLANNED)
    listeners.wish(listeners.learner(), slot)
    winter, summer = datetime(2027, 3, 25, 10, 0, tzinfo=UTC), datetime(2027, 4, 1, 9, 0, tzinfo=UTC)
    assert [listeners.tick(at - minutes(15)) for at in (winter, summer, summer + timedelta(hours=1))] == [1, 1, 0]
    assert [text[:15] for text in listeners.texts()] == ["Jam 11.00 CET: ", "Jam 11.00 CEST:"]


def stopped(listeners, her):
    listeners.database.step(lambda db: opt_out.stop(db, PHONE, "STOP", PLANNED))


def withdrawn(listeners, her):
    with listeners.database.writing() as db:
        db.add(Consent(learner_id=her, state="withdrawn", guardian="Ibu", how="paper", text_version="1", at=PLANNED))


def doubted(listeners, her):
    with listeners.database.writing() as db:
        db.add(Habit(learner_id=her, doubted_at=PLANNED))


def without_number(listeners, her):
    with listeners.database.writing() as db:
        db.get(Learner, her).msisdn = None


def told_five_times_today(listeners, her):
    with listeners.database.writing() as db:
        for n in range(5):
            row = Outbox(key=f"programme:{her}:{900 + n}", line_id=1, msisdn=PHONE, text="", segments=1, state="sent")
            row.not_before = row.expires_at = row.created_at = MONDAY - timedelta(hours=3)
            db.add(row)


@pytest.mark.parametrize("why", [stopped, withdrawn, doubted, without_number, told_five_times_today])
def test_none_goes_where_it_may_not(listeners, why):
    her = listeners.learner("Asia/Jakarta")
    listeners.wish(her)
    why(listeners, her)
    before = len(listeners.sent())
    assert (listeners.tick(MONDAY - minutes(15)), len(listeners.sent()) - before) == (0, 0)


def test_who_asked_less_than_a_quarter_of_an_hour_before_has_just_read_it(listeners):
    listeners.wish(listeners.learner("Asia/Jakarta"), at=MONDAY - minutes(10))
    assert [listeners.tick(MONDAY - minutes(9)), listeners.tick(MONDAY + timedelta(days=7) - minutes(9))] == [0, 1]


def test_a_number_that_has_been_silent_for_eight_weeks_is_told_no_more(listeners):
    her = listeners.learner("Asia/Jakarta")
    listeners.wish(her)
    with listeners.database.writing() as db:
        db.add(Conversation(msisdn=PHONE, state="", updated_at=MONDAY - timedelta(days=57)))
    assert listeners.tick(MONDAY - minutes(15)) == 0
    with listeners.database.reading() as db:
        assert db.scalars(select(ProgrammeWish)).all() == []


def test_two_children_on_one_number_are_one_message_of_nobody_by_name(listeners):
    ani, budi = listeners.learner("Asia/Jakarta"), listeners.learner("Asia/Makassar", name="Budi")
    listeners.wish(ani)
    listeners.wish(budi)
    assert [listeners.tick(MONDAY - minutes(n)) for n in (15, 14)] == [1, 0]
    assert ["Ani" in text or "Budi" in text for text in listeners.texts()] == [False]
    with listeners.database.reading() as db:
        assert sorted(row.learner_id for row in db.scalars(select(ProgrammeReminder))) == [ani, budi]


def test_a_station_that_was_offered_the_slot_has_a_code_of_its_own_for_it(listeners):
    east = listeners.network.east
    listeners.plan.do(offers.offer, listeners.slot, east, "relay", 0, "", PLANNED)
    listeners.plan.do(carriage.carry, listeners.slot, east, "relay")
    listeners.plan.publish(PLANNED)
    listeners.wish(listeners.learner("Asia/Jayapura"), station=EAST)
    listeners.tick(MONDAY - minutes(15))
    assert listeners.texts() == ["Jam 10.00 WIT: X-Sains di RRI Jayapura. Berhenti: INGATKAN 101 BATAL"]


@pytest.mark.parametrize("title", ["Belajar dari Rumah " * 8, "ꦱꦶꦤꦲꦸ ꦱꦏꦶꦁ ꦲꦺꦴꦩꦃ " * 5], ids=["long", "javanese"])
def test_whatever_its_title_it_is_one_segment(listeners, title):
    with listeners.database.writing() as db:
        db.get(Programme, listeners.network.programme).title = title[:160]
        db.get(Slot, listeners.slot).is_draft = True
    listeners.plan.publish(PLANNED)
    listeners.wish(listeners.learner("Asia/Jayapura"))
    listeners.tick(MONDAY - minutes(15))
    assert [gsm7.size(text).segments for text in listeners.texts()] == [1]


def test_what_was_told_is_forgotten_after_three_months(listeners):
    listeners.wish(listeners.learner("Asia/Jakarta"))
    listeners.tick(MONDAY - minutes(15))
    set_clock(listeners.monkeypatch, MONDAY + timedelta(days=89))
    assert programmes.clean() == 0
    set_clock(listeners.monkeypatch, MONDAY + timedelta(days=91))
    assert programmes.clean() == 1


def test_of_two_workers_that_tick_at_once_one_sends(any_database, monkeypatch):
    listeners = Listeners(any_database, monkeypatch)
    for n in range(6):
        listeners.wish(listeners.learner("Asia/Jakarta" if n == 0 else "", phone=f"+62812000000{n:02}"))
    set_clock(monkeypatch, MONDAY - minutes(15))
    app, counts, ready = current_app._get_current_object(), [], threading.Barrier(2)

    def work():
        with app.app_context():
            ready.wait()
            counts.append(programmes.tick())

    threads = [threading.Thread(target=contextvars.Context().run, args=(work,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sum(counts), len(listeners.sent())) == (6, 6)


def test_wishes_are_listed_and_ended_one_or_all_on_both_databases(any_database, monkeypatch):
    listeners = Listeners(any_database, monkeypatch)
    her, second = listeners.learner("Asia/Jakarta"), listeners.plan.slot(starts_at=time(9))
    for slot in (second, listeners.slot, second):  # said again it changes nothing
        listeners.wish(her, slot)

    def slots(*facts):
        def step(db):
            for fact in facts:
                listening.write(db, fact, 0)
            return [(wish.slot, wish.station, wish.title, wish.code) for wish in listening.wishes(db, her)]

        return any_database.step(step)

    both = [(slot, "TVRI Nasional", "X-Sains", f"J{slot}") for slot in (listeners.slot, second)]
    assert [slots(), slots(ProgrammeLeft(her + 1, 0)), slots(ProgrammeLeft(her, second))] == [both, both, both[:1]]
    listeners.wish(her, second)
    assert slots(ProgrammeLeft(her, 0)) == []
