"""What came of a quiz: by question, by learner, as CSV."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core import clock
from core.database import database
from core.text import clean
from lessons import analysis, reports, results_csv, scope
from lessons.course import quiz_from_json, say
from lessons.quiz_page import rules_told
from lessons.quiz_views import ID, me
from lessons.tables import Quiz, QuizEdition
from schools.access import requires

blueprint = Blueprint("results", __name__, url_prefix="/teach", template_folder="templates")
ORDERS = {
    "name": lambda row: (row.name or "~", row.id),
    "class": lambda row: (row.class_name or "~", row.name, row.id),
    "right": lambda row: (row.share, row.name, row.id),
    "at": lambda row: (row.at, row.id),
}


def _readable(db: Session, quiz_id: int) -> Quiz:
    row = scope.readable_quiz(db, me(), quiz_id)
    return row if row is not None and row.edition_id is not None else abort(404)


@blueprint.get(f"/quizzes/{ID}/results")
@requires("teacher")
def results(quiz_id: int) -> Any:
    """With ``?seen=`` (what the page knows already) the answer is 204 while nothing has come in since."""
    now = clock.now()
    school = scope.learners_school(me())
    with database().reading() as db:
        row = _readable(db, quiz_id)
        learners, answers = reports.answers_of(db, [row.id], school).get(row.id, (0, 0))
        state = scope.state(db, row, now)
        seen = f"{learners}-{answers}-{state}"
        if request.args.get("seen") == seen:
            return Response(status=204)
        edition = db.get(QuizEdition, row.edition_id)
        items = reports.by_item(db, row.id, school)
        workings = analysis.workings(db, row.id, school)
        people = reports.by_learner(db, row.id, school)
        waiting = reports.not_yet(db, row.id, school) if school else []
        zone = scope.zone_of(db, me())
        is_own = scope.own_quiz(db, me(), row.id) is not None
    order = request.args.get("sort", "right")
    key = ORDERS.get(order.removeprefix("-"))
    if key is not None:
        people.sort(key=key, reverse=order.startswith("-"))
    hardest = max(items, key=lambda item: item.share_wrong, default=None)
    by_hardness = request.args.get("order") == "hardest"
    shown = sorted(items, key=lambda item: (-item.share_wrong, item.number)) if by_hardness else items
    return render_template(
        "lessons/results.html",
        row=row, rules=rules_told(quiz_from_json(edition.content)) if edition else "",
        title=say(edition.content["title"], "id") if edition else row.keyword, state=state, seen=seen, zone=zone,
        now=now, items=shown, numbers={item.item.id: item.number for item in items}, people=people, waiting=waiting,
        by_hardness=by_hardness, hardest=hardest if hardest is not None and hardest.wrong else None, sort=order,
        finished=sum(person.is_finished for person in people), is_own=is_own, answers=answers,
        workings={working.item.id: working for working in workings}, enough=analysis.ENOUGH,
    )  # fmt: skip


@blueprint.get(f"/quizzes/{ID}/results.xlsx")
@requires("teacher")
def results_as_xlsx(quiz_id: int) -> Any:
    with database().reading() as db:
        row = _readable(db, quiz_id)
        name = clean(row.keyword, 12)
        raw = results_csv.write_xlsx(results_csv.rows(db, row.id, scope.learners_school(me()), more=True), name, more=True)
    response = Response(raw, mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    response.headers["Content-Disposition"] = f'attachment; filename="{_("hasil")}-{name}.xlsx"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get(f"/quizzes/{ID}/results.csv")
@requires("teacher")
def results_as_csv(quiz_id: int) -> Any:
    with database().reading() as db:
        row = _readable(db, quiz_id)
        excel = request.args.get("excel") == "1"
        text = results_csv.write(results_csv.rows(db, row.id, scope.learners_school(me()), more=True), excel=excel, more=True)
        name = clean(row.keyword, 12)
    response = Response(text, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{_("hasil")}-{name}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
