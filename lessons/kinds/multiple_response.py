"""Multiple response: every right option, and no other. ``key``: {"rights": [1, 3]}, places counted from 1.

Answered by all their keys at once: "AC", "a,c", "1 3", "a dan c", or the texts with commas. Each right one counts its share,
each wrong one takes a share away; from half on it is "almost".
"""

from __future__ import annotations

from core.problems import N_, Problem
from lessons.course import Item, say
from lessons.dialogue.turn import Choice
from lessons.kinds import Asked, Verdict
from lessons.kinds._several import MOST, option_problems, partly
from lessons.kinds._wording import UNREADABLE, misspelt, prompt_problems, verdict
from lessons.marking import folding, keys, series

_HOW = {"id": "(boleh lebih dari satu)", "en": "(one or more)", "jv": "(oleh luwih saka siji)", "su": "(meunang leuwih ti hiji)"}


class MultipleResponse:
    name = "multiple_response"
    label = N_("Pilihan ganda, beberapa benar")
    fields = ("choices", "rights")

    def problems(self, item: Item) -> list[Problem]:
        found = prompt_problems(item)
        found += option_problems(
            "choices", item.choices, 3, N_("Pilihannya kurang dari tiga."), N_("Tulis paling sedikit tiga pilihan.")
        )
        rights = _rights(item)
        if not rights:
            found.append(Problem("rights", N_("Belum ada jawaban yang benar."), N_("Tandai semua pilihan yang benar.")))
        elif len(rights) == len(item.choices):
            found.append(Problem("rights", N_("Semua pilihan ditandai benar."), N_("Sisakan satu yang salah.")))
        if keys.hides_digits(_options(item)):
            found.append(
                Problem(
                    "choices", N_("Ada pilihan yang isinya angka kecil, sama dengan nomor pilihan lain."),
                    N_("Yang dihitung nomornya, bukan isinya. Tulis satuannya, misalnya 3 buah."),
                )
            )  # fmt: skip
        if any(len(t.strip()) < 2 and t.strip().isalpha() for texts in _options(item) for t in texts):
            found.append(Problem("choices", N_("Ada pilihan yang isinya satu huruf."), N_("Tulis lebih panjang.")))
        return found

    def ask(self, item: Item, language: str) -> Asked:
        shown = tuple(
            Choice(str(at + 1), say(words, language), keys.LETTERS[at].upper()) for at, words in enumerate(item.choices[:MOST])
        )
        return Asked(f"{say(item.prompt, language)} {_HOW.get(language, _HOW['id'])}", shown, "keys")

    def mark(self, item: Item, typed: str, language: str) -> Verdict:
        rights = _rights(item)
        if not rights:
            return UNREADABLE
        shown = ", ".join(say(item.choices[at], language) for at in sorted(rights))
        if folding.tight(typed) == folding.tight(shown):
            return verdict(True, shown)
        picked = series.several(typed, _options(item))
        if picked is None or len(set(picked)) < len(picked):
            why = N_("Ketik semua yang kamu pilih sekaligus, misalnya %(example)s.")
            return Verdict(None, 0, shown, why=why, facts={"example": "AC"})
        extra = set(picked) - rights
        parts = [100 if at in picked else 0 for at in sorted(rights)]
        why = N_("%(n)d dari %(total)d benar, %(extra)d tidak tepat.") if extra else N_("%(n)d dari %(total)d benar.")
        if not extra and all(parts) and series.several(typed, _options(item), slips=False) != picked:
            return misspelt(shown)
        return partly(parts, shown, why, len(extra))


def _options(item: Item) -> list[list[str]]:
    return [list(words.values()) for words in item.choices[:MOST]]


def _rights(item: Item) -> set[int]:
    """The right options, from 0."""
    held = item.key.get("rights")
    if not isinstance(held, list | tuple):
        return set()
    most = min(len(item.choices), MOST)
    return {at - 1 for at in held if isinstance(at, int) and not isinstance(at, bool) and 1 <= at <= most}


kind = MultipleResponse()
