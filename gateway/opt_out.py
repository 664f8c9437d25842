"""STOP and START in the words that people use, and who has said which. It holds on every line until START."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, exists, insert, null, select, update

from core import clock
from core.hot import Hot, Statement
from gateway.tables import OptOut

# STOP and its like always act; the others may be answers, and act only while no question is open.
STOP = frozenset("STOP STOPALL STOPSEMUA BERHENTI HENTI HENTIKAN UNREG UNSUB UNSUBSCRIBE OPTOUT REVOKE OFF".split())  # noqa: SIM905
MAYBE_STOP = {"END", "QUIT", "CANCEL", "BATAL", "KELUAR", "REMOVE", "ARRET", "TD"}
START = {"START", "MULAI", "UNSTOP", "REG", "ON", "RESUME"}
MAYBE_START = {"YES", "Y", "YA"}
# With these beside it, STOP is still all that was said.
_FILLERS = frozenset(
    "SMS PESAN SEMUA ALL SAJA AJA DONG YA IYA TOLONG MOHON PLEASE PLS TERIMA KASIH TERIMAKASIH MAKASIH TRIMS THANKS THANK "  # noqa: SIM905
    "YOU KAK PAK BU BANG MIN ADMIN NOW SEKARANG LAGI JANGAN KIRIM MESSAGES MESSAGE SENDING MENGIRIM LANGGANAN "
    "BERLANGGANAN".split()
)
_FIRM = {"STOP", "STOPALL", "UNREG", "UNSUB", "UNSUBSCRIBE"}  # nobody answers a question with a sentence that begins so
_CODE = re.compile(r"[A-Z][A-Z0-9-]{0,18}[0-9][A-Z0-9-]*|[0-9]{2,12}")
_ACK = "opt-out:"  # the key of an acknowledgement: the one message that may follow STOP


@dataclass(frozen=True, slots=True)
class Wish:
    """``kind``: stop, start, or leave (one course: ``code``). ``may_be_answer``: it counts only while no question is open."""

    kind: str
    code: str = ""
    may_be_answer: bool = False


def read(text: str) -> Wish | None:
    """What a message wishes; None where it is an ordinary one.

    "STOP", " stop. ", "Stop. Terima kasih", "STOP SMS", "stop all", "opt-out", "UNREG" stop everything; "UNREG IPA5" and
    "STOP 12345" mean one course; "berhenti sejenak" may be an answer.
    """
    words = re.findall(r"[^\W_]+(?:-[^\W_]+)*", text.upper())
    if not words or len(words) > 12:
        return None
    first, rest = words[0].replace("-", ""), words[1:]
    if first == "OPT" and rest[:1] == ["OUT"]:
        first, rest = "OPTOUT", rest[1:]
    if first in START or first in MAYBE_START:
        return Wish("start", may_be_answer=first in MAYBE_START) if set(rest) <= _FILLERS else None
    if first not in STOP and first not in MAYBE_STOP:
        return None
    if set(rest) <= _FILLERS:
        return Wish("stop", may_be_answer=first in MAYBE_STOP)
    if first in _FIRM and len(rest) == 1 and (first == "UNREG" or _CODE.fullmatch(rest[0])):
        return Wish("leave", rest[0])
    if first in STOP:
        return Wish("stop", may_be_answer=first not in _FIRM)
    return None


def ack_key(inbox_id: int) -> str:
    """The outbox key of an acknowledgement of the message ``inbox_id``."""
    return f"{_ACK}{inbox_id}"


def acknowledges(key: str) -> bool:
    return key.startswith(_ACK)


_T = OptOut.__table__
_C = _T.c
_OPEN = Statement(select(_C.id).where(_C.msisdn == bindparam("of_msisdn"), _C.ended_at.is_(None)))
# By another name: in a RETURNING, SQLAlchemy names SQLite's columns without their tables, and "msisdn = msisdn" is everybody.
_OUT = select(_C.msisdn.label("stopped")).where(_C.ended_at.is_(None)).subquery()
_STOP = Statement(
    insert(_T).values(  # type: ignore[arg-type]
        msisdn=bindparam("its_msisdn"), said=bindparam("its_said"), at=bindparam("now"), ended_at=null()
    )
)
_START = Statement(
    update(_T).where(_C.msisdn == bindparam("of_msisdn"), _C.ended_at.is_(None)).values(ended_at=bindparam("now"))  # type: ignore[arg-type]
)


def has_stopped(msisdn: ColumnElement[str]) -> ColumnElement[bool]:
    """``is_out`` for the number in a column of another table."""
    return exists().where(_OUT.c.stopped == msisdn).correlate_except(_OUT)


def is_out(db: Hot, msisdn: str) -> bool:
    """True while this number wants no messages."""
    return db.one(_OPEN, of_msisdn=msisdn) is not None


def stop(db: Hot, msisdn: str, said: str, now: datetime) -> bool:
    """Writes it down; False where the number had said so before, which needs no second acknowledgement."""
    if is_out(db, msisdn):
        return False
    db.run(_STOP, its_msisdn=msisdn, its_said=said[:80], now=clock.to_ms(now))
    return True


def start(db: Hot, msisdn: str, now: datetime) -> bool:
    """Ends the opt-out, which stays on record; False where there was none."""
    return db.run(_START, of_msisdn=msisdn, now=clock.to_ms(now)) > 0
