"""What is counted, by which hour and line, and what it cost; on both databases, and against a plain count."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway import needs, traffic_report
from gateway.needs import Need
from gateway.outbox import RANK
from gateway.tables import Inbox, Line, Outbox
from tests.examples import examples

NOW = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)  # Monday, 03.30 WIB
MIDNIGHT = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)  # of that Monday
TOKEN = "t" * 32


@pytest.fixture
def two_lines(any_database):
    with any_database.writing() as db:
        prices = {"": 300, "+62812": 400, "62813": 500}
        db.add_all(
            [
                Line(id=1, provider="simulator", medium="sms", address="77077", token=TOKEN, prices=prices, options={}),
                Line(id=2, provider="simulator", medium="ussd", address="*123#", token=TOKEN[::-1] + "u", prices={}, options={}),
            ]
        )
    return any_database


def came(key, at, line=1, state="answered"):
    return Inbox(line_id=line, key=key, msisdn="+628120000101", text="A", received_at=at, state=state)


def went(key, at, state="delivered", msisdn="+628120000101", segments=1, line=1, **columns):
    times = {"not_before": at, "expires_at": at + timedelta(days=1), "created_at": at}
    row = {"key": key, "line_id": line, "msisdn": msisdn, "text": "x", "segments": segments, "state": state, "rank": RANK[state]}
    return Outbox(**{**row, **times, **columns})


def counted(sums):
    return (sums.mo, sums.hops, sums.calls, sums.mt, sums.segments, sums.rupiah, dict(sums.outcomes))


def test_hours_and_lines_are_told_apart(two_lines):
    with two_lines.writing() as db:
        db.add_all(
            [
                came("sms:1", NOW),
                came("text:2", NOW - timedelta(minutes=31)),
                came("ussd:3", NOW, line=2),
                came("call:4", NOW),
                came("dlr:sent:5", NOW, state="orphan"),
                came("sms:6", NOW - timedelta(hours=24), state="waiting"),
                went("a", NOW, segments=2),
                went("b", NOW, "failed", provider_id="taken, then lost"),
                went("c", NOW, "failed"),
                went("d", NOW, "created"),
                went("e", NOW, "unknown", msisdn="+6281355500000"),
                went("f", NOW - timedelta(minutes=31), "sent", msisdn="+6289900000000"),
                went("g", NOW, "expired"),
            ]
        )
    with two_lines.reading() as db:
        day = traffic_report.last_hours(db, NOW)
    hours = day.by_time()
    assert (len(hours), hours[0][0], hours[-1][0]) == (24, NOW - timedelta(hours=23, minutes=30), NOW - timedelta(minutes=30))
    fates = {"delivered": 1, "failed": 2, "waiting": 1, "unknown": 1, "dropped": 1}
    assert counted(hours[-1][1]) == (1, 1, 1, 3, 4, 3 * 400 + 500, fates)
    assert counted(hours[-2][1]) == (1, 0, 0, 1, 1, 300, {"sent": 1})
    assert [sums.is_silent for _, sums in hours[:-2]] == [True] * 22
    assert {line: counted(sums)[:4] for line, sums in day.by_line().items()} == {1: (2, 0, 1, 4), 2: (0, 1, 0, 0)}
    assert counted(day.total())[:6] == (2, 1, 1, 4, 5, 2000)


def test_a_day_begins_at_midnight_of_the_operators_clock(two_lines):
    with two_lines.writing() as db:
        db.add_all([came("sms:1", MIDNIGHT - timedelta(milliseconds=1)), came("sms:2", MIDNIGHT)])
        db.add_all([went("a", MIDNIGHT - timedelta(milliseconds=1)), went("b", MIDNIGHT)])
    with two_lines.reading() as db:
        today, days = traffic_report.today(db, NOW).total(), traffic_report.last_days(db, NOW).by_time()
    assert (today.mo, today.mt) == (1, 1)
    assert [(at, sums.mo, sums.mt) for at, sums in days[-2:]] == [(MIDNIGHT - timedelta(days=1), 1, 1), (MIDNIGHT, 1, 1)]
    assert traffic_report.midnight(date(2026, 11, 23)) == MIDNIGHT


def test_a_message_costs_what_it_was_priced_at(two_lines):
    with two_lines.writing() as db:
        db.add_all([went("k1", NOW, price=123, segments=2), went("k2", NOW, segments=2)])
        db.add(went("k3", NOW, state="failed", price=99))
        db.get(Line, 1).prices = {"": 7}
    with two_lines.reading() as db:
        assert traffic_report.today(db, NOW).total().rupiah == 123 + 2 * 7


def test_nothing_is_nothing(any_database):
    with any_database.reading() as db:
        assert (traffic_report.last_days(db, NOW).total().is_silent, traffic_report.first_since(db, NOW)) == (True, 1)
        assert needs.needs(db, NOW) == []


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=examples(30), deadline=None
)
@given(st.lists(st.integers(0, 3), max_size=12), st.integers(0, 30))
def test_the_first_id_since_an_instant_is_found_by_halving(database, make_line, steps, at):
    line = getattr(make_line, "made", None) or make_line("simulator", "sms")
    make_line.made = line
    begin, times, ids = NOW, [], []
    with database.writing() as db:
        db.query(Outbox).delete()
        for n, step in enumerate(steps):
            begin += timedelta(seconds=step)
            row = went(f"k{n}", begin, line=line.id, id=10 + 3 * n)
            db.add(row)
            times, ids = [*times, begin], [*ids, row.id]
        db.flush()
        since = NOW + timedelta(seconds=at)
        first = traffic_report.first_since(db, since)
    assert [i for i in ids if i >= first] == [i for i, t in zip(ids, times, strict=True) if t >= since]


def test_what_waits_for_a_person_comes_with_since_when(two_lines):
    minute, old = timedelta(minutes=1), NOW - timedelta(hours=2)
    with two_lines.writing() as db:
        db.add_all(
            [
                came("sms:1", NOW - 2 * minute, state="waiting"),
                came("sms:2", old, state="dead"),
                went("a", old, "unknown"),
                went("b", NOW, "unknown"),
                went("c", old, "held"),
                went("d", old, "created", attempts=3, not_before=NOW + minute),
                went("e", old - minute, "created", not_before=NOW + 60 * minute),
                went("f", NOW, "created"),
            ]
        )
    with two_lines.reading() as db:
        assert needs.needs(db, NOW) == [
            Need("unanswered", 1, NOW - 2 * minute),
            Need("unsent", 2, old),
            Need("unknown", 2, old),
            Need("dead", 1, old),
            Need("held", 1, old),
        ]
        assert [need.name for need in needs.needs(db, NOW - 1.5 * minute)] == ["unsent", "unknown", "dead", "held"]
