"""Ordering: things to be put in order. They are written in the right order, and shown in another that is the same for everybody.

Answered by their keys in order: "CABD", "3124", "c a b d", or the texts with commas. Each in its place counts its share; from
half on it is "almost".
"""

from __future__ import annotations

from core.problems import N_, Problem
from lessons.course import Item, say
from lessons.dialogue.turn import Choice
from lessons.kinds import Asked, Verdict
from lessons.kinds._several import MOST, option_problems, partly, shuffled
from lessons.kinds._wording import UNREADABLE, misspelt, prompt_problems, verdict
from lessons.marking import folding, keys, series

_HOW = {"id": "(tulis urutannya)", "en": "(type the order)", "jv": "(tulisen urutane)", "su": "(tulis urutanana)"}


class Ordering:
    name = "ordering"
    label = N_("Mengurutkan")
    fields = ("choices",)
    note = N_("Tulis dalam urutan yang benar. Murid melihatnya teracak.")

    def problems(self, item: Item) -> list[Problem]:
        found = prompt_problems(item)
        return found + option_problems(
            "choices", item.choices, 3, N_("Yang diurutkan kurang dari tiga."), N_("Tulis paling sedikit tiga, urut dari awal.")
        )

    def ask(self, item: Item, language: str) -> Asked:
        order = shuffled(item.id, len(item.choices[:MOST]))
        shown = tuple(Choice(str(n + 1), say(item.choices[at], language), keys.LETTERS[n].upper()) for n, at in enumerate(order))
        return Asked(f"{say(item.prompt, language)} {_HOW.get(language, _HOW['id'])}", shown, "keys")

    def mark(self, item: Item, typed: str, language: str) -> Verdict:
        order = shuffled(item.id, len(item.choices[:MOST]))
        if len(order) < 2:
            return UNREADABLE
        shown = ", ".join(say(words, language) for words in item.choices[:MOST])
        if folding.tight(typed) == folding.tight(shown):
            return verdict(True, shown)
        options = [list(item.choices[at].values()) for at in order]
        placed = series.several(typed, options)
        if placed is None or sorted(placed) != list(range(len(order))):
            why = N_("Ketik semuanya sesuai urutan, masing-masing sekali, misalnya %(example)s.")
            return Verdict(None, 0, shown, why=why, facts={"example": "BCADEF"[: len(order)]})
        parts = [100 if order[at] == place else 0 for place, at in enumerate(placed)]
        if all(parts) and series.several(typed, options, slips=False) != placed:
            return misspelt(shown)
        return partly(parts, shown, N_("%(n)d dari %(total)d di tempat yang benar."))


kind = Ordering()
