"""What a station says through the API."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from lxml import etree

from broadcast_schedule import offers
from broadcast_schedule.feeds import spi
from tests.broadcast_schedule.conftest import NOW

EAST = "rri-jayapura"
BASE = f"/api/v1/stations/{EAST}"
MONDAY = NOW + timedelta(hours=23)
ID = "1-20261123T0800@rri-jayapura.kentongan.id"


@pytest.fixture
def api(client, plan, database):
    """X-Sains of the west, Mondays 08.00 WIB, is offered to Jayapura as relay; it is Monday 09.00 WIB."""
    slot = plan.slot()
    with database.writing() as db:
        offers.offer(db, slot, plan.network.east, "relay", 0, "", NOW)
    with time_machine.travel(MONDAY, tick=False):
        yield Api(client, plan)


class Api:
    def __init__(self, client, plan):
        self.client, self.plan = client, plan

    def post(self, what, body, station=EAST, key=None):
        key = key or self.plan.network.keys[station].key
        return self.client.post(f"{BASE}/{what}", json=body, headers={"Authorization": f"Bearer {key}"})

    def get(self, what):
        return self.client.get(f"{BASE}/{what}", headers={"Authorization": f"Bearer {self.plan.network.keys[EAST].key}"})

    def published(self):
        self.post("carriage", {"code": 101, "answer": "accept"})
        with time_machine.travel(NOW, tick=False):
            self.plan.publish(now=NOW)
        return self


def results(answer):
    assert answer.status_code == 200, answer.text
    return [one["result"] for one in answer.json["results"]]


def test_an_offer_is_listed_with_the_code_that_an_answer_names(api):
    waiting = {
        "code": 101, "slot": 1, "title": "X-Sains", "channel": "rri-jayapura.kentongan.id", "mode": "relay", "delay_minutes": 0,
        "language": "", "state": "offered", "proposed_at": "",
    }  # fmt: skip
    assert api.get("carriage").json["carriage"] == [waiting]
    api.post("carriage", {"code": 101, "answer": "propose", "time": "11:00"})
    assert api.get("carriage").json["carriage"] == [{**waiting, "state": "proposed", "proposed_at": "11:00"}]


def test_an_offer_is_accepted_and_shows(api):
    said = api.post("carriage", {"code": 101, "answer": "accept"})
    assert (said.status_code, said.json["state"], said.json["title"]) == (200, "accepted", "X-Sains")
    assert [c["state"] for c in api.get("carriage").json["carriage"]] == ["accepted"]


def test_another_time_is_proposed_or_refused_in_words(api):
    assert api.post("carriage", {"code": 101, "answer": "propose", "time": "11:00"}).json["proposed_at"] == "11:00"
    assert api.post("carriage", {"code": 101, "answer": "propose"}).status_code == 400
    api.post("carriage", {"code": 101, "answer": "accept"})
    late = api.post("carriage", {"code": 101, "answer": "propose", "time": "11:00"})
    assert (late.status_code, late.content_type) == (409, "application/problem+json; charset=utf-8")


@pytest.mark.parametrize(
    "body",
    [
        {}, [], None, "x", {"code": "x", "answer": "accept"}, {"code": 101, "answer": "maybe"},
        {"code": 101, "answer": "propose", "time": "25:00"},
    ],
)  # fmt: skip
def test_what_is_no_answer_is_400(api, body):
    assert api.post("carriage", body).status_code == 400


def test_keys_are_asked_for_and_a_calendar_token_does_not_write(api):
    keys = api.plan.network.keys
    assert api.post("carriage", {"code": 101, "answer": "accept"}, key="wrong").status_code == 401
    assert api.post("carriage", {"code": 101, "answer": "accept"}, station="tvri-nasional").status_code == 404
    assert (
        api.client.post(f"{BASE}/carriage?key={keys[EAST].calendar_token}", json={"code": 101, "answer": "accept"}).status_code
        == 401
    )
    assert api.post("carriage", {"code": 999, "answer": "accept"}).status_code == 404


def test_what_was_aired_is_in_the_feed(api):
    api.published()
    before = api.client.get(f"/stations/{EAST}/timetable.json?from=2026-11-23&days=1", headers=_key(api))
    body = {"airings": [{"start": "2026-11-23T10:02:00+09:00", "end": "2026-11-23T10:31:00+09:00", "title": "X-SAINS EPS 1"}]}
    assert results(api.post("as-run", body)) == ["recorded"]
    assert results(api.post("as-run", body)) == ["known"]
    after = api.client.get(f"/stations/{EAST}/timetable.json?from=2026-11-23&days=1", headers=_key(api))
    assert [o["status"] for o in before.json["occurrences"]] == ["planned"]
    assert [(o["id"], o["status"]) for o in after.json["occurrences"]] == [(ID, "aired")]
    assert before.headers["ETag"] != after.headers["ETag"]
    assert api.get("as-run").json["airings"] == [
        {
            "id": ID, "title": "X-Sains", "state": "aired", "start": "2026-11-23T10:02:00+09:00",
            "end": "2026-11-23T10:31:00+09:00", "reason": "", "source": "api",
        }
    ]  # fmt: skip


def test_actual_hours_stand_in_the_feed_of_receivers_and_again_when_corrected(api):
    api.published()
    address = f"/stations/{EAST}/timetable.spi?from=2026-11-23&days=1"

    def told():
        answer = api.client.get(address, headers=_key(api))
        (time,) = etree.fromstring(answer.data).iterfind(f".//{{{spi.NAMESPACE}}}time")
        return time.get("time")[11:], time.get("actualTime", "")[11:], time.get("actualDuration"), answer.headers["ETag"]

    before = told()
    assert before[:3] == ("10:00:00+09:00", "", None)
    api.post("as-run", {"airings": [{"id": ID, "start": "2026-11-23T10:02:00+09:00", "end": "2026-11-23T10:31:30+09:00"}]})
    aired = told()
    assert aired[:3] == ("10:00:00+09:00", "10:02:00+09:00", "PT29M30S")
    api.post("as-run", {"airings": [{"id": ID, "start": "2026-11-23T10:03:00+09:00", "end": "2026-11-23T10:31:30+09:00"}]})
    corrected = told()
    assert corrected[:3] == ("10:00:00+09:00", "10:03:00+09:00", "PT28M30S")
    assert len({before[3], aired[3], corrected[3]}) == 3
    api.post("as-run", {"airings": [{"id": ID, "state": "failed", "reason": "listrik"}]})
    assert told()[:3] == ("10:00:00+09:00", "", None)


def test_a_line_by_id_and_one_that_matches_nothing(api):
    api.published()
    lines = [{"id": ID, "state": "failed", "reason": "listrik"}, {"start": "2026-11-23T15:00:00+09:00"}, {"id": "9-x@y"}]
    assert results(api.post("as-run", {"airings": lines})) == ["recorded", "unmatched", "unmatched"]
    assert [one["reason"] for one in api.get("as-run").json["airings"]] == ["listrik"]


def test_what_has_not_begun_is_refused(api):
    api.published()
    assert results(api.post("as-run", {"airings": [{"id": ID.replace("1123", "1130")}]})) == ["refused"]


@pytest.mark.parametrize(
    "body",
    [
        {}, {"airings": []}, {"airings": [{}]}, {"airings": [{"start": "2026-11-23T10:00:00"}]}, {"airings": [{"id": ID}] * 201},
        {"airings": [{"id": ID, "start": "2026-11-23T10:00:00+09:00", "end": "2026-11-23T09:00:00+09:00"}]},
        {"airings": [{"start": "0001-01-01T00:00:00+14:00"}]}, {"airings": [{"id": ID, "end": "9999-12-31T23:59:59-12:00"}]},
    ],
)  # fmt: skip
def test_a_report_that_says_too_little_is_400(api, body):
    assert api.post("as-run", body).status_code == 400


@pytest.mark.parametrize("hours", [{"start": "2027-01-01T10:00:00+09:00"}, {"start": "2026-11-21T10:00:00+09:00"},
                                   {"end": "2026-12-31T10:00:00+09:00"}, {"end": "2026-11-23T10:00:00+09:00"}])  # fmt: skip
def test_hours_that_cannot_be_the_airings_are_refused(api, hours):
    api.published()
    assert results(api.post("as-run", {"airings": [{"id": ID, **hours}]})) == ["refused"]
    assert api.get("as-run").json["airings"] == []


def test_what_no_database_keeps_is_left_out_of_a_reason(api):
    api.published()
    api.post("as-run", {"airings": [{"id": ID, "state": "failed", "reason": "a\0b\n c"}]})
    assert [one["reason"] for one in api.get("as-run").json["airings"]] == ["ab c"]


def _key(api):
    return {"Authorization": f"Bearer {api.plan.network.keys[EAST].key}"}
