"""The only reader of the time, and the words for it. Everything is kept in UTC; people read their own zone."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def to_ms(instant: datetime) -> int:
    """Milliseconds since 1970 UTC: how tables keep an instant. Raises ValueError for a naive one."""
    if instant.tzinfo is None:
        raise ValueError(f"an instant needs a zone: {instant!r}")
    return round(instant.timestamp() * 1000)


def from_ms(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """The IANA zone ``name``. Raises ZoneInfoNotFoundError where there is none."""
    return ZoneInfo(name)


def zone_label(instant: datetime, name: str) -> str:
    """WIB, WITA, WIT, or what the zone is called at that instant: an hour is never shown without it."""
    return instant.astimezone(zone(name)).tzname() or name
