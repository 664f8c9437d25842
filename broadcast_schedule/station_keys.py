"""The keys with which stations and calendars read a timetable: the full one for a header, the token for an address."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, and_, bindparam, select
from sqlalchemy.orm import Session

from broadcast_schedule.tables import Station, StationKey
from broadcast_schedule.words import Phrases, in_indonesian
from core.hot import Statement
from core.problems import Refused

Kind = Literal["full", "calendar"]
PREFIX: dict[Kind, str] = {"full": "kt_", "calendar": "kc_"}
LIVE = 2  # keys of a kind that may live at once: the old one goes on while the station's software gets the new one


class NoKey(Exception):
    """No key, or one that opens nothing."""


class NotYours(Exception):
    """A living key, of another station."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What is shown once: the database holds only hashes."""

    key: str
    calendar_token: str


def new_keys() -> Keys:
    return Keys(PREFIX["full"] + secrets.token_urlsafe(32), PREFIX["calendar"] + secrets.token_urlsafe(24))


def create_keys(db: Session, station: Station, now: datetime, keys: Keys | None = None, _: Phrases = in_indonesian) -> Keys:
    """A key and a calendar token for a station that has none or is rotating. Raises Refused where two live already."""
    if max(len(_live(db, station.id, kind)) for kind in PREFIX) >= LIVE:
        raise Refused(
            _("Stasiun ini sudah punya dua kunci. Cabut yang lama dulu: station-key revoke %(slug)s", slug=station.slug)
        )
    return _add(db, station, now, keys or new_keys())


def rotate_keys(db: Session, station: Station, now: datetime) -> Keys:
    """New ones beside the old, which go on until ``revoke_keys``; of three the oldest dies."""
    keys = _add(db, station, now, new_keys())
    for kind in PREFIX:
        for key in _live(db, station.id, kind)[:-LIVE]:
            key.revoked_at = now
    db.flush()
    return keys


def revoke_keys(db: Session, station: Station, now: datetime, everything: bool = False) -> list[StationKey]:
    """Ends the older of two keys, the only one where there is one, or all of them; returns those it ended."""
    ended = []
    for kind in PREFIX:
        live = _live(db, station.id, kind)
        for key in live if everything else live[:1]:
            key.revoked_at = now
            ended.append(key)
    db.flush()
    return ended


def live_keys(db: Session, station_id: int) -> list[StationKey]:
    return [key for kind in PREFIX for key in _live(db, station_id, kind)]


def _live(db: Session, station_id: int, kind: Kind) -> list[StationKey]:
    """Oldest first."""
    living = select(StationKey).where(
        StationKey.station_id == station_id, StationKey.kind == kind, StationKey.revoked_at.is_(None)
    )
    return list(db.scalars(living.order_by(StationKey.id)))


def _add(db: Session, station: Station, now: datetime, keys: Keys) -> Keys:
    kinds: tuple[tuple[Kind, str], ...] = (("full", keys.key), ("calendar", keys.calendar_token))
    for kind, key in kinds:
        row = StationKey(station_id=station.id, kind=kind, key_hash=key_hash(key), prefix=key[:8], created_at=now)
        db.add(row)
    db.flush()
    return keys


def key_hash(key: str) -> str:
    """Keys are random and long: one SHA-256 is enough, and is found by index."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def owner_of(db: Session, key: str, kind: Kind) -> int | None:
    """The id of the station whose living key this is, or None."""
    wanted = key_hash(key)
    living = (StationKey.key_hash == wanted, StationKey.kind == kind, StationKey.revoked_at.is_(None))
    row = db.execute(select(StationKey.station_id, StationKey.key_hash).where(*living)).first()
    return row.station_id if row is not None and hmac.compare_digest(row.key_hash, wanted) else None


# Made once: to build a statement costs more than to run it, and a poll that ends in 304 does nothing else.
_ADMITTED = (
    select(
        Station.id,
        Station.slug,
        Station.time_zone,
        Station.is_open_data,
        Station.revision,
        Station.pulled_at,
        StationKey.station_id.label("owner"),
        StationKey.key_hash,
    )
    .outerjoin(
        StationKey,
        and_(
            StationKey.key_hash == bindparam("wanted"),
            StationKey.kind == bindparam("kind"),
            StationKey.revoked_at.is_(None),
        ),
    )
    .where(Station.slug == bindparam("slug"))
)


ADMITTED = Statement(_ADMITTED)


def opens(row: Any, key: str | None, wanted: str) -> bool:
    """Whether ``key``, whose hash is ``wanted``, opens the station of a row of ADMITTED. Without a key open data is."""
    if key is None:
        return bool(row.is_open_data)
    return row.owner == row.id and hmac.compare_digest(row.key_hash, wanted)


def admitted(db: Session, slug: str, key: str | None, kind: Kind) -> Row[Any]:
    """The station's row for who may read it, in one read by index. ``key`` is None where none was sent.

    Raises NoKey without a right key (open data needs none, but not a wrong one), NotYours with another station's.
    """
    wanted = key_hash(key) if key is not None else ""
    row: Any = db.connection().execute(_ADMITTED, {"slug": slug, "wanted": wanted, "kind": kind}).first()
    if key is None:
        if row is not None and row.is_open_data:
            return row
        raise NoKey
    if row is None:
        raise NoKey if owner_of(db, key, kind) is None else NotYours
    if row.owner is None or not hmac.compare_digest(row.key_hash, wanted):
        raise NoKey
    if row.owner != row.id:
        raise NotYours
    return row
