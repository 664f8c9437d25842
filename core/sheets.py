"""Tables as files: CSV and XLSX, read into rows of text and written from them. Pure; nothing in a file is ever computed.

A formula is not read as its value: the value that a file carries beside it may be anybody's invention. It is named instead.

A spreadsheet runs a cell of a CSV that begins like a formula (``=1+1``, ``@SUM(…)``), also behind blanks, in full width, or
behind a separator of another country's CSV (``x;=1+1``). ``safe`` puts an apostrophe before each such beginning; ``plain`` takes
it away again, and what began with apostrophes before comes back unharmed. What can only be a number is left as it is: ``-3`` and
``+62812…`` carry no command, and the programs that read numbers of phones expect E.164.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from core.problems import N_, Problem, Refused
from core.text import clean, decode

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 60
MOST_CELL = 5_000  # characters
MOST_CELLS = 400_000
MOST_UNPACKED = 60 * 1024 * 1024
MOST_RATIO = 200  # unpacked to packed, of a file that unpacks to more than a megabyte
_END = "\0end"  # a last line of our own: where it is not a row alone, a quote was left open
_EXPANDING = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
_STARTS = r"=+\-@＝＋－＠\t\r\0"
# A beginning: of the cell, or behind what some spreadsheet takes for the end of a cell or a line. There "5, -3 dan 2" is text.
_BEGINNING = rf"((?:'|\s|\")*)(?=[{_STARTS}])"
_TEXT = r"(?![ ]*[+-][0-9][\w .?%°]*(?:[,;\n]|$))"
_COMMAND = re.compile(rf"(^|[,;|\t\r\n]{_TEXT}){_BEGINNING}")
_GUARDED = re.compile(rf"(^|[,;|\t\r\n])'{_BEGINNING}")
_NUMBER = re.compile(r"[+-][0-9][0-9., ]*")


@dataclass(frozen=True, slots=True)
class Row:
    """``line`` is where it begins in the file (a sheet's row), from 1. ``formulas`` are the cells (from 0) that hold one."""

    line: int
    cells: tuple[str, ...]
    formulas: tuple[int, ...] = ()

    @property
    def is_blank(self) -> bool:
        return not any(self.cells) and not self.formulas


def is_xlsx(raw: bytes) -> bool:
    return raw.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0"))


def read(raw: bytes) -> list[Row]:
    """The rows of a CSV or XLSX file, told by content. Raises Refused with a sentence; never anything else."""
    return read_xlsx(raw) if is_xlsx(raw) else read_csv(raw)


def read_csv(raw: bytes) -> list[Row]:
    """Comma, semicolon or tab; UTF-8, UTF-16 with its mark, or Windows-1252. Raises Refused."""
    _check_size(raw)
    text = raw.decode("utf-16", "replace") if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else decode(raw.removeprefix(b"\xef\xbb\xbf"))
    text = text.replace("\0", "")
    text += f"{'' if text.endswith((chr(10), chr(13))) else chr(10)}{_END}"
    first = next((line for line in text.split("\n") if line.strip()), "")
    separator = re.match(r"sep=(.)$", first.strip())  # what Excel writes above a table
    delimiter = separator[1] if separator and separator[1] in ",;\t|" else _delimiter(first)
    rows = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    csv.field_size_limit(max(csv.field_size_limit(), MOST_BYTES))
    line = 1
    try:
        for cells in reader:
            if cells == [_END]:
                break
            if cells and cells[-1].endswith(_END):
                what = N_("Tanda kutip yang dibuka di baris ini tidak ditutup: semua sesudahnya ikut ke dalam satu sel.")
                raise Refused(Problem(f"line {line}", what, N_("Tutup tanda kutipnya, atau hapus.")))
            if not (line == 1 and separator):
                rows.append(_row(line, cells))
            line = reader.line_num + 1
            if len(rows) > MOST_ROWS:
                raise _many()
    except csv.Error as error:
        raise Refused(Problem(f"line {line}", N_("Baris ini bukan CSV yang utuh."), str(error))) from None
    return rows


def read_xlsx(raw: bytes) -> list[Row]:
    """The first sheet that is shown. Raises Refused for what is no XLSX, for a bomb, for more than a school has."""
    _check_size(raw)
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(Problem("", N_("Ini berkas XLS lama atau terkunci sandi."), N_("Simpan sebagai XLSX tanpa sandi.")))
    _check_zip(raw)
    import openpyxl  # 8 MB: only whoever imports or exports a sheet pays for it

    rows: list[Row] = []
    filled = 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl leaves out of a file: styles, pictures, rules
            book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=False, keep_links=False, keep_vba=False)
            sheet = next((s for s in book.worksheets if s.sheet_state == "visible"), None)
            for at, cells in enumerate(() if sheet is None else sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS), 1):
                found = [("", True) if cell.data_type == "f" else (_text(cell.value), False) for cell in cells]
                while found and found[-1] == ("", False):
                    found.pop()
                filled += len(found)
                if filled > MOST_CELLS:
                    raise _many()
                rows.append(_row(at, [text for text, _ in found], [i for i, (_, is_formula) in enumerate(found) if is_formula]))
    except Refused:
        raise
    except Exception:  # openpyxl raises whatever a broken file makes it stumble over
        raise _broken() from None
    while rows and rows[-1].is_blank:
        rows.pop()
    if len(rows) > MOST_ROWS:
        raise _many()
    return rows


