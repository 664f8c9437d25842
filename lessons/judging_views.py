"""One item and its answers: what was answered, what may be accepted after all, and what has been decided."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from core import clock
from core.database import database
from core.problems import Refused
from lessons import analysis, judging, reports, scope
from lessons.course import Item, say
from lessons.judging_tables import Remark
from lessons.library import library
from lessons.quiz_views import ID, me
from lessons.readings import LONGEST
from lessons.tables import Quiz
from schools.access import requires

blueprint = Blueprint("judging", __name__, url_prefix="/teach", template_folder="templates")
MOST_SHOWN = 40
ITEM = f"/quizzes/{ID}/items/<string(maxlength=20):item_id>"


def _found(db: Session, quiz_id: int, item_id: str) -> tuple[Quiz, Item]:
    """A quiz that she may read the results of, and the item as the newest edition that has it asks it."""
    row = scope.readable_quiz(db, me(), quiz_id)
    if row is None or row.edition_id is None:
        abort(404)
    item = next((item for item in reports.items_of(reports.editions(db, row.id)) if item.id == item_id), None)
    return row, item or abort(404)


@blueprint.get(ITEM)
@requires("teacher")
def item(quiz_id: int, item_id: str) -> Any:
    school = scope.learners_school(me())
    with database().reading() as db:
        row, found = _found(db, quiz_id, item_id)
        given = judging.answers(db, row.id, item_id, school)
        accepted = judging.accepted(db, row.id, item_id, school)
        working = next(w for w in analysis.workings(db, row.id, school) if w.item.id == item_id)
        groups = judging.groups(given)
        by_key = judging.by_key(given, found, accepted)
        return render_template(
            "lessons/item.html",
            row=row, item=found, number=working.number, working=working,
            total=len(given), waiting=[g for g in groups if g.waiting][:MOST_SHOWN], accepted=accepted,
            up=sum(mark != "wrong" and a.mark == "wrong" for a, mark, _score in by_key),
            down=sum(mark == "wrong" and a.mark != "wrong" for a, mark, _score in by_key), by_key=len(by_key),
            trail=judging.trail(db, row.id, school, item_id), zone=scope.zone_of(db, me()), enough=analysis.ENOUGH,
            title=say(found.prompt, "id"), is_own=scope.own_quiz(db, me(), row.id) is not None, school=school,
        )  # fmt: skip


@blueprint.post(f"{ITEM}/accept")
@requires("teacher")
def accept(quiz_id: int, item_id: str) -> Any:
    key = request.form.get("key", "")[:LONGEST]
    decision = "almost" if request.form.get("mark") == "almost" else "right"
    try:
        with database().writing() as db:
            row, _item = _found(db, quiz_id, item_id)
            made = judging.accept(db, row, item_id, key, me(), scope.learners_school(me()), clock.now(), decision)  # type: ignore[arg-type]
            changed, shown, is_taught = (made.changed, made.answer, made.is_taught) if made else (0, "", False)
    except Refused as refused:
        flash(str(refused), "problem")
        return redirect(url_for("judging.item", quiz_id=quiz_id, item_id=item_id), 303)
    library().expire()
    if not changed:
        flash(_("Tidak ada yang berubah: jawaban itu sudah dinilai begitu."))
    elif decision == "almost":
        flash(
            ngettext(
                "%(num)d jawaban menjadi hampir benar: %(answer)s.",
                "%(num)d jawaban menjadi hampir benar: %(answer)s.",
                changed,
                answer=shown,
            )
        )
    else:
        flash(
            ngettext(
                "%(num)d jawaban menjadi benar: %(answer)s.", "%(num)d jawaban menjadi benar: %(answer)s.", changed, answer=shown
            )
        )
    if is_taught:
        flash(_("Kunci soal ini sekarang menerimanya juga."))
    return redirect(url_for("judging.item", quiz_id=quiz_id, item_id=item_id, _anchor="trail" if changed else None), 303)


@blueprint.post(f"{ITEM}/remark")
@requires("teacher")
def remark(quiz_id: int, item_id: str) -> Any:
    """Marks all answers by the key as it is published now."""
    with database().writing() as db:
        row, found = _found(db, quiz_id, item_id)
        made = judging.mark_by_key(db, row, found, me(), scope.learners_school(me()), clock.now())
        changed = made.changed if made else 0
    flash(
        ngettext(
            "%(num)d nilai berubah menurut kunci yang sekarang.", "%(num)d nilai berubah menurut kunci yang sekarang.", changed
        )
    )
    return redirect(url_for("judging.item", quiz_id=quiz_id, item_id=item_id, _anchor="trail"), 303)


@blueprint.post(f"/quizzes/{ID}/remarks/<int:remark_id>/undo")
@requires("teacher")
def undo(quiz_id: int, remark_id: int) -> Any:
    try:
        with database().writing() as db:
            found = db.get(Remark, remark_id)
            school = scope.learners_school(me())
            if found is None or found.quiz_id != quiz_id or (school is not None and found.school_id != school):
                abort(404)
            _row, _item = _found(db, quiz_id, found.item_id)
            item_id, changed = found.item_id, judging.undo(db, found, me(), clock.now())
    except Refused as refused:
        flash(str(refused), "problem")
        return redirect(url_for("judging.decisions", quiz_id=quiz_id), 303)
    library().expire()
    flash(ngettext("%(num)d jawaban kembali ke nilai semula.", "%(num)d jawaban kembali ke nilai semula.", changed))
    return redirect(url_for("judging.item", quiz_id=quiz_id, item_id=item_id), 303)


@blueprint.get(f"/quizzes/{ID}/remarks")
@requires("teacher")
def decisions(quiz_id: int) -> Any:
    """Everything that was decided after the fact about a quiz."""
    school = scope.learners_school(me())
    with database().reading() as db:
        row = scope.readable_quiz(db, me(), quiz_id)
        if row is None or row.edition_id is None:
            abort(404)
        items = reports.items_of(reports.editions(db, row.id))
        numbers = {item.id: number for number, item in enumerate(items, 1)}
        return render_template(
            "lessons/remarks.html", row=row, trail=judging.trail(db, row.id, school), numbers=numbers, school=school,
            prompts={item.id: say(item.prompt, "id") for item in items}, zone=scope.zone_of(db, me()),
        )  # fmt: skip
