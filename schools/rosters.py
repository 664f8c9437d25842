"""A school's learners as a table: read, compared with those there are, written down, exported. docs/operate.md names the columns.

Functions take ``db`` first and never commit. What a file does not say is left as it is; the same file again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.phrases import languages
from core.problems import Problem, Refused
from schools import consent, people
from schools.roster_files import KEEP, Entry, class_key, grade_of
from schools.tables import Class, Consent, Learner, School

Change = Literal["new", "changed", "same"]


@dataclass(slots=True)
class Step:
    """What becomes of one row: whose it is (None: a new learner's), and what is written down of it."""

    entry: Entry
    learner: Learner | None
    change: Change = "same"
    what: list[str] = field(default_factory=list)  # words for the report
    note: str = ""


@dataclass(slots=True)
class Plan:
    steps: list[Step]
    problems: list[Problem]
    notes: list[Problem] = field(default_factory=list)  # what stops nothing

    def count(self, change: Change) -> int:
        return sum(step.change == change for step in self.steps)


def plan(db: Session, school: School, entries: Sequence[Entry], problems: Sequence[Problem] = ()) -> Plan:
    """What importing would do, line by line. ``problems`` are those that reading found; those of comparing are added to them."""
    there = _There(db, school)
    found = Plan([], [problem for problem in problems if problem.stops], [problem for problem in problems if not problem.stops])
    seen: dict[tuple[str, str, str], int] = {}
    seen_ids: dict[int, int] = {}
    for entry in entries:
        try:
            learner = there.learner(entry)
            step = Step(entry, learner)
            name = entry.name if entry.name != KEEP or learner is None else learner.name or ""
            number = entry.msisdn if entry.msisdn != KEEP or learner is None else learner.msisdn or ""
            for first in (
                seen_ids.setdefault(learner.id, entry.line) if learner else entry.line,
                seen.setdefault((class_key(entry.class_name), name.casefold(), number), entry.line),
            ):
                if first != entry.line:
                    raise Refused(Problem("", _("Murid ini sudah ada di baris %(line)d.", line=first), _("Hapus salah satunya.")))
            there.compare(step)
        except Refused as refused:
            found.problems += [replace(problem, where=f"line {entry.line}") for problem in refused.problems]
        else:
            found.steps.append(step)
    found.problems.sort(key=lambda problem: int(problem.where.removeprefix("line ") or 0))
    return found


class _There:
    """The learners, classes and consents that a school has, read at once."""

    def __init__(self, db: Session, school: School):
        self.learners = {learner.id: learner for learner in people.learners(db, school.id)}
        self.classes = {class_key(room.name): room for room in people.classes(db, school.id)}
        self.class_names = {room.id: class_key(room.name) for room in self.classes.values()}
        self.said = consent.newest(db, self.learners)
        self.named: dict[tuple[str, str], list[Learner]] = {}
        self.namesakes: set[tuple[str, str]] = set()  # (name, class)
        for learner in self.learners.values():
            name = (learner.name or "").casefold()
            self.named.setdefault((name, learner.msisdn or ""), []).append(learner)
            self.namesakes.add((name, self.class_names.get(learner.class_id or 0, "")))

    def learner(self, entry: Entry) -> Learner | None:
        """Whose row it is: by id, else by name and number, in her class where there are several. Raises Refused."""
        if entry.id:
            learner = self.learners.get(entry.id)
            if learner is None:
                what = _("Murid dengan id %(id)d tidak ada di sekolah ini.", id=entry.id)
                raise Refused(Problem("id", what, _("Kosongkan id untuk murid baru.")))
            return learner
        if KEEP in (entry.name, entry.msisdn):
            raise Refused(
                Problem("id", _("Tanda * hanya untuk murid yang sudah ada."), _("Isi nama dan nomornya, atau id murid."))
            )
        alike = self.named.get((entry.name.casefold(), entry.msisdn), [])
        mine = [one for one in alike if self.class_names.get(one.class_id or 0) == class_key(entry.class_name)]
        if len(alike) > 1 and len(mine) != 1:
            what = _("Ada %(n)d murid dengan nama dan nomor ini.", n=len(alike))
            raise Refused(Problem("id", what, _("Tulis id murid yang dimaksud.")))
        return next(iter(mine or alike), None)

    def compare(self, step: Step) -> None:
        """Says in ``step`` what is to be done. Raises Refused."""
        entry, learner = step.entry, step.learner
        if class_key(entry.class_name) not in self.classes and grade_of(entry) is None:
            what = _("Tingkat kelas %(name)s belum diketahui.", name=entry.class_name)
            raise Refused(Problem("grade", what, _("Isi kolom tingkat dengan 1 sampai 12.")))
        if entry.language and entry.language not in languages():
            raise Refused(Problem("language", _("Bahasa %(code)s tidak ada.", code=entry.language[:20])))
        newest = self.said.get(learner.id) if learner else None
        if entry.consent == consent.WITHDRAWN and newest is None:
            raise Refused(Problem("consent", _("Tidak ada persetujuan yang sedang berlaku.")))
        if learner is None:
            step.change = "new"
            if (entry.name.casefold(), class_key(entry.class_name)) in self.namesakes:
                step.note = _("Di kelas ini sudah ada nama yang sama dengan nomor lain. Isi id bila ini murid yang sama.")
            return
        if entry.id and entry.name not in (KEEP, learner.name):  # found by her name, another case of it is no other name
            step.what.append(_("nama"))
        if entry.msisdn not in (KEEP, learner.msisdn):
            step.what.append(_("nomor"))
        if class_key(entry.class_name) != self.class_names.get(learner.class_id or 0):
            step.what.append(_("kelas"))
        if entry.language and entry.language != learner.language:
            step.what.append(_("bahasa"))
        if entry.consent and _is_news(entry, newest):
            step.what.append(_("persetujuan wali"))
        step.change = "changed" if step.what else "same"


def carry_out(db: Session, school: School, planned: Plan, now: datetime, staff_id: int | None = None) -> None:
    """Writes down what was planned; a class is made where it is missing. Learners wait for the writer meanwhile, so the new rows
    of a whole school go out together and not one by one.
    """
    rooms = {class_key(room.name): room for room in people.classes(db, school.id)}
    written: list[tuple[Entry, Learner]] = []
    for step in planned.steps:
        if step.change != "same":
            key = class_key(step.entry.class_name)
            if key not in rooms:
                rooms[key] = people.class_named(db, school.id, step.entry.class_name, grade_of(step.entry) or 1)
            written.append((step.entry, _learner(step, school, rooms[key], now)))
    db.add_all(learner for _entry, learner in written)
    db.flush()
    said = consent.newest(db, [learner.id for entry, learner in written if entry.consent])
    db.add_all(
        consent.statement(learner.id, *entry.statement, now, staff_id)
        for entry, learner in written
        if entry.consent and _is_news(entry, said.get(learner.id))
    )
    db.flush()


def _is_news(entry: Entry, newest: Consent | None) -> bool:
    """Whether what a row says of consent differs from what stands. What was taken back already, or never given, is not again."""
    if entry.consent == consent.WITHDRAWN:
        return newest is not None and newest.state == consent.GIVEN
    return newest is None or (newest.state, newest.guardian, newest.how) != entry.statement


def _learner(step: Step, school: School, room: Class, now: datetime) -> Learner:
    """The learner of a row as it says that she is."""
    entry, learner = step.entry, step.learner
    if learner is None:
        learner = Learner(school_id=school.id, name=entry.name, msisdn=entry.msisdn, created_at=now)
    learner.class_id = room.id
    learner.name = entry.name if entry.id and entry.name != KEEP else learner.name
    learner.msisdn = entry.msisdn if entry.msisdn != KEEP else learner.msisdn
    learner.language = entry.language or learner.language
    return learner


HEAD = ("id", "name", "msisdn", "class", "grade", "language", "consent", "guardian", "how")


def rows(db: Session, school: School) -> Iterator[tuple[str, ...]]:
    """The cells of HEAD for each learner of a school: what import reads back without a change."""
    learners = people.learners(db, school.id)
    said = consent.newest(db, [learner.id for learner in learners])
    rooms: dict[int, Class] = {room.id: room for room in people.classes(db, school.id)}
    for learner in sorted(learners, key=lambda one: (_class_name(rooms, one), one.name or "", one.id)):
        newest = said.get(learner.id)
        room = rooms.get(learner.class_id or 0)
        if room is None or not learner.name or not learner.msisdn:
            continue  # somebody who merely dialled, or was erased, is on no roster
        yield (
            str(learner.id), learner.name, learner.msisdn, room.name, str(room.grade), learner.language or "",
            newest.state if newest else "", newest.guardian if newest else "", newest.how if newest else "",
        )  # fmt: skip


def _class_name(rooms: dict[int, Class], learner: Learner) -> str:
    room = rooms.get(learner.class_id or 0)
    return room.name if room else ""


def school_of(db: Session, npsn: str) -> School:
    """The school of an NPSN. Raises Refused."""
    found = db.scalars(select(School).where(School.npsn == npsn.strip())).first()
    if found is None:
        raise Refused(Problem("school", _("Sekolah dengan NPSN %(npsn)s tidak ada.", npsn=npsn[:20])))
    return found
