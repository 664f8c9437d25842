"""The JSON timetable and its published schema."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from jsonschema import Draft202012Validator

from broadcast_schedule.feeds.json import render
from tests.broadcast_schedule.made import KEY, RECORDING, occurrence, timetable

SCHEMA = json.loads((Path(__file__).parents[3] / "broadcast_schedule/feeds/timetable.schema.json").read_text())
FULL = occurrence(
    7,
    episode="Magnet",
    description="Dua\nbaris",
    audience="SD 4-6",
    quiz_keyword="SAINS",
    lesson="IPA magnet-1",
    sequence=1,
    revision=2,
)


def read(*occurrences, **more):
    return json.loads(render(timetable(*occurrences, **more)))


def test_an_occurrence_as_it_is_written():
    assert read(FULL)["occurrences"] == [
        {
            "id": f"7-20261123T0800@{KEY}",
            "start": "2026-11-23T08:00:00+07:00",
            "end": "2026-11-23T08:30:00+07:00",
            "title": "X-Sains",
            "series": "X-Sains",
            "episode": "Magnet",
            "status": "planned",
            "channel": KEY,
            "description": "Dua\nbaris",
            "audience": "SD 4-6",
            "language": "id",
            "quiz_keyword": "SAINS",
            "lesson": "IPA magnet-1",
            "sequence": 1,
            "revision": 2,
            "updated_at": "2026-11-20T04:05:06+00:00",
        }
    ]


def test_the_timetable_says_what_it_is():
    body = read(FULL)
    assert {name: body[name] for name in ("station", "time_zone", "revision", "from", "days")} == {
        "station": "tvri-nasional",
        "time_zone": "Asia/Jakarta",
        "revision": 3,
        "from": "2026-11-23",
        "days": 14,
    }
    assert "removed" not in body


def test_a_difference_names_what_to_drop():
    body = read(FULL, since=2, removed=("a", "b"))
    assert (body["since"], body["full"], body["removed"]) == (2, False, ["a", "b"])


def test_cancelled_stays():
    assert [o["status"] for o in read(occurrence(status="cancelled"))["occurrences"]] == ["cancelled"]


def test_the_files_of_an_episode_stand_with_it():
    body = read(replace(FULL, files=(RECORDING,)))
    assert body["occurrences"][0]["files"] == [
        {
            "kind": "recording",
            "title": "Magnet, bagian 1",
            "size": 12_345_678,
            "sha256": "a1" * 32,
            "media_type": "audio/mpeg",
            "name": "magnet-bagian-1-a1a1a1a1.mp3",
            "url": "https://kentongan.example.id/stations/tvri-nasional/files/" + "a1" * 32,
        }
    ]
    assert list(Draft202012Validator(SCHEMA).iter_errors(body)) == []
    body["occurrences"][0]["files"][0]["sha256"] = "A1"
    assert len(list(Draft202012Validator(SCHEMA).iter_errors(body))) == 1


def test_the_schema_describes_exactly_what_is_written():
    """Every key that is written is described, and every key that is required is written."""
    optional = {"files", "actual_start", "actual_end"}
    for body in (read(FULL), read(FULL, since=2)):
        assert set(body) - set(SCHEMA["properties"]) == set()
        assert set(SCHEMA["required"]) - set(body) == set()
        described = SCHEMA["$defs"]["occurrence"]
        assert set(body["occurrences"][0]) == set(described["properties"]) - optional == set(described["required"])
        assert body["occurrences"][0]["status"] in described["properties"]["status"]["enum"]
    assert set(SCHEMA["dependentRequired"]["since"]) <= set(read(since=2))


def test_actual_hours_are_told_where_they_are_known():
    begun = datetime(2026, 11, 23, 1, 2, 5, tzinfo=UTC)
    (one,) = read(replace(FULL, status="aired", actual=(begun, begun + timedelta(minutes=31))))["occurrences"]
    assert (one["actual_start"], one["actual_end"]) == ("2026-11-23T08:02:05+07:00", "2026-11-23T08:33:05+07:00")
    Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(
        read(replace(FULL, status="aired", actual=(begun, begun)))
    )
