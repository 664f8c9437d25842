"""A whole course with its quizzes as one file that is read back to an equal thing. Pure.

JSON in UTF-8: ``{"format": "kentongan-course", "version": 1, "course": {…}, "quizzes": [{…}, …]}``; course and quizzes are as
lessons.course writes them, with who wrote them (``credits``) and under which ``licence``. Recordings and pictures are
named here and travel beside it (lessons.course_bundle). What learners did is in no such file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from core.problems import N_, Problem, Refused
from core.text import clean
from lessons.course import Course, Quiz, course_from_json, course_to_json, quiz_from_json, quiz_to_json
from lessons.exchange.keys import is_key
from lessons.kinds import kinds

FORMAT, VERSION = "kentongan-course", 1
MOST_BYTES = 10 * 1024 * 1024
MOST_QUIZZES = 200


@dataclass(frozen=True, slots=True)
class Held:
    course: Course
    quizzes: tuple[Quiz, ...] = ()


def write(held: Held) -> bytes:
    quizzes = [quiz_to_json(quiz) for quiz in held.quizzes]
    told = {"format": FORMAT, "version": VERSION, "course": course_to_json(held.course), "quizzes": quizzes}
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def read(raw: bytes) -> Held:
    """Raises Refused with a sentence for whatever is no such file; never anything else."""
    if len(raw) > MOST_BYTES:
        raise _refused(N_("Berkas ini lebih dari 10 MB."), N_("Bagilah menjadi beberapa berkas."))
    try:
        told = json.loads(raw.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise _refused(N_("Ini bukan berkas pelajaran Kentongan."), N_("Pilih berkas JSON dari Ekspor pelajaran.")) from None
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise _refused(N_("Ini bukan berkas pelajaran Kentongan."), N_("Pilih berkas JSON dari Ekspor pelajaran."))
    if told.get("version") != VERSION:
        raise _refused(N_("Berkas ini dari versi Kentongan yang lain."), N_("Perbarui Kentongan, atau ekspor lagi di sana."))
    try:
        told = _cleaned(told)
        held = Held(course_from_json(told["course"]), tuple(quiz_from_json(quiz) for quiz in told.get("quizzes", ())))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, OverflowError):
        raise _broken() from None
    if not _is(held, Held) or len(held.quizzes) > MOST_QUIZZES:
        raise _broken()
    if any(not 0 < len(lesson.id) <= 20 for lesson in held.course.lessons):
        raise _broken()
    unknown = next((item.kind for quiz in held.quizzes for item in quiz.items if item.kind not in kinds()), None)
    if unknown is not None:
        what, remedy = N_("Jenis soal %(kind)s belum ada di sini."), N_("Hapus dari berkas, atau tulis ulang.")
        raise Refused(Problem("", what, remedy, facts={"kind": unknown[:40]}))
    if any(not 0 < len(item.id) <= 20 or not is_key(item.key) for quiz in held.quizzes for item in quiz.items):
        raise _broken()
    return held


def _is(value: Any, hint: Any) -> bool:
    """Whether ``value`` is what a field of lessons.course says that it holds, through and through."""
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        return type(value) is hint and all(_is(getattr(value, each.name), hints[each.name]) for each in fields(hint))
    origin, inside = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return any(_is(value, each) for each in inside)
    if origin is tuple:
        return isinstance(value, tuple) and all(_is(each, inside[0]) for each in value)
    if origin is Mapping:
        return isinstance(value, dict) and all(isinstance(k, str) and _is(v, inside[1]) for k, v in value.items())
    if hint is Any:
        return True
    if hint is NoneType or hint is None:
        return value is None
    if hint is datetime:
        return isinstance(value, datetime) and value.tzinfo is not None and 1990 <= value.year <= 2200
    return type(value) is hint and (hint is not int or abs(value) < 2**31)


def _cleaned(value: Any) -> Any:
    """The same with every text through the one gate."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_cleaned(each) for each in value]
    return {clean(k): _cleaned(v) for k, v in value.items()} if isinstance(value, dict) else value


def _no_number(text: str) -> Any:
    raise ValueError(text)


def _refused(what: str, remedy: str) -> Refused:
    return Refused(Problem("", what, remedy))


def _broken() -> Refused:
    return _refused(N_("Berkas pelajaran ini tidak utuh."), N_("Ekspor lagi, dan jangan ubah isinya dengan tangan."))
