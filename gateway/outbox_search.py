"""The outbox as an operator leafs through it: what is wanted, read strictly from a query, and one page of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.outbox import RANK
from gateway.tables import Outbox
from gateway.traffic_report import first_since, midnight

PAGE = 50
FEWEST_DIGITS, MOST_DIGITS = 3, 6  # enough to find a number that one knows, too few to tell one that one does not


@dataclass(frozen=True, slots=True)
class Wanted:
    """``digits`` are the last ones of a number; ``before`` is the id that the page before ended with. Blank ones want nothing."""

    state: str = ""
    line: int | None = None
    digits: str = ""
    day: date | None = None
    before: int | None = None

    @property
    def is_all(self) -> bool:
        return self == Wanted()


def read(query: Mapping[str, str]) -> Wanted:
    """What cannot be read wants nothing: a filter is no place for errors."""
    digits = re.sub(r"\D", "", query.get("digits", ""))[-MOST_DIGITS:]
    state = query.get("state", "")
    return Wanted(
        state if state in RANK else "",
        _id(query.get("line", "")),
        digits if len(digits) >= FEWEST_DIGITS else "",
        _day(query.get("day", "")),
        _id(query.get("before", "")),
    )


def page(db: Session, wanted: Wanted) -> tuple[Sequence[Outbox], int | None]:
    """The newest PAGE of what is wanted, and the id before which the next page begins; None where this is the last."""
    found = select(Outbox).order_by(Outbox.id.desc()).limit(PAGE + 1)
    if wanted.state:
        found = found.where(Outbox.state == wanted.state)
    if wanted.line is not None:
        found = found.where(Outbox.line_id == wanted.line)
    if wanted.digits:
        found = found.where(Outbox.msisdn.endswith(wanted.digits, autoescape=True))
    if wanted.day is not None:
        begin, end = midnight(wanted.day), midnight(wanted.day + timedelta(days=1))
        found = found.where(Outbox.id >= first_since(db, begin), Outbox.id < first_since(db, end))
    if wanted.before is not None:
        found = found.where(Outbox.id < wanted.before)
    rows = db.scalars(found).all()
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None


def _id(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2020 <= found.year <= 2100 else None
