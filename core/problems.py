"""How any room tells a person what is wrong and what to do. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to fix, in the reader's own language.

    ``where`` names a field or a place ("items.3.choices", "line 7"), ``what`` says what is wrong,
    ``remedy`` what to do about it. ``stops`` is False for advice that does not prevent publishing.
    """

    where: str
    what: str
    remedy: str = ""
    stops: bool = True

    def __str__(self) -> str:
        return f"{self.what} {self.remedy}".strip()


class Refused(Exception):
    """What was asked for cannot be done; ``problems`` says why, each in one sentence."""

    def __init__(self, problems: Iterable[Problem] | Problem | str):
        if isinstance(problems, str):
            problems = Problem("", problems)
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(" ".join(str(problem) for problem in self.problems))
