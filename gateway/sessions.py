"""What a USSD hop adds to its session, and the reply that a hop sent again is given.

Networks differ. Most send all that was typed so far, joined by ``*`` ("", "1", "1*2"), so the input is what was added since
the last hop, and may itself hold ``*``. Some send the last input alone ("", "1", "2"): such a one shows when a text does
not continue the one before. Any of them may send a hop again, minutes later or at the same instant as its twin.

The rules, in order, for a session that is known and whose network is not known to send the last input alone:
  1. the text continues the newest one: its input is the rest;
  2. the very text was answered before: that reply again;
  3. it came before the newest reply had left (a second key pressed at once), or the network has shown that it appends, so
     the text belongs to no hop we know: the newest reply again, and nothing is answered by it;
  4. else the network sends the last input alone: the whole text is the input.
Where that is known, from this session or from ``options.appends`` of the line, every text is a new input, "1" after "1" too,
but for one that came before the newest reply had left: it is a twin and cannot answer what nobody has read. (A minute before,
and it is no twin: our clock was set back.)
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, null, select, update

from core.hot import Hot, Statement
from gateway import inbox
from gateway.tables import NetworkSession
from lessons.dialogue.turn import Heard

SAME_HOP_MS = 48 * 3_600_000  # a hop sent again within two days is the same hop; later, networks reuse their session ids

TWIN_MS = 60_000  # no twin waits that long for its answer

_SESSION = NetworkSession.__table__.c
_THIS = (
    _SESSION.line_id == bindparam("of_line"),
    _SESSION.network_id == bindparam("of_session"),
    _SESSION.msisdn == bindparam("of_msisdn"),
)
_LOAD = Statement(
    select(_SESSION.typed, _SESSION.hops, _SESSION.appends, _SESSION.reply, _SESSION.updated_at, _SESSION.ended_at)
    .where(*_THIS)
    .with_for_update()
)
_BEGIN = Statement(
    insert(NetworkSession.__table__).values(  # type: ignore[arg-type]
        line_id=bindparam("of_line"), network_id=bindparam("of_session"), msisdn=bindparam("of_msisdn"),
        typed="", hops=0, appends=null(), reply="", begun_at=bindparam("now"), updated_at=0, ended_at=null(),
    ),
    "ON CONFLICT DO NOTHING",
)  # fmt: skip
_STEP = Statement(
    update(NetworkSession.__table__)  # type: ignore[arg-type]
    .where(*_THIS)
    .values(
        typed=bindparam("to_typed"), hops=bindparam("to_hops"), appends=bindparam("to_appends"),
        reply=bindparam("to_reply"), updated_at=bindparam("now"), ended_at=bindparam("to_ended"),
    )
)  # fmt: skip
_END = Statement(update(NetworkSession.__table__).where(*_THIS, _SESSION.ended_at.is_(None)).values(ended_at=bindparam("now")))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Hop:
    """A hop of line, network session and number. ``appends`` is what is known of the network, None where nothing is.

    ``arrived`` is when the request came, in ms.
    """

    line_id: int
    session: str
    msisdn: str
    text: str
    arrived: int
    appends: bool | None = None


def step(db: Hot, hop: Hop, talk: Callable[[Heard], tuple[str, bool]], now: Callable[[], int]) -> str:
    """The reply to the hop, "CON …" or "END …": ``talk``'s (text, ends) for a new hop, the stored one for a known hop.

    ``now`` is read once, after the session's row is locked: what arrived before that cannot answer this reply.
    """
    mine = _mine(hop)
    row = db.one(_LOAD, **mine)
    if row is None:
        db.soon(_BEGIN, **mine, now=hop.arrived)  # where its twin did so first we wait here, and then find the twin's reply
        row = db.one(_LOAD, **mine)
    at = now()
    if row.hops == 0 or at - row.updated_at > SAME_HOP_MS:
        heard, appends, hops = Heard("arrived", hop.text), hop.appends, 1
    else:
        appends, added = judge(row, hop)
        if added is None and appends is not False:
            again = inbox.reply_to(db, hop.line_id, _key(hop), at - SAME_HOP_MS)
            if again is not None:
                return again
            if appends or _is_twin(row, hop) or hop.text == row.typed:
                _keep(db, hop, _key(hop), row.reply, at)
                return str(row.reply)
            appends, added = False, hop.text
        if added is None:
            return str(row.reply)
        # a session that was over and goes on: nothing is answered blindly
        heard, hops = Heard("said", added) if row.ended_at is None else Heard("arrived"), row.hops + 1
    text, ends = talk(heard)
    reply = f"{'END' if ends else 'CON'} {text}"
    _keep(db, hop, _key(hop, hops if appends is False else 0), reply, at)
    db.soon(
        _STEP, **mine, to_typed=hop.text, to_hops=hops, to_appends=appends, to_reply=reply, now=at, to_ended=at if ends else None
    )  # fmt: skip
    return reply


def end(db: Hot, hop: Hop, now: int) -> None:
    """The network says that the session is over. Her place is in her conversation, so nothing is lost."""
    db.run(_END, **_mine(hop), now=now)


def judge(row: Any, hop: Hop) -> tuple[bool | None, str | None]:
    """(does this network append: None while nobody can know; what the hop adds: None where it is no new input)."""
    appends = hop.appends
    if appends is None and row.appends is not None:
        appends = bool(row.appends)
    added = _added(str(row.typed), hop.text)
    if added is not None and row.typed != "" and hop.appends is not False:
        return True, added
    if appends is False:
        return False, None if _is_twin(row, hop) else hop.text
    return appends, added


def _is_twin(row: Any, hop: Hop) -> bool:
    return bool(row.updated_at - TWIN_MS < hop.arrived < row.updated_at)


def _mine(hop: Hop) -> dict[str, Any]:
    network_id = hop.session if len(hop.session) <= 80 else hashlib.sha256(hop.session.encode()).hexdigest()
    return {"of_line": hop.line_id, "of_session": network_id, "of_msisdn": hop.msisdn}


def _added(typed: str, text: str) -> str | None:
    """What ``text`` adds to ``typed``; None where it does not continue it. ``*`` alone is an empty input."""
    if text == typed:
        return None
    if typed == "":
        return text
    return text[len(typed) + 1 :] if text.startswith(typed + "*") else None


def _key(hop: Hop, number: int = 0) -> str:
    """The inbox key of a hop; ``number`` is its place in the session, where the text alone cannot tell hops apart."""
    parts = "\0".join((hop.session, hop.msisdn, hop.text, str(number) if number else ""))
    return f"ussd:{hashlib.sha256(parts.encode('utf-8', 'replace')).hexdigest()[:48]}"


def _keep(db: Hot, hop: Hop, key: str, reply: str, at: int) -> None:
    inbox.keep(db, hop.line_id, key, hop.msisdn, hop.text, reply, at)
