"""When a message was really sent: before we had it, where the network held it back; before our last word had left, where
that waits for the network.

A network's clock may be wrong by minutes or by a time zone, but it is wrong by the same for all. The shortest way of the
line's newest messages, from the network's stamp to us, is therefore taken for no delay at all; what is more is. A stamp
that comes again says nothing: that clock stands still, or the message is sent again. Where our own clock is set, all ways before
are of another one, and are forgotten.
"""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from datetime import UTC, datetime

from sqlalchemy import bindparam, select

from core import clock
from core.hot import Hot, Statement
from gateway.inbox import Message
from gateway.tables import Outbox

KNOWN = 20  # of a line's newest messages the way is remembered
TRUSTED = 3  # as many must have come before the clock is believed
SOONER_MS = 60_000  # less is no delay: stamps are of whole seconds, and ways differ
SET_MS = 30_000  # so far our clock does not run from the machine's steady one: it was set
LEAVES_MS = 10_000  # a reply is gone by then, unless it waits for something

_lock = threading.Lock()
_ways: dict[int, deque[tuple[int, int]]] = {}  # by line: (the stamp, how long the way was), in ms
_since: dict[int, float] = {}  # by line: how far our clock was from the steady one when its ways were measured, in ms
_NEWEST_REPLY = Statement(
    select(Outbox.state, Outbox.attempts, Outbox.created_at)
    .where(Outbox.msisdn == bindparam("of_msisdn"), Outbox.key.like("reply:%"))
    .order_by(Outbox.id.desc())
    .limit(1)
)


def said_at(line_id: int, stamp: datetime | None, received: int) -> int | None:
    """When (ms, our clock) a message was sent that came ``received`` with the network's ``stamp``; None: it was not held back."""
    if stamp is None:
        return None
    stamped = clock.to_ms(stamp)
    way = received - stamped
    ahead = received - time.monotonic() * 1000
    with _lock:
        ways = _ways.setdefault(line_id, deque(maxlen=KNOWN))
        if abs(ahead - _since.setdefault(line_id, ahead)) > SET_MS:
            ways.clear()
            _since[line_id] = ahead
        is_known = any(stamped == known for known, _way in ways)
        shortest = way if is_known or len(ways) < TRUSTED else min(known for _stamp, known in ways)
        ways.append((stamped, way))
    return received - (way - shortest) if way - shortest > SOONER_MS else None


def heard_at(db: Hot, message: Message) -> int:
    """When it was said, for the dialogue; 0 where our last reply to this number has not left yet, so that it can answer none."""
    reply = db.one(_NEWEST_REPLY, of_msisdn=message.msisdn)
    if reply is None:
        return message.said_at
    waits = reply.attempts > 0 or message.received_at - reply.created_at > LEAVES_MS
    is_gone = not (reply.state in ("expired", "cancelled") or (reply.state in ("created", "claimed", "held") and waits))
    return message.said_at if is_gone else 0


def stamp(said: str) -> datetime | None:
    """A network's stamp: a date and an hour, UTC where it says no zone; or (milli)seconds since 1970. None for all else."""
    if re.fullmatch(r"[0-9]{10}|[0-9]{13}", said):
        return datetime.fromtimestamp(int(said) / (1000 if len(said) == 13 else 1), UTC)
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        return None
    if not 2000 < found.year < 2100:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def forget() -> None:
    """Begins anew; for tests, which share a process."""
    with _lock:
        _ways.clear()
        _since.clear()
