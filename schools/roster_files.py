"""Rosters as CSV or XLSX: rows become entries, with numbers and consent read as the form reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from flask_babel import gettext as _

from core import sheets
from core.problems import Problem, Refused
from core.text import one_line
from schools import consent, people

KEEP = "*"
MOST = 5000  # learners in a file
COLUMNS = {
    "id": "id", "learner id": "id", "id murid": "id",
    "name": "name", "nama": "name", "nama murid": "name", "nama siswa": "name", "nama lengkap": "name",
    "learner": "name", "student": "name", "student name": "name", "siswa": "name", "murid": "name",
    "msisdn": "msisdn", "nomor": "msisdn", "no hp": "msisdn", "hp": "msisdn", "nomor hp": "msisdn", "telepon": "msisdn",
    "phone number": "msisdn", "telp": "msisdn", "no telp": "msisdn", "wa": "msisdn", "whatsapp": "msisdn", "nohp": "msisdn",
    "mobile": "msisdn",
    "nomor ponsel": "msisdn", "no telepon": "msisdn", "phone": "msisdn", "number": "msisdn", "nomor telepon": "msisdn",
    "class": "class", "kelas": "class", "rombel": "class", "class name": "class", "nama kelas": "class",
    "grade": "grade", "tingkat": "grade", "language": "language", "bahasa": "language",
    "consent": "consent", "persetujuan": "consent", "persetujuan wali": "consent",
    "guardian": "guardian", "wali": "guardian", "nama wali": "guardian", "how": "how", "cara": "how",
}  # fmt: skip
NEEDED = ("name", "msisdn", "class")
_STATES = {
    "given": consent.GIVEN, "setuju": consent.GIVEN, "ya": consent.GIVEN, "yes": consent.GIVEN, "y": consent.GIVEN,
    "true": consent.GIVEN, "1": consent.GIVEN, "sudah": consent.GIVEN, "no": "", "tidak": "", "false": "", "0": "",
    "withdrawn": consent.WITHDRAWN, "ditarik": consent.WITHDRAWN, "tarik": consent.WITHDRAWN,
    "": "", "*": "", "-": "", "unknown": "", "belum": "", "belum ada": "",
}  # fmt: skip
_WAYS = {"kertas": "paper", "lembar": "paper", "tanda tangan": "paper", "lisan": "call", "telepon": "call"}
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10, "XI": 11, "XII": 12}


@dataclass(frozen=True, slots=True)
class Entry:
    """One row as it was meant. ``id`` 0: found by name and number. KEEP: as it is. ``consent`` "": nothing is said of it."""

    line: int
    id: int
    name: str
    msisdn: str
    class_name: str
    grade: int = 0
    language: str = ""
    consent: str = ""
    guardian: str = ""
    how: str = ""

    @property
    def statement(self) -> tuple[str, str, str]:
        return self.consent, self.guardian, self.how


def read(raw: bytes) -> tuple[list[Entry], list[Problem]]:
    """(entries, what could not be read, by line; what is only to be known does not stop). Never raises."""
    try:
        rows = [row for row in sheets.read(raw) if not row.is_blank]
        if not rows:
            raise Refused(Problem("", _("Berkas ini kosong."), _("Baris pertama menyebut kolom: nama;nomor;kelas.")))
        head = _head(rows[0])
        if len(rows) > MOST + 1:
            raise Refused(Problem("", _("Lebih dari %(n)d murid.", n=MOST), _("Bagilah menjadi beberapa berkas.")))
    except Refused as refused:
        return [], [problem.told(_) for problem in refused.problems]
    entries: list[Entry] = []
    problems: list[Problem] = []
    unknown = [cell for at, cell in enumerate(rows[0].cells) if cell and at not in head.values()]
    for row in rows[1:]:
        try:
            entries.append(_entry(row, head))
        except Refused as refused:
            problems += [Problem(f"line {row.line}", problem.what, problem.remedy) for problem in refused.problems]
    if not entries and not problems:
        problems.append(Problem("", _("Tidak ada murid di berkas ini."), _("Tulis satu murid tiap baris di bawah judul kolom.")))
    if unknown:
        what = _("Kolom yang tidak dikenal tidak dibaca: %(names)s.", names=", ".join(unknown))
        problems.append(Problem(f"line {rows[0].line}", what, stops=False))
    return entries, problems


def _head(row: sheets.Row) -> dict[str, int]:
    head: dict[str, int] = {}
    for at, cell in enumerate(row.cells):
        column = COLUMNS.get(" ".join(re.sub(r"[_.]", " ", cell.lower()).split()))
        if column in head:
            raise Refused(Problem(f"line {row.line}", _("Kolom %(name)s ada dua kali.", name=cell), _("Hapus salah satunya.")))
        if column:
            head[column] = at
    missing = [name for name in NEEDED if name not in head]
    if missing:
        what = _("Kolom ini tidak ada: %(names)s.", names=", ".join(missing))
        raise Refused(Problem(f"line {row.line}", what, _("Baris pertama menyebut kolom: nama;nomor;kelas.")))
    return head


def _entry(row: sheets.Row, head: Mapping[str, int]) -> Entry:
    """Raises Refused with every problem of the row at once."""
    cells = {name: sheets.plain(row.cells[at]) if at < len(row.cells) else "" for name, at in head.items()}
    if any(at in head.values() for at in row.formulas):
        raise Refused(Problem("", _("Ada sel yang berisi rumus; rumus tidak dihitung."), _("Tempel sebagai nilai.")))
    problems: list[Problem] = []
    id_ = cells.get("id", "")
    learner_id = int(id_) if re.fullmatch("[0-9]{1,10}", id_) else 0
    if id_ and not 0 < learner_id < 2**31:
        problems.append(Problem("id", _("Id ini tidak terbaca: %(id)s.", id=id_[:20]), _("Kosongkan untuk murid baru.")))
    name, number = cells["name"], cells["msisdn"]
    try:
        shown = "x" if name == KEEP else name, "+6281234567890" if number == KEEP else number
        read_name, read_number = people.read_learner(*shown)
        name, number = KEEP if name == KEEP else read_name, KEEP if number == KEEP else read_number
    except Refused as refused:
        problems += refused.problems
    class_name = people.read_name(cells["class"], 40)
    if not class_name:
        problems.append(Problem("class", _("Kelasnya masih kosong.")))
    grade = people.read_grade(cells.get("grade", ""))
    if cells.get("grade") and not grade:
        problems.append(Problem("grade", _("Tingkat kelas adalah angka 1 sampai 12.")))
    state = _STATES.get(one_line(cells.get("consent", "")).lower())
    guardian, how = people.read_name(cells.get("guardian", "")), one_line(cells.get("how", "")).lower()
    how = _WAYS.get(how, how) if "how" in head else "paper"  # a table of consents without a word on how is the signed list
    if state is None:
        what = _("Persetujuan ini tidak terbaca: %(text)s.", text=cells["consent"][:20])
        problems.append(Problem("consent", what, _("Tulis setuju atau ditarik, atau kosongkan.")))
    elif state:
        try:
            guardian = consent.read_statement(guardian, how)
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(problems)
    return Entry(
        row.line, learner_id, name, number, class_name, grade, cells.get("language", "").lower(), state or "",
        guardian if state else "", how if state else "",
    )  # fmt: skip


def class_key(name: str) -> str:
    """A class's name as it is compared: "5a" is "5 A"."""
    return re.sub(r"\s+", "", name).casefold()


def grade_of(entry: Entry) -> int | None:
    """The grade of a class that is to be made: as the row says, else as its name begins ("5A", "V-A"); None if neither."""
    if entry.grade:
        return entry.grade
    found = re.match(r"(?:kelas\s*)?(\d{1,2}(?!\d)|[IVX]+(?![a-z]))", entry.class_name, re.I)
    number = 0 if not found else int(found[1]) if found[1].isdigit() else _ROMAN.get(found[1].upper(), 0)
    return number if 1 <= number <= 12 else None


def to_json(entries: Sequence[Entry]) -> list[list[Any]]:
    return [list(asdict(entry).values()) for entry in entries]


def from_json(held: Sequence[Sequence[Any]]) -> list[Entry]:
    return [Entry(*row) for row in held]
