"""Money: reserved before a message may leave, settled after, and never a segment beyond a limit."""

from __future__ import annotations

import random
import threading
from datetime import UTC, datetime, timedelta

import pytest
from flask import current_app
from sqlalchemy import func, select

from core import clock
from gateway import ledger, operating, outbox, postponed
from gateway.provider import AMBIGUOUS, NOT_SENT, REFUSED, SendFailed
from gateway.tables import Budget, Outbox, SchoolBudget
from gateway.traffic import Receipt
from schools.tables import Region, School
from tests.gateway.fixtures import add_line

NOW = clock.from_ms(1_800_000_000_000)  # 15.00 WIB
DAY = ledger.today(NOW)
LATER = NOW + outbox.LEASE + timedelta(seconds=1)
TOMORROW = clock.from_ms(ledger.begins_at(DAY + 1))


class Desk:
    def __init__(self, database, limit=0, per_school=None):
        self.database, self.limit, self.n = database, limit, 0
        self.line = add_line(current_app._get_current_object(), "http", "sms", prices={"": 300, "+62811": 250})
        with database.writing() as db:
            region = Region(code="34.71", name="Kota Contoh", kind="city", time_zone="Asia/Jakarta")
            db.add(region)
            db.flush()
            school = School(npsn="20400001", name="SD Contoh", region_id=region.id, time_zone="Asia/Jakarta")
            db.add(school)
            db.flush()
            self.school = school.id
            if per_school is not None:
                db.add(SchoolBudget(school_id=school.id, daily_segments=per_school))

    def post(self, segments=1, urgency=1, school=True, **columns):
        """An announcement, or with urgency 0 an answer."""
        self.n += 1
        row = {
            "key": f"k{self.n}", "line_id": self.line.id, "msisdn": f"+62812{self.n:07d}", "text": "halo", "segments": segments,
            "price": 300 * segments, "state": "created", "not_before": NOW, "expires_at": NOW + timedelta(days=3),
            "created_at": NOW, "urgency": urgency, "school_id": self.school if school and urgency else None, **columns,
        }  # fmt: skip
        with self.database.writing() as db:
            found = Outbox(**row)
            db.add(found)
            db.flush()
            return found.id

    def claim(self, n=10, now=NOW):
        return self.database.step(lambda db: outbox.claim(db, now, n, limit=self.limit), seconds=10)

    def sending(self, claimed, now=NOW):
        return self.database.step(lambda db: outbox.sending(db, claimed, now), seconds=10)

    def settle(self, claimed, outcome, now=NOW):
        self.database.step(lambda db: outbox.settle(db, claimed, outcome, now), seconds=10)

    def books(self, school=0, day=DAY):
        """(segments reserved, spent, rupiah reserved, spent) as the ledger says, having compared them with the messages."""
        with self.database.reading() as db:
            row = db.get(Budget, (day, school))
            said = (row.segments_reserved, row.segments_spent, row.rupiah_reserved, row.rupiah_spent) if row else (0, 0, 0, 0)
            true = []
            for column in (Outbox.segments, Outbox.price):
                for paid in ("reserved", "spent"):
                    which = [Outbox.paid == paid, Outbox.paid_on == day, *([Outbox.school_id == school] if school else [])]
                    true.append(int(db.scalar(select(func.coalesce(func.sum(column), 0)).where(*which))))
        assert said == tuple(true)
        return said

    def states(self):
        with self.database.reading() as db:
            return list(db.scalars(select(Outbox.state).order_by(Outbox.id)))


@pytest.fixture
def any_desk(any_database):
    return lambda **more: Desk(any_database, **more)


@pytest.fixture
def desk(database):
    return lambda **more: Desk(database, **more)


def test_money_is_reserved_at_the_claim_and_spent_when_it_left(any_desk):
    desk = any_desk()
    desk.post(2)
    [claimed] = desk.claim()
    assert desk.books() == desk.books(desk.school) == (2, 0, 600, 0)
    desk.sending(claimed)
    desk.settle(claimed, Receipt("p1"))
    assert desk.books() == desk.books(desk.school) == (0, 2, 0, 600)


@pytest.mark.parametrize(
    ("outcome", "books"),
    [
        (SendFailed(NOT_SENT, "refused"), (0, 0, 0, 0)),
        (SendFailed(REFUSED, "bad number"), (0, 0, 0, 0)),
        (SendFailed(AMBIGUOUS, "timeout"), (0, 1, 0, 300)),  # it may have left: it may be billed
    ],
)
def test_only_what_surely_did_not_leave_is_refunded(desk, outcome, books):
    desk = desk()
    desk.post()
    [claimed] = desk.claim()
    desk.sending(claimed)
    desk.settle(claimed, outcome)
    assert desk.books() == books


def test_what_exceeds_waits_for_the_next_day(any_desk):
    desk = any_desk(limit=5)
    for segments in (2, 2, 2, 1, 2):
        desk.post(segments)
    claims = desk.claim()
    assert [c.segments for c in claims] == [2, 2, 1]
    for claimed in claims:
        desk.sending(claimed)
        desk.settle(claimed, Receipt("p"))
    assert desk.states() == ["sent", "sent", "held", "sent", "held"]
    assert desk.claim() == []
    assert [another_day(desk, NOW), another_day(desk, TOMORROW)] == [0, 2]
    assert [c.segments for c in desk.claim(now=TOMORROW)] == [2, 2]
    assert desk.books() == (0, 5, 0, 1500)
    assert desk.books(day=DAY + 1) == (4, 0, 1200, 0)


def another_day(desk, now):
    return desk.database.step(lambda db: postponed.another_day(db, clock.to_ms(now)))


