"""What a listener gets by words."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from broadcast_schedule import planning
from broadcast_schedule.listeners import asked_for, read_words
from broadcast_schedule.planning import ProgrammeDraft

MONDAY = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)


@pytest.fixture
def ask(plan, database):
    """(station, title) of what is told."""
    made = {
        "PAUD": (plan.network.west, 7, "Jalan Sesama"),
        "SD 1-3": (plan.network.west, 8, "Gemar Matematika"),
        "SD 4-6": (plan.network.west, 9, "X-Sains"),
        "SMP": (plan.network.west, 10, "Mantul"),
        "SMA/SMK": (plan.network.east, 13, "Matematika"),
    }
    for audience, (channel, hour, title) in made.items():
        with plan.network.database.writing() as db:
            programme = planning.save_programme(db, ProgrammeDraft(title, "", audience)).id
        plan.slot(channel_id=channel, programme_id=programme, starts_at=time(hour))
    plan.publish()

    def ask(wanted, now=MONDAY):
        with database.reading() as db:
            return [(o.station, o.title) for o in asked_for(db, None, now, wanted)]

    return ask


@pytest.mark.parametrize(
    ("wanted", "titles"),
    [
        ("SMP", ["Mantul", "Mantul"]),
        ("smp", ["Mantul", "Mantul"]),
        ("MTs", ["Mantul", "Mantul"]),
        ("SD", ["Gemar Matematika", "X-Sains", "Gemar Matematika"]),
        ("SD 5", ["X-Sains", "X-Sains"]),
        ("sd kelas", ["Gemar Matematika", "X-Sains", "Gemar Matematika"]),
        ("acara hari ini", ["Gemar Matematika", "X-Sains", "Mantul"]),
        ("di radio rri jayapura", ["Matematika", "Matematika"]),
        ("rri jayapua", ["Matematika", "Matematika"]),
        ("JPR", ["Matematika", "Matematika"]),
        ("SMA", ["Matematika", "Matematika"]),
        ("RRI JAYAPURA", ["Matematika", "Matematika"]),
        ("jayapura", ["Matematika", "Matematika"]),
        ("Jaya", ["Matematika", "Matematika"]),
        ("TVRI SMP", ["Mantul", "Mantul"]),
        ("RRI SMP", []),
        ("Radio Gaga", []),
        ("'; DROP TABLE stations", []),
    ],
)
def test_words_name_a_level_or_a_station(ask, wanted, titles):
    assert [title for _station, title in ask(wanted)] == titles


def test_without_words_it_is_now_and_next(ask):
    assert [title for _station, title in ask("")] == ["Gemar Matematika", "X-Sains", "Mantul"]


def test_words_of_any_kind_are_read():
    assert read_words("Pro2 é-\x00 ÉCOLE 漢") == ["PRO", "2", "E", "ECOLE"]
