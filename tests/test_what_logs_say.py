"""Every byte of the logs, after learners have walked, answered, failed to be reached: no number, no name, no word of theirs.

And what an operator does find there: one word that follows a message from its webhook to its delivery report.
"""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from urllib.parse import quote

import pytest
from flask import g
from sqlalchemy import text

from core import clock
from core.logs import init_logs
from core.request_id import request_id
from demo import people as demo_people
from gateway import outbox, provider
from gateway.tables import Outbox
from schools import people
from schools.tables import Class
from tests.gateway.fixtures import make_line, quiz, stand_in  # noqa: F401
from workers import inbox as answering
from workers import outbox as sending

NUMBER = "+6281377755533"
NAME = "Cendrawasih Kenanga"
ANSWER = "rahasiakupukupu"
CANARIES = (NUMBER[1:], "081377755533", "81377755533", "Cendrawasih", "Kenanga", ANSWER, "Hushhush")


@pytest.fixture
def logs(app, settings, capfd):
    """What stands on both outputs, line by line; logging as loud as it goes."""
    init_logs(replace(settings, log_format="json", log_level="DEBUG"))
    yield lambda: [line for output in capfd.readouterr() for line in output.splitlines()]
    init_logs(settings)


@pytest.fixture
def learner(database):
    with database.writing() as db:
        demo_people.seed(db, clock.now(), "secret")
        people.add_learner(db, db.query(Class).first(), NAME, NUMBER, clock.now())


def sms(client, line, said, its_id="m1"):
    query = {"from": NUMBER, "to": line.address, "text": said, "id": its_id}
    return client.get(f"/gateway/http/{line.token}/sms", query_string=query)


def canaries(lines, *more):
    return [line for line in lines if any(word.lower() in line.lower() for word in (*CANARIES, *more))]


def test_no_byte_of_the_logs_is_a_learners(app, client, database, logs, learner, quiz, make_line, stand_in, monkeypatch):  # noqa: F811
    ussd = make_line("simulator", "ussd", address="*123#")
    line = make_line("http", "sms", profile="relay", send_url=f"{stand_in.url}/send", options={"secret": "Hushhush"})
    path = f"/gateway/simulator/{ussd.token}/ussd"

    def press(typed, session="s1"):
        fields = {"sessionId": session, "phoneNumber": NUMBER, "text": typed, "serviceCode": "*123#"}
        return client.post(path, data=fields).get_data(as_text=True)[:3]

    walked = [press(typed) for typed in ("", "1", f"1*{ANSWER}", f"1*{ANSWER}*2", f"1*{ANSWER}*2")]
    assert set(walked) <= {"CON", "END"}
    # an SMS quiz, and a network that says back what it would not take
    for n, said in enumerate(("MTK5", ANSWER, "4", NAME), 1):
        assert sms(client, line, said, f"m{n}").status_code == 200
    assert answering.answer_waiting() > 0
    greeting = f"Halo {NAME}! Jawabanmu {ANSWER} sudah kami terima."
    now = clock.now()
    first = database.step(lambda db: outbox.post(db, key="k", line_id=line.id, msisdn=NUMBER, text=greeting, now=now))
    stand_in.status, stand_in.body = 422, f"cannot send {greeting} to {NUMBER}"
    assert sending.deliver(first)
    stand_in.status, stand_in.body = 200, '{"id": "x-1"}'
    client.post(f"/gateway/http/{line.token}/dlr/{first}", data={"status": "DELIVERED", "reason": NUMBER})
    client.post(f"/gateway/http/{line.token}/dlr/{first}", data={"status": "ODD"})
    # defects of ours, whose exceptions hold what they stumbled over
    monkeypatch.setattr("gateway.ussd_webhooks.converse", lambda *_, **__: {}[f"{NAME} {NUMBER}"])
    assert press("", "s2") == "END"

    class Breaks:
        def dlr_url(self, *_):
            return ""

        def send(self, mt, *_):
            try:
                raise ValueError(f"https://x/send?to={NUMBER}&text={ANSWER}")
            except ValueError as error:
                raise RuntimeError(f"cannot post '{NAME}, {mt.text}'") from error

    monkeypatch.setattr(provider, "find", lambda name: Breaks())
    assert sending.deliver(first - 1)
    monkeypatch.undo()

    def refused(db, *_, **__):
        db._cursor.execute("INSERT INTO opt_outs (id, msisdn) VALUES (1, ?)", [NUMBER])

    monkeypatch.setattr("workers.inbox.reply_to", refused)
    sms(client, line, "4", "m9")
    answering.answer_waiting()
    monkeypatch.undo()

    def asks_amiss():
        with database.reading() as db:
            db.execute(text("SELECT nothing FROM opt_outs WHERE said = :who"), {"who": NAME})

    monkeypatch.setattr("health._worker_state", asks_amiss)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setitem(app.config, "TESTING", False)
    assert client.get(f"/readyz?name={NAME}").status_code == 500
    logging.getLogger("urllib3").warning(
        "Retrying: /sendsms?to=%s&text=%s after /gateway/http/%s/sms", quote(NUMBER), quote(NAME), line.token
    )
    logging.getLogger("x").error("no way to %s", NUMBER)
    lines = logs()
    events = {json.loads(found)["event"] for found in lines}
    wanted = {"sms_in", "sms_answered", "mt_not_sent", "dlr", "webhook_failed", "provider_broke", "inbox_failed"}
    assert (wanted - events, canaries(lines, line.token)) == (set(), [])


def test_one_word_follows_a_message_from_its_webhook_to_its_report(client, database, logs, quiz, make_line, stand_in):  # noqa: F811
    line = make_line("http", "sms", profile="relay", send_url=f"{stand_in.url}/send", options={"secret": "x"})
    stand_in.body = '{"id": "x-1"}'
    came = sms(client, line, "MTK5")
    answering.answer_waiting()
    with database.reading() as db:
        its_id = db.query(Outbox.id).scalar()
    sending.deliver(its_id)
    told = client.post(f"/gateway/http/{line.token}/dlr/{its_id}", data={"status": "DELIVERED"})
    lines = [json.loads(line) for line in logs()]
    assert [(found["event"], found["trail"]) for found in lines] == [
        ("sms_in", "mo1"), ("sms_answered", "mo1"), ("mt_sent", "mo1"), ("dlr", "mo1"),
    ]  # fmt: skip
    ids = [found.get("request_id") for found in lines]
    assert ids == [came.headers["X-Request-ID"], None, None, told.headers["X-Request-ID"]]
    assert ids[0] != ids[3]


def test_an_answer_that_logged_nothing_has_no_id(client):
    assert "X-Request-ID" not in client.get("/healthz").headers


@pytest.mark.parametrize(
    ("proxies", "given", "is_kept"),
    [(1, "a1b2-c3d4-e5f6", True), (0, "a1b2-c3d4-e5f6", False), (1, "081377755533", False), (1, "x\x1b[31m" * 3, False)],
)
def test_a_proxys_own_id_is_taken_where_one_stands_in_front(app, settings, proxies, given, is_kept):
    settings.trusted_proxies = proxies
    with app.test_request_context(environ_overrides={"HTTP_X_REQUEST_ID": given}):
        g.pop("request_id", None)
        assert (request_id() == given, request_id() == request_id()) == (is_kept, True)
