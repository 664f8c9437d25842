"""The transactional inbox: everything that came in is a row, once, written in the same step as its effects.

A USSD hop's row holds its reply. An SMS is a row that waits until ``workers.inbox.answer`` has answered it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, insert, null, select, update

from core import jobs
from core.hot import Hot, Statement
from gateway.tables import Inbox

ATTEMPTS = 5  # then a message is dead, and waits for a person
SAME_TEXT_MS = 4_000  # without an id of the network, the same text within four seconds and unanswered is the same message
_BACK_OFF_MS = (1_000, 10_000, 60_000, 600_000)

_INBOX = Inbox.__table__.c
_ROW = {
    "line_id": bindparam("line"), "key": bindparam("its_key"), "msisdn": bindparam("its_msisdn"), "text": bindparam("its_text"),
    "received_at": bindparam("now"), "attempts": 0, "not_before": null(),
}  # fmt: skip

_REPLY = Statement(
    select(_INBOX.reply).where(
        _INBOX.line_id == bindparam("of_line"), _INBOX.key == bindparam("of_key"), _INBOX.received_at >= bindparam("since")
    )
)
_KEEP = Statement(  # a network may use a session id again after days: the newest use counts
    insert(Inbox.__table__).values(**_ROW, said_at=null(), state="answered", reply=bindparam("its_reply")),  # type: ignore[arg-type]
    "ON CONFLICT (line_id, key) DO UPDATE SET reply = excluded.reply, received_at = excluded.received_at",
)
_BEGIN = Statement(
    insert(Inbox.__table__).values(**_ROW, said_at=null(), state="answered", reply=""),  # type: ignore[arg-type]
    "ON CONFLICT DO NOTHING",
)
_RECEIVE = Statement(
    insert(Inbox.__table__).values(**_ROW, said_at=bindparam("its_said_at"), state="waiting", reply=null()),  # type: ignore[arg-type]
    "ON CONFLICT DO NOTHING",
)
_BY_KEY = Statement(
    select(_INBOX.id, _INBOX.state, _INBOX.received_at).where(
        _INBOX.line_id == bindparam("of_line"), _INBOX.key == bindparam("of_key")
    )
)
_WAITING = Statement(
    select(_INBOX.id)
    .where(_INBOX.state == "waiting", func.coalesce(_INBOX.not_before, 0) <= bindparam("now"))
    .order_by(_INBOX.id)
    .limit(bindparam("n"))
)
_EARLIER = Statement(
    select(_INBOX.id)
    .where(
        _INBOX.state == "waiting", _INBOX.msisdn == bindparam("of_msisdn"), _INBOX.id < bindparam("before"),
        func.coalesce(_INBOX.not_before, 0) <= bindparam("now"),
    )
    .order_by(_INBOX.id)
)  # fmt: skip
_TAKE = Statement(
    select(
        _INBOX.id, _INBOX.line_id, _INBOX.msisdn, _INBOX.text, _INBOX.attempts, _INBOX.state, _INBOX.received_at, _INBOX.said_at
    )
    .where(_INBOX.id == bindparam("of_id"))
    .with_for_update()
)
_ANSWERED = Statement(
    update(Inbox.__table__)  # type: ignore[arg-type]
    .where(_INBOX.id == bindparam("of_id"), _INBOX.state == "waiting")
    .values(state="answered", reply=bindparam("its_reply"))
)
_FAILED = Statement(
    update(Inbox.__table__)  # type: ignore[arg-type]
    .where(_INBOX.id == bindparam("of_id"), _INBOX.state == "waiting")
    .values(
        state=bindparam("to_state"), attempts=_INBOX.attempts + 1, not_before=bindparam("until"), reply=bindparam("its_reply")
    )
)


@dataclass(frozen=True, slots=True)
class Message:
    """An SMS that came in. ``said_at`` is when she sent it (ms), as far as we know: ``received_at`` or before."""

    id: int
    line_id: int
    msisdn: str
    text: str
    received_at: int
    said_at: int


def receive_once(
    db: Hot, line_id: int, provider_id: str, msisdn: str, text: str, now: int, said_at: int | None = None
) -> int | None:
    """The id of the new message, and its answer asked for; None where it was taken before.

    ``now`` is when it came (ms), ``said_at`` when it was sent, where the network held it back.

    With an id of the network, that alone decides. Without one, the same text of the same number within four seconds
    is the same message, as long as we have not answered it: after our reply, the same letter is a new answer.
    """
    if provider_id:
        return _insert(db, line_id, f"sms:{_short(provider_id)}", msisdn, text, now, said_at)
    digest = _short("\0".join((msisdn, text)), longest=0)
    window = now // SAME_TEXT_MS
    for key in _keys(digest, window - 1):
        row = db.one(_BY_KEY, of_line=line_id, of_key=key)
        if row is None:
            break
        if row.state == "waiting" and now - row.received_at < SAME_TEXT_MS:
            return None
    for key in _keys(digest, window):
        found = _insert(db, line_id, key, msisdn, text, now, said_at)  # the unique key judges between twins
        if found is not None or db.one(_BY_KEY, of_line=line_id, of_key=key).state == "waiting":
            return found
    return None  # thirty times in four seconds: a machine


def receive_spooled(
    db: Hot, line_id: int, provider_id: str, msisdn: str, text: str, came: int, said_at: int | None
) -> int | None:
    """``receive_once`` for what came earlier and may be brought here twice: it is taken once, without a network's id too."""
    if provider_id:
        return receive_once(db, line_id, provider_id, msisdn, text, came, said_at)
    digest, window = _short("\0".join((msisdn, text)), longest=0), came // SAME_TEXT_MS
    earlier = db.one(_BY_KEY, of_line=line_id, of_key=_keys(digest, window - 1)[0])
    if earlier is not None and came - earlier.received_at < SAME_TEXT_MS:
        return None
    return _insert(db, line_id, _keys(digest, window)[0], msisdn, text, came, said_at)


