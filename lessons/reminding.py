"""Who is to be sent her daily set now, and the message that it begins with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, null, or_, select, update

from core import clock
from core.hot import Hot, Statement
from core.phrases import SOURCE, phrases
from lessons import practice
from lessons.conversation import ASK_AGAIN_AFTER, converse
from lessons.dialogue import people, state
from lessons.dialogue.asking import is_asking
from lessons.dialogue.turn import Heard
from lessons.library import Library
from lessons.practice_tables import Habit
from lessons.render import sms
from lessons.tables import Conversation
from lessons.world import LearnersWorld, people_of
from schools.tables import Consent, Learner, School

NO_SCHOOL_ZONE = "Asia/Jakarta"
A_WEEK = 5  # messages at most
GIVES_UP_AFTER = 21  # days without an answer of hers: she has stopped, or the number is somebody else's
_WORD = "LATIHAN"

_ZONE = func.coalesce(School.time_zone, NO_SCHOOL_ZONE)
_ZONES = Statement(select(School.time_zone).distinct())
_consent = select(Consent.state).where(Consent.learner_id == Learner.id).order_by(Consent.id.desc()).limit(1).scalar_subquery()
_DUE = Statement(
    select(Learner.id, Learner.msisdn, Learner.school_id, Learner.language, Habit.streak_day, _ZONE.label("zone"))
    .join(Habit, Habit.learner_id == Learner.id)
    .outerjoin(School, School.id == Learner.school_id)
    .where(
        Habit.remind_hour == bindparam("hour"), Habit.reminded_on < bindparam("day"), Habit.doubted_at.is_(None),
        Learner.msisdn.is_not(None), bindparam("zone") == _ZONE,
        or_(_consent == "given", Learner.school_id.is_(None)),  # of a school: by a guardian's consent; else by her own wish
    )
    .order_by(Learner.id)
)  # fmt: skip
_TAKEN = Statement(
    update(Habit.__table__)  # type: ignore[arg-type]
    .where(Habit.learner_id == bindparam("learner"), Habit.reminded_on < bindparam("before"), Habit.remind_hour.is_not(None))
    .values(reminded_on=bindparam("day"))
)
_NO_MORE = Statement(update(Habit.__table__).where(Habit.learner_id == bindparam("learner")).values(remind_hour=null()))  # type: ignore[arg-type]
_TALK = Statement(select(Conversation.state, Conversation.updated_at).where(Conversation.msisdn == bindparam("msisdn")))


@dataclass(frozen=True, slots=True)
class Due:
    learner: int
    msisdn: str
    school: int | None
    language: str
    zone: str
    day: int
    learned_on: int


def due(db: Hot, now: datetime) -> list[Due]:
    """Those whose hour it is where they are, and who were not reminded today."""
    zones = sorted({NO_SCHOOL_ZONE, *(row.time_zone for row in db.all(_ZONES))})
    found = []
    for zone in zones:
        day, hour = practice.day_of(now, zone), now.astimezone(clock.zone(zone)).hour
        found += [
            Due(row.id, row.msisdn, row.school_id, row.language or SOURCE, zone, day, row.streak_day)
            for row in db.all(_DUE, hour=hour, day=day, zone=zone)
        ]
    return found


def take(db: Hot, one: Due) -> bool:
    """True for the one who takes her reminder of that day; whoever comes second gets False."""
    if one.learned_on and one.day - one.learned_on > GIVES_UP_AFTER:
        db.run(_NO_MORE, learner=one.learner)
        return False
    return db.run(_TAKEN, learner=one.learner, before=one.day, day=one.day) == 1


def is_busy(db: Hot, one: Due, now: datetime) -> bool:
    """True while somebody on this number is answering something: a message would break in."""
    row = db.one(_TALK, msisdn=one.msisdn)
    talk = state.from_json(row.state if row else None)
    if talk.who == 0 and talk.place.scene in ("stranger", "newcomer"):
        return True  # nobody knows who is there
    if row is None or clock.to_ms(now) - row.updated_at > ASK_AGAIN_AFTER // timedelta(milliseconds=1):
        return False
    return is_asking(talk.place)


def message(db: Hot, library: Library, one: Due, now: datetime) -> str:
    """The first question of her set, asked as if she had sent LATIHAN; "" where nothing is due.

    With a PIN it is an invitation alone: what she practises is for her eyes.
    """
    rows = people_of(db, one.msisdn, clock.to_ms(now))
    talk = db.one(_TALK, msisdn=one.msisdn)
    world = LearnersWorld(db, library, rows, now, "", talk.updated_at if talk else None)
    person = next((each for each in world.people() if each.id == one.learner), None)
    if person is None or world.is_doubted or not world.daily(person):
        return ""
    _ = phrases(one.language)
    label = dict(zip((p.id for p in world.people()), people.labels(world.people(), _), strict=True))[person.id]
    if person.pin:
        return _("%(name)s, latihan hari ini menunggu. Balas LATIHAN.", name=label)
    is_shared = len(rows) > 1
    reply = converse(db, library, one.msisdn, Heard("said", f"{label} {_WORD}" if is_shared else _WORD), sms.budget(), now)
    return f"{label}: {reply.text}" if is_shared else reply.text
