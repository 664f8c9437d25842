"""Messages that nobody waits for, asked for beforehand: one at a time, by day, within the budget, or not at all."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, insert, null, select

from core import clock, gsm7, jobs
from core.hot import Hot, Statement
from gateway import quiet
from gateway.lines import prefix_price
from gateway.tables import Line, Outbox

_OUTBOX = Outbox.__table__.c
_POST = Statement(
    insert(Outbox.__table__).values(  # type: ignore[arg-type]
        key=bindparam("its_key"), line_id=bindparam("line"), msisdn=bindparam("its_msisdn"), text=bindparam("its_text"),
        segments=bindparam("its_segments"), state="created", rank=0, reason="", attempts=0, fence=0, lease_until=null(),
        not_before=bindparam("now"), expires_at=bindparam("until"), provider_id=null(), cost="", created_at=bindparam("now"),
        settled_at=null(), urgency=1, price=bindparam("its_price"), school_id=bindparam("school"), paid="no", paid_on=null(),
        quiet_at=bindparam("evening"), moved_from=null(),
    ),
    "ON CONFLICT DO NOTHING",
)  # fmt: skip
_ID_OF = Statement(select(_OUTBOX.id).where(_OUTBOX.key == bindparam("of_key")))
_SINCE = Statement(  # found by the number: how a database sorts keys, and so whether it can find them, depends on its locale
    select(func.count().label("n")).where(
        _OUTBOX.msisdn == bindparam("of_msisdn"),
        _OUTBOX.key.like(bindparam("like_key")),
        _OUTBOX.created_at >= bindparam("since"),
    )
)
_LINE_OF = Statement(
    select(_OUTBOX.line_id)
    .where(_OUTBOX.msisdn == bindparam("of_msisdn"), _OUTBOX.key.like("reply:%"))
    .order_by(_OUTBOX.id.desc())
    .limit(1)
)


def line_of(db: Hot, msisdn: str) -> int | None:
    """The line over which this number was answered last."""
    row = db.one(_LINE_OF, of_msisdn=msisdn)
    return row.line_id if row else None


def count(db: Hot, kind: str, of: int, msisdn: str, since: datetime) -> int:
    """How many pushes of that kind to ``of`` were posted to this number since then."""
    found: int = db.one(_SINCE, of_msisdn=msisdn, like_key=f"{kind}:{of}:%", since=clock.to_ms(since)).n
    return found


def post(
    db: Hot, *, kind: str, of: int, on: int, line: Line, msisdn: str, text: str, now: datetime, life: timedelta, zone: str,
    school_id: int | None,
) -> int | None:  # fmt: skip
    """The id of the push to ``of`` for day ``on``; None where it was posted before, or where it is night in ``zone``.

    It expires ``life`` from now, and before the quiet hours begin: late is never.
    """
    evening = quiet.evening(now, zone)
    if quiet.ends_at(clock.to_ms(now), clock.to_ms(evening)) is not None:
        return None
    text = gsm7.rewrite(text)
    segments, key = gsm7.size(text).segments, f"{kind}:{of}:{on}"
    posted = db.run(
        _POST, its_key=key, line=line.id, its_msisdn=msisdn, its_text=text, its_segments=segments, now=clock.to_ms(now),
        until=clock.to_ms(min(now + life, evening)), its_price=segments * prefix_price(line.prices or {}, msisdn),
        school=school_id, evening=clock.to_ms(evening),
    )  # fmt: skip
    if not posted:
        return None
    found: int = db.one(_ID_OF, of_key=key).id
    jobs.later(db, "workers.outbox.deliver", found)
    return found
