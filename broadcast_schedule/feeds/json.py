"""JSON for those who write their own software: described by ``timetable.schema.json``, times with the station's offset.

Cancelled occurrences are in it for 14 days with ``"status": "cancelled"``. With ``?since=<revision>`` it holds what changed
after that revision, and ``removed`` the ids to drop; ``"full": true`` says that it is everything. An
occurrence has ``files`` where its episode offers any.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from broadcast_schedule.feeds import Feed, want
from broadcast_schedule.timetable import Occurrence, Timetable

SCHEMA = "/stations/timetable.schema.json"


def render(timetable: Timetable) -> bytes:
    station = timetable.station
    body: dict[str, Any] = {
        "$schema": SCHEMA,
        "station": station.slug,
        "name": station.name,
        "time_zone": station.time_zone,
        "revision": timetable.revision,
        "from": timetable.from_date.isoformat(),
        "days": timetable.days,
        "channels": [{"id": channel.key, "name": channel.name} for channel in timetable.channels],
        "occurrences": [as_json(one, timetable) for one in timetable.occurrences],
    }
    if timetable.since is not None:
        body["since"] = timetable.since
        body["full"] = timetable.is_full
        body["removed"] = list(timetable.removed)
    return json.dumps(body, ensure_ascii=False, indent=1).encode() + b"\n"


def as_json(one: Occurrence, timetable: Timetable) -> dict[str, Any]:
    def local(instant: datetime) -> str:
        return instant.astimezone(timetable.zone).isoformat(timespec="seconds")

    told: dict[str, Any] = {
        "id": one.id,
        "start": local(one.start),
        "end": local(one.end),
        "title": one.title,
        "series": one.title,
        "episode": one.episode,
        "status": one.status,
        "channel": one.channel,
        "description": one.description,
        "audience": one.audience,
        "language": one.language,
        "quiz_keyword": one.quiz_keyword,
        "lesson": one.lesson,
        "sequence": one.sequence,
        "revision": one.revision,
        "updated_at": one.updated_at.isoformat(timespec="seconds"),
    }
    if one.actual is not None:
        told["actual_start"], told["actual_end"] = map(local, one.actual)
    if one.files:
        told["files"] = [asdict(file) for file in one.files]
    return told


def check(raw: bytes, timetable: Timetable) -> None:
    body = json.loads(raw)
    ids = [one["id"] for one in body["occurrences"]]
    want(len(set(ids)) == len(timetable.occurrences), "an id stands twice")
    for one in body["occurrences"]:
        want(datetime.fromisoformat(one["start"]) < datetime.fromisoformat(one["end"]), f"{one['id']} ends before it starts")


feed = Feed("json", "json", "application/json", render, check)
