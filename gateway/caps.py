"""When a reply is one too many: two machines that answer one another, or a phone that never stops."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from core import clock, gsm7
from core.hot import Hot, Statement
from gateway.tables import Outbox

IN_A_ROW = 10  # the very same reply within TEN_MINUTES: whoever is there does not read it. Ten answers in a row must pass
SAME_AN_HOUR = 20
ANY_AN_HOUR = 200  # a quiz of ten questions costs eleven
TEN_MINUTES = timedelta(minutes=10)
HOUR = timedelta(hours=1)

_NEWEST = Statement(
    select(Outbox.text, Outbox.created_at)
    .where(Outbox.msisdn == bindparam("of_msisdn"))
    .order_by(Outbox.id.desc())
    .limit(ANY_AN_HOUR)
)


def exceeded(db: Hot, msisdn: str, text: str, now: datetime) -> str:
    """Which cap another ``text`` to this number would exceed, in words for the log; "" where it may go."""
    text = gsm7.rewrite(text)
    rows = [row for row in db.all(_NEWEST, of_msisdn=msisdn) if row.created_at > clock.to_ms(now - HOUR)]
    newest = [row.text for row in rows[:IN_A_ROW] if row.created_at > clock.to_ms(now - TEN_MINUTES)]
    if newest == [text] * IN_A_ROW:
        return "the same in a row"
    if sum(row.text == text for row in rows) >= SAME_AN_HOUR:
        return "the same within an hour"
    return "messages within an hour" if len(rows) >= ANY_AN_HOUR else ""
