"""What stations say they aired, written down. Said again it changes nothing; said otherwise, the newest word counts.

An airing that took place shows as ``aired`` in the station's feeds, with its actual hours, so its revision rises; and again
where these are corrected.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, insert, select, update

from broadcast_schedule.carriage_tables import AsRun
from broadcast_schedule.tables import Occurrence, Station
from core.hot import Hot, Statement
from core.problems import N_, Refused
from core.text import clean, one_line

AHEAD_MS = 10 * 60_000  # who says so a little early has a clock that is fast
BACK_MS = 36 * 3_600_000  # "SIAR 101" means the newest airing of that slot within a day and a half
FAR_MS = 24 * 3_600_000  # an actual start further from the billed one is that of another airing, or of a wrong clock
LONGEST_MS = 2 * FAR_MS

_AIRING = Occurrence.__table__.c
_SAID = AsRun.__table__.c
_COLUMNS = (_AIRING.id, _AIRING.station_id, _AIRING.start, _AIRING.end, _AIRING.title, _AIRING.status)
_OF_ID = Statement(select(*_COLUMNS).where(_AIRING.id == bindparam("of_id")))
_NEWEST = Statement(
    select(*_COLUMNS)
    .where(
        _AIRING.slot_id == bindparam("of_slot"), _AIRING.channel_id == bindparam("of_channel"), _AIRING.status != "cancelled",
        _AIRING.start <= bindparam("until"), _AIRING.start >= bindparam("since"),
    )
    .order_by(_AIRING.start.desc())
    .limit(1)
)  # fmt: skip
_BEFORE = Statement(
    select(_SAID.state, _SAID.start, _SAID.end, _SAID.reason, _SAID.was).where(_SAID.occurrence_id == bindparam("of_id"))
)
_SAY = Statement(
    insert(AsRun.__table__).values(  # type: ignore[arg-type]
        occurrence_id=bindparam("of_id"), station_id=bindparam("of_station"), state=bindparam("its_state"),
        start=bindparam("its_start"), end=bindparam("its_end"), reason=bindparam("why"), source=bindparam("its_source"),
        was=bindparam("its_was"), reported_at=bindparam("now"),
    ),
    'ON CONFLICT (occurrence_id) DO UPDATE SET state = excluded.state, start = excluded.start, "end" = excluded."end",'
    " reason = excluded.reason, source = excluded.source, reported_at = excluded.reported_at",
)  # fmt: skip
_RISE = Statement(
    update(Station.__table__)  # type: ignore[arg-type]
    .where(Station.id == bindparam("of_station"))
    .values(revision=Station.revision + 1, revised_at=bindparam("now"))
)
_REVISION = Statement(select(Station.revision).where(Station.id == bindparam("of_station")))
_SHOW = Statement(
    update(Occurrence.__table__)  # type: ignore[arg-type]
    .where(_AIRING.id == bindparam("of_id"))
    .values(status=bindparam("to_status"), revision=bindparam("its_revision"), updated_at=bindparam("now"))
)


def newest(db: Hot, slot_id: int, channel_id: int, now: int) -> Any:
    """The airing of that slot there that began last, as a row; None where none did lately."""
    return db.one(_NEWEST, of_slot=slot_id, of_channel=channel_id, until=now + AHEAD_MS, since=now - BACK_MS)


def of_id(db: Hot, occurrence_id: int, station_id: int) -> Any:
    """The station's airing, as a row; None where it has none of that id."""
    row = db.one(_OF_ID, of_id=occurrence_id) if 0 < occurrence_id < 2**31 else None
    return row if row is not None and row.station_id == station_id else None


def aired(db: Hot, row: Any, source: str, now: int, start: int | None = None, end: int | None = None) -> bool:
    """It was aired, from ``start`` to ``end`` (ms, UTC; as billed where None). False where that was known.

    Raises Refused for one that has not begun, or was cancelled, and for hours that cannot be this airing's.
    """
    begun, over = start if start is not None else row.start, end
    if over is None:
        over = begun + row.end - row.start
    _check(row, now)
    if begun > now + AHEAD_MS:
        raise Refused(N_("Jam mulai yang dilaporkan belum tiba."))
    if abs(begun - row.start) > FAR_MS or not 0 < over - begun <= LONGEST_MS:
        raise Refused(N_("Jam yang dilaporkan tidak mungkin milik siaran itu."))
    return _say(db, row, "aired", begun, over, "", source, now)


def failed(db: Hot, row: Any, reason: str, source: str, now: int) -> bool:
    """It was not aired. False where that was known. Raises Refused as ``aired``."""
    _check(row, now)
    return _say(db, row, "failed", None, None, one_line(clean(reason))[:160], source, now)


def _check(row: Any, now: int) -> None:
    if row.status == "cancelled":
        raise Refused(N_("Siaran itu sudah dibatalkan dalam jadwal yang terbit."))
    if row.start > now + AHEAD_MS:
        raise Refused(N_("Siaran itu belum mulai."))


def _say(db: Hot, row: Any, state: str, start: int | None, end: int | None, why: str, source: str, now: int) -> bool:
    before = db.one(_BEFORE, of_id=row.id)
    if before is not None and (before.state, before.start, before.end, before.reason) == (state, start, end, why):
        return False
    was = before.was if before is not None else row.status
    db.run(
        _SAY, of_id=row.id, of_station=row.station_id, its_state=state, its_start=start, its_end=end, why=why,
        its_source=source, its_was=was, now=now,
    )  # fmt: skip
    shown = "aired" if state == "aired" else was
    if shown != row.status or shown == "aired":
        db.run(_RISE, of_station=row.station_id, now=now)
        revision = db.one(_REVISION, of_station=row.station_id).revision
        db.run(_SHOW, of_id=row.id, to_status=shown, its_revision=revision, now=now)
    return True
