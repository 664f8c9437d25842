"""A prompt as one USSD screen: digits to press, 160 septets unless the line says otherwise."""

from __future__ import annotations

from core import gsm7
from lessons.dialogue.turn import Budget, Prompt

_last: tuple[Prompt | None, str] = None, ""


def draw(prompt: Prompt) -> str:
    """The screen's text, rewritten to GSM-7 where a safe rewrite exists. Of the very prompt that was drawn last, that again:
    paging draws it to see whether it fits, and then it is sent."""
    global _last
    drawn_for, text = _last
    if drawn_for is not prompt:
        text = _draw(prompt)
        _last = prompt, text
    return text


def _draw(prompt: Prompt) -> str:
    lines = [part for part in (" ".join(p for p in (prompt.lead, prompt.why) if p), prompt.text) if part]
    lines += [f"{choice.key}. {choice.label}" for choice in prompt.choices]
    if prompt.moves:
        lines.append(" ".join(f"{move.key}.{move.label}" for move in prompt.moves))
    return gsm7.rewrite("\n".join(lines))


def budget(septets: int = 160) -> Budget:
    """One screen of ``septets``; half as many UTF-16 units less, where the text is not GSM-7 (core.gsm7.screen_budget)."""
    return Budget("ussd", draw, lambda text: gsm7.fits_screen(text, septets))
