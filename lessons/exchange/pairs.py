"""Pairs as a matching question. Pure. Moodle's pair without a left side is one right side too many: it misleads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.problems import Problem
from lessons.course import Item
from lessons.exchange.made import Unread
from lessons.kinds._wording import N_


def matching(pairs: Sequence[tuple[str, str]]) -> tuple[str, dict[str, Any], list[str]]:
    """(kind, key, choices)."""
    if len(pairs) < 2:
        raise Unread(Problem("", N_("Pasangannya kurang dari dua."), N_("Tulis paling sedikit dua pasangan.")))
    return "matching", {"pairs": [list(pair) for pair in pairs]}, []


def ordering(steps: Sequence[str]) -> tuple[str, dict[str, Any], list[str]]:
    """(kind, key, choices) of things to be put in the order given."""
    return "ordering", {"order": list(range(1, len(steps) + 1))}, list(steps)


def pairs_of(item: Item) -> list[tuple[str, str]] | None:
    """The pairs of a matching question in the first language; None where its key holds none."""
    held = item.key.get("pairs")
    return [(str(left), str(right)) for left, right in held] if isinstance(held, list) else None
