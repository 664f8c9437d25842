"""A short answer in words. ``key``: {"accepted": ["fotosintesis", "fotosintesa"]}; the first one is what is shown.

``refused`` (may be missing) are wrong answers that a slip could look like: they and their own slips are never "almost".
``accepted`` may also be {language: [...]}: each language shows its own first one, and all are accepted in every language.

Case, marks and punctuation do not matter. A misspelt word is "almost": it is accepted, the right spelling is shown, and it
scores 50, so that a teacher who reads the results sees who knew it but could not write it. A number or a single letter is
never taken for a typo. Any text at all can be marked; only silence is asked again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.problems import N_, Problem
from lessons.course import FIRST, Item, say
from lessons.kinds import Asked, Verdict
from lessons.kinds._wording import UNREADABLE, prompt_problems, verdict
from lessons.marking import dates, folding, numbers, numerals, rewording, typos


class ShortAnswer:
    name = "short_answer"
    label = N_("Jawaban singkat")
    fields = ("accepted", "refused")
    unsuited = {"voice": N_("Lewat telepon suara murid tidak bisa mengetik kata.")}

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
        refused = _texts(item.key.get("refused"))
        return read_words(typed, accepted, refused) or verdict(False, shown)


def read_words(typed: str, accepted: list[str], refused: list[str]) -> Verdict | None:
    """The verdict on ``typed`` where it is one of ``accepted`` or near one; None where it is neither, or is one of ``refused``.

    ``refused`` are wrong answers that look like a slip ("kasar" for "pasar"): a typo of theirs is nobody's typo.
    """
    shown = accepted[0]
    typed = folding.undecorated(typed, "".join(accepted))
    core = folding.ARTICLE.sub("", folding.unfilled(folding.unsigned(folding.reasoned(folding.bare(folding.plain(typed))))))
    if _is_equal(typed, accepted):
        return verdict(True, shown)
    if _is_equal(typed, refused) or _is_equal(core, refused):
        return None
    for text in accepted:
        if not _denies(typed, text) and (
            _is_equal(core, [text]) or _is_equal(core, [folding.ARTICLE.sub("", folding.plain(text))])
        ):
            return verdict(True, shown)
    dressed = [*folding.undressed(core), *folding.undressed(folding.bare(folding.plain(typed)))]
    if any(_is_equal(said, refused) for said in dressed):
        return None
    for text in accepted:
        if not _denies(typed, text) and any(
            _is_equal(said, [text]) for said in dressed if not _is_number(text) or _digits(said) == _digits(typed)
        ):
            return verdict(True, shown)  # a number said twice ("jam 2 lima") is no plural
    distances = [(_typo(typed, core, text), at) for at, text in enumerate(accepted)]
    near, at = min(distances, default=(None, 0), key=lambda found: (found[0] is None, found[0] or 0))
    if near is None or any((other := _typo(typed, core, text)) is not None and other <= near for text in refused):
        return None
    return Verdict("almost", 50, shown, accepted[at])


def _typo(typed: str, core: str, text: str) -> int | None:
    """How many edits ``typed`` (or what is left of it without its filling) is from ``text``, where that is a slip; else None."""
    if _denies(typed, text):
        return None
    meant, found = folding.loose(text), []
    for said in (typed, core):
        loose = folding.loose(said)
        if folding.is_held(loose) and folding.squeezed(loose) == folding.squeezed(meant):
            found.append(1)  # fotosintesisss
        elif typos.is_typo(loose, meant):
            found.append(typos.edits(loose, meant))
        elif not meant and typos.is_typo_beside_numbers(said, text):
            found.append(1)
    return min(found, default=None)


def _is_equal(typed: str, accepted: list[str]) -> bool:
    tight, loose, read = folding.tight(typed), folding.loose(typed), numbers.read(typed)
    spelt = folding.spelt(loose)
    for text in accepted:
        if (tight and tight == folding.tight(text)) or (loose and loose == folding.loose(text)):
            return True
        if spelt and spelt == folding.loose(text):
            return True
        if (formula := rewording.formula(typed)) and formula == rewording.formula(text):
            return True
        if (clock := rewording.hour(typed)) and (other := rewording.hour(text)):
            if clock == other:
                return True
            continue  # "jam 8 malam" is not 08.00
        if (said := dates.day(typed)) and said == dates.day(text):
            return True
        wanted = numbers.read(text)
        if not read or not wanted or not _is_number(text) or numbers.is_other_form(typed, text):
            continue
        is_counted = wanted.unit is None and read.unit is not None and read.unit.dimension == "count"
        if (read.unit == wanted.unit or is_counted) and wanted.values[0] in read.values:
            return True
    return False


def _digits(text: str) -> list[str]:
    return [c for c in folding.plain(text) if c.isdigit()]


def _is_number(text: str) -> bool:
    """True where a text is a number with at most its unit ("8", "delapan", "8 kg"), not "Pasal 8"."""
    plain = folding.bare(folding.plain(text))
    return bool(plain) and (plain[0].isdigit() or plain[0] in "-." or numerals.is_numeral(plain)) and len(plain.split()) <= 4


def _denies(typed: str, meant: str = "") -> bool:
    """True where ``typed`` says no, or that she does not know, where ``meant`` does not."""
    said = folding.words(folding.unsaid(folding.bare(folding.plain(typed))))
    words = set(said) - set(folding.words(meant))
    no = "g" in words and len(said) > 1 and said[0] == "g"  # gak
    return no or any(w in folding.NEGATIONS or w in folding.UNSURE for w in words)


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
