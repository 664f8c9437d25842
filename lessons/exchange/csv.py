"""Questions as CSV: comma, semicolon or tab; UTF-8 or Windows-1252. The columns are those of lessons.exchange.table. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core import sheets
from core.problems import Refused
from lessons.course import Item
from lessons.exchange import Read, table


def read(raw: bytes) -> Read:
    try:
        rows = sheets.read_csv(raw)
    except Refused as refused:
        return Read("csv", (), refused.problems)
    rows = [replace(row, cells=tuple(sheets.plain(cell) for cell in row.cells)) for row in rows]
    return table.read(rows, "csv")


def write(items: Sequence[Item], *, excel: bool = False) -> bytes:
    """With a head; no cell is a command to a spreadsheet. ``excel``: semicolon and byte order mark."""
    head, rows = table.rows_of(items)
    return sheets.write_csv(head, rows, excel=excel).encode()
