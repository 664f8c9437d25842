"""What stands beside the web phone: its SMS thread, and whose phones a visitor may pick up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock, gsm7
from gateway.lines import segment_price
from gateway.tables import Inbox, Line, Outbox
from gateway.web_phone import BLOCK
from schools.tables import Class, Learner, School

SHOWN = 30  # messages of the thread
WIB = "Asia/Jakarta"


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message of the thread. ``mine`` came from the visitor's phone; ``state`` is the outbox's word for the other's."""

    mine: bool
    text: str
    at: datetime
    segments: int
    rupiah: int
    state: str = ""


def thread(db: Session, line: Line, number: str) -> list[Bubble]:
    """The messages between the phone and ``line``, the oldest first."""
    sent = db.scalars(
        select(Inbox).where(Inbox.line_id == line.id, Inbox.msisdn == number).order_by(Inbox.id.desc()).limit(SHOWN)
    )
    got = db.scalars(
        select(Outbox).where(Outbox.line_id == line.id, Outbox.msisdn == number).order_by(Outbox.id.desc()).limit(SHOWN)
    )
    bubbles = [Bubble(True, row.text, row.received_at, gsm7.size(row.text).segments, 0) for row in sent]
    price = segment_price(line, number)
    bubbles += [Bubble(False, row.text, row.created_at, row.segments, price * row.segments, row.state) for row in got]
    return sorted(bubbles, key=lambda bubble: bubble.at)[-SHOWN:]


def zone_of(db: Session, number: str) -> str:
    """The zone in which the hours of a phone's messages are said: that of its learner's school, else WIB."""
    wanted = select(School.time_zone).join(Learner, Learner.school_id == School.id).where(Learner.msisdn == number)
    return db.scalars(wanted.order_by(Learner.id)).first() or WIB


def seen(bubbles: list[Bubble]) -> str:
    """A mark of what a thread shows, so that asking again costs nothing while nothing has changed."""
    return f"{clock.to_ms(bubbles[-1].at)}.{len(bubbles)}" if bubbles else "0"


def known_numbers(db: Session) -> list[tuple[str, str]]:
    """(number, "Ayu Contoh, Bagus Contoh · 5A") of the demo's learners: whose phone a visitor may pick up."""
    rows = db.execute(
        select(Learner.msisdn, Learner.name, Class.name)
        .join(Class, Class.id == Learner.class_id)
        .where(Learner.msisdn.startswith(BLOCK), Learner.name.is_not(None))
        .order_by(Learner.id)
    )
    people: dict[str, tuple[list[str], str]] = {}
    for number, name, room_name in rows:
        people.setdefault(str(number), ([], room_name))[0].append(str(name))
    return [(number, f"{', '.join(names)} · {room_name}") for number, (names, room_name) in people.items()]
