"""What the quiz form and its phone show: the draft, its problems beside their fields, the screens of one question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from flask import current_app, render_template
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from core import clock
from core.pages import day, hour
from core.phrases import languages, phrases
from core.problems import Problem
from lessons import costs, forms, openings, scope
from lessons.check import check_quiz
from lessons.course import FIRST, Quiz, course_from_json, say
from lessons.filters import on_route
from lessons.forms import TypedItem, TypedQuiz, draft_of
from lessons.key_fields import MOST_CHOICES
from lessons.kinds import kinds
from lessons.preview import Preview
from lessons.tables import CourseEdition, QuizEdition
from lessons.tables import Quiz as QuizRow
from lessons.world import OWN_NAMES
from schools.tables import Staff


def page(
    db: Session,
    staff: Staff,
    typed: TypedQuiz,
    base: Quiz,
    row: QuizRow | None = None,
    *,
    problems: Iterable[Problem] = (),
    quiet: bool = False,
    stopped: bool = False,
    focus: int | None = None,
) -> str:
    """The whole form. ``problems`` are those that kept it from being saved; ``stopped``: from being published.

    ``quiet``: a question on which nothing is written yet is not scolded for it. ``focus``: the question to write on next.
    """
    now = clock.now()
    edition = db.get(QuizEdition, row.edition_id) if row is not None and row.edition_id else None
    shown = _shown(db, staff, typed, base, quiet=quiet, more=tuple(problems))
    return render_template(
        "lessons/quiz.html",
        row=row, edition=edition, stopped=stopped, focus=focus, kept_back=[p.told(_) for p in problems],
        is_changed=edition is not None and row is not None and edition.content != row.draft,
        state=scope.state(db, row, now) if row is not None else "new",
        kinds=kinds(), courses=[_course(db, course) for course in scope.courses(db, staff)], most_choices=MOST_CHOICES, **shown,
    )  # fmt: skip


def partial(db: Session, staff: Staff, typed: TypedQuiz, base: Quiz) -> str:
    """The phone, and every place beside a field where a problem may stand, to be swapped in."""
    return render_template("lessons/preview.html", kinds=kinds(), **_shown(db, staff, typed, base, quiet=True))


def _shown(
    db: Session, staff: Staff, typed: TypedQuiz, base: Quiz, *, quiet: bool, more: tuple[Problem, ...] = ()
) -> dict[str, Any]:
    draft, unread = draft_of(typed, base)
    route = current_app.extensions["sms_route"]()
    airings = openings.choices(db, staff.school_id, draft.after, clock.now())
    found = [*more, *unread, *on_route(check_quiz(draft), route), *openings.problems(db, draft, staff.school_id)]
    is_ready = not any(problem.stops for problem in found)
    blank = {at for at, item in enumerate(typed.items) if _is_blank(item)} if quiet else set()
    if quiet and not typed.fields.get("title", "").strip() and len(blank) == len(typed.items):
        found = []  # a form that nobody has written on
    told = list(dict.fromkeys(problem.told(_) for problem in found if _item_of(problem.where) not in blank))
    beside: dict[str, list[Problem]] = defaultdict(list)
    for problem in told:
        beside[problem.where].append(problem)
    others = [code for code in dict.fromkeys((*languages(), *(code for code, _name in _written_in(draft)))) if code != FIRST]
    language = typed.fields.get("language", FIRST)
    language = language if language in others else FIRST
    drawn = Preview(draft, phrases, language)
    totals = drawn.totals()
    price, price_to = (current_app.extensions.get(name) for name in ("segment_price", "price_to"))
    price_to = price_to or (lambda msisdn: 0)
    rupiah = (price() or None) if price is not None else None  # 0: no line has a price
    return {
        "typed": typed, "draft": draft, "is_ready": is_ready,
        "beside": dict(beside), "told": told, "stops": [p for p in told if p.stops],
        "airings": airings,
        "rules": rules_told(draft, dict(airings).get(draft.after, "")),
        "asked": drawn.item(typed.at()), "at": typed.at(), "totals": totals, "price": rupiah,
        "bills": costs.classes(db, staff.school_id, totals.segments, price_to), "zone": base.time_zone,
        "networks": costs.networks(totals.segments, price_to), "odd": forms.rewritten_changes(typed),
        "zone_name": clock.zone_label(draft.opens_at or clock.now(), base.time_zone), "language": language,
        "languages": [(code, OWN_NAMES.get(code, code)) for code in others],
        "written_in": _written_in(draft),
    }  # fmt: skip


def rules_told(quiz: Quiz, airing: str = "") -> str:
    """The rules of a quiz in sentences, for those who set it and those who read what came of it; ``airing`` is the label of the
    one that it waits for, where that is known."""
    zone, said = quiz.time_zone, []
    if quiz.after:
        said.append(openings.told(quiz, airing))
    if quiz.opens_at:
        said.append(_("Dibuka %(day)s %(hour)s.", day=day(quiz.opens_at, zone), hour=hour(quiz.opens_at, zone)))
    if quiz.closes_at:
        said.append(_("Ditutup %(day)s %(hour)s.", day=day(quiz.closes_at, zone), hour=hour(quiz.closes_at, zone)))
    if quiz.late_until and quiz.closes_at and quiz.late_until > quiz.closes_at:
        until = {"day": day(quiz.late_until, zone), "hour": hour(quiz.late_until, zone), "n": quiz.late_down}
        said.append(_("Yang terlambat diterima sampai %(day)s %(hour)s, nilainya dikurangi %(n)d%%.", **until))
    elif quiz.closes_at:
        said.append(_("Yang terlambat ditolak."))
    if quiz.attempts:
        said.append(ngettext("Boleh dikerjakan %(num)d kali.", "Boleh dikerjakan %(num)d kali.", quiz.attempts))
    else:
        said.append(_("Boleh dikerjakan sesering murid mau."))
    if 0 < quiz.draw < len(quiz.items):
        said.append(
            _("Tiap kali ditanyakan %(n)d dari %(total)d soal, diundi untuk tiap murid.", n=quiz.draw, total=len(quiz.items))
        )
    if quiz.shuffle:
        said.append(_("Urutan soal diacak."))
    return " ".join(said)


def _written_in(draft: Quiz) -> list[tuple[str, str]]:
    """The languages that anything of the draft is written in, Indonesian first."""
    words = [draft.title, *(w for item in draft.items for w in (item.prompt, item.explanation, *item.choices))]
    used = {code for each in words for code, text in each.items() if text} | {FIRST}
    return [(code, OWN_NAMES.get(code, code)) for code in sorted(used, key=lambda code: (code != FIRST, code))]


def _is_blank(item: TypedItem) -> bool:
    return not any(text.strip() for text in item.fields.values())


def _item_of(where: str) -> int | None:
    parts = where.split(".")
    return int(parts[1]) if parts[0] == "items" and len(parts) > 1 and parts[1].isdigit() else None


def _course(db: Session, row: Any) -> tuple[str, str]:
    edition = db.get(CourseEdition, row.edition_id)
    return (row.code, say(course_from_json(edition.content).title, FIRST) if edition else row.code)
