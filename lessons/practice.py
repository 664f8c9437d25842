"""The cards of a learner: brought forward from every marked answer, and which of them she is about to forget.

Cards are what her answers add up to (quizzes and practice alike), so nothing is written on the path of a keypress: the answers
since the last look are taken in when somebody looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, insert, literal, select, update

from core import clock
from core.hot import Hot, Statement
from lessons import memory
from lessons.memory import Memory
from lessons.practice_tables import Card, Habit, PracticeAnswer
from lessons.tables import Answer, Attempt

LEAST, MOST = 3, 5  # items of a daily set
_AT_ONCE = 500

_HABIT = Statement(select(Habit.folded_answer, Habit.folded_practice).where(Habit.learner_id == bindparam("learner")))
_BEGIN = Statement(
    insert(Habit.__table__).values(  # type: ignore[arg-type]
        learner_id=bindparam("learner"), pin_failed=0, streak=0, streak_day=0, longest=0, reminded_on=0, folded_answer=0,
        folded_practice=0,
    ),
    "ON CONFLICT DO NOTHING",
)  # fmt: skip
_FOLDED = Statement(
    update(Habit.__table__)  # type: ignore[arg-type]
    .where(Habit.learner_id == bindparam("learner"))
    .values(folded_answer=bindparam("to_answer"), folded_practice=bindparam("to_practice"))
)
_ANSWERS = Statement(
    select(Answer.id, Attempt.quiz_id, Answer.item_id, Answer.mark, Answer.answered_at, literal(0).label("source"))
    .join(Attempt, Attempt.id == Answer.attempt_id)
    .where(Attempt.learner_id == bindparam("learner"), Answer.id > bindparam("after"))
    .order_by(Answer.id)
    .limit(bindparam("n"))
)
_PRACTISED = Statement(
    select(
        PracticeAnswer.id, PracticeAnswer.quiz_id, PracticeAnswer.item_id, PracticeAnswer.mark, PracticeAnswer.answered_at,
        literal(1).label("source"),
    )
    .where(PracticeAnswer.learner_id == bindparam("learner"), PracticeAnswer.id > bindparam("after"))
    .order_by(PracticeAnswer.id)
    .limit(bindparam("n"))
)  # fmt: skip
_CARDS = Statement(
    select(Card.quiz_id, Card.item_id, Card.stability, Card.difficulty, Card.due, Card.last_review).where(
        Card.learner_id == bindparam("learner")
    )
)
_KEEP = Statement(
    insert(Card.__table__).values(  # type: ignore[arg-type]
        learner_id=bindparam("learner"), quiz_id=bindparam("quiz"), item_id=bindparam("item"),
        stability=bindparam("its_stability"), difficulty=bindparam("its_difficulty"), due=bindparam("its_due"),
        last_review=bindparam("its_review"),
    ),
    "ON CONFLICT (learner_id, quiz_id, item_id) DO UPDATE SET stability = excluded.stability, "
    "difficulty = excluded.difficulty, due = excluded.due, last_review = excluded.last_review",
)  # fmt: skip
_DONE_TODAY = Statement(
    select(func.count().label("n")).where(
        PracticeAnswer.learner_id == bindparam("learner"), PracticeAnswer.day == bindparam("day"), PracticeAnswer.mode == "daily"
    )
)


def bring_forward(db: Hot, learner: int) -> dict[tuple[int, str], Memory]:
    """Takes her new answers into her cards; all of them, by (quiz, item). Twice is once: it is known which were taken in."""
    cards = {(row.quiz_id, row.item_id): _memory(row) for row in db.all(_CARDS, learner=learner)}
    row = db.one(_HABIT, learner=learner)
    after = [row.folded_answer, row.folded_practice] if row else [0, 0]
    changed: set[tuple[int, str]] = set()
    while True:
        answers = db.all(_ANSWERS, learner=learner, after=after[0], n=_AT_ONCE)
        practised = db.all(_PRACTISED, learner=learner, after=after[1], n=_AT_ONCE)
        for each in sorted([*answers, *practised], key=lambda one: (one.answered_at, one.source, one.id)):
            key = each.quiz_id, each.item_id
            cards[key] = memory.reviewed(cards.get(key), each.mark, clock.from_ms(each.answered_at))
            changed.add(key)
        after = [answers[-1].id if answers else after[0], practised[-1].id if practised else after[1]]
        if len(answers) < _AT_ONCE and len(practised) < _AT_ONCE:
            break
    if changed:
        for quiz, item in sorted(changed):
            its = cards[quiz, item]
            db.run(
                _KEEP, learner=learner, quiz=quiz, item=item, its_stability=its.stability, its_difficulty=its.difficulty,
                its_due=clock.to_ms(its.due), its_review=clock.to_ms(its.last_review),
            )  # fmt: skip
        db.run(_BEGIN, learner=learner)
        db.run(_FOLDED, learner=learner, to_answer=after[0], to_practice=after[1])
    return cards


def daily(db: Hot, learner: int, now: datetime, zone: str, known: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """(quiz, item) of today's set, what she is likeliest to have forgotten first: three to five of ``known``, less what she has
    done today; empty where nothing is due before midnight in ``zone``.
    """
    local = now.astimezone(clock.zone(zone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    done = db.one(_DONE_TODAY, learner=learner, day=day_of(now, zone)).n
    cards = bring_forward(db, learner)
    wanted = set(known)
    asleep = [
        (memory.chance(its, now), its.due, key)
        for key, its in cards.items()
        if key in wanted and its.last_review.astimezone(local.tzinfo).date() < local.date()
    ]
    due = sorted(one for one in asleep if one[1] < midnight)
    if not due and not done:
        return []
    others = sorted(one for one in asleep if one[1] >= midnight)
    filled = due if done else [*due, *others[: max(0, LEAST - len(due))]]
    return [key for _chance, _due, key in filled[: max(0, MOST - done)]]


def day_of(now: datetime, zone: str) -> int:
    """The day in ``zone``, counted from 1970-01-01."""
    return now.astimezone(clock.zone(zone)).date().toordinal() - 719_163


def _memory(row: Any) -> Memory:
    return Memory(row.stability, row.difficulty, clock.from_ms(row.due), clock.from_ms(row.last_review))
