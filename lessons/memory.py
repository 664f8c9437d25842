"""What fsrs knows of a memory: how an answer changes it, and when it will be about to go.

``enable_fuzzing`` is off, so the same answers give the same days; there are no steps of minutes, since a phone is asked by day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

RATINGS = {"right": 3, "almost": 2, "wrong": 1}  # good, hard, again
RETENTION = 0.9  # an item is due when she would still know it nine times of ten


@dataclass(frozen=True, slots=True)
class Memory:
    """``stability`` in days; ``due`` when the chance that she knows it falls to RETENTION. All instants aware, UTC."""

    stability: float
    difficulty: float
    due: datetime
    last_review: datetime


def reviewed(memory: Memory | None, mark: str, at: datetime) -> Memory:
    """The memory (None: there was none) after an answer marked ``mark`` at ``at``. One before the last changes nothing."""
    fsrs: Any = _fsrs()
    if memory is not None and at < memory.last_review:
        return memory
    card = fsrs.Card(card_id=1, due=at) if memory is None else _card(memory)
    card, _log = scheduler().review_card(card, fsrs.Rating(RATINGS.get(mark, 1)), at)
    return Memory(card.stability, card.difficulty, card.due, card.last_review)


def chance(memory: Memory, at: datetime) -> float:
    """How likely she still knows it at ``at``, from 1 down."""
    return float(scheduler().get_card_retrievability(_card(memory), at))


def _card(memory: Memory) -> Any:
    fsrs = _fsrs()
    return fsrs.Card(
        card_id=1, state=fsrs.State.Review, stability=memory.stability, difficulty=memory.difficulty, due=memory.due,
        last_review=memory.last_review,
    )  # fmt: skip


def _fsrs() -> Any:
    import fsrs  # 0.05 s, and not for commands; an application that serves has it from its start (app.py)

    return fsrs


@cache
def scheduler() -> Any:
    return _fsrs().Scheduler(desired_retention=RETENTION, learning_steps=(), relearning_steps=(), enable_fuzzing=False)
