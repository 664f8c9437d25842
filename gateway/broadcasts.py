"""Announcements: one text to the phones of a class or a school, counted and priced before, written in one statement.

Only phones whose guardian's consent is in force, that have not said STOP, and each phone once, however many learners share it.
They go by day (gateway.quiet), after every answer, within the school's limit and everybody's (gateway.ledger), and expire.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, case, cast, exists, func, insert, literal, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import gsm7, jobs
from core.database import Instant
from core.problems import Refused
from gateway import quiet
from gateway.lines import prefix_price
from gateway.tables import Broadcast, Line, OptOut, Outbox
from schools.consent import GIVEN
from schools.tables import Consent, Learner, School

MOST_UNASKED = 100  # messages; more want the number typed
MOST_SEGMENTS = 4
LIFE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What an announcement would be. ``segments`` and ``rupiah`` are those of all messages; ``begins`` is when they go."""

    messages: int
    segments: int
    rupiah: int
    begins: datetime

    @property
    def wants_confirmation(self) -> bool:
        return self.messages > MOST_UNASKED


class NotConfirmed(Refused):
    """More messages than go unasked, and their number was not typed, or is another by now: ``estimate`` says which."""

    def __init__(self, estimate: Estimate):
        e = estimate
        super().__init__(
            f"{e.messages} pesan, {e.segments} segmen, Rp{e.rupiah}. Ketik {e.messages} untuk menyetujui. / "
            f"{e.messages} messages, {e.segments} segments, Rp{e.rupiah}. Type {e.messages} to confirm."
        )
        self.estimate = estimate


def estimate(db: Session, school: School, class_id: int | None, text: str, line: Line, now: datetime) -> Estimate:
    """The dry run: how many phones, segments and rupiah, and from when. Writes nothing. Raises Refused for the text."""
    segments = _segments(text)
    phones = _phones(school.id, class_id).subquery()
    count, rupiah = db.execute(select(func.count(), func.sum(_price(line, phones.c.msisdn))).select_from(phones)).one()
    return Estimate(count, count * segments, int(rupiah or 0) * segments, quiet.first_hour(now, school.time_zone))


def announce(
    db: Session, *, key: str, school: School, class_id: int | None, text: str, line: Line, now: datetime, typed: str = "",
    staff_id: int | None = None, life: timedelta = LIFE,
) -> tuple[Broadcast, bool]:  # fmt: skip
    """Posts ``text`` to everybody it may reach; (what was announced, False where that was done under this ``key`` before).

    More than MOST_UNASKED messages want their number in ``typed``. Each expires ``life`` after it may first leave. Raises
    NotConfirmed, and Refused for a text that is empty, too long, or would reach nobody.
    """
    text = gsm7.rewrite(text.strip())
    expected = estimate(db, school, class_id, text, line, now)
    if not expected.messages:
        raise Refused("Tidak ada nomor dengan izin wali. / No phone has a guardian's consent.")
    if expected.wants_confirmation and typed.strip() != str(expected.messages):
        raise NotConfirmed(expected)
    made = Broadcast(
        key=key[:64], school_id=school.id, class_id=class_id, line_id=line.id, staff_id=staff_id, text=text,
        messages=expected.messages, segments=expected.segments, rupiah=expected.rupiah, created_at=now,
    )  # fmt: skip
    try:
        with db.begin_nested():
            db.add(made)
    except IntegrityError:  # the form came twice
        return db.scalars(select(Broadcast).where(Broadcast.key == key[:64])).one(), False
    db.execute(_posts(made, school, line, expected.begins, life))
    first = db.scalar(select(func.min(Outbox.id)).where(Outbox.broadcast_id == made.id))
    jobs.later(db, "workers.outbox.deliver", first)  # the bell: the poller finds the others
    return made, True


def _posts(made: Broadcast, school: School, line: Line, begins: datetime, life: timedelta) -> Any:
    phones = _phones(school.id, made.class_id).subquery()
    segments = _segments(made.text)

    def instant(at: datetime) -> ColumnElement[datetime]:
        return literal(at, Instant())

    row: dict[str, Any] = {
        "key": literal(f"announce:{made.id}:") + cast(phones.c.learner, String), "line_id": literal(line.id),
        "msisdn": phones.c.msisdn, "text": literal(made.text), "segments": literal(segments), "state": literal("created"),
        "rank": literal(0), "reason": literal(""), "attempts": literal(0), "fence": literal(0), "not_before": instant(begins),
        "expires_at": instant(begins + life), "cost": literal(""), "created_at": instant(made.created_at), "urgency": literal(1),
        "price": _price(line, phones.c.msisdn) * segments, "school_id": literal(school.id), "paid": literal("no"),
        "broadcast_id": literal(made.id),
        "quiet_at": instant(quiet.evening(begins, school.time_zone)),
    }  # fmt: skip
    return insert(Outbox).from_select(list(row), select(*row.values()))


def _phones(school_id: int, class_id: int | None) -> Any:
    """(msisdn, learner): each phone once, with the first of the learners who share it. One learner's consent is enough."""
    newest = select(func.max(Consent.id)).group_by(Consent.learner_id)
    which = [Learner.school_id == school_id, Learner.msisdn.is_not(None)]
    if class_id is not None:
        which.append(Learner.class_id == class_id)
    return (
        select(Learner.msisdn, func.min(Learner.id).label("learner"))
        .join(Consent, Consent.learner_id == Learner.id)
        .where(*which, Consent.id.in_(newest), Consent.state == GIVEN)
        .where(~exists().where(OptOut.msisdn == Learner.msisdn, OptOut.ended_at.is_(None)))
        .group_by(Learner.msisdn)
    )


def _price(line: Line, msisdn: Any) -> ColumnElement[int]:
    """Rupiah for a segment, as ``lines.segment_price`` says it, in SQL: the longest prefix first."""
    prices = {"+" + str(prefix).lstrip("+"): int(price) for prefix, price in (line.prices or {}).items() if prefix}
    rest = literal(prefix_price(line.prices or {}, ""), Integer)
    ordered = sorted(prices.items(), key=lambda pair: -len(pair[0]))
    return (
        case(*((msisdn.startswith(prefix, autoescape=True), price) for prefix, price in ordered), else_=rest) if ordered else rest
    )


def _segments(text: str) -> int:
    text = gsm7.rewrite(text.strip())
    segments = gsm7.size(text).segments
    if not text or segments > MOST_SEGMENTS:
        raise Refused(f"Tulis 1 sampai {MOST_SEGMENTS} segmen. / Write 1 to {MOST_SEGMENTS} segments.")
    return segments
