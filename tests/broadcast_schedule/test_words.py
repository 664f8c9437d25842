"""Hours as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from broadcast_schedule.words import span


@pytest.mark.parametrize(
    ("local", "minutes", "expected"),
    [
        ("2026-11-23T08:00", 30, "08.00–08.30 WIB"),
        ("2026-11-23T23:30", 30, "23.30–24.00 WIB"),
        ("2026-11-23T23:30", 60, "23.30–00.30 WIB"),
        ("2026-11-23T00:00", 1440, "00.00–24.00 WIB"),
    ],
)
def test_what_ends_at_midnight_ends_at_24(local, minutes, expected):
    start = datetime.fromisoformat(local).replace(tzinfo=UTC) - timedelta(hours=7)
    assert span(start, start + timedelta(minutes=minutes), "Asia/Jakarta") == expected
    english = expected.replace(".", ":")
    assert span(start, start + timedelta(minutes=minutes), "Asia/Jakarta", "en") == english
