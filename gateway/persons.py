"""A person's rights in her data (UU PDP 27/2022 art. 7 and 8): all that is held of her, and its erasure.

``RULES`` says of every table that knows a learner or a number what becomes of it; a house test looks that none is forgotten.
Counts stay: attempts and answers remain, of nobody, with what was typed in words taken out. A number that siblings share stays
theirs; of its messages only those that name her are hers. Functions take ``db`` first and never commit.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import CursorResult, Table, delete, func, select, update
from sqlalchemy.orm import Session

from core.database import Base
from core.problems import Problem, Refused
from gateway.outbox_states import RANK
from gateway.tables import Inbox, Outbox
from lessons.dialogue import state as states
from lessons.tables import Answer, Attempt, Conversation
from schools import consent
from schools.tables import Consent, Learner

KEPT, GONE, NAMELESS, NUMBER, OTHERS = "kept of nobody", "deleted", "without names", "with the number", "no learner's"
RULES = {
    "learners": NAMELESS, "consents": NAMELESS, "attempts": KEPT, "enrolments": KEPT, "lessons_read": KEPT,
    "habits": GONE, "practice_answers": GONE, "cards": GONE, "hints_shown": GONE, "certificates": GONE, "called": GONE,
    "programme_wishes": GONE, "programme_reminders": GONE,
    "conversations": NUMBER, "network_sessions": NUMBER, "inbox": NUMBER, "outbox": NUMBER, "opt_outs": NUMBER,
    "web_codes": NUMBER, "station_contacts": OTHERS,
}  # fmt: skip
SECRET = ("pin", "code_hash")
ERASED = "erased"  # the state of the last of her consents: the proof that stays
_KEY = re.compile(r"[A-Fa-f0-9 ,.;/%+-]{1,6}")  # the key of an option, a small number: nobody is known by it


def learner(db: Session, learner_id: int) -> Learner:
    """Raises Refused where there is none."""
    found = db.get(Learner, learner_id) if 0 < learner_id < 2**31 else None
    if found is None:
        raise Refused(Problem("id", _("Murid dengan id %(id)d tidak ada.", id=learner_id)))
    return found


def erased_at(db: Session, learner_id: int) -> datetime | None:
    """When she was erased; None where she was not."""
    return db.scalar(select(func.max(Consent.at)).where(Consent.learner_id == learner_id, Consent.state == ERASED))


def sharers(db: Session, of: Learner) -> int:
    """How many others have her number."""
    if not of.msisdn:
        return 0
    others = select(func.count()).select_from(Learner).where(Learner.msisdn == of.msisdn, Learner.id != of.id)
    return db.scalar(others) or 0


def erase(db: Session, learner_id: int, now: datetime, staff_id: int | None = None) -> dict[str, Any]:
    """Takes the person out of everything. Returns the proof: when, and how many rows of which table were touched.

    Raises Refused where there is no such learner. A second time finds nothing more to do, and the first proof stands.
    """
    who = learner(db, learner_id)
    others = sharers(db, who)
    touched: dict[str, int] = {}

    def count(table: str, done: Any) -> None:
        touched[table] = touched.get(table, 0) + (done.rowcount if isinstance(done, CursorResult) else done)

    for name in sorted(name for name, rule in RULES.items() if rule == GONE):
        table = Base.metadata.tables[name]
        count(name, db.execute(delete(table).where(table.c.learner_id == learner_id)))
    answers = db.scalars(select(Answer).join(Attempt, Attempt.id == Answer.attempt_id).where(Attempt.learner_id == learner_id))
    for answer in answers:
        if answer.typed and not _KEY.fullmatch(answer.typed):
            answer.typed = ""
            count("answers", 1)
    if who.msisdn:
        _of_the_number(db, who, others, now, count)
    count("consents", db.execute(update(Consent).where(Consent.learner_id == learner_id).values(guardian="")))
    if who.name is not None or who.msisdn is not None or erased_at(db, learner_id) is None:
        db.add(
            Consent(
                learner_id=learner_id, state=ERASED, guardian="", how="erasure", text_version=consent.TEXT_VERSION, at=now,
                staff_id=staff_id,
            )
        )  # fmt: skip
    who.name = who.msisdn = who.language = who.class_id = None
    count("learners", 1)
    db.flush()
    at = erased_at(db, learner_id) or now
    return {"erased": learner_id, "at": at.isoformat(timespec="seconds"), "number_shared_with": others, "rows": touched}


def _of_the_number(db: Session, who: Learner, others: int, now: datetime, count: Callable[[str, Any], None]) -> None:
    number = who.msisdn or ""
    talk = db.get(Conversation, number)
    if talk is not None:
        if others:
            talk.state = states.to_json(states.from_json(talk.state).without(who.id))
        else:
            db.delete(talk)
        count("conversations", 1)
    for row in db.scalars(select(Outbox).where(Outbox.msisdn == number, Outbox.state.not_in(("claimed", "sending")))):
        if others and not _names(row.text, who.name):
            continue
        if row.rank < RANK["sent"]:  # waiting, held, or unknown: it must not be sent again
            row.state, row.rank, row.reason, row.settled_at = "cancelled", RANK["cancelled"], ERASED, now
            count("cancelled", 1)
        row.text = ""
        row.msisdn = row.msisdn if others else ""
        count("outbox", 1)
    for message in db.scalars(select(Inbox).where(Inbox.msisdn == number)):
        if others and not _names(f"{message.text} {message.reply or ''}", who.name):
            continue
        message.text, message.reply = "", "" if message.reply else message.reply
        message.state = "answered" if message.state in ("waiting", "dead") else message.state
        message.msisdn = message.msisdn if others else ""
        count("inbox", 1)
    if not others:
        for name in ("network_sessions", "opt_outs", "web_codes"):
            table = Base.metadata.tables[name]
            count(name, db.execute(delete(table).where(table.c.msisdn == number)))


def _names(text: str, name: str | None) -> bool:
    """Whether a text says her name, or the first word of it."""
    words = [word for word in (name or "").split() if len(word) > 1]
    return any(re.search(rf"\b{re.escape(word)}\b", text, re.I) for word in ([*words[:1], name] if words and name else []))


def on_their_way(db: Session, number: str) -> int:
    """Messages that a sender holds just now: they cannot be called back, and are erased when asked again."""
    rows = select(func.count()).select_from(Outbox).where(Outbox.msisdn == number, Outbox.state.in_(("claimed", "sending")))
    return db.scalar(rows) or 0


def tables_of_persons() -> dict[str, Table]:
    """Every table that knows a learner or a number: what RULES must name."""
    found = {}
    for table in Base.metadata.sorted_tables:
        refers = any(key.column.table.name == "learners" for key in table.foreign_keys)
        if refers or table.name == "learners" or {"learner_id", "msisdn"} & set(table.c.keys()):
            found[table.name] = table
    return found


def rows_of(db: Session, table: Table, who: Learner, others: int) -> list[dict[str, Any]]:
    """What a table holds of her, as JSON can say it; of a shared number only what names her."""
    if "learner_id" in table.c:
        where = table.c.learner_id == who.id
    elif table.name == "learners":
        where = table.c.id == who.id
    else:
        where = table.c.msisdn == (who.msisdn or "-")
    rows = [dict(row._mapping) for row in db.execute(select(table).where(where))]
    if table.name == "conversations":
        place = [states.from_json(row["state"]).places.get(str(who.id)) for row in rows]
        return [{"place": each.scene, "facts": each.facts} for each in place if each is not None]
    if RULES.get(table.name) == NUMBER and others:
        rows = [row for row in rows if _names(f"{row.get('text', '')} {row.get('reply') or ''}", who.name)]
    return [{name: _told(name, value) for name, value in row.items()} for row in rows]


def _told(name: str, value: Any) -> Any:
    """A cell as JSON can say it; of a secret only that there is one, because two digits are soon found for their hash."""
    if name in SECRET and value is not None:
        return True
    return value.isoformat() if isinstance(value, datetime) else value
