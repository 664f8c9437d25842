"""Questions as files: one module for each format, each from bytes to items and back. Pure.

``read`` tells the format by content. A reader never raises, whatever the bytes, and loses nothing silently: what it cannot
take is a Problem whose ``where`` is "line 7" (counted from 1 in the file; "" is the whole file).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.problems import N_, Problem
from lessons.course import Item

MOST_BYTES = 10 * 1024 * 1024
MOST_ITEMS = 50  # of a quiz: as many as its form holds
FORMATS = ("gift", "aiken", "xml", "csv", "xlsx")


@dataclass(frozen=True, slots=True)
class Found:
    """A question of a file: the line where it begins, the item that it is, and what of it could not come along."""

    line: int
    item: Item
    notes: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """What a file holds. ``problems`` are what was refused, by line. ``title`` is what the file calls itself, or ""."""

    format: str
    found: tuple[Found, ...] = ()
    problems: tuple[Problem, ...] = ()
    title: str = ""

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(found.item for found in self.found)

    @property
    def notes(self) -> tuple[Problem, ...]:
        return tuple(note for found in self.found for note in found.notes)


def at_line(line: int, what: str, remedy: str = "", *, stops: bool = True, **facts: object) -> Problem:
    return Problem(f"line {line}" if line else "", what, remedy, stops, facts)


def line_of(problem: Problem) -> int:
    """The line that a problem of a file is about; 0 for the whole file."""
    number = problem.where.removeprefix("line ")
    return int(number) if number.isascii() and number.isdigit() else 0


def read(raw: bytes, hint: str = "") -> Read:
    """The questions of a file. ``hint`` is its name; its extension decides only where the content does not."""
    if len(raw) > MOST_BYTES:
        return Read("", (), (at_line(0, N_("Berkas ini lebih dari 10 MB."), N_("Bagilah menjadi beberapa berkas.")),))
    if not raw.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        return Read("", (), (at_line(0, N_("Berkas ini kosong."), N_("Pilih berkas yang berisi soal.")),))
    if raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" and b'"kentongan-course"' in raw[:2000]:
        what = N_("Ini berkas pelajaran, bukan berkas soal.")
        return Read("", (), (at_line(0, what, N_("Impor sebagai pelajaran: import-course.")),))
    from lessons.exchange import made, sniff

    found = sniff.reader(raw, hint)(raw)
    if not found.found and not found.problems:
        nothing = at_line(0, N_("Tidak ada soal di berkas ini."), N_("Bentuk yang dibaca: GIFT, Aiken, Moodle XML, CSV, XLSX."))
        return replace(found, problems=(nothing,))
    if len(found.problems) > made.MOST_PROBLEMS:
        line = line_of(found.problems[-1])
        rest = at_line(
            line, N_("Sesudah ini berkasnya tidak dibaca lagi: terlalu banyak yang salah."), N_("Apakah bentuknya benar?")
        )
        return replace(found, problems=(*found.problems[: made.MOST_PROBLEMS], rest))
    if len(found.found) > MOST_ITEMS:
        line = found.found[MOST_ITEMS].line
        many = at_line(line, N_("Satu kuis paling banyak %(most)d soal."), N_("Bagilah menjadi dua berkas."), most=MOST_ITEMS)
        return replace(found, found=found.found[:MOST_ITEMS], problems=(*found.problems, many))
    return found
