"""Lines to call, a clock of milliseconds, and a small course to talk about."""

from __future__ import annotations

import pytest

from core import clock
from gateway.tables import Line
from lessons.course import Item, Quiz, quiz_to_json
from lessons.tables import ContentVersion, QuizEdition
from lessons.tables import Quiz as QuizRow

TOKEN = "t" * 32


@pytest.fixture
def make_line(app, database):
    """make_line(provider, medium, **columns) -> the detached row; its token is ``<provider>-<medium>-`` and t's."""

    def make(provider, medium, **columns):
        columns.setdefault("token", f"{provider}-{medium}-{TOKEN}")
        columns.setdefault("address", "77123")
        columns.setdefault("options", {})
        columns.setdefault("prices", {})
        with database.writing() as db:
            line = Line(provider=provider, medium=medium, **columns)
            db.add(line)
            db.flush()
            db.expunge(line)
        app.extensions["lines"].expire()
        return line

    return make


@pytest.fixture
def quiz(app, database):
    """The published quiz MTK5 of three numbers: 2, 4, 6."""
    items = tuple(Item(f"i{n}", "number", {"id": f"{n} + {n} = ?"}, {"number": str(2 * n)}) for n in (1, 2, 3))
    made = Quiz("MTK5", {"id": "Tambah-tambahan"}, items)
    with database.writing() as db:
        row = QuizRow(keyword="MTK5", draft=quiz_to_json(made), updated_at=clock.now())
        db.add(row)
        db.flush()
        edition = QuizEdition(quiz_id=row.id, number=1, content=quiz_to_json(made), published_at=clock.now())
        db.add_all([edition, ContentVersion(id=1, number=1)])
        db.flush()
        row.edition_id = edition.id
    app.extensions["library"].expire()
    return made
