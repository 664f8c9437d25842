"""Instants are kept in UTC, and none without a zone gets in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from core import clock


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="needs a zone"):
        clock.to_ms(datetime(2026, 11, 22, 8, tzinfo=UTC).replace(tzinfo=None))


def test_an_instant_is_the_same_in_every_zone():
    there = datetime(2026, 11, 22, 9, tzinfo=timezone(timedelta(hours=9)))
    assert clock.to_ms(there) == clock.to_ms(datetime(2026, 11, 22, tzinfo=UTC)) == 1_795_305_600_000
    assert clock.from_ms(1_795_305_600_000) == there


def test_an_hour_is_said_with_its_zone():
    at = datetime(2026, 11, 22, tzinfo=UTC)
    zones = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
    assert [clock.zone_label(at, name) for name in zones] == ["WIB", "WITA", "WIT"]
