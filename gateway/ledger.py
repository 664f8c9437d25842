"""The ledger: segments and rupiah of a day, reserved before a message may leave and settled after.

Every change is made in the transaction that changes the message (``Outbox.paid``), under the lock of the ledger's row: what is
reserved and spent is exactly the sum over the messages, whoever dies when. A limit binds announcements alone. An answer that
somebody waits for is counted and always goes: a school that announces too much cannot silence its learners.
The day is the operator's, 00.00 WIB, for every school: there is one purse.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import bindparam, insert, select, update

from core import clock
from core.hot import Hot, Statement
from gateway.tables import Budget, SchoolBudget

ZONE = "Asia/Jakarta"
DAY_MS = 86_400_000
SHIFT_MS = 7 * 3_600_000  # WIB is UTC+7 and never changes its clocks
ALL = 0  # the school of the row for everybody together
NONE = 1 << 62  # more segments than anybody sends: no limit

_T = Budget.__table__
_C = _T.c
_KEY = (_C.day == bindparam("of_day"), _C.school_id == bindparam("of_school"))
_OPEN = Statement(
    insert(_T).values(  # type: ignore[arg-type]
        day=bindparam("of_day"), school_id=bindparam("of_school"),
        segments_reserved=0, rupiah_reserved=0, segments_spent=0, rupiah_spent=0,
    ),
    "ON CONFLICT DO NOTHING",
)  # fmt: skip
_USED = Statement(select((_C.segments_reserved + _C.segments_spent).label("used")).where(*_KEY).with_for_update())
_CAP = Statement(select(SchoolBudget.daily_segments).where(SchoolBudget.school_id == bindparam("of_school")))
_MOVE = Statement(
    update(_T)  # type: ignore[arg-type]
    .where(*_KEY)
    .values(
        segments_reserved=_C.segments_reserved + bindparam("reserved"), segments_spent=_C.segments_spent + bindparam("spent"),
        rupiah_reserved=_C.rupiah_reserved + bindparam("rp_reserved"), rupiah_spent=_C.rupiah_spent + bindparam("rp_spent"),
    )
)  # fmt: skip


class Priced(Protocol):
    """A message as the ledger sees it."""

    @property
    def id(self) -> int: ...
    @property
    def fence(self) -> int: ...
    @property
    def segments(self) -> int: ...
    @property
    def price(self) -> int: ...
    @property
    def school_id(self) -> int | None: ...
    @property
    def urgency(self) -> int: ...
    @property
    def paid_on(self) -> int | None: ...


def day_of(at_ms: int) -> int:
    """The number of the day on the operator's clock."""
    return (at_ms + SHIFT_MS) // DAY_MS


def begins_at(day: int) -> int:
    """When that day begins, in ms."""
    return day * DAY_MS - SHIFT_MS


def today(now: datetime) -> int:
    return day_of(clock.to_ms(now))


def reserve(db: Hot, day: int, limit: int, rows: Sequence[Priced]) -> list[tuple[Priced, int, int]]:
    """Reserves for each row in turn what it costs; returns those that do not fit, as (row, whose limit, segments left there).

    ``limit`` is that of everybody together, 0 for none. The ledger's rows are locked from here to the commit, school 0 first.
    """
    limits, used = {}, {}
    for school in sorted({ALL} | {row.school_id or ALL for row in rows}):
        limits[school] = (limit or NONE) if school == ALL else _limit(db, school)
        used[school] = _used(db, day, school)
    taken: list[Priced] = []
    refused: list[tuple[Priced, int, int]] = []
    for row in rows:
        scopes = {ALL, row.school_id or ALL}
        full = [s for s in scopes if row.urgency and used[s] + row.segments > limits[s]]
        if full:
            refused.append((row, full[0], max(0, limits[full[0]] - used[full[0]])))
            continue
        taken.append(row)
        for school in scopes:
            used[school] += row.segments
    _move(db, taken, day, reserved=1)
    return refused


def _limit(db: Hot, school: int) -> int:
    row = db.one(_CAP, of_school=school)
    return NONE if row is None else int(row.daily_segments)


def _used(db: Hot, day: int, school: int) -> int:
    row = db.one(_USED, of_day=day, of_school=school)
    if row is None:
        db.run(_OPEN, of_day=day, of_school=school)
        row = db.one(_USED, of_day=day, of_school=school)
    return int(row.used)


def spend(db: Hot, rows: Iterable[Priced]) -> None:
    """What was reserved for these has left, or may have."""
    _move(db, rows, None, reserved=-1, spent=1)


def refund(db: Hot, rows: Iterable[Priced]) -> None:
    """These surely did not leave."""
    _move(db, rows, None, reserved=-1)


def _move(db: Hot, rows: Iterable[Priced], day: int | None, reserved: int = 0, spent: int = 0) -> None:
    sums: dict[tuple[int, int], list[int]] = {}
    for row in rows:
        on = row.paid_on if day is None else day
        if on is None:
            continue
        for school in {ALL, row.school_id or ALL}:
            one = sums.setdefault((on, school), [0, 0])
            one[0] += row.segments
            one[1] += row.price
    for (on, school), (segments, rupiah) in sorted(sums.items()):
        values: dict[str, Any] = {"reserved": reserved * segments, "rp_reserved": reserved * rupiah}
        db.soon(_MOVE, of_day=on, of_school=school, **values, spent=spent * segments, rp_spent=spent * rupiah)
