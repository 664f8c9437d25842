"""What one learner's quiz by SMS costs: every message of it, drawn by the product's own engine, counted in segments and septets.

The bound is eleven segments for ten questions: one that asks the first, then verdict and next question in one message each.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace

from core import gsm7
from core.phrases import languages, phrases
from demo import content
from lessons.course import Quiz
from lessons.dialogue.engine import take_turn
from lessons.dialogue.state import Going, Place, State
from lessons.dialogue.turn import Heard
from lessons.preview_world import EDITION, PreviewWorld
from lessons.render import sms

MOST = 11  # for ten questions


@dataclass(frozen=True)
class Cost:
    """``encodings`` of all messages; ``longest`` in septets (or UTF-16 units)."""

    messages: int
    segments: int
    encodings: tuple[str, ...]
    longest: int


def cost(quiz: Quiz, language: str, answers: str) -> Cost:
    """A whole quiz of the demo by SMS, every answer ``right`` or ``wrong``."""
    world, budget = PreviewWorld(phrases, language, quiz), sms.budget()
    state = State(1, {"1": Place("question", going=Going(quiz.id, EDITION, 1))}, "sms")
    turn = take_turn(state, Heard("said", "?"), world, budget)
    texts = [budget.draw(replace(turn.prompt, lead="", why=""))]
    for item in quiz.items:
        typed = content.example_answers(item)[answers == "wrong"]
        turn = take_turn(turn.state, Heard("said", typed), world, budget)
        texts.append(budget.draw(turn.prompt))
    sizes = [gsm7.size(text) for text in texts]
    return Cost(
        len(texts), sum(size.segments for size in sizes), tuple(sorted({size.encoding for size in sizes})),
        max(size.units for size in sizes),
    )  # fmt: skip


def main(arguments: list[str]) -> None:
    is_good = True
    print(f"{'quiz':<12}{'language':<10}{'answers':<9}{'messages':>9}{'segments':>10}{'longest':>9}  alphabet")
    for quiz in content.quizzes():
        for language in languages():
            for answers in ("right", "wrong"):
                found = cost(quiz, language, answers)
                print(
                    f"{quiz.keyword:<12}{language:<10}{answers:<9}{found.messages:>9}{found.segments:>10}{found.longest:>9}  "
                    f"{', '.join(found.encodings)}"
                )
                is_good &= found.segments <= MOST and found.encodings == ("gsm7",)
    print(f"at most {MOST} segments, all GSM-7: {'yes' if is_good else 'NO'}")
    sys.exit(0 if is_good else 1)
