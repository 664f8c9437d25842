"""Occurrences and timetables made by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from broadcast_schedule.timetable import Channel, File, Occurrence, Station, Timetable

KEY = "tvri-nasional.kentongan.id"
TVRI = Channel(KEY, "TVRI Nasional")
RECORDING = File(
    "recording", "Magnet, bagian 1", 12_345_678, "a1" * 32, "audio/mpeg", "magnet-bagian-1-a1a1a1a1.mp3",
    "https://kentongan.example.id/stations/tvri-nasional/files/" + "a1" * 32,
)  # fmt: skip
UPDATED = datetime(2026, 11, 20, 4, 5, 6, 789000, tzinfo=UTC)


def occurrence(slot=1, day="2026-11-23", at="08:00", minutes=30, **more):
    """One of Jakarta, at a local wall time."""
    local = datetime.fromisoformat(f"{day}T{at}")
    start = local.replace(tzinfo=UTC) - timedelta(hours=7)
    given = {"channel": KEY, "title": "X-Sains", "updated_at": UPDATED, "original": local}
    return Occurrence(slot, start=start, end=start + timedelta(minutes=minutes), **{**given, **more})


def timetable(*occurrences, zone="Asia/Jakarta", channels=(TVRI,), **more):
    station = Station("tvri-nasional", "TVRI Nasional", zone, more.pop("medium", "tv"))
    given = {"revision": 3, "from_date": date(2026, 11, 23), "days": 14}
    return Timetable(station, tuple(channels), tuple(occurrences), **{**given, **more})
