"""What a guardian has agreed to (UU PDP 27/2022 art. 24 and 25: consent for a child, provable, as easy to take back).

A learner is **unknown** (minimal service: no name, no message she has not asked for), **given**, or **withdrawn**.
Nothing is overwritten: each statement is a row, and the newest one counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.problems import Problem, Refused
from schools.people import read_name
from schools.tables import Consent

UNKNOWN, GIVEN, WITHDRAWN = "unknown", "given", "withdrawn"
WAYS = ("paper", "sms", "call")
TEXT_VERSION = "2026-11"  # of the text below: whoever changes a word gives it a new version


def text() -> str:
    """What the guardian agrees to, as it is read to her or printed."""
    return _(
        "Saya wali murid ini. Saya setuju namanya, kelasnya, nomor telepon ini, dan jawaban kuisnya disimpan oleh sekolah "
        "untuk belajar lewat telepon, dan sekolah boleh mengirim SMS belajar ke nomor ini. Data tidak dijual dan tidak "
        "dipakai untuk hal lain. Saya boleh menarik persetujuan ini kapan saja, tanpa alasan."
    )


def history(db: Session, learner_id: int) -> list[Consent]:
    """Every statement on a learner, the newest first."""
    return list(db.scalars(select(Consent).where(Consent.learner_id == learner_id).order_by(Consent.id.desc())))


def state(db: Session, learner_id: int) -> str:
    """``unknown``, ``given`` or ``withdrawn``."""
    return states(db, [learner_id])[learner_id]


def states(db: Session, learner_ids: Iterable[int]) -> dict[int, str]:
    """The state of each, in one query."""
    ids = list(learner_ids)
    said = newest(db, ids)
    return {id: said[id].state if id in said else UNKNOWN for id in ids}


def newest(db: Session, learner_ids: Iterable[int]) -> dict[int, Consent]:
    """The newest statement on each of those on whom there is one, in one query."""
    last = select(func.max(Consent.id)).where(Consent.learner_id.in_(list(learner_ids))).group_by(Consent.learner_id)
    return {said.learner_id: said for said in db.scalars(select(Consent).where(Consent.id.in_(last)))}


def give(db: Session, learner_id: int, guardian: str, how: str, now: datetime, staff_id: int | None = None) -> Consent:
    """Records that ``guardian`` agreed to the present text, ``how`` she did (paper, sms, call) and who wrote it down."""
    return _record(db, learner_id, GIVEN, guardian, how, now, staff_id)


def withdraw(db: Session, learner_id: int, guardian: str, how: str, now: datetime, staff_id: int | None = None) -> Consent:
    """Records that consent was taken back. Raises Refused where none was in force."""
    if state(db, learner_id) != GIVEN:
        raise Refused(Problem("how", _("Tidak ada persetujuan yang sedang berlaku.")))
    return _record(db, learner_id, WITHDRAWN, guardian, how, now, staff_id)


def read_statement(guardian: str, how: str) -> str:
    """The guardian's name, cleaned. Raises Refused with every problem at once, naming ``guardian`` and ``how``."""
    name = read_name(guardian)
    problems = []
    if not name:
        problems.append(Problem("guardian", _("Nama wali masih kosong.")))
    if how not in WAYS:
        problems.append(Problem("how", _("Pilih bagaimana wali menyatakannya.")))
    if problems:
        raise Refused(problems)
    return name


def _record(db: Session, learner_id: int, said: str, guardian: str, how: str, now: datetime, staff_id: int | None) -> Consent:
    row = statement(learner_id, said, guardian, how, now, staff_id)
    db.add(row)
    db.flush()
    return row


def statement(learner_id: int, said: str, guardian: str, how: str, now: datetime, staff_id: int | None = None) -> Consent:
    """The row of a guardian's statement on the present text, not in the database yet: for whoever has many of them."""
    return Consent(
        learner_id=learner_id, state=said, guardian=read_statement(guardian, how), how=how, text_version=TEXT_VERSION,
        at=now, staff_id=staff_id,
    )  # fmt: skip
