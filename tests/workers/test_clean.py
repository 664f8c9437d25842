"""What has served its time goes, and what may still come again is kept: a signed request can be replayed for a month."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from core import clock
from gateway import inbox, reports, sessions
from gateway.sessions import Hop
from gateway.tables import Inbox, NetworkSession
from gateway.traffic import Dlr
from tests.gateway.fixtures import PHONE
from workers import clean

DAY = 86_400_000


def test_after_five_weeks_all_goes_but_what_is_dead_or_waits(database, make_line, monkeypatch):
    line, now = make_line("http", "sms"), clock.to_ms(clock.now())
    monkeypatch.setattr("gateway.retention.BATCH", 2)

    def come(days, state):
        at = now - days * DAY
        its_id = database.step(lambda db: inbox.receive_once(db, line.id, f"{days} {state}", PHONE, "A", at))
        with database.writing() as db:
            db.get(Inbox, its_id).state = state

    def hop(days):
        at = now - days * DAY
        hop = Hop(line.id, f"s{days}", PHONE, "", at)
        database.step(lambda db: sessions.step(db, hop, lambda heard: ("halo", False), lambda: at))

    for days in (34, 36):
        for state in ("answered", "dead", "waiting"):
            come(days, state)
        hop(days)
        at = clock.from_ms(now) - timedelta(days=days)
        database.step(lambda db, days=days, at=at: reports.take(db, line, Dlr("sent", provider_id=f"p{days}"), at))
    assert clean.sessions() == 4  # an answer, a hop with its session, a report on nobody's message
    with database.reading() as db:
        kept = {(row.state, round((now - clock.to_ms(row.received_at)) / DAY)) for row in db.scalars(select(Inbox))}
        assert [row.network_id for row in db.scalars(select(NetworkSession))] == ["s34"]
    young = {(state, 34) for state in ("answered", "dead", "waiting", "orphan")}
    assert kept == young | {("dead", 36), ("waiting", 36)}
    assert clean.sessions() == 0


def test_a_message_sent_again_after_a_month_is_the_same_message(database, make_line):
    line, now = make_line("twilio", "sms"), clock.to_ms(clock.now())
    its_id = database.step(lambda db: inbox.receive_once(db, line.id, "SM1", PHONE, "A", now - 31 * DAY))
    with database.writing() as db:
        db.get(Inbox, its_id).state = "answered"
    clean.sessions()
    assert database.step(lambda db: inbox.receive_once(db, line.id, "SM1", PHONE, "A", now)) is None
