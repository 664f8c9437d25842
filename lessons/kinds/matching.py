"""Matching: each thing on the left with its own on the right. ``key``: {"matches": [{"id": "menyerap air"}, …]}: the place of
each is that of its left side in ``choices``; those beyond them are wrong ones to choose from.

Shown: the left sides in the question, the right sides as options in an order that is the same for everybody. Answered by the
options' keys in the order of the left sides, "BAC" or "213", or as pairs, "1B 2A 3C", "akar=air; daun=gula".
"""

from __future__ import annotations

from core.problems import N_, Problem
from lessons.course import FIRST, Item, Words, say
from lessons.dialogue.turn import Choice
from lessons.kinds import Asked, Verdict
from lessons.kinds._several import MOST, option_problems, partly, shuffled, words_list
from lessons.kinds._wording import UNREADABLE, misspelt, prompt_problems, verdict
from lessons.marking import folding, keys, series

_HOW = {"id": "Urut:", "en": "In order:", "jv": "Urut:", "su": "Runtuy:"}


class Matching:
    name = "matching"
    label = N_("Menjodohkan")
    fields = ("choices", "matches")
    note = N_("Murid menjawab dengan huruf pasangannya, urut dari atas: BAC. Pasangan tanpa sisi kiri menjadi pengecoh.")

    def problems(self, item: Item) -> list[Problem]:
        found = prompt_problems(item)
        what, remedy = N_("Pasangannya kurang dari dua."), N_("Tulis paling sedikit dua pasang.")
        found += option_problems("choices", item.choices, 2, what, remedy)
        matches = words_list(item.key.get("matches"))
        if len(matches) > MOST:
            found.append(
                Problem("matches", N_("Pilihannya lebih dari enam."), N_("Sisakan paling banyak enam; empat paling baik."))
            )
        for at in range(max(len(item.choices), len(matches))):
            text = matches[at].get(FIRST, "") if at < len(matches) else ""
            if not folding.tight(text):
                found.append(Problem(f"matches.{at}", N_("Pasangannya belum ditulis."), N_("Isi sisi kanannya.")))
            if len(text) > folding.CAP // 2 or "=" in text or ";" in text:
                found.append(Problem(f"matches.{at}", N_("Pasangan ini tidak bisa dipakai."), N_("Pendekkan, tanpa = dan ;.")))
        for at, words in enumerate(item.choices):
            if any(sign in text for text in words.values() for sign in "=;:"):
                found.append(Problem(f"choices.{at}", N_("Pasangan ini tidak bisa dipakai."), N_("Pendekkan, tanpa = dan ;.")))
        shown, _order = _shown(item)
        if shown and len(shown) < 2:
            found.append(Problem("matches", N_("Semua pasangannya sama."), N_("Ubah salah satunya.")))
        return found

    def ask(self, item: Item, language: str) -> Asked:
        options, _right = _shown(item)
        shown = tuple(Choice(str(n + 1), say(words, language), keys.LETTERS[n].upper()) for n, words in enumerate(options))
        lefts = ", ".join(say(words, language) for words in item.choices[:MOST])
        return Asked(f"{say(item.prompt, language)} {_HOW.get(language, _HOW['id'])} {lefts}".strip(), shown, "keys")

    def mark(self, item: Item, typed: str, language: str) -> Verdict:
        options, right = _shown(item)
        if len(right) < 2 or len(right) != len(item.choices[:MOST]):
            return UNREADABLE
        lefts = item.choices[:MOST]
        shown = "; ".join(f"{say(words, language)}={say(options[at], language)}" for words, at in zip(lefts, right, strict=True))
        if folding.tight(typed) == folding.tight(shown):
            return verdict(True, shown)
        sides = [list(w.values()) for w in lefts], [list(w.values()) for w in options]
        said = series.pairs(typed, *sides)
        if said is None:
            example = "BACDEF"[: len(lefts)] if len(options) > 1 else ""
            why = N_("Ketik pasangannya berurutan, misalnya %(example)s.")
            return Verdict(None, 0, shown, why=why, facts={"example": example})
        if said == right and series.pairs(typed, *sides, slips=False) != said:
            return misspelt(shown)
        return partly([100 if one == other else 0 for one, other in zip(said, right, strict=True)], shown)


def _shown(item: Item) -> tuple[list[Words], list[int]]:
    """The right sides as they are shown, each once, and for each left side which of them is right."""
    matches = words_list(item.key.get("matches"))[:MOST]
    distinct: list[Words] = []
    of: list[int] = []
    for words in matches:
        same = next((n for n, other in enumerate(distinct) if dict(other) == dict(words)), None)
        if same is None:
            same = len(distinct)
            distinct.append(words)
        of.append(same)
    order = shuffled(item.id, len(distinct))
    place = {at: n for n, at in enumerate(order)}
    return [distinct[at] for at in order], [place[at] for at in of[: len(item.choices)]]


kind = Matching()
