"""A quiz as a file, by the name of a format."""

from __future__ import annotations

from core.problems import Problem
from lessons.course import FIRST, Quiz, say
from lessons.exchange import csv, gift_writer, xlsx

MEDIA_TYPES = {
    "gift": ("text/plain; charset=utf-8", "gift.txt"),
    "csv": ("text/csv; charset=utf-8", "csv"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
}


def write(quiz: Quiz, format: str, *, excel: bool = False) -> tuple[bytes, list[Problem]]:
    """(the file, what of which question it does not carry). ``format`` is a key of MEDIA_TYPES."""
    title = say(quiz.title, FIRST)
    if format == "gift":
        return gift_writer.write(quiz.items, title)
    return (csv.write(quiz.items, excel=excel) if format == "csv" else xlsx.write(quiz.items, title)), []
