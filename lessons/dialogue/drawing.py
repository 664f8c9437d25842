"""Which items of a quiz one attempt asks, and in which order. Pure: the same edition, learner and attempt, the same items."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from lessons.course import Item, Quiz


def drawn(quiz: Quiz, learner: int, number: int) -> Quiz:
    """``quiz`` as attempt ``number`` of ``learner`` has it: ``draw`` of its items, shuffled where it says so; ``quiz`` itself
    where all are asked in their order.

    Chance is a SHA-256 over edition, learner, attempt and item, so that anybody can draw again what somebody was asked,
    on any machine and in any release. An item is as likely as any other.
    """
    if not quiz.shuffle and quiz.asked == len(quiz.items):
        return quiz

    def lot(item: Item) -> bytes:
        return sha256(f"{quiz.edition}:{learner}:{number}:{item.id}".encode()).digest()

    picked = sorted(quiz.items, key=lot)[: quiz.asked]
    if not quiz.shuffle:
        ids = {item.id for item in picked}
        picked = [item for item in quiz.items if item.id in ids]
    return replace(quiz, items=tuple(picked), draw=0, shuffle=False)
