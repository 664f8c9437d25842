"""A prompt as an SMS: letters for the options of a question, one segment where it can be, three at the most."""

from __future__ import annotations

from core import gsm7
from lessons.dialogue.turn import Budget, Prompt

HOME = "00"
LONGEST = 3  # segments of one message: a page of a lesson


def draw(prompt: Prompt) -> str:
    """The message's text, rewritten to GSM-7 where a safe rewrite exists."""
    lines = [part for part in (" ".join(p for p in (prompt.lead, prompt.why) if p), prompt.text) if part]
    lines += [f"{choice.letter or choice.key}. {choice.label}" for choice in prompt.choices]
    # A question needs no reminder how to leave: MENU always works, and every character costs somebody money.
    moves = [move for move in prompt.moves if not (prompt.is_question and move.key == HOME)]
    if moves:
        lines.append(" ".join(f"{move.key}.{move.label}" for move in moves))
    return gsm7.rewrite("\n".join(lines))


def budget(segments: int = LONGEST) -> Budget:
    return Budget("sms", draw, lambda text: gsm7.size(text).segments <= segments, lambda text: gsm7.size(text).segments)
