"""A prompt on a web page: all of it at once; the page's template draws the parts, this is their text."""

from __future__ import annotations

from lessons.dialogue.turn import Budget, Prompt


def draw(prompt: Prompt) -> str:
    parts = (prompt.lead, prompt.why, prompt.text, *(f"{c.key}. {c.label}" for c in (*prompt.choices, *prompt.moves)))
    return "\n".join(part for part in parts if part)


def budget() -> Budget:
    return Budget("web", draw, lambda text: True)
