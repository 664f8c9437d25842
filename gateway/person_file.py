"""All that is held of a learner, as one JSON document that she, her guardian or another system can read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway import persons
from lessons import reports
from lessons.course import FIRST, say
from lessons.tables import Answer, Attempt
from schools.tables import Class, School

FORMAT, VERSION = "kentongan-learner", 1


def write(db: Session, learner_id: int, now: datetime) -> dict[str, Any]:
    """``held`` has every row of every table that knows her; ``attempts`` says the same of her answers in words.

    Raises Refused where there is no such learner.
    """
    who = persons.learner(db, learner_id)
    others = persons.sharers(db, who)
    school = db.get(School, who.school_id) if who.school_id else None
    room = db.get(Class, who.class_id) if who.class_id else None
    told: dict[str, Any] = {
        "format": FORMAT, "version": VERSION, "written_at": now.isoformat(timespec="seconds"),
        "id": who.id, "name": who.name, "msisdn": who.msisdn, "language": who.language,
        "school": {"npsn": school.npsn, "name": school.name} if school else None, "class": room.name if room else None,
        "attempts": _attempts(db, who.id),
        "held": {
            name: persons.rows_of(db, table, who, others)
            for name, table in persons.tables_of_persons().items()
            if persons.RULES.get(name) != persons.OTHERS
        },
    }  # fmt: skip
    if others:
        told["number_shared_with"] = others
        told["note"] = _("Nomor ini dipakai bersama: dari pesannya hanya yang menyebut namanya yang ada di sini.")
    return told


def _attempts(db: Session, learner_id: int) -> list[dict[str, Any]]:
    found = []
    editions: dict[int, Any] = {}
    for attempt in db.scalars(select(Attempt).where(Attempt.learner_id == learner_id).order_by(Attempt.started_at, Attempt.id)):
        if attempt.edition_id not in editions:
            editions |= reports.editions(db, attempt.quiz_id)
        quiz = editions.get(attempt.edition_id)
        prompts = {item.id: say(item.prompt, FIRST) for item in quiz.items} if quiz else {}
        answers = db.scalars(select(Answer).where(Answer.attempt_id == attempt.id).order_by(Answer.answered_at, Answer.id))
        found.append(
            {
                "quiz": attempt.quiz_id, "title": say(quiz.title, FIRST) if quiz else "", "number": attempt.number,
                "started_at": _time(attempt.started_at), "finished_at": _time(attempt.finished_at),
                "answers": [
                    {
                        "prompt": prompts.get(answer.item_id, ""), "typed": answer.typed, "mark": answer.mark,
                        "score": answer.score, "medium": answer.medium, "answered_at": _time(answer.answered_at),
                    }
                    for answer in answers
                ],
            }
        )  # fmt: skip
    return found


def _time(instant: datetime | None) -> str | None:
    return instant.isoformat(timespec="seconds") if instant else None
