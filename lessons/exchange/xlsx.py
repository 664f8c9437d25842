"""Questions as XLSX, the first sheet. The columns are those of lessons.exchange.table. No formula is computed. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from core import sheets
from core.problems import Refused
from lessons.course import Item
from lessons.exchange import Read, table


def read(raw: bytes) -> Read:
    try:
        rows = sheets.read_xlsx(raw)
    except Refused as refused:
        return Read("xlsx", (), refused.problems)
    return table.read(rows, "xlsx")


def write(items: Sequence[Item], title: str = "") -> bytes:
    head, rows = table.rows_of(items)
    return sheets.write_xlsx(head, rows, title)