def test_what_waits_for_a_day_too_long_expires(desk):
    desk = desk(limit=1)
    desk.post(2, expires_at=NOW + timedelta(hours=1))
    assert desk.claim() == []
    assert another_day(desk, NOW + timedelta(hours=1)) == 0
    assert desk.states() == ["expired"]


def test_an_answer_goes_before_and_beyond_every_announcement(desk):
    desk = desk(limit=2)
    for _ in range(5):
        desk.post()
    answers = [desk.post(urgency=0) for _ in range(3)]
    assert [c.id for c in desk.claim(4)] == answers
    assert desk.states()[:5] == ["held"] * 5  # the answers have used the day up
    assert desk.books() == (3, 0, 900, 0)
    assert [c.id for c in desk.claim()] == []


def test_a_school_has_a_limit_of_its_own_that_can_be_raised(desk):
    desk = desk(per_school=1)
    ids = [desk.post() for _ in range(3)]
    other = desk.post(school=False)
    assert [c.id for c in desk.claim()] == [ids[0], other]
    with desk.database.writing() as db:
        db.get(SchoolBudget, desk.school).daily_segments = 2
    assert desk.database.step(lambda db: postponed.raised(db, desk.school, clock.to_ms(NOW))) == 2
    assert [c.id for c in desk.claim()] == [ids[1]]


def test_many_beyond_the_limit_hold_up_nobody(desk):
    desk = desk(per_school=0)
    for _ in range(60):
        desk.post()
    other = desk.post(school=False)
    assert [c.id for c in desk.claim(1)] == [other]


def test_a_claimer_that_died_holds_no_money(any_desk):
    desk = any_desk(limit=1)
    desk.post()
    [dead] = desk.claim()
    [claimed] = desk.claim(now=LATER)
    assert (claimed.id, desk.books()) == (dead.id, (1, 0, 300, 0))


def test_a_restored_copy_begins_with_nothing_reserved(any_desk):
    desk = any_desk()
    for segments in (1, 2, 4):
        desk.post(segments)
    claimed, flying = desk.claim(2)
    desk.sending(flying)
    assert desk.books() == desk.books(desk.school) == (3, 0, 900, 0)
    desk.database.step(lambda db: operating.seal(db, NOW))
    assert desk.states() == ["held", "unknown", "held"]
    assert desk.books() == desk.books(desk.school) == (0, 2, 0, 600)  # what was on its way may be billed
    with desk.database.writing() as db:
        operating.release(db, NOW)
    assert [one.segments for one in desk.claim()] == [1, 4]
    assert desk.books() == desk.books(desk.school) == (5, 2, 1500, 600)
    desk.settle(claimed, SendFailed(NOT_SENT, "its sender was left behind"))
    assert desk.books() == (5, 2, 1500, 600)


def test_a_sender_that_died_has_spent_and_its_late_word_changes_nothing(any_desk):
    desk = any_desk()
    desk.post()
    [claimed] = desk.claim()
    desk.sending(claimed)
    desk.database.step(lambda db: outbox.sweep(db, LATER))
    assert desk.books() == (0, 1, 0, 300)
    desk.settle(claimed, Receipt("p1"), LATER)
    assert (desk.states(), desk.books()) == (["sent"], (0, 1, 0, 300))


def test_a_claim_that_is_given_back_costs_nothing(desk):
    desk = desk()
    desk.post()
    [claimed] = desk.claim()
    desk.database.step(lambda db: outbox.put_back(db, [claimed], LATER))
    assert (desk.states(), desk.books(), desk.claim()) == (["created"], (0, 0, 0, 0), [])
    assert len(desk.claim(now=LATER)) == 1


def test_sixteen_workers_that_die_anywhere_spend_no_more_than_the_limit(any_desk):
    desk = any_desk(limit=40)
    dice = random.Random(16)
    for _ in range(90):
        desk.post(dice.choice((1, 1, 2, 3)))
    left, lock = [], threading.Lock()

    def work(seed):
        dice = random.Random(seed)
        while claims := desk.claim(3):
            for claimed in claims:
                fate = dice.random()
                if fate < 0.15 or not desk.sending(claimed):  # killed before it began
                    continue
                with lock:
                    left.append(claimed.segments)
                if fate > 0.3:  # else: killed before it could say what became of it
                    desk.settle(claimed, dice.choice((Receipt("p"), SendFailed(AMBIGUOUS, "timeout"))))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    reserved, spent, _, _ = desk.books()
    assert sum(left) <= reserved + spent <= 40
    assert 40 - reserved - spent < 3  # and what fits is used
    desk.database.step(lambda db: outbox.sweep(db, LATER))
    assert desk.books()[1] == sum(left)


def test_the_days_money_begins_anew_at_midnight_wib_and_a_message_is_spent_on_the_day_that_it_was_claimed(any_desk):
    desk = any_desk(limit=1)
    for _ in range(2):
        desk.post()
    before, midnight = datetime(2027, 1, 15, 16, 59, 59, tzinfo=UTC), datetime(2027, 1, 15, 17, tzinfo=UTC)
    assert (ledger.today(midnight) - ledger.today(before), ledger.begins_at(ledger.today(midnight))) == (1, clock.to_ms(midnight))
    [first] = desk.claim(now=before)
    desk.sending(first, before)
    assert desk.claim(now=before) == []
    desk.database.step(lambda db: postponed.another_day(db, clock.to_ms(midnight)))
    [second] = desk.claim(now=midnight)
    desk.settle(first, Receipt("p1"), midnight)
    days = [ledger.today(before), ledger.today(midnight)]
    assert [desk.books(day=day) for day in days] == [(0, 1, 0, 300), (1, 0, 300, 0)]
    assert second.id != first.id
