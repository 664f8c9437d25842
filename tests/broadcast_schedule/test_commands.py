"""``flask station``, ``station-key`` and ``export-timetable``."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest
import time_machine


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()

    def run(*arguments):
        result = runner.invoke(args=list(arguments))
        return result.exit_code, result.stdout

    return run


def test_a_station_from_nothing_to_its_first_pull(run, client):
    created = run("station", "create", "rri-ternate", "--name", "RRI Ternate", "--time-zone", "Asia/Jayapura")
    assert created == (0, "rri-ternate: RRI Ternate, Asia/Jayapura\n")
    code, out = run("station-key", "create", "rri-ternate")
    key, token = re.fullmatch(r"key (kt_\S+)\ncalendar_token (kc_\S+)\n", out).groups()
    pulled = client.get("/stations/rri-ternate/timetable.json", headers={"Authorization": f"Bearer {key}"})
    assert (code, pulled.status_code, pulled.json["time_zone"]) == (0, 200, "Asia/Jayapura")
    assert client.get(f"/stations/rri-ternate/now?key={token}").status_code == 200


def test_a_key_is_rotated_and_revoked(run, network):
    assert run("station-key", "rotate", "tvri-nasional")[0] == 0
    code, out = run("station-key", "revoke", "tvri-nasional")
    assert (code, [line.split()[:2] for line in out.splitlines()]) == (
        0,
        [["revoked", "full"], ["revoked", "calendar"], ["live", "full"], ["live", "calendar"]],
    )
    code, out = run("station-key", "revoke", "tvri-nasional", "--all")
    assert [line.split()[0] for line in out.splitlines()] == ["revoked", "revoked"]


def test_wrong_arguments_are_told_without_a_trace(run, network):
    assert run("station", "create", "Ä", "--name", "x", "--time-zone", "Asia/Jakarta")[0] == 1
    assert run("station-key", "create", "nowhere")[0] == 1
    assert run("export-timetable", "--station", "nowhere", "--format", "ics")[0] == 1
    assert run("export-timetable", "--station", "tvri-nasional", "--format", "exe")[0] == 1
    assert run("export-timetable", "--station", "tvri-nasional", "--format", "ics", "--from", "1900-01-01")[0] == 1
    assert run("export-timetable", "--station", "tvri-nasional", "--format", "ics", "--days", "0")[0] == 2


@time_machine.travel(datetime(2026, 11, 22, 5, tzinfo=UTC), tick=False)  # who looks back further than a year is refused
def test_the_export_is_the_feed(run, plan, client, tmp_path):
    plan.slot()
    plan.publish()
    window = ("--from", "2026-11-23", "--days", "7")
    code, out = run("export-timetable", "--station", "tvri-nasional", "--format", "json", *window)
    key = plan.network.keys["tvri-nasional"].key
    fed = client.get("/stations/tvri-nasional/timetable.json?from=2026-11-23&days=7", headers={"Authorization": f"Bearer {key}"})
    assert (code, json.loads(out)) == (0, fed.json)
    path = tmp_path / "out.xml"
    run("export-timetable", "--station", "tvri-nasional", "--format", "xmltv", *window, "--output", str(path))
    assert path.read_bytes().startswith(b"<?xml")
