"""Pairs and orders as questions of ours. Pure. Moodle's pair without a left side is one right side too many: it misleads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.problems import N_, Problem
from lessons.course import FIRST, Item, say
from lessons.exchange.made import Unread


def matching(pairs: Sequence[tuple[str, str]]) -> tuple[str, dict[str, Any], list[str]]:
    """(kind, key, choices): the left sides are the choices, and the right sides of those without one come last."""
    if len(pairs) < 2:
        raise Unread(Problem("", N_("Pasangannya kurang dari dua."), N_("Tulis paling sedikit dua pasangan.")))
    whole = [pair for pair in pairs if pair[0]]
    rights = [right for _, right in whole] + [right for left, right in pairs if not left]
    return "matching", {"matches": [{FIRST: right} for right in rights]}, [left for left, _ in whole]


def ordering(steps: Sequence[str]) -> tuple[str, dict[str, Any], list[str]]:
    """(kind, key, choices) of things that are written in their right order."""
    return "ordering", {}, list(steps)


def pairs_of(item: Item) -> list[tuple[str, str]] | None:
    """The pairs of a matching question in the first language, as ``matching`` takes them; None where its key holds none."""
    held = item.key.get("matches")
    if not isinstance(held, list | tuple) or len(held) < len(item.choices):
        return None
    rights = [say(words, FIRST) if isinstance(words, Mapping) else str(words) for words in held]
    return [(say(item.choices[at], FIRST) if at < len(item.choices) else "", right) for at, right in enumerate(rights)]
