"""What the database cannot take now is kept, said to be taken, and given to it once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock
from core.database import _sqlite_module
from core.hot import Unsure
from gateway import inbox, needs, outbox, spooled, webhooks
from gateway.tables import Inbox, Outbox
from gateway.traffic import Receipt
from tests.gateway.fixtures import PHONE
from workers import spool as work


@pytest.fixture
def line(make_line):
    return make_line("http", "sms", profile="kannel")


@pytest.fixture
def away(database, monkeypatch):
    """away(): the database takes nothing; away(False): it does again."""
    whole = database.step

    def full(*_, **__):
        raise _sqlite_module().OperationalError("database or disk is full")

    return lambda is_away=True: monkeypatch.setattr(database, "step", full if is_away else whole)


def send(client, line, text="A", **more):
    return client.get(f"/gateway/http/{line.token}/sms", query_string={"from": PHONE, "text": text, **more})


def rows(database, table=Inbox):
    with database.reading() as db:
        return list(db.scalars(select(table).order_by(table.id)))


@pytest.mark.parametrize("more", [{"id": "7"}, {}])
def test_a_message_is_said_to_be_taken_and_taken_once(client, line, database, away, more):
    away()
    for _ in range(2):
        assert (send(client, line, **more).status_code, send(client, line, "B½").text) == (200, "")
    came = clock.now()
    assert work.replay() == 0
    away(False)
    lines = spooled.spool().waiting()
    assert work.replay() == 4
    for entry in lines:  # a kill before the file was gone
        work.apply(entry)
    assert [(row.msisdn, row.text, row.state) for row in rows(database)] == [(PHONE, "A", "waiting"), (PHONE, "B½", "waiting")]
    assert all(row.received_at <= came for row in rows(database))
    assert work.replay() == 0


@pytest.mark.parametrize("more", [{"id": "7"}, {}])
def test_a_message_whose_commit_nobody_heard_of_is_not_doubled(client, line, database, monkeypatch, more):
    whole = database.step

    def unsure(work, **more):
        whole(work, **more)
        raise Unsure

    monkeypatch.setattr(database, "step", unsure)
    assert send(client, line, **more).status_code == 200
    monkeypatch.setattr(database, "step", whole)
    assert (work.replay(), len(rows(database))) == (1, 1)


@pytest.mark.slow
def test_a_lock_that_another_process_holds_too_long(client, line, database, settings):
    holder = _sqlite_module().connect(settings.database_url.removeprefix("sqlite:///"), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    assert (webhooks.SMS_SECONDS, send(client, line, id="7").status_code) == (2, 200)
    holder.execute("ROLLBACK")
    holder.close()
    assert (work.replay(), [row.text for row in rows(database)]) == (1, ["A"])


def test_a_report_is_kept_and_changes_nothing_that_is_known_better(client, line, database, away):
    now = clock.now()
    its_id = database.step(lambda db: outbox.post(db, key="k", line_id=line.id, msisdn=PHONE, text="halo", now=now))
    claimed = database.step(lambda db: outbox.claim(db, now))[0]
    database.step(lambda db: outbox.sending(db, claimed, now))
    database.step(lambda db: outbox.settle(db, claimed, Receipt(), now))
    away()
    for status in ("1", "8"):
        assert client.get(f"/gateway/http/{line.token}/dlr?id={its_id}&status={status}").status_code == 200
    away(False)
    assert (work.replay(), [row.state for row in rows(database, Outbox)]) == (2, ["delivered"])


def test_where_nothing_can_be_kept_the_network_is_told_and_so_is_the_balancer(client, line, settings, away):
    (settings.instance_dir / "spool").write_text("a file")
    assert client.get("/readyz").get_json()["spool"] == "cannot be written (FileExistsError: File exists)"
    away()
    answer = send(client, line)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_what_waits_is_counted_and_an_operator_is_told_after_a_minute(client, line, database, away):
    away()
    send(client, line)
    away(False)
    assert "\nkentongan_spool_lines 1.0\n" in client.get("/metrics").get_data(as_text=True)
    with database.reading() as db:
        soon, later = (needs.needs(db, clock.now() + timedelta(minutes=n)) for n in (0, 2))
    assert ([need.name for need in soon], [(need.name, need.count) for need in later]) == ([], [("spooled", 1)])


def test_a_late_twin_of_another_window_is_the_same_message(database, line):
    at = 1_800_000_003_999
    said = [database.step(lambda db, n=n: inbox.receive_spooled(db, line.id, "", PHONE, "A", at + n, None)) for n in (0, 2, 4001)]
    assert [one is not None for one in said] == [True, False, True]


def test_a_line_that_is_applied_again_after_its_answer_is_the_same_message(client, line, database, away):
    away()
    send(client, line)
    away(False)
    [entry] = spooled.spool().waiting()
    work.apply(entry)
    [row] = rows(database)
    assert database.step(lambda db: inbox.answered(db, row.id, "soal 1"))
    work.apply(entry)  # a kill before the file was gone
    assert len(rows(database)) == 1
