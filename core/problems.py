"""How any room tells a person what is wrong and what to do. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field


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
    facts: Mapping[str, object] = field(default_factory=dict, hash=False)  # what %(name)s in the words stands for

    def told(self, translate: Callable[[str], str] = str) -> Problem:
        """The same in the words of ``translate`` (gettext), with the facts in their places: ready to be shown."""
        if not self.facts:
            return Problem(self.where, translate(self.what), translate(self.remedy) if self.remedy else "", self.stops)
        what, remedy = (translate(words) % self.facts if words else "" for words in (self.what, self.remedy))
        return Problem(self.where, what, remedy, self.stops)

    def __str__(self) -> str:
        told = self.told()
        return f"{told.what} {told.remedy}".strip()


def N_(phrase: str) -> str:
    """``phrase`` itself, marked for translation: whoever shows it says it in the reader's language (``Problem.told``)."""
    return phrase


class Refused(Exception):
    """What was asked for cannot be done; ``problems`` says why, each in one sentence."""

    def __init__(self, problems: Iterable[Problem] | Problem | str):
        if isinstance(problems, str):
            problems = Problem("", problems)
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(" ".join(str(problem) for problem in self.problems))

    def told(self, translate: Callable[[str], str]) -> str:
        """The problems in the words of ``translate`` (gettext), in one line."""
        return " ".join(str(problem.told(translate)) for problem in self.problems)
