"""What is wrong with a draft, and what would make it better: advice while it is written, a stop on publishing. Pure.

``Problem.where`` names the field as the form does: "title", "items.0.choices.2" (counted from 0). The words are
msgids in Bahasa Indonesia with their facts beside them: ``problem.told(gettext)`` (on pages ``|told``) makes them readable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from core import gsm7
from core.problems import N_, Problem
from lessons import enclosed, filters
from lessons.course import FIRST, Course, Item, Quiz, Words, say
from lessons.dialogue.commands import RESERVED
from lessons.dialogue.turn import Budget, Prompt
from lessons.kinds import Kind, kinds
from lessons.render import sms, ussd
from lessons.rules import rule_problems

KEYWORD = re.compile(r"[A-Z][A-Z0-9]{1,11}")
CODE = re.compile(r"[A-Z][A-Z0-9-]{1,19}")
_LONGEST = 2000  # characters: where a medium still takes that, its length is nobody's worry
_TOO_LONG = {
    "ussd": N_("Soal ini %(count)d huruf; satu layar memuat %(limit)d."),
    "sms": N_("Soal ini %(count)d huruf; satu SMS memuat %(limit)d."),
    "voice": N_("Soal ini %(count)d huruf; yang mudah didengar paling banyak %(limit)d."),
}
_TOO_LONG_AFTER = {
    "ussd": N_("Jika dijawab salah, penjelasan dan soal berikutnya %(count)d huruf; satu layar memuat %(limit)d."),
    "sms": N_("Jika dijawab salah, penjelasan dan soal berikutnya %(count)d huruf; satu SMS memuat %(limit)d."),
}


def check_quiz(quiz: Quiz, budgets: Sequence[Budget] | None = None) -> list[Problem]:
    """Every problem of a quiz, in the order of the form. ``budgets`` are the media it is drawn on: a USSD screen and an SMS
    unless given. Only those with ``stops`` forbid to publish; that a text is long or dear is advice.
    """
    found = _titled(quiz.title, N_("Kuis ini belum berjudul."), N_("Tulis judul yang pendek, misalnya Pecahan."))
    if not KEYWORD.fullmatch(quiz.keyword):
        found.append(
            Problem(
                "keyword",
                N_("Kata kunci ini tidak bisa dipakai."),
                N_("Pakai 2 sampai 12 huruf besar atau angka, dimulai dengan huruf, tanpa spasi. Contoh: IPA5."),
            )
        )
    elif quiz.keyword in RESERVED or re.match(r"Q\d", quiz.keyword):  # Q7 is a printed sheet
        what, remedy = N_("Kata %(word)s sudah berarti lain bagi murid."), N_("Pilih kata kunci lain, misalnya %(word)s5.")
        found.append(Problem("keyword", what, remedy, facts={"word": quiz.keyword}))
    found += rule_problems(quiz)
    if not quiz.items:
        found.append(Problem("items", N_("Kuis ini belum punya soal."), N_("Tulis paling sedikit satu soal.")))
    languages = _languages(_quiz_words(quiz))
    found += _untranslated("title", quiz.title, languages)
    media = [_Medium.of(budget) for budget in ((ussd.budget(), sms.budget()) if budgets is None else budgets)]
    seen: set[str] = set()
    for at, item in enumerate(quiz.items):
        if item.id in seen:
            found.append(Problem(f"items.{at}", N_("Soal ini tertulis dua kali."), N_("Hapus salah satunya.")))
        seen.add(item.id)
        found += [replace(problem, where=f"items.{at}.{problem.where}") for problem in _check_item(item, languages)]
        for language in languages:
            found += _check_room(quiz, at, language, media)
    return found


def check_course(course: Course, budgets: Sequence[Budget] | None = None) -> list[Problem]:
    """As ``check_quiz``. Lessons may be long: every medium pages them."""
    found = _titled(course.title, N_("Pelajaran ini belum berjudul."), N_("Tulis judul yang pendek, misalnya IPA SD 5."))
    if not CODE.fullmatch(course.code):
        found.append(Problem("code", N_("Kode ini tidak bisa dipakai."), N_("Pakai 2 sampai 20 huruf besar atau angka.")))
    if not course.lessons:
        found.append(Problem("lessons", N_("Belum ada bacaannya."), N_("Tulis paling sedikit satu bacaan.")))
    languages = _languages([course.title, *(w for lesson in course.lessons for w in (lesson.title, lesson.text))])
    found += _untranslated("title", course.title, languages) + _dear("title", course.title)
    seen: set[str] = set()
    for at, lesson in enumerate(course.lessons):
        if lesson.id in seen:
            found.append(Problem(f"lessons.{at}", N_("Bacaan ini tertulis dua kali."), N_("Hapus salah satunya.")))
        seen.add(lesson.id)
        for field, words, what in (
            ("title", lesson.title, N_("Bacaan ini belum berjudul.")),
            ("text", lesson.text, N_("Bacaan ini masih kosong.")),
        ):
            where = f"lessons.{at}.{field}"
            if not words.get(FIRST, "").strip():
                found.append(Problem(where, what, N_("Tulis dalam Bahasa Indonesia.")))
            found += _untranslated(where, words, languages) + _dear(where, words)
        found += [replace(p, where=f"lessons.{at}.{p.where}") for p in enclosed.enclosure_problems(lesson)]
        for beside, each in enumerate(lesson.enclosures):
            found += _untranslated(f"lessons.{at}.beside.{beside}.label", each.label, languages)
    return found


def _titled(title: Words, what: str, remedy: str) -> list[Problem]:
    return [*([] if title.get(FIRST, "").strip() else [Problem("title", what, remedy)]), *_dear("title", title)]


def _check_item(item: Item, languages: Sequence[str]) -> Iterator[Problem]:
    kind: Kind | None = kinds().get(item.kind)
    if kind is None:
        yield Problem("kind", N_("Jenis soal ini tidak dikenal."), N_("Pilih jenis soal yang lain."))
        return
    yield from kind.problems(item)
    fields = [("prompt", item.prompt), ("explanation", item.explanation), ("hint", item.hint)]
    fields += [(f"choices.{at}", words) for at, words in enumerate(item.choices)]
    for where, words in fields:
        yield from _untranslated(where, words, languages)
        yield from _dear(where, words)
    yield from enclosed.recording_problems(item.audio)


def _quiz_words(quiz: Quiz) -> list[Words]:
    return [quiz.title, *(words for item in quiz.items for words in (item.prompt, item.explanation, *item.choices))]


def _languages(words: Sequence[Words]) -> list[str]:
    """The languages in which anything is written; Indonesian first."""
    used = {language for each in words for language, text in each.items() if text.strip()}
    return [FIRST, *sorted(used - {FIRST})]


def _untranslated(where: str, words: Words, languages: Sequence[str]) -> list[Problem]:
    """Advice for each language that the rest has and this lacks; a text that is empty throughout is another matter."""
    if not any(text.strip() for text in words.values()):
        return []
    what, remedy = N_("Belum ada dalam bahasa %(language)s."), N_("Sampai ditulis, yang tampil Bahasa Indonesia.")
    missing = [language for language in languages if language != FIRST and not words.get(language, "").strip()]
    return [Problem(where, what, remedy, stops=False, facts={"language": language}) for language in missing]


def _dear(where: str, words: Words) -> list[Problem]:
    """Advice about what makes an SMS dear or keeps it from arriving: signs that phones' alphabet lacks, those that are
    rewritten, and words that operators filter.
    """
    found = []
    odd = sorted({c for text in words.values() for c in text if not gsm7.is_gsm7(c)})
    dear = [c for c in odd if not gsm7.is_gsm7(gsm7.rewrite(c))]
    if dear:
        found.append(
            Problem(
                where,
                N_("Tanda %(signs)s tidak ada di abjad SMS: satu pesan hanya memuat 70 huruf."),
                N_("Ganti atau hapus tanda itu."), stops=False, facts={"signs": " ".join(dear)},
            )
        )  # fmt: skip
    elif odd:
        signs = ", ".join(f"{c} = {gsm7.rewrite(c).strip() or '-'}" for c in odd if not c.isspace() and c.isprintable())
        if signs:
            what, remedy = N_("Di telepon ada tanda yang ditulis lain: %(signs)s."), N_("Periksa apakah artinya tetap sama.")
            found.append(Problem(where, what, remedy, stops=False, facts={"signs": signs}))
    return found + filters.advice(where, words)


@dataclass(frozen=True, slots=True)
class _Medium:
    """A budget, and how many characters one screen (or one SMS) of it holds: (in GSM-7, in UCS-2)."""

    budget: Budget
    limits: tuple[int, int]

    @classmethod
    def of(cls, budget: Budget) -> _Medium:
        return cls(budget, (_room(budget, "a"), _room(budget, "я")))

    def limit(self, text: str) -> int:
        return self.limits[0 if gsm7.is_gsm7(text) else 1]

    def holds(self, text: str) -> bool:
        return _is_one(self.budget, text)


def _is_one(budget: Budget, text: str) -> bool:
    return budget.fits(text) and budget.cost(text) <= 1


def _room(budget: Budget, letter: str) -> int:
    """How many of ``letter`` are one screen, by asking the budget; at most _LONGEST."""
    low, high = 0, _LONGEST
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _is_one(budget, letter * middle) else (low, middle - 1)
    return low


def _check_room(quiz: Quiz, at: int, language: str, media: Sequence[_Medium]) -> Iterator[Problem]:
    """Whether the question is one screen, and what is said after a wrong answer together with the next question."""
    question = question_prompt(quiz, at, language)
    if question is None:
        return
    after = after_wrong(quiz, at, language)
    for medium in media:
        name, draw = medium.budget.medium, medium.budget.draw
        text = draw(question)
        if name in _TOO_LONG and not medium.holds(text):
            remedy = N_("Pendekkan soal atau pilihannya, supaya terlihat bersama.")
            yield _long(f"items.{at}.prompt", _TOO_LONG[name], remedy, text, medium)
            continue
        following = question_prompt(quiz, at + 1, language) if at + 1 < len(quiz.items) else Prompt("")
        if (
            name not in _TOO_LONG_AFTER
            or after is None
            or not after.why
            or following is None
            or not medium.holds(draw(following))
        ):
            continue
        text = draw(after)
        if not medium.holds(text):
            remedy = N_("Pendekkan penjelasannya; kalau tidak, penjelasan tidak ikut tampil di sana.")
            yield _long(f"items.{at}.explanation", _TOO_LONG_AFTER[name], remedy, text, medium)


def _long(where: str, what: str, remedy: str, text: str, medium: _Medium) -> Problem:
    return Problem(where, what, remedy, stops=False, facts={"count": gsm7.units(text), "limit": medium.limit(text)})


def question_prompt(quiz: Quiz, at: int, language: str) -> Prompt | None:
    """The question as the dialogue asks it, without the keys to go elsewhere, which give way first. None for an unknown kind."""
    item = quiz.items[at]
    kind = kinds().get(item.kind)
    if kind is None:
        return None
    asked = kind.ask(item, language)
    return Prompt(f"{at + 1}/{len(quiz.items)} {asked.text}", asked.choices, wants=asked.wants, is_question=True)


def after_wrong(quiz: Quiz, at: int, language: str) -> Prompt | None:
    """What is shown after a wrong answer to the item at ``at``: the right one, why, and the next question.

    The words around it are the Indonesian ones, the longest that we have.
    """
    kind: Kind | None = kinds().get(quiz.items[at].kind)
    following: Prompt | None = Prompt("") if at + 1 == len(quiz.items) else question_prompt(quiz, at + 1, language)
    if kind is None or following is None:
        return None
    right = kind.mark(quiz.items[at], "", language).right
    return replace(following, lead=f"Salah. Jawaban: {right}.", why=say(quiz.items[at].explanation, language))