def _row(line: int, cells: Sequence[str], formulas: Sequence[int] = ()) -> Row:
    if len(cells) > MOST_COLUMNS:
        if any(cell.strip() for cell in cells[MOST_COLUMNS:]):
            raise Refused(Problem(f"line {line}", N_("Baris ini punya terlalu banyak kolom."), N_("Periksa tanda pemisahnya.")))
        cells = cells[:MOST_COLUMNS]
    if any(len(cell) > MOST_CELL for cell in cells):
        raise Refused(Problem(f"line {line}", N_("Ada sel yang terlalu panjang."), N_("Periksa tanda kutip dan pemisahnya.")))
    return Row(line, tuple(clean(cell).strip() for cell in cells), tuple(formulas))


def _text(value: Any) -> str:
    """A cell's value as an Indonesian writes it: 12, 0,5, 2026-07-20, 08:00."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value).replace(".", ",")
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d" if value.time() == time() else "%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)[: MOST_CELL + 1]


def _delimiter(head: str) -> str:
    bare = re.sub(r'"[^"]*"', "", head)
    return max(",;\t|", key=lambda sign: (bare.count(sign), sign == ","))


def _check_size(raw: bytes) -> None:
    if len(raw) > MOST_BYTES:
        raise Refused(Problem("", N_("Berkas ini lebih dari 10 MB."), N_("Bagilah menjadi beberapa berkas.")))


def _check_zip(raw: bytes) -> None:
    """Looks at what is packed before anything is unpacked, and then whether any part declares entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            parts = packed.infolist()
            total = sum(part.file_size for part in parts)
            if len(parts) > 1000 or total > MOST_UNPACKED or (total > 1024 * 1024 and total > MOST_RATIO * len(raw)):
                raise _bomb()
            if any(part.flag_bits & 1 for part in parts):
                raise _broken()
            for part in parts:  # no part gives more than it says, so the sum above holds
                if part.filename.endswith((".xml", ".rels")) and _EXPANDING.search(packed.read(part)):
                    raise _broken()
    except Refused:
        raise
    except Exception:  # zipfile and its decoders raise a dozen kinds for a file that is broken
        raise _broken() from None


def _bomb() -> Refused:
    return Refused(Problem("", N_("Berkas ini membesar terlalu banyak bila dibuka."), N_("Simpan lagi tanpa lembar kosong.")))


def _broken() -> Refused:
    return Refused(Problem("", N_("Berkas ini bukan XLSX yang utuh."), N_("Simpan lagi sebagai XLSX.")))


def _many() -> Refused:
    return Refused(Problem("", N_("Berkas ini lebih dari 20.000 baris."), N_("Bagilah menjadi beberapa berkas.")))


def write_xlsx(head: Sequence[str], rows: Iterable[Sequence[str | int]], title: str = "") -> bytes:
    """A sheet with one row for the head. A text is a text, whatever it begins with: no cell is a formula."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\']", " ", clean(title))[:31].strip() or "1")
    sheet.freeze_panes = "A2"
    for row in (head, *rows):
        cells = []
        for value in row:
            cell: Any = WriteOnlyCell(sheet, value if isinstance(value, int) else "")
            if not isinstance(value, int):
                cell.value = clean(value)[:32_000]
                cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def safe(cell: str) -> str:
    """``cell`` without anything that a spreadsheet would run."""
    return cell if _NUMBER.fullmatch(cell) else _COMMAND.sub(r"\1'\2", cell)


def plain(cell: str) -> str:
    """What ``safe`` was given."""
    return _GUARDED.sub(r"\1\2", cell)


def write_csv(head: Sequence[str], rows: Iterable[Sequence[str]], *, excel: bool = False) -> str:
    """Every cell safe and in quotes, the head bare. ``excel``: semicolon and byte order mark, as an Indonesian Excel wants it."""
    out = io.StringIO(newline="")
    delimiter = ";" if excel else ","
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    out.write(("\ufeff" if excel else "") + delimiter.join(head) + "\r\n")  # bare: some readers compare the head as a line
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue()
