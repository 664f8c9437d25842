"""Happenings written down, one statement each, in the same transaction as the state they came with."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, insert, select, update

from core.hot import Hot, Statement
from lessons import habits, listening
from lessons.dialogue import happenings as h
from lessons.tables import Answer, Attempt, Enrolment, LessonRead
from schools.tables import Learner

_ONCE = "ON CONFLICT DO NOTHING"  # the unique constraints judge: what is there already was written by the same fact

_LANGUAGE = Statement(update(Learner.__table__).where(Learner.id == bindparam("learner")).values(language=bindparam("to")))  # type: ignore[arg-type]
_ENROL = Statement(
    insert(Enrolment.__table__).values(  # type: ignore[arg-type]
        learner_id=bindparam("learner"), course_id=bindparam("course"), at=bindparam("now"), criterion=bindparam("its_criterion")
    ),
    _ONCE,
)
_READ = Statement(
    insert(LessonRead.__table__).values(  # type: ignore[arg-type]
        learner_id=bindparam("learner"), course_id=bindparam("course"), lesson_id=bindparam("lesson"), at=bindparam("now")
    ),
    _ONCE,
)
_START = Statement(
    insert(Attempt.__table__).values(  # type: ignore[arg-type]
        learner_id=bindparam("learner"), quiz_id=bindparam("quiz"), edition_id=bindparam("edition"),
        number=bindparam("number"), started_at=bindparam("now"),
    ),
    _ONCE,
)  # fmt: skip
_this_attempt = (
    (Attempt.learner_id == bindparam("learner"))
    & (Attempt.quiz_id == bindparam("quiz"))
    & (Attempt.number == bindparam("number"))
)
_ANSWER = Statement(
    insert(Answer.__table__).from_select(  # type: ignore[arg-type]
        ["attempt_id", "item_id", "typed", "mark", "score", "medium", "answered_at", "sheet"],
        select(
            Attempt.id, bindparam("item"), bindparam("typed"), bindparam("mark"), bindparam("score"),
            bindparam("medium"), bindparam("now"), bindparam("sheet"),
        ).where(_this_attempt),
    ),
    _ONCE,
)  # fmt: skip
_FINISH = Statement(
    update(Attempt.__table__).where(_this_attempt, Attempt.finished_at.is_(None)).values(finished_at=bindparam("now"))  # type: ignore[arg-type]
)


def write(db: Hot, happenings: Iterable[h.Happening], now: int, msisdn: str = "") -> int | None:
    """Writes each down; ``now`` in milliseconds. The id of a learner who was added on ``msisdn``, else None."""
    added = None
    for fact in happenings:
        match fact:
            case h.Answered():
                db.soon(
                    _ANSWER, learner=fact.learner, quiz=fact.quiz, number=fact.number, item=fact.item, typed=fact.typed,
                    mark=fact.mark, score=fact.score, medium=fact.medium, now=now, sheet=fact.sheet,
                )  # fmt: skip
            case h.AttemptStarted():
                db.soon(_START, learner=fact.learner, quiz=fact.quiz, edition=fact.edition, number=fact.number, now=now)
            case h.AttemptFinished():
                db.soon(_FINISH, learner=fact.learner, quiz=fact.quiz, number=fact.number, now=now)
            case h.LessonFinished():
                db.soon(_READ, learner=fact.learner, course=fact.course, lesson=fact.lesson, now=now)
            case h.Enrolled():
                db.soon(_ENROL, learner=fact.learner, course=fact.course, now=now, its_criterion=fact.criterion)
            case h.LanguageChosen():
                db.soon(_LANGUAGE, learner=fact.learner, to=fact.language)
            case h.LearnerAdded():
                added = habits.add(db, msisdn, fact.nickname, now)
            case h.ProgrammeWished() | h.ProgrammeLeft():
                listening.write(db, fact, now)
            case _:
                habits.write(db, fact, now, msisdn)
    return added
