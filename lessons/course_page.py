"""What the course form and its phone show: the draft, its problems beside their fields, one lesson on the chosen medium."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from flask import current_app, render_template
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.phrases import languages, phrases
from core.problems import Problem
from lessons import costs, preview, scope
from lessons.check import check_course
from lessons.course import FIRST, Course, say
from lessons.course_forms import CRITERIA, MEDIA, PHASES, TypedCourse, draft_of, phase_of, would_rewrite
from lessons.filters import on_route
from lessons.tables import Course as CourseRow
from lessons.tables import CourseEdition, Quiz
from lessons.world import OWN_NAMES
from schools.tables import Staff

SPOKEN_A_SECOND = 15  # characters: how fast the networks' voices read Indonesian, about
SUBJECTS = (
    "Bahasa Indonesia", "Matematika", "IPAS", "IPA", "IPS", "Pendidikan Pancasila", "Pendidikan Agama", "PJOK", "Seni Budaya",
    "Bahasa Inggris", "Informatika", "Bahasa Daerah",
)  # fmt: skip


def page(
    db: Session, staff: Staff, typed: TypedCourse, base: Course, row: CourseRow | None = None, *,
    problems: Iterable[Problem] = (), quiet: bool = False, stopped: bool = False, focus: int | None = None,
) -> str:  # fmt: skip
    """The whole form. ``problems`` are those that kept it from being saved; ``stopped``: from being published.

    ``quiet``: a form on which nothing is written yet is not scolded for it. ``focus``: the lesson to write on next.
    """
    edition = db.get(CourseEdition, row.edition_id) if row is not None and row.edition_id else None
    shown = _shown(db, staff, typed, base, row, quiet=quiet, more=tuple(problems))
    own = db.scalars(select(Quiz).where(Quiz.course_id == row.id, Quiz.archived_at.is_(None)).order_by(Quiz.id)) if row else ()
    return render_template(
        "lessons/course_form.html",
        row=row, edition=edition, stopped=stopped, focus=focus, kept_back=[p.told(_) for p in problems],
        is_changed=edition is not None and row is not None and edition.content != row.draft, zone=scope.zone_of(db, staff),
        subjects=SUBJECTS, phases=PHASES, criteria=tuple(dict.fromkeys((*CRITERIA, base.criterion))),
        quizzes=[(q.id, q.keyword, q.draft["title"].get(FIRST, "")) for q in own],
        **shown,
    )  # fmt: skip


def partial(db: Session, staff: Staff, typed: TypedCourse, base: Course, row: CourseRow | None) -> str:
    """The phone, and every place beside a field where a problem may stand, to be swapped in."""
    return render_template("lessons/course_preview.html", **_shown(db, staff, typed, base, row, quiet=True))


def _shown(
    db: Session, staff: Staff, typed: TypedCourse, base: Course, row: CourseRow | None, *, quiet: bool,
    more: tuple[Problem, ...] = (),
) -> dict[str, Any]:  # fmt: skip
    draft, unread = draft_of(typed, base, may_name=row is None)
    route = current_app.extensions["sms_route"]()
    found = [*more, *unread, *on_route(check_course(draft), route), *_phase_advice(draft)]
    is_ready = not any(problem.stops for problem in found)
    if quiet:
        found = [p for p in found if not _is_blank(typed, p.where)]
    told = list(dict.fromkeys(problem.told(_) for problem in found))
    beside: dict[str, list[Problem]] = defaultdict(list)
    for problem in told:
        beside[problem.where].append(problem)
    written = _written_in(draft)
    others = [code for code in dict.fromkeys((*languages(), *written)) if code != FIRST]
    language = typed.fields.get("language", FIRST)
    language = language if language in others else FIRST
    lesson = draft.lessons[typed.at()]
    messages = preview.lesson_messages(draft, lesson.id, phrases, language)
    segments = sum(message.segments for message in messages)
    price_to = current_app.extensions.get("price_to") or (lambda msisdn: 0)
    typical = current_app.extensions.get("segment_price")
    spoken = preview.lesson_spoken(draft, lesson.id, phrases, language) if typed.medium() == "voice" else ()
    return {
        "typed": typed, "draft": draft, "is_ready": is_ready, "beside": dict(beside), "told": told,
        "stops": [p for p in told if p.stops], "at": typed.at(), "lesson": lesson, "medium": typed.medium(), "media": MEDIA,
        "screens": preview.lesson_screens(draft, lesson.id, phrases, language) if typed.medium() == "ussd" else (),
        "messages": messages, "segments": segments, "price": (typical() or None) if typical else None,
        "spoken": [(text, -(-len(text) // SPOKEN_A_SECOND)) for text in spoken],
        "said": lambda words: say(words, language),
        "web": (say(lesson.title, language), [p for p in say(lesson.text, language).split("\n\n") if p.strip()]),
        "bills": costs.classes(db, staff.school_id, segments, price_to), "networks": costs.networks(segments, price_to),
        "odd": would_rewrite(typed), "language": language, "languages": [(code, OWN_NAMES.get(code, code)) for code in others],
        "written_in": [(code, OWN_NAMES.get(code, code)) for code in written],
    }  # fmt: skip


def _phase_advice(draft: Course) -> list[Problem]:
    meant = phase_of(draft.grade)
    if not meant or not draft.phase or meant == draft.phase:
        return []
    what, remedy = _("%(grade)s termasuk Fase %(phase)s.", grade=draft.grade, phase=meant), _("Periksa fase atau kelasnya.")
    return [Problem("phase", what, remedy, stops=False)]


def _is_blank(typed: TypedCourse, where: str) -> bool:
    """True for what stands beside something on which nothing is written yet."""
    parts = where.split(".")
    if parts[0] == "lessons" and len(parts) > 1 and parts[1].isdigit() and int(parts[1]) < len(typed.lessons):
        return not any(text.strip() for text in typed.lessons[int(parts[1])].fields.values())
    return where == "title" and not typed.fields.get("title", "").strip()


def _written_in(draft: Course) -> list[str]:
    words = [draft.title, *(w for x in draft.lessons for w in (x.title, x.text))]
    used = {code for each in words for code, text in each.items() if text} | {FIRST}
    return sorted(used, key=lambda code: (code != FIRST, code))
