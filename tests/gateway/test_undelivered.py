"""One kind of message that fails while its line does not is found; chance, one dead telephone and a dead line are not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from gateway import undelivered
from gateway.outbox import RANK
from gateway.tables import Line, Outbox
from gateway.undelivered import Suspect, is_suspect, suspects

NOW = datetime(2026, 11, 22, 5, 30, tzinfo=UTC)
QUESTION = "Indonesia merdeka tahun berapa?\nA. 1944\nB. 1945\nC. 1946"


@pytest.fixture
def sent(any_database):
    """Writes messages: (text, how many arrive, how many do not), each to a telephone of its own."""
    numbers = iter(range(10**6))
    with any_database.writing() as db:
        db.add(Line(id=1, provider="simulator", medium="sms", address="77077", token="t" * 32, prices={}, options={}))

    def write(text, delivered, failed, how="failed", at=NOW - timedelta(hours=8), number=None, **more):
        with any_database.writing() as db:
            for state, many in (("delivered", delivered), (how, failed)):
                for _ in range(many):
                    n = next(numbers)
                    db.add(Outbox(
                        key=f"k{n}", line_id=1, msisdn=f"+62812{number or n:07d}", text=text(n) if callable(text) else text,
                        segments=1, state=state, rank=RANK[state], provider_id="x", created_at=at, not_before=at,
                        expires_at=at + timedelta(days=1), **more,
                    ))  # fmt: skip
        with any_database.reading() as db:
            return suspects(db, NOW)

    return write


def test_a_text_that_fails_where_the_rest_arrives_is_found(sent):
    sent(lambda n: f"Benar!\n{n % 9}/10 Apa warna daun?\nA. Hijau\nB. Biru", 95, 5)
    found = sent(lambda n: f"{'Benar!' if n % 2 else 'Salah. Jawaban: A. Air.'} Baik sekali.\n4/10 {QUESTION}", 12, 18)
    ending = "# Indonesia merdeka tahun berapa? A. 1944 B. 1945 C. 1946"
    assert found == [Suspect(1, "77077", found[0].ending, 30, 18, 0.05, ("1944", "1945", "1946"))]
    assert found[0].ending.endswith(ending[2:])


def test_silence_for_hours_is_a_failure_and_a_fresh_silence_is_not(sent):
    sent("Selamat pagi", 100, 0)
    assert sent(QUESTION, 0, 25, how="sent", at=NOW - timedelta(hours=1)) == []
    assert [(x.sent, x.failed) for x in sent(QUESTION, 0, 25, how="sent")] == [(25, 25)]


def test_a_line_that_fails_as_a_whole_is_another_matter(sent):
    sent("Selamat pagi", 0, 100)
    assert sent(QUESTION, 0, 40) == []


def test_one_telephone_that_is_off_is_one(sent):
    sent("Selamat pagi", 100, 2)
    assert sent(QUESTION, 40, 0) == []
    assert sent(QUESTION, 0, 30, number=7) == []


def test_what_was_never_taken_by_the_network_was_not_filtered_there(sent, any_database):
    sent("Selamat pagi", 100, 2)
    sent(QUESTION, 0, 30)
    with any_database.writing() as db:
        db.query(Outbox).filter(Outbox.text == QUESTION).update({"provider_id": None})
    with any_database.reading() as db:
        assert suspects(db, NOW) == []


def test_what_is_older_than_three_days_is_past(sent):
    sent("Selamat pagi", 100, 2)
    assert sent(QUESTION, 0, 30, at=NOW - timedelta(days=4)) == []


@pytest.mark.parametrize(
    ("failed", "sent_", "rest_failed", "rest_sent", "suspect"),
    [
        (18, 30, 5, 100, True), (4, 30, 0, 1000, False), (10, 19, 0, 1000, False), (5, 20, 0, 20, False), (20, 20, 5, 19, False),
        (6, 100, 2, 100, False), (40, 100, 25, 100, False), (50, 100, 20, 1000, True), (20, 20, 20, 20, False),
        (0, 50, 0, 50, False),
    ],
)  # fmt: skip
def test_few_messages_and_small_differences_say_nothing(failed, sent_, rest_failed, rest_sent, suspect):
    assert (is_suspect(failed, sent_, failed + rest_failed, sent_ + rest_sent) is not None) is suspect


def test_chance_alone_raises_no_alarm():
    """Two hundred and fifty days of forty kinds of message that all fail alike, one in twelve."""
    chance, alarms = Random(33), 0
    for _day in range(250):
        kinds = [(sum(chance.random() < 1 / 12 for _ in range(40)), 40) for _ in range(40)]
        failed, sent = sum(f for f, _ in kinds), sum(s for _, s in kinds)
        alarms += sum(is_suspect(f, s, failed, sent) is not None for f, s in kinds)
    assert alarms <= 5  # of 10,000


def test_of_many_messages_the_newest_are_looked_at(sent, monkeypatch):
    sent("Selamat pagi", 100, 2)
    monkeypatch.setattr(undelivered, "MOST_MESSAGES", 40)
    assert sent(QUESTION, 0, 30) == []
