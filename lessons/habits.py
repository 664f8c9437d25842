"""What a learner does for herself, written down: practice, her days in a row, her PIN, her hour, her certificate, her number."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from sqlalchemy import bindparam, case, delete, func, insert, null, select, update

from core.hot import Hot, Statement
from lessons.dialogue import happenings as h
from lessons.practice_tables import Certificate, Habit, HintShown, PracticeAnswer, WebCode
from lessons.tables import Enrolment
from schools.tables import Learner

PIN_LOCKS = timedelta(minutes=15)
WEB_CODE_LASTS = timedelta(minutes=10)
_ONCE = "ON CONFLICT DO NOTHING"
_MS = timedelta(milliseconds=1)

_BEGIN = Statement(
    insert(Habit.__table__).values(  # type: ignore[arg-type]
        learner_id=bindparam("learner"), nickname=bindparam("its_nickname"), pin_failed=0, streak=0, streak_day=0, longest=0,
        reminded_on=0, folded_answer=0, folded_practice=0,
    ),
    _ONCE,
)  # fmt: skip
_HERS = Habit.learner_id == bindparam("learner")
_DAY = Statement(
    update(Habit.__table__)  # type: ignore[arg-type]
    .where(_HERS)
    .values(
        streak=bindparam("its_streak"), streak_day=bindparam("its_day"),
        longest=case((Habit.longest < bindparam("at_least"), bindparam("its_longest")), else_=Habit.longest),
    )
)  # fmt: skip
_PIN = Statement(update(Habit.__table__).where(_HERS).values(pin=bindparam("its_pin"), pin_failed=0, pin_locked_until=null()))  # type: ignore[arg-type]
_FAILED = Statement(update(Habit.__table__).where(_HERS).values(pin_failed=Habit.pin_failed + 1))  # type: ignore[arg-type]
_TRIES = Statement(update(Habit.__table__).where(_HERS).values(pin_failed=0, pin_locked_until=bindparam("until")))  # type: ignore[arg-type]
_HOUR = Statement(update(Habit.__table__).where(_HERS).values(remind_hour=bindparam("its_hour")))  # type: ignore[arg-type]
_OF_NUMBER = Habit.learner_id.in_(select(Learner.id).where(Learner.msisdn == bindparam("of_msisdn")))
_SURE = Statement(update(Habit.__table__).where(_OF_NUMBER).values(doubted_at=null()))  # type: ignore[arg-type]
_SILENT = Statement(
    update(Habit.__table__).where(_OF_NUMBER).values(doubted_at=null(), remind_hour=null(), nickname=null(), pin=null())  # type: ignore[arg-type]
)
_UNLINK = Statement(update(Learner.__table__).where(Learner.msisdn == bindparam("of_msisdn")).values(msisdn=null()))  # type: ignore[arg-type]
_NEW = Statement(insert(Learner.__table__).values(msisdn=bindparam("its_msisdn"), created_at=bindparam("now")))  # type: ignore[arg-type]
_NEWEST = Statement(select(func.max(Learner.id).label("id")).where(Learner.msisdn == bindparam("of_msisdn")))
_PRACTISED = Statement(
    insert(PracticeAnswer.__table__).values(  # type: ignore[arg-type]
        learner_id=bindparam("learner"), day=bindparam("its_day"), number=bindparam("its_number"), mode=bindparam("its_mode"),
        course_id=bindparam("course"), level=bindparam("its_level"), quiz_id=bindparam("quiz"), item_id=bindparam("item"),
        typed=bindparam("its_typed"), mark=bindparam("its_mark"), medium=bindparam("its_medium"), answered_at=bindparam("now"),
    ),
    _ONCE,
)  # fmt: skip
_HINT = Statement(
    insert(HintShown.__table__).values(  # type: ignore[arg-type]
        learner_id=bindparam("learner"), quiz_id=bindparam("quiz"), number=bindparam("its_number"), item_id=bindparam("item"),
        at=bindparam("now"),
    ),
    _ONCE,
)  # fmt: skip
_this_course = (Enrolment.learner_id == bindparam("learner")) & (Enrolment.course_id == bindparam("course"))
_PLACED = Statement(update(Enrolment.__table__).where(_this_course).values(placed=bindparam("its_level")))  # type: ignore[arg-type]
_FINISHED = Statement(
    update(Enrolment.__table__).where(_this_course, Enrolment.finished_at.is_(None)).values(finished_at=bindparam("now"))  # type: ignore[arg-type]
)
_CERTIFY = Statement(
    insert(Certificate.__table__).values(  # type: ignore[arg-type]
        code=bindparam("its_code"), learner_id=bindparam("learner"), course_id=bindparam("course"),
        criterion=bindparam("its_criterion"), at=bindparam("now"),
    ),
    _ONCE,
)  # fmt: skip
_WEB = Statement(
    insert(WebCode.__table__).values(  # type: ignore[arg-type]
        code_hash=bindparam("its_hash"), msisdn=bindparam("its_msisdn"), expires_at=bindparam("until")
    ),
    _ONCE,
)
_OLD_CODES = Statement(delete(WebCode.__table__).where(WebCode.expires_at < bindparam("now")))  # type: ignore[arg-type]


def add(db: Hot, msisdn: str, nickname: str, now: int) -> int:
    """The id of a new learner on this number, without school or consent; the name is for this phone alone."""
    db.soon(_NEW, its_msisdn=msisdn, now=now)
    found: int = db.one(_NEWEST, of_msisdn=msisdn).id
    begin(db, found, nickname)
    return found


def begin(db: Hot, learner: int, nickname: str | None = None) -> None:
    """Her row of habits, where she has none yet."""
    db.soon(_BEGIN, learner=learner, its_nickname=nickname)


def write(db: Hot, fact: h.Happening, now: int, msisdn: str) -> None:
    """One fact; ``now`` in milliseconds. The unique constraints judge what was written before."""
    match fact:
        case h.Practised():
            db.soon(
                _PRACTISED, learner=fact.learner, its_day=fact.day, its_number=fact.number, its_mode=fact.mode,
                course=fact.course or None, its_level=fact.level, quiz=fact.quiz, item=fact.item, its_typed=fact.typed,
                its_mark=fact.mark, its_medium=fact.medium, now=now,
            )  # fmt: skip
        case h.DayKept():
            begin(db, fact.learner)
            days = {"its_streak": fact.streak, "its_longest": fact.streak, "at_least": fact.streak}
            db.soon(_DAY, learner=fact.learner, its_day=fact.day, **days)
        case h.HintShown():
            db.soon(_HINT, learner=fact.learner, quiz=fact.quiz, its_number=fact.number, item=fact.item, now=now)
        case h.Placed():
            db.soon(_PLACED, learner=fact.learner, course=fact.course, its_level=fact.level)
        case h.CourseFinished():
            db.soon(_FINISHED, learner=fact.learner, course=fact.course, now=now)
            db.soon(_CERTIFY, learner=fact.learner, course=fact.course, its_code=fact.code, its_criterion=fact.criterion, now=now)
        case h.PinChanged():
            begin(db, fact.learner)
            db.soon(_PIN, learner=fact.learner, its_pin=fact.pin or None)
        case h.PinTyped():
            if not fact.is_right and not fact.locks:
                db.soon(_FAILED, learner=fact.learner)
            else:
                db.soon(_TRIES, learner=fact.learner, until=now + PIN_LOCKS // _MS if fact.locks else None)
        case h.ReminderAsked():
            begin(db, fact.learner)
            db.soon(_HOUR, learner=fact.learner, its_hour=fact.hour)
        case h.NumberKept():
            db.soon(_SURE, of_msisdn=msisdn)
        case h.NumberLeft():
            db.soon(_SILENT, of_msisdn=msisdn)
            db.soon(_UNLINK, of_msisdn=msisdn)
        case h.WebCodeGiven():
            db.soon(_OLD_CODES, now=now)
            db.soon(_WEB, its_hash=code_hash(fact.code), its_msisdn=msisdn, until=now + WEB_CODE_LASTS // _MS)


def code_hash(code: str) -> str:
    """What is kept of a code for the browser."""
    return sha256(code.encode()).hexdigest()
