"""True or false. ``key``: {"right": true}.

No letters: "B" is *Benar* and would be the second option too. The digits and the words are shown.
"""

from __future__ import annotations

from core.problems import N_, Problem
from lessons.course import Item, say
from lessons.dialogue.turn import Choice
from lessons.kinds import Asked, Verdict
from lessons.kinds._wording import UNREADABLE, prompt_problems, verdict
from lessons.marking.truth import read_truth

_SAID = {"id": ("Benar", "Salah"), "en": ("True", "False"), "jv": ("Bener", "Salah"), "su": ("Bener", "Salah")}


class TrueFalse:
    name = "true_false"
    label = N_("Benar atau salah")
    fields = ("right",)

    def problems(self, item: Item) -> list[Problem]:
        found = prompt_problems(item)
        if not isinstance(item.key.get("right"), bool):
            found.append(Problem("right", N_("Belum ada jawaban yang benar."), N_("Pilih Benar atau Salah.")))
        return found

    def ask(self, item: Item, language: str) -> Asked:
        true, false = _SAID.get(language, _SAID["id"])
        return Asked(say(item.prompt, language), (Choice("1", true), Choice("2", false)), "key")

    def mark(self, item: Item, typed: str, language: str) -> Verdict:
        right = item.key.get("right")
        if not isinstance(right, bool):
            return UNREADABLE
        shown = _SAID.get(language, _SAID["id"])[0 if right else 1]
        said = read_truth(typed, language)
        return Verdict(None, 0, shown) if said is None else verdict(said is right, shown)


kind = TrueFalse()