def reply_to(db: Hot, line_id: int, key: str, since: int) -> str | None:
    """What the hop ``key`` was told, where that was after ``since``."""
    row = db.one(_REPLY, of_line=line_id, of_key=key, since=since)
    return None if row is None else str(row.reply)


def begin(db: Hot, line_id: int, key: str, msisdn: str, text: str, now: int) -> bool:
    """True for the first of twins that come at once. The other waits here for its commit, is told False, and finds its reply."""
    return db.run(_BEGIN, line=line_id, its_key=key, its_msisdn=msisdn, its_text=text, now=now) == 1


def keep(db: Hot, line_id: int, key: str, msisdn: str, text: str, reply: str, now: int) -> None:
    """Keeps the reply to a hop, for when it is sent again."""
    db.soon(_KEEP, line=line_id, its_key=key, its_msisdn=msisdn, its_text=text, now=now, its_reply=reply)


def _keys(digest: str, window: int) -> list[str]:
    return [f"text:{digest}:{window}:{n}" for n in range(30)]


def _insert(db: Hot, line_id: int, key: str, msisdn: str, text: str, now: int, said_at: int | None) -> int | None:
    row = {"line": line_id, "its_key": key, "its_msisdn": msisdn, "its_text": text, "now": now, "its_said_at": said_at}
    if not db.run(_RECEIVE, **row):
        return None
    found: int = db.one(_BY_KEY, of_line=line_id, of_key=key).id
    jobs.later(db, "workers.inbox.answer", found)
    return found


def _short(text: str, longest: int = 80) -> str:
    return text if len(text) <= longest else hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:48]


def waiting(db: Hot, now: int, n: int = 100) -> list[int]:
    """Ids of messages that wait for an answer, in the order in which they came."""
    return [row.id for row in db.all(_WAITING, now=now, n=n)]


def earlier(db: Hot, message: Message, now: int) -> list[int]:
    """Ids of messages of the same number that came before and still wait: they are answered first."""
    return [row.id for row in db.all(_EARLIER, of_msisdn=message.msisdn, before=message.id, now=now)]


def take(db: Hot, message_id: int) -> Message | None:
    """The message, locked for this step; None where it no longer waits."""
    row: Any = db.one(_TAKE, of_id=message_id)
    if row is None or row.state != "waiting":
        return None
    said_at = row.received_at if row.said_at is None else row.said_at
    return Message(row.id, row.line_id, row.msisdn, row.text, row.received_at, said_at)


def answered(db: Hot, message_id: int, reply: str) -> bool:
    """Its answer is in this step. False where somebody else was first: then undo the step."""
    return db.run(_ANSWERED, of_id=message_id, its_reply=reply) == 1


def failed(db: Hot, message_id: int, reason: str, now: int) -> bool:
    """Counts a failed try; the fifth makes the message dead. True where it is dead now."""
    row = db.one(_TAKE, of_id=message_id)
    if row is None or row.state != "waiting":
        return False
    is_dead: bool = row.attempts + 1 >= ATTEMPTS
    until = None if is_dead else now + _BACK_OFF_MS[min(row.attempts, len(_BACK_OFF_MS) - 1)]
    to_state, its_reply = ("dead", reason) if is_dead else ("waiting", None)
    db.run(_FAILED, of_id=message_id, to_state=to_state, until=until, its_reply=its_reply)
    return is_dead
