"""The printed sheet of a quiz, in up to four variants, and its key: pages made for paper."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.database import database
from core.phrases import languages
from lessons import scope
from lessons.course import FIRST, Quiz, quiz_from_json, say
from lessons.dialogue import sheets
from lessons.kinds import ask, kinds
from lessons.quiz_views import ID, me
from lessons.tables import QuizEdition
from lessons.world import OWN_NAMES
from schools.access import requires
from schools.tables import School

blueprint = Blueprint("sheets", __name__, url_prefix="/teach", template_folder="templates")


@blueprint.get(f"/quizzes/{ID}/sheet")
@requires("teacher")
def sheet(quiz_id: int) -> Any:
    """What learners get on paper. ``variants`` 1 to 4; ``language`` where the quiz has others."""
    with database().reading() as db:
        quiz = _published(db, quiz_id)
        school = db.get(School, me().school_id) if me().school_id else None
    if quiz is None:
        return render_template("lessons/sheet_none.html", quiz_id=quiz_id)
    language = _language(quiz)
    shown = [
        {
            "letter": letter, "code": sheets.code(quiz, letter), "example": _example(sheets.sheet(quiz, letter)),
            "items": [_printed(entry, language) for entry in sheets.sheet(quiz, letter)],
        }
        for letter in _variants()
    ]  # fmt: skip
    return render_template("lessons/sheet.html", shown=shown, school=school, **_page(quiz, language))


@blueprint.get(f"/quizzes/{ID}/sheet/key")
@requires("teacher")
def key(quiz_id: int) -> Any:
    """The right answers of each variant, as they are written there. For the teacher alone."""
    with database().reading() as db:
        quiz = _published(db, quiz_id)
    if quiz is None:
        return render_template("lessons/sheet_none.html", quiz_id=quiz_id)
    language = _language(quiz)
    columns = [(sheets.code(quiz, letter), sheets.sheet(quiz, letter)) for letter in _variants()]
    rows = list(zip(*[[_answered(entry, language) for entry in entries] for _code, entries in columns], strict=True))
    return render_template("lessons/sheet_key.html", codes=[name for name, _ in columns], rows=rows, **_page(quiz, language))


def _published(db: Session, quiz_id: int) -> Quiz | None:
    """The published edition; None where there is none yet."""
    row = scope.readable_quiz(db, me(), quiz_id) or abort(404)
    edition = db.get(QuizEdition, row.edition_id) if row.edition_id else None
    return quiz_from_json(edition.content, id=row.id, edition=edition.id, school=row.school_id) if edition is not None else None


def _variants() -> str:
    asked = request.args.get("variants", "1")
    return sheets.VARIANTS[: int(asked) if asked in ("1", "2", "3", "4") else 1]


def _language(quiz: Quiz) -> str:
    asked = request.args.get("language", FIRST)
    return asked if asked in _written(quiz) else FIRST


def _written(quiz: Quiz) -> list[str]:
    """The languages that the questions are written in."""
    return [code for code in languages() if any(item.prompt.get(code) for item in quiz.items)]


def _page(quiz: Quiz, language: str) -> dict[str, Any]:
    spoken = [(code, OWN_NAMES.get(code, code)) for code in _written(quiz)]
    return {
        "quiz": quiz, "title": say(quiz.title, language), "language": language, "variants": _variants(), "spoken": spoken,
        "most": len(sheets.VARIANTS), "addresses": _addresses(),
    }  # fmt: skip


def _addresses() -> list[str]:
    """The numbers that answers may be sent to, each once."""
    lines = current_app.extensions.get("lines")
    return list(dict.fromkeys(line.address for line in lines.active("sms")))[:3] if lines is not None else []


def _printed(entry: sheets.SheetItem, language: str) -> dict[str, Any]:
    return {"text": ask(entry.item, language).text, "choices": sheets.shown(entry, language), "is_lettered": entry.is_lettered}


def _answered(entry: sheets.SheetItem, language: str) -> dict[str, str]:
    """The right answer as a learner writes it, and in words where that is a letter."""
    written = sheets.right(entry, language)
    words = kinds()[entry.item.kind].mark(entry.item, "", language).right
    return {"written": written, "words": words if words != written else "", "text": ask(entry.item, language).text}


def _example(entries: tuple[sheets.SheetItem, ...]) -> str:
    """What an answer looks like, with letters that are nobody's key."""
    if all(entry.is_lettered for entry in entries):
        letters = "".join(
            "BS"[n % 2] if entry.is_truth else "ABCD"[n % max(1, len(entry.order))] for n, entry in enumerate(entries)
        )
        return " ".join(letters[n : n + 5] for n in range(0, len(letters), 5))
    parts = []
    for n, entry in enumerate(entries[:6], 1):
        asked = ask(entry.item, FIRST)
        keys = "AC" if "rights" in kinds()[entry.item.kind].fields else "BCADEF"[: len(asked.choices)]
        sample = "B" if entry.is_lettered else {"keys": keys, "number": "12"}.get(asked.wants, _("kata"))
        parts.append(f"{n}{sample}" if entry.is_lettered else f"{n}={sample}")
    return " ".join(parts) + (" ..." if len(entries) > len(parts) else "")
