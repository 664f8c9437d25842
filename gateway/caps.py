"""When a reply is one too many: two machines that answer one another, or a phone that never stops."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from core import clock, gsm7
from core.hot import Hot, Statement
from gateway.tables import Inbox, Outbox

LOOP, MOST_OF_THEM = 5, 4  # of the newest five replies four were to the very same message: a machine sends it, and answers us
SENTENCE = 20  # characters: nobody answers one question after another with the same sentence, as many do with "A"
IN_A_ROW = 10  # the very same reply within TEN_MINUTES: whoever is there does not read it. Ten answers in a row must pass
SAME_AN_HOUR = 20
ANY_AN_HOUR = 200  # a quiz of ten questions costs eleven
TEN_MINUTES = timedelta(minutes=10)
HOUR = timedelta(hours=1)

_NEWEST = Statement(
    select(Outbox.text, Outbox.created_at, Outbox.key)
    .where(Outbox.msisdn == bindparam("of_msisdn"))
    .order_by(Outbox.id.desc())
    .limit(ANY_AN_HOUR)
)
_SAID = Statement(select(Inbox.id, Inbox.text).where(Inbox.id.in_([bindparam(f"id{n}") for n in range(LOOP)])))


def exceeded(db: Hot, msisdn: str, text: str, now: datetime, said: str = "") -> str:
    """Which cap another ``text`` to this number, in reply to ``said``, would exceed, in words for the log; "" where it may go."""
    text = gsm7.rewrite(text)
    rows = [row for row in db.all(_NEWEST, of_msisdn=msisdn) if row.created_at > clock.to_ms(now - HOUR)]
    newest = [row for row in rows[:IN_A_ROW] if row.created_at > clock.to_ms(now - TEN_MINUTES)]
    if _is_machine(db, newest[:LOOP], text, said):
        return "a machine answers"
    if [row.text for row in newest] == [text] * IN_A_ROW:
        return "the same in a row"
    if sum(row.text == text for row in rows) >= SAME_AN_HOUR:
        return "the same within an hour"
    return "messages within an hour" if len(rows) >= ANY_AN_HOUR else ""


def _is_machine(db: Hot, newest: Sequence[Any], text: str, said: str) -> bool:
    """Whether ``said`` comes from one: it sends our own words back, or the same sentence again and again."""
    if len(newest) < 2 or " " not in said.strip():  # a single word is an answer
        return False
    ids = [int(row.key.removeprefix("reply:")) if re.fullmatch("reply:[0-9]+", row.key) else 0 for row in newest]
    texts = {
        row.id: row.text for row in db.all(_SAID, **{f"id{n}": its_id for n, its_id in enumerate([*ids, *[0] * LOOP][:LOOP])})
    }
    before = [texts.get(its_id, "") for its_id in ids]
    if _repeats(newest[0].text, said) and _repeats(newest[1].text, before[0]):
        return True
    is_same = len(said) > SENTENCE or sum(row.text == text for row in newest) >= MOST_OF_THEM
    return is_same and len(newest) == LOOP and sum(_bare(each) == _bare(said) for each in before) >= MOST_OF_THEM


def _repeats(ours: str, said: str) -> bool:
    return len(ours) > SENTENCE and " ".join(ours.split()) in " ".join(gsm7.rewrite(said).split())


def _bare(said: str) -> str:
    """Without hours and numbers, in which a machine's sentence may differ."""
    return re.sub(r"[0-9]+", "#", said) if len(said) > SENTENCE else said
