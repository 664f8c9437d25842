"""Messages that nobody waits for, counted against what was promised."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app
from sqlalchemy import text

from core import clock
from gateway import pushes
from tests.gateway.fixtures import PHONE, add_line

MORNING = clock.from_ms(1_800_000_000_000)  # 15.00 WIB


def test_pushes_are_counted_by_kind_whom_and_when_however_the_database_sorts(any_database):
    if not any_database.is_sqlite:  # as most servers are set up: there ";" sorts before ":", and short words before long ones
        with any_database.engine.begin() as db:
            db.execute(text('ALTER TABLE outbox ALTER COLUMN key TYPE varchar(120) COLLATE "und-x-icu"'))
    line = add_line(current_app._get_current_object(), "simulator", "sms")

    def post(kind, of, on, days_ago, number=PHONE):
        any_database.step(
            lambda db: pushes.post(
                db, kind=kind, of=of, on=on, line=line, msisdn=number, text="halo", now=MORNING - timedelta(days=days_ago),
                life=timedelta(hours=1), zone="Asia/Jakarta", school_id=None,
            )
        )  # fmt: skip

    for day in range(9):
        post("practice", 12, 100 + day, day)
    post("practice", 1, 100, 0)
    post("practice", 123, 100, 0)
    post("programme", 12, 100, 0)
    since = MORNING - timedelta(days=7)
    counts = [any_database.step(lambda db, of=of: pushes.count(db, "practice", of, PHONE, since)) for of in (12, 1, 123, 2)]
    assert counts == [8, 1, 1, 0]
