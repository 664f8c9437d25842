"""The results of a quiz as CSV and as XLSX, one row for each answer of every attempt.

``answer`` is what was typed, from a printed sheet in the letters of the quiz itself: variant B has others at the same answer.
What a teacher downloads says besides what was meant (``answer_text``) and what stands on the paper (``sheet``: "B3 C").

Cells that a spreadsheet would run are guarded as ``core.sheets.safe`` says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock, sheets
from core.sheets import plain, safe
from lessons import reports
from lessons.course import Item, Quiz, say
from lessons.dialogue.sheets import on_sheet
from lessons.kinds import kinds
from lessons.readings import reading
from lessons.tables import Answer, Attempt
from schools.tables import Class, Learner, School

__all__ = ["COLUMNS", "plain", "rows", "safe", "write", "write_xlsx"]
COLUMNS = (
    "attempt", "learner_id", "learner", "msisdn", "class", "quiz_id", "item_id", "prompt", "answer", "mark", "score", "medium",
    "answered_at",
)  # fmt: skip


MORE = ("answer_text", "sheet")


def rows(db: Session, quiz_id: int, school_id: int | None = None, *, more: bool = False) -> Iterator[tuple[str, ...]]:
    """The cells of COLUMNS (with ``more`` of MORE too) for each answer, in the order given. ``learner`` is "" without consent;
    ``answered_at`` is RFC 3339 with the offset of the learner's school (UTC for one without a school). ``school_id`` None: every
    school's learners.
    """
    editions = reports.editions(db, quiz_id)
    prompts = {(id_, item.id): say(item.prompt, "id") for id_, quiz in editions.items() for item in quiz.items}
    query = (
        select(
            Attempt.id, Attempt.edition_id, Learner.id.label("learner"), Learner.name, Learner.msisdn,
            Class.name.label("class_name"), School.time_zone, reports.newest_consent().label("consent"), Answer,
        )
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .join(Learner, Learner.id == Attempt.learner_id)
        .outerjoin(Class, Class.id == Learner.class_id)
        .outerjoin(School, School.id == Learner.school_id)
        .where(Attempt.quiz_id == quiz_id)
        .order_by(Answer.answered_at, Answer.id)
        .execution_options(yield_per=500)
    )  # fmt: skip
    if school_id is not None:
        query = query.where(Learner.school_id == school_id)
    asked = {(id_, item.id): item for id_, quiz in editions.items() for item in quiz.items} if more else {}
    for row in db.execute(query):
        answer: Answer = row.Answer
        at = answer.answered_at.astimezone(clock.zone(row.time_zone or "UTC"))
        yield (
            str(row.id), str(row.learner), (row.name or "") if row.consent == "given" else "", row.msisdn or "",
            row.class_name or "", str(quiz_id), answer.item_id, prompts.get((row.edition_id, answer.item_id), ""), answer.typed,
            answer.mark, str(answer.score), answer.medium, at.isoformat(timespec="seconds"),
            *(_plainly(editions.get(row.edition_id), asked.get((row.edition_id, answer.item_id)), answer) if more else ()),
        )  # fmt: skip


def _plainly(quiz: Quiz | None, item: Item | None, answer: Answer) -> tuple[str, str]:
    """What was meant, and where and how it stands on the paper that it was sent from; "" for what was not."""
    if quiz is None or item is None or item.kind not in kinds():
        return answer.typed, ""
    return reading(item, answer.typed).shown if answer.typed else "", on_sheet(quiz, item.id, answer.sheet, answer.typed)


def write(found: Iterable[tuple[str, ...]], *, excel: bool = False, more: bool = False) -> str:
    """CSV with a head: comma, or with ``excel`` semicolon and a byte order mark, as an Indonesian Excel opens it."""
    return sheets.write_csv((*COLUMNS, *MORE) if more else COLUMNS, found, excel=excel)


def write_xlsx(found: Iterable[tuple[str, ...]], title: str = "", *, more: bool = False) -> bytes:
    """The same as a sheet: ids and scores are numbers, all else is text, and no cell is a formula."""
    places = {at for at, name in enumerate(COLUMNS) if name in ("attempt", "learner_id", "quiz_id", "score")}
    rows = ([int(cell) if at in places else cell for at, cell in enumerate(row)] for row in found)
    return sheets.write_xlsx((*COLUMNS, *MORE) if more else COLUMNS, rows, title)
