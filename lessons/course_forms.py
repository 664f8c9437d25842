"""The course form: what was typed, as it was typed, and the draft that it means. As lessons.forms does for a quiz.

Names of the fields: ``title``, ``subject``, ``lessons.0.title``, ``lessons.0.text``, ``lessons.0.beside.1.address`` and
``.label`` of a picture or a recording; with a language after it where it is not
Bahasa Indonesia (``lessons.0.text.en``). A Problem's ``where`` is such a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from flask_babel import gettext as _

from core.problems import Problem, Refused
from core.text import clean, one_line
from lessons import enclosed
from lessons.course import Course, Enclosure, Lesson
from lessons.forms import rewritten, whole
from lessons.key_fields import spread, words_of
from lessons.mastery import Criterion

MOST_LESSONS = 60
MOST_FIELDS = 4000  # 60 lessons with six pictures each in four languages are 2,400
LONGEST = {"title": 80, "code": 20, "subject": 60, "phase": 8, "grade": 20, "text": 6000, "beside": 320, "file_label": 320}
PHASES = {"A": (1, 2), "B": (3, 4), "C": (5, 6), "D": (7, 9), "E": (10, 10), "F": (11, 12)}
"""The phases of the Kurikulum Merdeka and the grades that each spans."""
CRITERIA = ("2/3", "3/4", "4/5", "5/6", "9/10")
MEDIA = ("ussd", "sms", "voice", "web")
_KEPT = 20_000
_LESSON_FIELD = re.compile(
    r"lessons\.(\d{1,3})\.(id|(?:title|text)(?:\.[a-z]{2,3})?|beside\.\d{1,2}\.(?:address|label(?:\.[a-z]{2,3})?)|file_label)"
)
_COURSE_FIELD = re.compile(r"title(?:\.[a-z]{2,3})?|code|subject|phase|grade|is_open|criterion|version|language|at|medium")
_ID = re.compile(r"[A-Za-z0-9_-]{1,20}")


@dataclass(frozen=True, slots=True)
class TypedLesson:
    """The fields of one lesson by name, without ``lessons.0.`` before it."""

    id: str
    fields: Mapping[str, str] = field(default_factory=dict)

    def speaks(self, language: str) -> bool:
        return any(text for name, text in self.fields.items() if name.endswith("." + language))

    def beside(self) -> list[int]:
        """The numbers of its pictures and recordings, in order."""
        return sorted(int(n.split(".")[1]) for n, text in self.fields.items() if n.endswith(".address") and text)


@dataclass(frozen=True, slots=True)
class TypedCourse:
    """Everything as it was typed: what the form shows again."""

    fields: Mapping[str, str]
    lessons: tuple[TypedLesson, ...]

    def at(self) -> int:
        """The lesson that the phone shows, from 0."""
        return min(whole(self.fields.get("at", "")) or 0, max(0, len(self.lessons) - 1))

    def medium(self) -> str:
        chosen = self.fields.get("medium", "")
        return chosen if chosen in MEDIA else MEDIA[0]


def read_form(form: Mapping[str, str], new_id: Callable[[], str]) -> TypedCourse:
    """What was typed; ``new_id`` names a lesson that has no id yet. Raises Refused for more than a form can hold."""
    if len(form) > MOST_FIELDS:
        raise Refused(_too_many())
    fields: dict[str, str] = {}
    lessons: dict[int, dict[str, str]] = {}
    for name, text in form.items():
        if match := _LESSON_FIELD.fullmatch(name):
            lessons.setdefault(int(match[1]), {})[match[2]] = clean(text, _KEPT)
        elif _COURSE_FIELD.fullmatch(name):
            fields[name] = clean(text, _KEPT)
    if len(lessons) > MOST_LESSONS:
        raise Refused(_too_many())
    seen: set[str] = set()
    read = []
    for _at, typed in sorted(lessons.items()):
        lesson_id = typed.pop("id", "")
        lesson_id = lesson_id if _ID.fullmatch(lesson_id) and lesson_id not in seen else new_id()
        seen.add(lesson_id)
        read.append(TypedLesson(lesson_id, _counted(typed)))
    return TypedCourse(fields, tuple(read) or (TypedLesson(new_id()),))


def typed_of(course: Course, version: int = 0) -> TypedCourse:
    """A draft as its form shows it."""
    fields = {
        "code": course.code, "subject": course.subject, "phase": course.phase, "grade": course.grade,
        "is_open": "1" if course.is_open else "", "criterion": course.criterion, "version": str(version),
        **spread("title", course.title),
    }  # fmt: skip
    lessons = tuple(
        TypedLesson(x.id, {**spread("title", x.title), **spread("text", x.text), **_spread_beside(x)}) for x in course.lessons
    )
    return TypedCourse(fields, lessons)


def draft_of(typed: TypedCourse, base: Course, *, may_name: bool = False) -> tuple[Course, list[Problem]]:
    """The draft that was typed, over ``base``, and what is too long to be kept. The code is the typed one where she ``may_name``
    it: once it is published others know the course by it.
    """
    known = {lesson.id: lesson for lesson in base.lessons}
    code = one_line(typed.fields.get("code", "")).upper().replace(" ", "")[: LONGEST["code"]]
    draft = replace(
        base,
        code=code if may_name else base.code,
        title=words_of(typed.fields, "title"),
        subject=one_line(typed.fields.get("subject", "")),
        phase=one_line(typed.fields.get("phase", "")).upper(),
        grade=one_line(typed.fields.get("grade", "")),
        is_open=typed.fields.get("is_open", "") == "1",
        criterion=str(Criterion.read(typed.fields.get("criterion", base.criterion))),
        lessons=tuple(
            Lesson(x.id, words_of(x.fields, "title"), words_of(x.fields, "text"), _enclosures(x, known.get(x.id)))
            for x in typed.lessons
        ),
    )
    return draft, _too_long(typed)


def pressed(typed: TypedCourse, button: str, new_id: Callable[[], str]) -> TypedCourse:
    """The form after a button: ``add``, ``remove:3``, ``up:3``, ``down:3``, ``show:3`` (counted from 0), ``rewrite``,
    ``drop:3.1`` for one picture or recording less.

    Another button changes nothing. Raises Refused for one lesson too many.
    """
    verb, _colon, rest = button.partition(":")
    lessons, at = list(typed.lessons), whole(rest)
    if verb == "rewrite":
        return TypedCourse(rewritten(typed.fields), tuple(replace(x, fields=rewritten(x.fields)) for x in lessons))
    if verb == "drop":
        number, _dot, which = rest.partition(".")
        of = whole(number)
        if of is not None and of < len(lessons):
            kept = {name: text for name, text in lessons[of].fields.items() if not name.startswith(f"beside.{which}.")}
            lessons[of] = replace(lessons[of], fields=_counted(kept))
        return TypedCourse({**typed.fields, "at": number}, tuple(lessons))
    if verb == "add":
        if len(lessons) >= MOST_LESSONS:
            raise Refused(_too_many())
        lessons.append(TypedLesson(new_id()))
        return TypedCourse({**typed.fields, "at": str(len(lessons) - 1)}, tuple(lessons))
    if at is None or at >= len(lessons):
        return typed
    if verb == "remove":
        del lessons[at]
        lessons = lessons or [TypedLesson(new_id())]
        at = max(0, at - 1)
    elif verb == "up" and at > 0:
        lessons[at - 1], lessons[at] = lessons[at], lessons[at - 1]
        at -= 1
    elif verb == "down" and at < len(lessons) - 1:
        lessons[at + 1], lessons[at] = lessons[at], lessons[at + 1]
        at += 1
    elif verb not in ("show", "up", "down"):
        return typed
    return TypedCourse({**typed.fields, "at": str(at)}, tuple(lessons))


def _counted(fields: Mapping[str, str]) -> dict[str, str]:
    """``fields`` with pictures and recordings counted from 0 without gaps, as problems name them."""
    numbers = {old: new for new, old in enumerate(TypedLesson("", fields).beside())}
    counted = {}
    for name, text in fields.items():
        first, _dot, rest = name.partition(".")
        number, _dot, part = rest.partition(".")
        if first != "beside":
            counted[name] = text
        elif int(number) in numbers:
            counted[f"beside.{numbers[int(number)]}.{part}"] = text
    return counted


def _spread_beside(lesson: Lesson) -> dict[str, str]:
    fields: dict[str, str] = {}
    for at, each in enumerate(lesson.enclosures):
        fields |= {f"beside.{at}.address": each.address, **spread(f"beside.{at}.label", each.label)}
    return fields


def _enclosures(typed: TypedLesson, known: Lesson | None) -> tuple[Enclosure, ...]:
    """What the fields name: handed in, or there before. An address that a form made up is nothing."""
    old = known.enclosures if known is not None else ()
    named = [(typed.fields[f"beside.{at}.address"], f"beside.{at}.label") for at in typed.beside()]
    found = (enclosed.enclosure(address, words_of(typed.fields, label, False, one_line), old) for address, label in named)
    return tuple(each for each in found if each is not None)


def would_rewrite(typed: TypedCourse) -> bool:
    """True where ``rewrite`` would change anything."""
    return any(rewritten(fields) != fields for fields in (typed.fields, *(x.fields for x in typed.lessons)))


def phase_of(grade: str) -> str:
    """The phase of a grade as schools say it ("SD 5", "kelas 7"); "" where it says none."""
    found = re.search(r"\d{1,2}", grade)
    return next((name for name, (low, high) in PHASES.items() if found and low <= int(found.group()) <= high), "")


def _too_many() -> str:
    return _("Satu pelajaran paling banyak %(n)d bacaan. Bagilah menjadi dua pelajaran.", n=MOST_LESSONS)


def _too_long(typed: TypedCourse) -> list[Problem]:
    found = []
    named = [
        *typed.fields.items(),
        *((f"lessons.{at}.{n}", t) for at, x in enumerate(typed.lessons) for n, t in x.fields.items()),
    ]
    for name, text in named:
        longest = LONGEST.get(name.split(".")[2] if name.startswith("lessons.") else name.split(".")[0], 60)
        if len(text) > longest:
            found.append(Problem(name, _("Ini terlalu panjang: %(n)d huruf.", n=len(text)), _("Paling banyak %(n)d.", n=longest)))
    return found
