"""What an operator does with the outbox."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import clock
from gateway import operating, outbox, postponed
from gateway.tables import Outbox
from tests.gateway.fixtures import PHONE


@pytest.fixture
def post(database, make_line):
    line = make_line("simulator", "sms")

    def post(key, state="created", **columns):
        now = clock.now()
        its_id = database.step(lambda db: outbox.post(db, key=key, line_id=line.id, msisdn=PHONE, text="halo", now=now))
        with database.writing() as db:
            row = db.get(Outbox, its_id)
            row.state, row.rank = state, outbox.RANK[state]
            for name, value in columns.items():
                setattr(row, name, value)
        return its_id

    return post


def states(database):
    with database.reading() as db:
        return [(row.id, row.state) for row in operating.listed(db)][::-1]


def test_a_restored_copy_holds_everything_until_it_is_released(app, database, post):
    now = clock.now()
    waits, claimed = post("a"), post("b", "claimed", lease_until=now + timedelta(seconds=30))
    flying, gone = post("c", "sending", lease_until=now + timedelta(seconds=30)), post("d", "sent")
    assert database.step(operating.hold) == 2
    held = [(waits, "held"), (claimed, "held"), (flying, "unknown"), (gone, "sent")]
    assert states(database) == held
    assert database.step(lambda db: outbox.claim(db, now + timedelta(hours=1), 10)) == []
    run = app.test_cli_runner().invoke
    assert run(args=["outbox", "release"]).output == "2 pesan dilepas. / messages released.\n"
    later = clock.now() + timedelta(seconds=1)
    assert [c.id for c in database.step(lambda db: outbox.claim(db, later, 10))] == [waits, claimed]


def test_an_unknown_message_is_sent_again_as_a_new_one(app, database, post):
    first = post("a", "unknown")
    run = app.test_cli_runner().invoke
    again = run(args=["outbox", "resend", str(first)])
    assert again.output == f"Pesan {first} dikirim ulang sebagai {first + 1}. / Sent again as {first + 1}.\n"
    twice = run(args=["outbox", "resend", str(first)])
    assert (twice.exit_code, states(database)) == (1, [(first, "unknown"), (first + 1, "created")])
    with database.writing() as db:
        db.get(Outbox, first + 1).state = "failed"
    run(args=["outbox", "resend", str(first)])
    assert states(database) == [(first, "unknown"), (first + 1, "failed"), (first + 2, "created")]


def test_what_was_erased_is_not_sent_again(app, post):
    result = app.test_cli_runner().invoke(args=["outbox", "resend", str(post("a", "cancelled", text="", msisdn=""))])
    assert (result.exit_code, result.output.split(" / ")[1]) == (1, "It was erased and is not sent again.\n")


def test_released_messages_keep_the_hour_they_were_planned_for(database, post):
    now = clock.now()
    hours = {"late": -1, "planned": 5}
    ids = {name: post(name, "held", not_before=now + timedelta(hours=by)) for name, by in hours.items()}
    ids["budget"] = post("budget", "held", not_before=now + timedelta(hours=5), reason=postponed.OVER_BUDGET)
    with database.writing() as db:
        assert operating.release(db, now) == 3
    with database.reading() as db:
        due = {name: clock.to_ms(db.get(Outbox, its_id).not_before) - clock.to_ms(now) for name, its_id in ids.items()}
        assert due == {"late": 0, "planned": 5 * 3_600_000, "budget": 0}
        assert db.get(Outbox, ids["budget"]).reason == ""


@pytest.mark.parametrize("state", ["created", "sent", "delivered", "sending"])
def test_what_goes_by_itself_is_not_sent_again(app, post, state):
    result = app.test_cli_runner().invoke(args=["outbox", "resend", str(post("a", state))])
    assert (result.exit_code, "tidak dikirim ulang" in result.output) == (1, True)
    assert app.test_cli_runner().invoke(args=["outbox", "resend", "4711"]).exit_code == 1


def test_the_list_masks_numbers(app, post):
    post("a", "unknown", reason="ReadTimeout")
    run = app.test_cli_runner().invoke
    assert run(args=["outbox", "list"]).output.split() == ["unknown", "1"]
    listed = run(args=["outbox", "list", "--state", "unknown"]).output.split("\t")
    assert listed[2:] == ["•" * 11 + "001", "1 seg", "0x", "ReadTimeout\n"]


@pytest.mark.parametrize(("word", "states"), [("waiting", ["created", "held"]), ("dead", ["expired", "failed"])])
def test_the_list_knows_what_waits_and_what_is_dead(app, post, word, states):
    ids = {state: str(post(state, state)) for state in ("created", "unknown", "sent", "failed", "held", "expired")}
    said = app.test_cli_runner().invoke(args=["outbox", "list", "--state", word]).output
    assert {line.split("\t")[0] for line in said.splitlines()} == {ids[state] for state in states}


def test_what_waited_for_the_next_days_budget_is_held_in_a_restored_copy_too(app, database, post):
    its_id = post("a", "held", reason=postponed.OVER_BUDGET)
    assert database.step(operating.hold) == 1
    tomorrow = clock.to_ms(clock.now() + timedelta(days=1, hours=-1))
    assert database.step(lambda db: postponed.another_day(db, tomorrow)) == 0
    assert states(database) == [(its_id, "held")]
