"""Multiple choice, one right option. ``key``: {"right": 2}, the place of the right choice counted from 1.

Options have digits everywhere and letters besides, except where an option's text looks like the digit or letter
of another one: then digits alone are shown on every medium, so that what she types has one meaning.
The right option's text with a slip of spelling is "almost", as in a short answer.
"""

from __future__ import annotations

from core.problems import N_, Problem
from lessons.course import FIRST, Item, say
from lessons.dialogue.turn import Choice
from lessons.kinds import Asked, Verdict
from lessons.kinds._wording import UNREADABLE, WHY_UNREAD, is_same, misspelt, prompt_problems, verdict
from lessons.marking import choices, folding, keys

MOST = 6


class MultipleChoice:
    name = "multiple_choice"
    label = N_("Pilihan ganda")
    fields = ("choices", "right")

    def problems(self, item: Item) -> list[Problem]:
        found = prompt_problems(item)
        if len(item.choices) < 2:
            found.append(Problem("choices", N_("Pilihannya kurang dari dua."), N_("Tulis paling sedikit dua pilihan.")))
        if len(item.choices) > MOST:
            found.append(
                Problem("choices", N_("Pilihannya lebih dari enam."), N_("Sisakan paling banyak enam; empat paling baik."))
            )
        for at, words in enumerate(item.choices):
            if not folding.plain(words.get(FIRST, "")):
                found.append(Problem(f"choices.{at}", N_("Pilihan ini masih kosong."), N_("Isi pilihannya, atau hapus.")))
            elif any(is_same(words, other) for other in item.choices[:at]):
                found.append(Problem(f"choices.{at}", N_("Pilihan ini sama dengan pilihan lain."), N_("Ubah salah satunya.")))
            if any(len(text) > folding.CAP // 2 for text in words.values()):
                found.append(Problem(f"choices.{at}", N_("Pilihan ini terlalu panjang."), N_("Pendekkan sampai 100 huruf.")))
        if _right(item) is None:
            found.append(Problem("right", N_("Belum ada jawaban yang benar."), N_("Tandai pilihan yang benar.")))
        if keys.hides_digits(_options(item)):
            found.append(
                Problem(
                    "choices",
                    N_("Ada pilihan yang isinya angka kecil, sama dengan nomor pilihan lain."),
                    N_("Yang dihitung nomornya, bukan isinya. Urutkan agar sama dengan nomornya, atau pakai jenis soal Angka."),
                    stops=False,
                )
            )
        return found

    def ask(self, item: Item, language: str) -> Asked:
        options = _options(item)
        lettered = not (keys.hides_digits(options) or keys.hides_letters(options))
        shown = tuple(
            Choice(str(at + 1), say(words, language), keys.LETTERS[at].upper() if lettered else "")
            for at, words in enumerate(item.choices[:MOST])
        )
        return Asked(say(item.prompt, language), shown, "key")

    def mark(self, item: Item, typed: str, language: str) -> Verdict:
        """``right`` is the option's text alone: its number or letter depends on where she was asked."""
        right = _right(item)
        if right is None:
            return UNREADABLE
        shown = say(item.choices[right], language)
        options = _options(item)
        picked = choices.pick(typed, options)
        if picked is None:
            return Verdict(None, 0, shown, why=WHY_UNREAD.get(choices.why_not(typed, options), ""))
        if picked == right and choices.pick(typed, options, slips=False) != right:
            return misspelt(shown)
        return verdict(picked == right, shown)


def _options(item: Item) -> list[list[str]]:
    return [list(words.values()) for words in item.choices[:MOST]]


def _right(item: Item) -> int | None:
    right = item.key.get("right")
    if isinstance(right, str) and right.isascii() and right.isdigit():
        right = int(right[:3])
    if isinstance(right, bool) or not isinstance(right, int) or not 1 <= right <= min(len(item.choices), MOST):
        return None
    return right - 1


kind = MultipleChoice()
