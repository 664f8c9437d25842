"""When a message was really sent, by a network's clock that may be wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from core import clock
from gateway import late
from gateway.tables import Inbox

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def anew():
    late.forget()
    yield
    late.forget()


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-11-21T08:00:00Z", NOW),
        ("2026-11-21 08:00:00", NOW),
        ("2026-11-21 08:00", NOW),
        ("2026-11-21T15:00:00+07:00", NOW),
        ("1795248000", NOW),
        ("1795248000000", NOW),
        ("now", None),
        ("", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("²²²²²²²²²²", None),
        ("2026-11-21T08:00:00\n", None),
    ],
)
def test_a_stamp_is_read_or_left(said, meant):
    assert late.stamp(said) == meant


@pytest.mark.parametrize("wrong_by", [timedelta(0), timedelta(minutes=5), timedelta(hours=-7), timedelta(hours=8)])
def test_a_clock_that_is_wrong_for_all_is_wrong_for_nobody(wrong_by):
    received = clock.to_ms(NOW)
    ways = [late.said_at(1, NOW - wrong_by - timedelta(seconds=way), received) for way in (2, 1, 3)]
    assert ways == [None, None, None]
    assert late.said_at(1, NOW - wrong_by - timedelta(seconds=20), received) is None
    assert late.said_at(1, NOW - wrong_by - timedelta(minutes=10, seconds=1), received) == received - 600_000
    assert late.said_at(2, NOW - wrong_by - timedelta(minutes=10), received) is None
    assert late.said_at(1, None, received) is None


def test_the_webhook_keeps_what_the_network_held_back(client, database, make_line):
    line = make_line("http", "sms", profile="kannel")
    for n, minutes in enumerate((0, 0, 0, 10)):
        time = (clock.now() - timedelta(minutes=minutes)).strftime("%Y-%m-%d %H:%M:%S")
        answer = client.get(f"/gateway/http/{line.token}/sms?from=%2B6281200000001&text=A&id={n}&time={time}")
        assert answer.status_code == 200
    with database.reading() as db:
        rows = db.scalars(select(Inbox).order_by(Inbox.id))
        held = [row.said_at and round((row.received_at - row.said_at) / timedelta(minutes=1)) for row in rows]
    assert held == [None, None, None, 10]


def test_a_clock_that_stands_still_holds_nobody_back():
    first = clock.to_ms(NOW)
    assert [late.said_at(1, NOW, first + minutes * 60_000) for minutes in range(30)] == [None] * 30


@pytest.mark.parametrize("by", [timedelta(hours=1), timedelta(hours=-1)])
def test_when_our_own_clock_is_set_nobody_was_held_back(by):
    for n in range(5):
        late.said_at(1, NOW + timedelta(seconds=n), clock.to_ms(NOW + timedelta(seconds=n)))
    after = [NOW + timedelta(seconds=10 + n) for n in range(4)]
    assert [late.said_at(1, stamp, clock.to_ms(stamp + by)) for stamp in after] == [None] * 4
    assert late.said_at(1, NOW - timedelta(minutes=10), clock.to_ms(NOW + by)) == clock.to_ms(NOW + by) - 600_000
