"""The shell round the engine: load the state, take a turn, write down what happened, save. One transaction, not begun here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, insert, select, update

from core import clock
from core.hot import Hot, Statement
from lessons import records
from lessons.dialogue import state as states
from lessons.dialogue.asking import is_asking as is_open
from lessons.dialogue.engine import take_turn
from lessons.dialogue.state import State
from lessons.dialogue.turn import Budget, Heard, Prompt
from lessons.library import Library
from lessons.tables import Conversation
from lessons.world import LearnersWorld, expect_people, people_of

ASK_AGAIN_AFTER = timedelta(minutes=30)  # a phone that several share has changed hands by then

_LOOK = select(Conversation.state, Conversation.updated_at).where(Conversation.msisdn == bindparam("msisdn"))
_READ = Statement(_LOOK)
_LOAD = Statement(_LOOK.with_for_update())
_BEGIN = Statement(
    insert(Conversation.__table__).values(msisdn=bindparam("msisdn"), state="", updated_at=bindparam("now")),  # type: ignore[arg-type]
    "ON CONFLICT DO NOTHING",
)
_SAVE = Statement(
    update(Conversation.__table__)  # type: ignore[arg-type]
    .where(Conversation.msisdn == bindparam("of"))
    .values(state=bindparam("to"), updated_at=bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class Reply:
    """``text`` fits the budget. ``ends``: nothing more is wanted, the session may be closed."""

    text: str
    prompt: Prompt
    ends: bool


def converse(db: Hot, library: Library, msisdn: str, heard: Heard, budget: Budget, now: datetime, *, course: str = "") -> Reply:
    """Answers what the owner of ``msisdn`` did. Turns of one number follow one another: its row is locked first.

    ``course`` is the code of the line's own course, which its callers find first.
    """
    at = clock.to_ms(now)
    row = db.one(_LOAD, msisdn=msisdn)
    if row is None:
        db.soon(_BEGIN, msisdn=msisdn, now=at)
        row = db.one(_LOAD, msisdn=msisdn)
    state = states.from_json(row.state)
    people = people_of(db, msisdn, at)
    if (
        heard.kind == "said"
        and len(people) > 1
        and budget.medium == "sms"
        and at - row.updated_at > ASK_AGAIN_AFTER / timedelta(milliseconds=1)
    ):
        heard = Heard("arrived", heard.text)
    turn = take_turn(state, heard, LearnersWorld(db, library, people, now, course, row.updated_at), budget)
    added = records.write(db, turn.happenings, at, msisdn)
    saved = turn.state if added is None else turn.state.renamed(added)
    db.soon(_SAVE, of=msisdn, to=states.to_json(saved), now=at)
    return Reply(budget.draw(turn.prompt), turn.prompt, turn.prompt.wants == "nothing")


def expect(db: Hot, msisdn: str) -> None:
    """``converse`` will be called, after what is read next: PostgreSQL reads for it in the same trip."""
    db.ahead(_LOAD, msisdn=msisdn)
    expect_people(db, msisdn)


def is_asking(db: Hot, msisdn: str) -> bool:
    """True while an item waits for this number's answer: then END, QUIT or YES may be that answer."""
    row = db.one(_READ, msisdn=msisdn)
    state: State = states.from_json(row.state if row else None)
    return is_open(state.place)
