"""Two machines that answer one another stop; a learner does not notice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import clock
from gateway import caps, outbox
from tests.gateway.fixtures import PHONE

NOW = clock.from_ms(1_800_000_000_000)


@pytest.fixture
def reply(app, database, make_line):
    line, count = make_line("simulator", "sms"), iter(range(10_000))

    def reply(text, minutes=0, msisdn=PHONE):
        now = NOW + timedelta(minutes=minutes)

        def work(db):
            capped = caps.exceeded(db, msisdn, text, now)
            if not capped:
                outbox.post(db, key=f"k{next(count)}", line_id=line.id, msisdn=msisdn, text=text, now=now)
            return capped

        return database.step(work)

    return reply


def test_the_same_reply_in_a_row_stops_at_ten(reply):
    assert [reply("Maaf… tidak terbaca") for _ in range(12)] == [""] * 10 + ["the same in a row"] * 2
    assert reply("Menu") == ""
    assert reply("Maaf… tidak terbaca") == ""
    assert reply("Maaf… tidak terbaca", msisdn=PHONE + "1") == ""


def test_after_ten_minutes_it_may_be_said_again(reply):
    for _ in range(10):
        reply("Menu")
    assert reply("Menu", minutes=9) == "the same in a row"
    assert reply("Menu", minutes=11) == ""


def test_twenty_of_the_same_and_two_hundred_of_any_within_an_hour(reply):
    for n in range(40):
        reply("Menu" if n % 2 else f"soal {n}")
    assert (reply("Menu"), reply("another")) == ("the same within an hour", "")
    for n in range(159):
        reply(f"x{n}")
    assert reply("y") == "messages within an hour"
    assert reply("y", minutes=61) == ""
