"""The digits and letters that options are known by. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from lessons.marking import folding

LETTERS = "abcdef"
Option = Sequence[str]  # the text of one option, in each of its languages


def hides_digits(options: Sequence[Option]) -> bool:
    """True where an option's text is another option's digit ("2" standing third): letters would leave open what "2" means."""
    return any(_is_key(text, at, len(options)) for at, texts in enumerate(options) for text in texts)


def hides_letters(options: Sequence[Option]) -> bool:
    """True where an option's text is another option's letter: "B" standing first."""
    return any(
        t in LETTERS[: len(options)] and t != LETTERS[at]
        for at, texts in enumerate(options)
        for t in map(folding.tight, texts)
        if t
    )


def _is_key(text: str, at: int, count: int) -> bool:
    folded = folding.tight(text)
    return len(folded) == 1 and folded.isdigit() and 1 <= int(folded) <= count and int(folded) != at + 1


def kept(options: Sequence[Option]) -> frozenset[str]:
    """The texts of the options as words: what is filling elsewhere ("ya") is an answer where it is an option."""
    return frozenset(fold(text) for texts in options for text in texts for fold in (folding.tight, folding.loose))


def key(text: str, options: Sequence[Option]) -> int | None:
    """Index of the option whose digit or letter ``text`` (folded) is; None where it is nobody's."""
    text = text.strip(" ().,:")
    if len(text) == 2 and text[0] == "0" and text not in kept(options):
        text = text[1]
    if len(text) == 1:
        if text in "123456789" and int(text) <= len(options):
            return int(text) - 1
        if text in LETTERS[: len(options)] and not hides_letters(options):
            return LETTERS.index(text)
    return None
