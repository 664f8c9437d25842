"""Statements as the bare driver takes them, on both databases."""

from __future__ import annotations

from sqlalchemy import bindparam, insert, or_, select, update

from core.hot import Statement
from gateway.tables import OptOut

TABLE = OptOut.__table__
ADD = Statement(insert(TABLE).values(msisdn=bindparam("of"), said=bindparam("word"), at=7))
FIND = Statement(
    select(TABLE.c.said)
    .where(TABLE.c.msisdn == bindparam("of"), TABLE.c.said.in_(("STOP", "BERHENTI")), or_(TABLE.c.at == 7, TABLE.c.at == 8))
    .order_by(TABLE.c.id)
)
END = Statement(update(TABLE).where(TABLE.c.said.in_([bindparam("one"), bindparam("two")])).values(ended_at=bindparam("now")))


def test_an_in_of_constants_finds_its_rows(any_database):
    for word in ("STOP", "STOPP", "BERHENTI"):
        any_database.step(lambda db, word=word: db.run(ADD, of="+62811", word=word))
    assert [row.said for row in any_database.step(lambda db: db.all(FIND, of="+62811"))] == ["STOP", "BERHENTI"]
    assert any_database.step(lambda db: db.one(FIND, of="+62812")) is None


def test_an_in_of_bound_values_touches_its_rows(any_database):
    for word in ("STOP", "STOPP", "BERHENTI"):
        any_database.step(lambda db, word=word: db.run(ADD, of="+62811", word=word))
    assert any_database.step(lambda db: db.run(END, one="STOP", two="STOPP", now=9)) == 2


def test_each_says_what_each_touched_and_soon_is_seen_by_what_follows(any_database):
    end = Statement(update(TABLE).where(TABLE.c.msisdn == bindparam("of"), TABLE.c.at == 7).values(ended_at=bindparam("now")))

    def work(db):
        db.soon(ADD, of="+62811", word="STOP")
        db.soon(ADD, of="+62812", word="STOP")
        return db.each(end, [{"of": of, "now": 9} for of in ("+62811", "+62813", "+62812", "+62811")]), db.each(end, [])

    assert any_database.step(work) == ([1, 0, 1, 1], [])
