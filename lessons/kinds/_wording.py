"""What every kind asks of a teacher: the words of the question itself. Pure."""

from __future__ import annotations

from core.problems import N_, Problem
from lessons.course import FIRST, Item, Words
from lessons.kinds import Verdict
from lessons.marking.folding import plain, tight

UNREADABLE = Verdict(None, 0, "")


def prompt_problems(item: Item) -> list[Problem]:
    """The question must be there, in Bahasa Indonesia at least."""
    if plain(item.prompt.get(FIRST, "")):
        return []
    return [Problem("prompt", N_("Pertanyaan belum ditulis."), N_("Tulis pertanyaannya dalam Bahasa Indonesia."))]


def verdict(is_right: bool, right: str) -> Verdict:
    return Verdict("right", 100, right) if is_right else Verdict("wrong", 0, right)


def misspelt(right: str) -> Verdict:
    """The option that was asked for, by its text with a slip of spelling: half, as in a short answer."""
    return Verdict("almost", 50, right, right)


ONE_ANSWER = N_("Pilih satu jawaban saja.")
WHY_UNREAD = {
    "several": ONE_ANSWER,
    "denied": N_("Tulis jawaban yang kamu pilih, bukan yang tidak."),
    "unsure": N_("Tidak apa-apa. Tebak saja, atau balas MENU."),
}


def is_same(words: Words, other: Words) -> bool:
    """Equal in any language: a learner of that language could not tell them apart."""
    return any(tight(text) == tight(other.get(language, "")) for language, text in words.items() if text)
