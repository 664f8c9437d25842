"""The results of a quiz as CSV, one row for each answer of every attempt.

A spreadsheet runs a cell that begins like a formula (``=1+1``, ``@SUM(…)``), also behind blanks, in full width, or behind a
separator of another country's CSV (``x;=1+1``). Before each such beginning stands an apostrophe here; ``plain`` takes it away
again, and what began with apostrophes before comes back unharmed. What can only be a number is left as it is: ``-3`` and
``+62812…`` carry no command, and the programs that read ``msisdn`` expect E.164.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from lessons import reports
from lessons.course import say
from lessons.tables import Answer, Attempt
from schools.tables import Class, Learner, School

COLUMNS = (
    "attempt", "learner_id", "learner", "msisdn", "class", "quiz_id", "item_id", "prompt", "answer", "mark", "score", "medium",
    "answered_at",
)  # fmt: skip
_STARTS = r"=+\-@＝＋－＠\t\r\0"
# A beginning: of the cell, or behind what some spreadsheet takes for the end of a cell or a line. There "5, -3 dan 2" is text.
_BEGINNING = rf"((?:'|\s|\")*)(?=[{_STARTS}])"
_TEXT = r"(?![ ]*[+-][0-9][\w .?%°]*(?:[,;\n]|$))"
_COMMAND = re.compile(rf"(^|[,;|\t\r\n]{_TEXT}){_BEGINNING}")
_GUARDED = re.compile(rf"(^|[,;|\t\r\n])'{_BEGINNING}")
_NUMBER = re.compile(r"[+-][0-9][0-9., ]*")


def safe(cell: str) -> str:
    """``cell`` without anything that a spreadsheet would run."""
    return cell if _NUMBER.fullmatch(cell) else _COMMAND.sub(r"\1'\2", cell)


def plain(cell: str) -> str:
    """What ``safe`` was given."""
    return _GUARDED.sub(r"\1\2", cell)


def rows(db: Session, quiz_id: int, school_id: int | None = None) -> Iterator[tuple[str, ...]]:
    """The cells of COLUMNS for each answer, in the order given. ``learner`` is "" without consent; ``answered_at`` is RFC 3339
    with the offset of the learner's school (UTC for one without a school). ``school_id`` None: every school's learners.
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
    for row in db.execute(query):
        answer: Answer = row.Answer
        at = answer.answered_at.astimezone(clock.zone(row.time_zone or "UTC"))
        yield (
            str(row.id), str(row.learner), (row.name or "") if row.consent == "given" else "", row.msisdn or "",
            row.class_name or "", str(quiz_id), answer.item_id, prompts.get((row.edition_id, answer.item_id), ""), answer.typed,
            answer.mark, str(answer.score), answer.medium, at.isoformat(timespec="seconds"),
        )  # fmt: skip


def write(found: Iterable[tuple[str, ...]], *, excel: bool = False) -> str:
    """CSV with a head: comma, or with ``excel`` semicolon and a byte order mark, as an Indonesian Excel opens it."""
    out = io.StringIO(newline="")
    if excel:
        out.write("\ufeff")
    delimiter = ";" if excel else ","
    writer: Any = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    out.write(delimiter.join(COLUMNS) + "\r\n")  # bare: some readers compare the head as a line
    writer.writerows([safe(cell) for cell in row] for row in found)
    return out.getvalue()
