"""A prompt as it is spoken: sentences, each choice with the key to press. How a provider says it is its own affair."""

from __future__ import annotations

from lessons.dialogue.turn import Budget, Prompt

LONGEST = 600  # characters: about forty seconds; a caller cannot look back


def draw(prompt: Prompt) -> str:
    lines = [line.strip() for part in (prompt.lead, prompt.why, prompt.text) for line in part.split("\n")]
    lines += [f"{choice.key}: {choice.label}" for choice in (*prompt.choices, *prompt.moves)]
    return " ".join(line if line[-1] in ".!?:" else f"{line}." for line in lines if line)


def budget(characters: int = LONGEST) -> Budget:
    return Budget("voice", draw, lambda text: len(text) <= characters)
