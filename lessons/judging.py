"""Marking again, after the fact: a teacher accepts an answer, or mends a key, and every past answer follows; and back again.

Each decision is a row (who, when, what) with every answer that it changed, before and after. It reaches the answers of one
school's learners (``school_id``; None: of all), in all attempts and editions. Deciding twice changes nothing twice. Where a
learner is in the middle of the quiz she stays there: her conversation is not touched. Functions take ``db`` first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.problems import Problem, Refused
from lessons import authoring, reports
from lessons.course import FIRST, Item
from lessons.judging_tables import Remark, Remarked
from lessons.kinds import kinds
from lessons.readings import question_of, reading
from lessons.tables import Answer, Attempt
from lessons.tables import Quiz as QuizRow
from lessons.taught import teach
from schools.tables import Learner, Staff

SCORES = {"right": 100, "almost": 50, "wrong": 0}
Decision = Literal["right", "almost"]


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it was given, and as it is marked now. ``item`` is the question as that learner was asked it."""

    id: int
    learner: int
    item: Item
    typed: str
    mark: str
    score: int
    is_late: bool
    late_down: int

    def worth(self, score: int) -> int:
        """What a full ``score`` is worth for this answer: one that came late stays late."""
        return -(-score * (100 - self.late_down) // 100) if self.is_late else score


@dataclass(slots=True)
class Group:
    """Answers that say the same. ``shown`` is how most typed it; ``waiting`` of them are not marked right."""

    key: str
    shown: str
    is_option: bool
    marks: Counter[str] = field(default_factory=Counter)
    learners: set[int] = field(default_factory=set)
    typed: Counter[str] = field(default_factory=Counter)

    @property
    def waiting(self) -> int:
        return self.marks.total() - self.marks["right"]


def answers(db: Session, quiz_id: int, item_id: str, school_id: int | None) -> list[Given]:
    """Every answer to an item, oldest first."""
    editions = reports.editions(db, quiz_id)
    items = {id_: next((i for i in quiz.items if i.id == item_id), None) for id_, quiz in editions.items()}
    row = db.get(QuizRow, quiz_id)
    rules = editions.get(row.edition_id or 0) if row else None
    query = (
        select(Answer.id, Answer.typed, Answer.mark, Answer.score, Answer.answered_at, Attempt.edition_id, Attempt.learner_id)
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .where(Attempt.quiz_id == quiz_id, Answer.item_id == item_id)
        .order_by(Answer.id)
    )
    if school_id is not None:
        query = query.join(Learner, Learner.id == Attempt.learner_id).where(Learner.school_id == school_id)
    return [
        Given(
            x.id, x.learner_id, item, x.typed, x.mark, x.score,
            is_late=rules is not None and rules.is_late(x.answered_at), late_down=rules.late_down if rules else 0,
        )
        for x in db.execute(query)
        if (item := items.get(x.edition_id)) is not None
    ]  # fmt: skip


def groups(given: Iterable[Given]) -> list[Group]:
    """What was answered, the most frequent first. What was erased with a learner's data is nothing."""
    found: dict[str, Group] = {}
    for answer in given:
        if not answer.typed:
            continue
        read = reading(answer.item, answer.typed)
        group = found.setdefault(read.key, Group(read.key, read.shown, read.is_option))
        group.marks[answer.mark] += 1
        group.learners.add(answer.learner)
        group.typed[read.shown] += 1
    for group in found.values():
        group.shown = group.typed.most_common(1)[0][0]
    return sorted(found.values(), key=lambda group: (-group.marks.total(), group.key))


def accept(
    db: Session, row: QuizRow, item_id: str, key: str, staff: Staff, school_id: int | None, now: datetime,
    decision: Decision = "right",
) -> Remark | None:  # fmt: skip
    """Marks every past answer that says ``key`` as ``decision``; None where none changed. One that is right stays so.

    It counts for those who answer later too (lessons.acceptances). In a quiz of the teacher's own school the key of the item
    takes it besides, where it has a list for it, and the teacher sees it there: see lessons.taught.
    """
    alike = [a for a in answers(db, row.id, item_id, school_id) if a.typed and reading(a.item, a.typed).key == key]
    if not alike:
        raise Refused(_("Jawaban itu tidak ada di antara jawaban murid."))
    shown = groups(alike)[0].shown
    changes: list[tuple[Given, str, int]] = [(a, decision, a.worth(SCORES[decision])) for a in alike if a.mark != "right"]
    remark = _write(db, row.id, item_id, changes, staff, school_id, now, answer=shown, key=key, mark=decision)
    if remark is not None:
        newest = next(item for item in reports.items_of(reports.editions(db, row.id)) if item.id == item_id)
        remark.question = question_of(newest)
        authoring.raise_version(db)
    if remark is not None and decision == "right" and (staff.role == "admin" or staff.school_id == row.school_id):
        remark.is_taught = teach(db, row, item_id, shown, staff, now)
    return remark


def by_key(given: Iterable[Given], item: Item, accepted: dict[str, str]) -> list[tuple[Given, str, int]]:
    """What would change if all were marked by the key of ``item`` as it is now: (answer, its new mark, its new score).

    What teachers ``accepted`` ({key: mark}) stays accepted; what the marker cannot read keeps its mark.
    """
    found: list[tuple[Given, str, int]] = []
    for answer in given:
        decided = accepted.get(reading(answer.item, answer.typed).key, "")
        verdict = kinds()[item.kind].mark(_asked(item, answer.item), answer.typed, FIRST) if item.kind in kinds() else None
        mark: str = (verdict.mark or "") if verdict is not None else ""
        score = verdict.score if verdict is not None else 0
        if decided and SCORES[decided] > SCORES.get(mark, -1):
            mark, score = decided, SCORES[decided]
        if mark and (mark, answer.worth(score)) != (answer.mark, answer.score):
            found.append((answer, mark, answer.worth(score)))
    return found


def _asked(now: Item, then: Item) -> Item:
    """The present key over the options as they stood when it was asked: "B" meant the B that she saw."""
    if [dict(c) for c in now.choices] == [dict(c) for c in then.choices] or now.kind != then.kind:
        return now
    right = now.key.get("right")
    if isinstance(right, int) and 1 <= right <= len(now.choices) and now.choices[right - 1] in then.choices:
        return replace(now, choices=then.choices, key={**now.key, "right": then.choices.index(now.choices[right - 1]) + 1})
    return now


def mark_by_key(db: Session, row: QuizRow, item: Item, staff: Staff, school_id: int | None, now: datetime) -> Remark | None:
    """Marks all past answers to ``item`` by its key; None where none changed."""
    changes = by_key(answers(db, row.id, item.id, school_id), item, accepted(db, row.id, item.id, school_id))
    return _write(db, row.id, item.id, changes, staff, school_id, now)


def accepted(db: Session, quiz_id: int, item_id: str, school_id: int | None) -> dict[str, str]:
    """{key: mark} of what stands accepted for an item, for those learners."""
    own = (Remark.school_id.is_(None)) | (Remark.school_id == school_id)
    rows = db.execute(
        select(Remark.key, Remark.mark)
        .where(Remark.quiz_id == quiz_id, Remark.item_id == item_id, own, Remark.undone_at.is_(None), Remark.mark != "")
        .order_by(Remark.id)
    )
    return {row.key: row.mark for row in rows}


def undo(db: Session, remark: Remark, staff: Staff, now: datetime) -> int:
    """Gives every answer the mark it had before, and those that came since the mark of their key; returns how many changed.
    Undone twice is undone once.

    Raises Refused where a later decision stands on the same answers: that one comes first.
    """
    if remark.undone_at is not None:
        return 0
    own = select(Remarked.answer_id).where(Remarked.remark_id == remark.id)
    later = db.scalar(
        select(Remark.id).join(Remarked, Remarked.remark_id == Remark.id)
        .where(Remark.id > remark.id, Remark.undone_at.is_(None), Remarked.answer_id.in_(own)).limit(1)
    )  # fmt: skip
    if later is not None:
        raise Refused(Problem("", _("Sesudah itu jawaban yang sama dinilai ulang lagi."), _("Urungkan dulu yang lebih baru.")))
    claimed = db.execute(
        update(Remark).where(Remark.id == remark.id, Remark.undone_at.is_(None)).values(undone_at=now, undone_by=staff.id)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        return 0
    changed = 0
    for x in db.scalars(select(Remarked).where(Remarked.remark_id == remark.id)).all():
        changed += db.execute(
            update(Answer)
            .where(Answer.id == x.answer_id, Answer.mark == x.mark_after, Answer.score == x.score_after)
            .values(mark=x.mark_before, score=x.score_before)
        ).rowcount  # type: ignore[attr-defined]
    row = db.get(QuizRow, remark.quiz_id)
    if row is not None and remark.is_taught:
        teach(db, row, remark.item_id, remark.answer, staff, now, forget=True)
    if remark.mark:
        authoring.raise_version(db)
        changed += _since(db, remark)
    return changed


def _since(db: Session, remark: Remark) -> int:
    """Marks by the key what was answered since ``remark`` and counted because of it; returns how many changed."""
    item = next((i for i in reports.items_of(reports.editions(db, remark.quiz_id)) if i.id == remark.item_id), None)
    late = select(Answer.id).where(Answer.item_id == remark.item_id, Answer.answered_at > remark.at)
    own = select(Remarked.answer_id).where(Remarked.remark_id == remark.id)
    ids = set(db.scalars(late.where(Answer.id.not_in(own))))
    given = [a for a in answers(db, remark.quiz_id, remark.item_id, remark.school_id) if a.id in ids and a.mark == remark.mark]
    given = [a for a in given if a.typed and reading(a.item, a.typed).key == remark.key]
    if item is None or not given:
        return 0
    changes = by_key(given, item, accepted(db, remark.quiz_id, remark.item_id, remark.school_id))
    for answer, mark, score in changes:
        db.execute(update(Answer).where(Answer.id == answer.id).values(mark=mark, score=score))
    return len(changes)


def trail(db: Session, quiz_id: int, school_id: int | None, item_id: str = "") -> list[tuple[Remark, str, str]]:
    """(decision, who decided, who undid it) of a quiz, newest first: those that reach learners of this school."""
    query = select(Remark).where(Remark.quiz_id == quiz_id).order_by(Remark.id.desc())
    if school_id is not None:
        query = query.where((Remark.school_id.is_(None)) | (Remark.school_id == school_id))
    if item_id:
        query = query.where(Remark.item_id == item_id)
    rows = db.scalars(query).all()
    ids = {id_ for row in rows for id_ in (row.staff_id, row.undone_by) if id_}
    names = {s.id: s.name for s in db.scalars(select(Staff).where(Staff.id.in_(ids)))}
    return [(row, names.get(row.staff_id or 0, ""), names.get(row.undone_by or 0, "")) for row in rows]


def _write(
    db: Session, quiz_id: int, item_id: str, changes: list[tuple[Given, str, int]], staff: Staff, school_id: int | None,
    now: datetime, *, answer: str = "", key: str = "", mark: str = "",
) -> Remark | None:  # fmt: skip
    """The decision and what it changed, each answer only where it is still as it was read."""
    if not changes:
        return None
    remark = Remark(
        quiz_id=quiz_id, item_id=item_id, school_id=school_id, answer=answer, key=key, mark=mark, changed=0, is_taught=False,
        staff_id=staff.id, at=now,
    )  # fmt: skip
    db.add(remark)
    db.flush()
    for given, after, score in changes:
        done = db.execute(
            update(Answer)
            .where(Answer.id == given.id, Answer.mark == given.mark, Answer.score == given.score)
            .values(mark=after, score=score)
        )
        if done.rowcount == 1:  # type: ignore[attr-defined]
            db.add(Remarked(
                remark_id=remark.id, answer_id=given.id, mark_before=given.mark, score_before=given.score, mark_after=after,
                score_after=score,
            ))  # fmt: skip
            remark.changed += 1
    db.flush()
    return remark
