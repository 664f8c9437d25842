"""Hints: asked for by a key or a word, never an answer, never a price. That she asked is written down."""

from __future__ import annotations

from lessons.course import Item, say
from lessons.dialogue.scenes import Here
from lessons.dialogue.turn import Choice
from lessons.kinds import ask, mark

KEY = "8"  # where keys are wanted and it is no option's
SIGN = "?"
WORDS = frozenset({"petunjuk", "hint", "clue"})


def moves(here: Here, item: Item) -> tuple[Choice, ...]:
    """The key to the hint, where the item has one; a caller has no sign to type."""
    if not say(item.hint, here.language):
        return ()
    key = _key(here, item)
    return () if key == SIGN and here.medium == "voice" else (Choice(key, here._("Petunjuk")),)


def asked_for(here: Here, item: Item, said: str) -> str:
    """The hint, where ``said`` asks for it and there is one; ""."""
    hint = say(item.hint, here.language)
    word = said.strip().strip(".!").casefold()
    return hint if hint and (word in WORDS or word == SIGN or word == _key(here, item)) else ""


def _key(here: Here, item: Item) -> str:
    wants_key = ask(item, here.language).wants == "key"
    return KEY if wants_key and here.medium != "sms" and mark(item, KEY, here.language).mark is None else SIGN
