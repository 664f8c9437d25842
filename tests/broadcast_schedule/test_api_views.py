"""The stations' API: what it says, to whom, and its description."""

from __future__ import annotations

import pytest
import time_machine
from openapi_spec_validator import validate

from broadcast_schedule import api_models, carriage
from tests.broadcast_schedule.conftest import NOW

WEST, EAST = "tvri-nasional", "rri-jayapura"
BASE = f"/api/v1/stations/{WEST}"


@pytest.fixture(autouse=True)
def at_ten_on_sunday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def get(client, plan):
    plan.kept("X-Sains relayed", lambda: relay(plan))

    def get(address, station=WEST, **headers):
        key = {"Authorization": f"Bearer {plan.network.keys[station].key}"} if station else {}
        return client.get(address, headers={**key, **{k.replace("_", "-"): v for k, v in headers.items()}})

    return get


def relay(plan):
    slot = plan.slot()
    plan.do(carriage.carry, slot, plan.network.east, "relay")
    plan.publish()


def test_the_description_is_valid_and_names_every_route(client):
    document = client.get("/openapi.json").json
    validate(document)
    assert {"/api/v1/stations/{slug}", "/api/v1/stations/{slug}/timetable"} <= set(document["paths"])
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            assert {"200", "401", "404"} <= set(described["responses"]), (path, method)
            assert described["security"], (path, method)


@pytest.mark.parametrize(
    ("what", "model"), [("", "StationFacts"), ("/timetable", "Timetable"), ("/now", "Now"), ("/files", "FileList"),
                        ("/carriage", "CarriageList"), ("/as-run", "AsRunList")],
)  # fmt: skip
def test_an_answer_is_what_its_description_says(get, what, model):
    answer = get(f"{BASE}{what}")
    described = getattr(api_models, model)
    assert set(described.model_validate(answer.json).model_dump(by_alias=True)) == set(described.model_fields)
    assert set(answer.json) <= set(described.model_fields) or model in ("Timetable", "Now")


def test_the_station_is_told(get):
    assert get(BASE).json == {
        "station": WEST,
        "name": "TVRI Nasional",
        "time_zone": "Asia/Jakarta",
        "medium": "tv",
        "frequency": "",
        "revision": 1,
        "channels": [{"id": "tvri-nasional.kentongan.id", "name": "TVRI Nasional"}],
    }


def test_timetable_and_now_are_the_feeds_own(get):
    for api, feed in (("timetable?days=7", "timetable.json?days=7"), ("now", "now")):
        mine, theirs = get(f"{BASE}/{api}"), get(f"/stations/{WEST}/{feed}")
        assert (mine.status_code, mine.json, mine.headers["ETag"]) == (200, theirs.json, theirs.headers["ETag"])
        assert get(f"{BASE}/{api}", If_None_Match=mine.headers["ETag"]).status_code == 304


def test_what_a_station_carries(get):
    assert get(f"/api/v1/stations/{EAST}/carriage", station=EAST).json == {
        "station": EAST,
        "carriage": [
            {
                "code": None,
                "slot": 1,
                "title": "X-Sains",
                "channel": "rri-jayapura.kentongan.id",
                "mode": "relay",
                "delay_minutes": 0,
                "language": "",
                "state": "accepted",
                "proposed_at": "",
            }
        ],
    }


@pytest.mark.parametrize("what", ["", "/timetable", "/now", "/carriage"])
@pytest.mark.parametrize(("station", "status"), [(None, 401), (EAST, 404)])
def test_refusals_are_problem_documents(get, what, station, status):
    refused = get(f"{BASE}{what}", station=station)
    assert (refused.status_code, refused.content_type.partition(";")[0]) == (status, "application/problem+json")
    assert refused.json["status"] == status
    assert set(refused.json) == {"type", "title", "status", "detail"}


@pytest.mark.parametrize("query", ["?days=0", "?from=x", "?since=x"])
def test_a_window_that_is_none_is_a_problem(get, query):
    refused = get(f"{BASE}/timetable{query}")
    assert (refused.status_code, refused.json["title"]) == (400, "Bad request")


def test_what_is_not_there(get):
    assert get(f"{BASE}/nothing").status_code == 404
    assert get("/api/v1/stations/nowhere/now").status_code == 404
    assert get("/api/v1/stations/nowhere/now", station=None).status_code == 401
