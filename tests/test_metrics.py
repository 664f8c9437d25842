"""/metrics: who may read it, that a reader of Prometheus' own format understands it, and that nobody's number is in it."""

from __future__ import annotations

import re
from datetime import timedelta
from time import perf_counter
from types import SimpleNamespace

import pytest
import time_machine
from prometheus_client.parser import text_string_to_metric_families

from core import clock
from core.settings import ROOT
from gateway import ledger, meters, outbox
from gateway.gates import Gates
from gateway.tables import Budget, Inbox, Outbox
from tests.gateway.fixtures import PHONE, make_line, quiz  # noqa: F401


@pytest.fixture(autouse=True)
def anew():
    meters.forget()
    yield
    meters.forget()


def read(client, **headers):
    """{(name, labels without process): value}"""
    body = client.get("/metrics", headers=headers).get_data(as_text=True)
    found = {}
    for family in text_string_to_metric_families(body):
        for sample in family.samples:
            labels = tuple(sorted((k, v) for k, v in sample.labels.items() if k != "process"))
            found[sample.name.removeprefix("kentongan_"), *labels] = sample.value
    return found


def test_this_machine_reads_it_and_a_proxy_on_it_does_not(client):
    assert client.get("/metrics").status_code == 200
    assert [
        client.get("/metrics", headers={name: "10.0.0.1"}).status_code for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP")
    ] == [401] * 3


def test_others_need_the_token_or_a_login(app, client, monkeypatch):
    def status(**headers):
        return client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": "10.1.2.3"}).status_code

    assert (status(), status(Authorization="Bearer "), status(Authorization="Bearer x")) == (401, 401, 401)
    app.extensions["settings"].metrics_token = "a long token"
    assert (status(Authorization="Bearer a long toke"), status(Authorization="Bearer a long token")) == (401, 200)
    for role, expected in (("operator", 200), ("admin", 200), ("teacher", 401), ("station", 401)):
        staff = SimpleNamespace(role=role, language="")
        monkeypatch.setattr("metrics.current_staff", lambda staff=staff: staff)
        assert (role, status()) == (role, expected)


def test_an_empty_service_has_its_zeros(client):
    found = read(client)
    zeros = ("outbox_oldest_seconds", "inbox_oldest_seconds", "conversations", "worker_alive", "segments_daily_budget")
    assert {name: found[(name,)] for name in zeros} == dict.fromkeys(zeros, 0)
    assert {key[1][1]: value for key, value in found.items() if key[0] == "outbox_messages"} == dict.fromkeys(outbox.RANK, 0)


def test_what_waits_and_what_it_cost_are_told(app, client, database, make_line, monkeypatch):  # noqa: F811
    line = make_line("simulator", "sms", prices={"": 350}, address="+628120000999")
    now = clock.now().replace(hour=6, microsecond=0)  # 13.00 WIB: not around midnight
    for n, state in enumerate(("created", "unknown", "delivered", "delivered")):
        row = database.step(lambda db, n=n: outbox.post(db, key=f"k{n}", line_id=line.id, msisdn=PHONE, text="halo", now=now))
        with database.writing() as db:
            found = db.get(Outbox, row)
            found.state = state
            found.created_at = found.not_before = now - timedelta(seconds=90 if state == "created" else 0)
    with database.writing() as db:
        for key, state in (("sms:1", "waiting"), ("sms:2", "dead")):
            at = now - timedelta(seconds=30)
            db.add(Inbox(line_id=line.id, key=key, msisdn=PHONE, text="Kenari", received_at=at, state=state))
    monkeypatch.setitem(app.extensions, "worker", SimpleNamespace(is_alive=lambda: True))
    with time_machine.travel(now, tick=False):
        found = read(client)
        assert read(client)["worker_alive",] == 1
    monkeypatch.setitem(app.extensions, "worker", SimpleNamespace(is_alive=lambda: False))
    assert read(client)["worker_alive",] == 0
    its_line = ("line", str(line.id))
    assert [found["outbox_messages", ("state", state)] for state in ("created", "unknown", "delivered", "held")] == [1, 1, 2, 0]
    assert [found["inbox_messages", ("state", state)] for state in ("waiting", "dead")] == [1, 1]
    assert (found["outbox_oldest_seconds",], found["inbox_oldest_seconds",]) == (90, 30)
    assert (found["segments_today", its_line], found["rupiah_today", its_line]) == (3, 1050)
    assert found["line_active", its_line, ("medium", "sms"), ("provider", "simulator")] == 1
    assert found["sqlite_wal_bytes",] > 0
    body = client.get("/metrics").get_data(as_text=True)
    assert re.findall(r"\+?62812\d+|Kenari|" + line.token, body) == []


def test_hops_are_told_by_line_and_outcome_and_add_up(client, make_line, quiz):  # noqa: F811
    line = make_line("simulator", "ussd", address="*123#")
    path = f"/gateway/simulator/{line.token}/ussd"
    for text in ("", "1", "1*0"):
        client.post(path, data={"sessionId": "s", "phoneNumber": PHONE, "text": text, "serviceCode": "*123#"})
    client.post(path, data={"sessionId": "s", "phoneNumber": "kenari", "text": ""})
    client.post(path, data="&".join("a=1" for _ in range(60)), content_type="application/x-www-form-urlencoded")
    found = read(client)
    its_line = ("line", str(line.id))
    outcomes = {key[2][1]: value for key, value in found.items() if key[0] == "ussd_hops_total" and key[1] == its_line}
    assert (outcomes["con"] + outcomes["end"], outcomes["refused"], outcomes["busy"], outcomes["failed"]) == (3, 2, 0, 0)
    assert found["ussd_seconds_count", its_line] == found["ussd_seconds_bucket", ("le", "+Inf"), its_line] == 5


def test_the_ledger_what_rests_and_what_was_shed_are_told(app, client, database, make_line):  # noqa: F811
    line = make_line("http", "sms", send_url="http://there/send", rest_until=clock.now() + timedelta(seconds=60))
    make_line("http", "sms", address="2", token="2" * 30, rest_until=clock.now() - timedelta(seconds=60))
    with database.writing() as db:
        db.add(Budget(day=ledger.today(clock.now()), school_id=0, segments_reserved=3, segments_spent=7, rupiah_spent=2450))
    app.extensions["gates"] = Gates()
    app.extensions["gates"].began(line, 1)
    before = read(client)["shed_total", ("kind", "hop")]
    app.extensions["shedding"].shed["hop"] += 2
    meters.hop(line.id, "con", perf_counter())
    found = read(client)
    said = {key[0]: found[key] for key in found if key[1:2] in ((("state", "spent"),), (("line", str(line.id)),))}
    assert {name: said[name] for name in ("ledger_segments", "ledger_rupiah", "line_resting", "ussd_p99_seconds")} == {
        "ledger_segments": 7, "ledger_rupiah": 2450, "line_resting": 1, "ussd_p99_seconds": 0.002,
    }  # fmt: skip
    assert [value for key, value in sorted(found.items()) if key[0] == "line_resting"] == [1, 0]
    assert found["shed_total", ("kind", "hop")] == before + 2
    assert found["route_requests", ("route", "http there")] == 1
    assert found["route_broken", ("route", "http there")] == 0


def test_every_metric_is_documented(client, make_line):  # noqa: F811
    line = make_line("http", "sms")
    meters.hop(line.id, "con", perf_counter())
    told = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    body = client.get("/metrics").get_data(as_text=True)
    names = {family.name.removeprefix("kentongan_") for family in text_string_to_metric_families(body)}
    assert {name for name in names if not re.search(rf"`{name}(_total)?[`{{]", told)} == set()
