"""Every text of a quiz or a course that can be said in another language, by name; and the same with texts put in. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.problems import N_
from core.text import one_line
from lessons.course import FIRST, Course, Item, Quiz, Words

LONGEST = 6000
LANGUAGES = {
    "en": "English", "jv": "Basa Jawa", "su": "Basa Sunda", "mad": "Basa Madhurâ", "ban": "Basa Bali", "min": "Baso Minang",
    "ace": "Bahsa Acèh", "bug": "Basa Ugi", "bjn": "Bahasa Banjar", "sas": "Basa Sasak", "bbc": "Hata Batak Toba",
    "mak": "Basa Mangkasara", "pmy": "Melayu Papua", "tet": "Tetun",
}  # fmt: skip
"""The languages that a course may speak besides Bahasa Indonesia, by their ISO 639 code, in their own words."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One text. ``what`` is a phrase with ``facts``; ``name`` is unique in its quiz or course. ``is_list``: an answer a line.
    ``is_recording``: what is handed in, not written.
    """

    name: str
    what: str
    facts: Mapping[str, object]
    words: Words
    is_list: bool = False
    is_recording: bool = False

    def is_missing(self, language: str) -> bool:
        return bool(self.words.get(FIRST, "").strip()) and not self.words.get(language, "").strip()


def of_quiz(quiz: Quiz) -> list[Wording]:
    found = [Wording("title", N_("Judul"), {}, quiz.title)]
    for n, item in enumerate(quiz.items, 1):
        found.append(Wording(f"{item.id}.prompt", N_("Soal %(n)d"), {"n": n}, item.prompt))
        for at, words in enumerate(item.choices):
            facts = {"n": n, "letter": chr(ord("A") + at)}
            found.append(Wording(f"{item.id}.choices.{at}", N_("Soal %(n)d, pilihan %(letter)s"), facts, words))
        for at, words in enumerate(item.key.get("matches") or ()):
            facts = {"n": n, "at": at + 1}
            found.append(Wording(f"{item.id}.matches.{at}", N_("Soal %(n)d, pasangan %(at)d"), facts, words))
        if "accepted" in item.key:
            what = N_("Soal %(n)d, jawaban yang diterima")
            found.append(Wording(f"{item.id}.accepted", what, {"n": n}, _accepted(item), is_list=True))
        found.append(Wording(f"{item.id}.hint", N_("Soal %(n)d, petunjuk"), {"n": n}, item.hint))
        found.append(Wording(f"{item.id}.explanation", N_("Soal %(n)d, penjelasan"), {"n": n}, item.explanation))
        found.append(Wording(f"{item.id}.audio", N_("Soal %(n)d, rekaman"), {"n": n}, item.audio, is_recording=True))
    return [x for x in found if any(text.strip() for text in x.words.values())]


def of_course(course: Course) -> list[Wording]:
    found = [Wording("title", N_("Judul"), {}, course.title)]
    for n, lesson in enumerate(course.lessons, 1):
        found.append(Wording(f"{lesson.id}.title", N_("Bacaan %(n)d, judul"), {"n": n}, lesson.title))
        found.append(Wording(f"{lesson.id}.text", N_("Bacaan %(n)d"), {"n": n}, lesson.text))
        for at, each in enumerate(lesson.enclosures):
            what = N_("Bacaan %(n)d, keterangan gambar atau suara %(at)d")
            found.append(Wording(f"{lesson.id}.beside.{at}", what, {"n": n, "at": at + 1}, each.label))
    return [x for x in found if any(text.strip() for text in x.words.values())]


def quiz_with(quiz: Quiz, language: str, texts: Mapping[str, str]) -> Quiz:
    """``quiz`` with ``texts`` ({name: text}) in ``language``; a blank one takes that language away. Other names are nothing."""
    items = []
    for item in quiz.items:
        name = item.id
        key = dict(item.key)
        if f"{name}.accepted" in texts:
            lines = [line for line in (one_line(line) for line in texts[f"{name}.accepted"].split("\n")) if line]
            held = {code: text.split("\n") for code, text in _accepted(item).items() if text}
            held = {code: texts for code, texts in {**held, language: lines}.items() if texts}
            key["accepted"] = held if set(held) - {FIRST} else held.get(FIRST, [])
        if key.get("matches"):
            key["matches"] = [_said(w, language, texts.get(f"{name}.matches.{at}")) for at, w in enumerate(key["matches"])]
        items.append(replace(
            item, key=key, prompt=_said(item.prompt, language, texts.get(f"{name}.prompt")),
            choices=tuple(_said(w, language, texts.get(f"{name}.choices.{at}")) for at, w in enumerate(item.choices)),
            hint=_said(item.hint, language, texts.get(f"{name}.hint")),
            explanation=_said(item.explanation, language, texts.get(f"{name}.explanation")),
            audio=_recorded(item.audio, language, texts.get(f"{name}.audio")),
        ))  # fmt: skip
    return replace(quiz, title=_said(quiz.title, language, texts.get("title")), items=tuple(items))


def course_with(course: Course, language: str, texts: Mapping[str, str]) -> Course:
    """As ``quiz_with``."""
    lessons = tuple(
        replace(
            x,
            title=_said(x.title, language, texts.get(f"{x.id}.title")),
            text=_said(x.text, language, texts.get(f"{x.id}.text")),
            enclosures=tuple(
                replace(each, label=_said(each.label, language, texts.get(f"{x.id}.beside.{at}")))
                for at, each in enumerate(x.enclosures)
            ),
        )
        for x in course.lessons
    )
    return replace(course, title=_said(course.title, language, texts.get("title")), lessons=lessons)


def _said(words: Words, language: str, text: str | None) -> Words:
    if text is None:
        return words
    return {code: said for code, said in {**words, language: text.strip()}.items() if said or code == FIRST}


def _recorded(audio: Words, language: str, reference: str | None) -> Words:
    """As ``_said``; without one in Bahasa Indonesia there is none."""
    return {code: said for code, said in _said(audio, language, reference).items() if said}


def _accepted(item: Item) -> dict[str, str]:
    held: Any = item.key.get("accepted")
    by_language = held if isinstance(held, Mapping) else {FIRST: held or []}
    return {code: "\n".join([texts] if isinstance(texts, str) else map(str, texts)) for code, texts in by_language.items()}
