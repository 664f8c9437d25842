"""What became of announcements, and stopping one: what its pages show. What one may be is said in gateway.broadcasts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core import clock
from core.problems import Refused
from gateway import ledger
from gateway.outbox_states import RANK
from gateway.tables import Broadcast, Budget, Outbox, SchoolBudget
from gateway.traffic_report import OUTCOMES
from schools.tables import Class, Learner, School

NEWEST = 20
MOST_A_DAY = 10  # of one teacher, in 24 hours: a phone that rings too often is switched off
WAITING = ("created", "held")


@dataclass(frozen=True, slots=True)
class Announced:
    """An announcement and its fate. ``outcomes`` counts its messages as gateway.traffic_report names them."""

    id: int
    text: str
    school: str
    room: str  # "" for all of the school
    messages: int
    segments: int
    rupiah: int
    created_at: datetime
    time_zone: str
    outcomes: Counter[str] = field(default_factory=Counter)
    stoppable: int = 0  # messages that nobody has begun to send

    @property
    def is_over(self) -> bool:
        """Nothing more will be sent."""
        return not self.outcomes["waiting"]


def newest(db: Session, school_id: int | None = None) -> list[Announced]:
    """The newest announcements, of one school where it is given, with their fates."""
    wanted = select(Broadcast.id).order_by(Broadcast.id.desc()).limit(NEWEST)
    return _read(db, db.scalars(wanted if school_id is None else wanted.where(Broadcast.school_id == school_id)).all())


def one(db: Session, its_id: int, school_id: int | None = None) -> Announced | None:
    """That announcement; None where there is none, or it is another school's than the one given."""
    found = db.get(Broadcast, its_id)
    return _read(db, [its_id])[0] if found is not None and school_id in (None, found.school_id) else None


def _read(db: Session, ids: Sequence[int]) -> list[Announced]:
    rows = db.execute(
        select(Broadcast, School.name, School.time_zone, Class.name)
        .join(School, School.id == Broadcast.school_id)
        .outerjoin(Class, Class.id == Broadcast.class_id)
        .where(Broadcast.id.in_(ids))
        .order_by(Broadcast.id.desc())
    ).all()
    states = db.execute(
        select(Outbox.broadcast_id, Outbox.state, func.count())
        .where(Outbox.broadcast_id.in_(ids))
        .group_by(Outbox.broadcast_id, Outbox.state)
    ).all()
    found = []
    for made, school, zone, room in rows:
        mine = {state: count for of, state, count in states if of == made.id}
        outcomes: Counter[str] = Counter()
        for state, count in mine.items():
            outcomes[OUTCOMES[state]] += count
        found.append(
            Announced(
                made.id, made.text, school, room or "", made.messages, made.segments, made.rupiah, made.created_at, zone,
                outcomes, sum(mine.get(state, 0) for state in WAITING),
            )
        )  # fmt: skip
    return found


def stop(db: Session, its_id: int, now: datetime) -> int:
    """What nobody has begun to send is never sent; how many those were. For them nothing was reserved yet."""
    waits = update(Outbox).where(Outbox.broadcast_id == its_id, Outbox.state.in_(WAITING))
    done = waits.values(state="cancelled", rank=RANK["cancelled"], reason="dihentikan / stopped", settled_at=now)
    return int(db.execute(done).rowcount)  # type: ignore[attr-defined]


def check_pace(db: Session, staff_id: int, now: datetime) -> None:
    """Raises Refused where this teacher has announced MOST_A_DAY times in the last 24 hours."""
    since = now - timedelta(hours=24)
    many = db.scalar(
        select(func.count()).select_from(Broadcast).where(Broadcast.staff_id == staff_id, Broadcast.created_at > since)
    )
    if (many or 0) >= MOST_A_DAY:
        raise Refused(f"Paling banyak {MOST_A_DAY} pengumuman sehari. / At most {MOST_A_DAY} announcements a day.")


def without(db: Session, school_id: int, class_id: int | None, messages: int) -> int:
    """How many learners with a phone hear nothing: no consent, STOP, or a number that another learner's message reaches."""
    which = [Learner.school_id == school_id, Learner.msisdn.is_not(None)]
    if class_id is not None:
        which.append(Learner.class_id == class_id)
    return max(0, (db.scalar(select(func.count()).select_from(Learner).where(*which)) or 0) - messages)


def left_today(db: Session, school_id: int, now: datetime) -> int | None:
    """Segments that the school may still announce today; None where it has no limit of its own."""
    limit = db.scalar(select(SchoolBudget.daily_segments).where(SchoolBudget.school_id == school_id))
    if limit is None:
        return None
    book = db.get(Budget, (ledger.day_of(clock.to_ms(now)), school_id))
    return max(0, limit - (book.segments_reserved + book.segments_spent if book else 0))
