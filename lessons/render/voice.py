"""A prompt as it is spoken: sentences, each choice with the key to press. How a provider says it is its own affair."""

from __future__ import annotations

from lessons.dialogue.turn import Budget, Prompt

LONGEST = 600  # characters: about forty seconds; a caller cannot look back


def draw(prompt: Prompt) -> str:
    said = [part.rstrip() for part in (prompt.lead, prompt.why, prompt.text.replace("\n", ". ")) if part]
    said += [f"{choice.key}: {choice.label}." for choice in (*prompt.choices, *prompt.moves)]
    return " ".join(part if part[-1] in ".!?:" else part + "." for part in said)


def budget(characters: int = LONGEST) -> Budget:
    return Budget("voice", draw, lambda text: len(text) <= characters)
