"""A short answer in words. ``key``: {"accepted": ["fotosintesis", "fotosintesa"]}; the first one is what is shown.

``accepted`` may also be {language: [...]}: each language shows its own first one, and all are accepted in every language.

Case, marks and punctuation do not matter. A misspelt word is "almost": it is accepted, the right spelling is shown, and it
scores 50, so that a teacher who reads the results sees who knew it but could not write it. A number or a single letter is
never taken for a typo. Any text at all can be marked; only silence is asked again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.problems import Problem
from lessons.course import FIRST, Item, say
from lessons.kinds import Asked, Verdict
from lessons.kinds._wording import N_, UNREADABLE, prompt_problems, verdict
from lessons.marking import folding, numbers, numerals, typos


class ShortAnswer:
    name = "short_answer"
    label = N_("Jawaban singkat")
    fields = ("accepted",)

    def problems(self, item: Item) -> list[Problem]:
        found = prompt_problems(item)
        accepted = _accepted(item)
        if not accepted:
            found.append(Problem("accepted", N_("Belum ada jawaban yang diterima."), N_("Tulis paling sedikit satu jawaban.")))
        if any(len(text) > folding.CAP // 2 for text in accepted):
            found.append(Problem("accepted", N_("Ada jawaban yang terlalu panjang."), N_("Pendekkan sampai 100 huruf.")))
        return found

    def ask(self, item: Item, language: str) -> Asked:
        return Asked(say(item.prompt, language), (), "words")

    def mark(self, item: Item, typed: str, language: str) -> Verdict:
        accepted = _accepted(item, language)
        if not accepted:
            return UNREADABLE
        shown = accepted[0]
        if not any(c.isalnum() for c in folding.plain(typed)) and not _is_equal(typed, accepted):
            return Verdict(None, 0, shown)
        typed = folding.undecorated(typed, "".join(accepted))
        core = folding.unfilled(folding.plain(typed))
        if _is_equal(typed, accepted) or (not _denies(typed) and _is_equal(core, accepted)):
            return verdict(True, shown)
        for text in accepted:
            meant = folding.loose(text)
            if any(typos.is_typo(folding.loose(said), meant) for said in (typed, core)) and not _denies(typed):
                return Verdict("almost", 50, shown, text)
        return verdict(False, shown)


def _is_equal(typed: str, accepted: list[str]) -> bool:
    tight, loose, read = folding.tight(typed), folding.loose(typed), numbers.read(typed)
    for text in accepted:
        if (tight and tight == folding.tight(text)) or (loose and loose == folding.loose(text)):
            return True
        wanted = numbers.read(text)
        if not read or not wanted or not _is_number(text) or numbers.is_other_form(typed, text):
            continue
        if read.unit == wanted.unit and wanted.values[0] in read.values:
            return True
    return False


def _is_number(text: str) -> bool:
    """True where a text is a number with at most its unit ("8", "delapan", "8 kg"), not "Pasal 8"."""
    plain = folding.bare(folding.plain(text))
    return bool(plain) and (plain[0].isdigit() or plain[0] in "-." or numerals.is_numeral(plain)) and len(plain.split()) <= 4


def _denies(typed: str) -> bool:
    return any(w in folding.NEGATIONS or w in folding.UNSURE for w in folding.words(typed))


def _accepted(item: Item, language: str = FIRST) -> list[str]:
    """Every accepted text, those of ``language`` first."""
    held: Any = item.key.get("accepted")
    if isinstance(held, Mapping):
        order = sorted(held, key=lambda code: (code != language, code != FIRST, code))
        held = [text for code in order for text in _texts(held[code])]
    return [text for text in _texts(held) if folding.tight(text)]


def _texts(held: Any) -> list[str]:
    return [held] if isinstance(held, str) else [t for t in held if isinstance(t, str)] if isinstance(held, list | tuple) else []


kind = ShortAnswer()
