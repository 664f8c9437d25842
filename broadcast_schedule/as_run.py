"""Which published airing a station means by a line of its log: the nearest start, its title deciding between near ones. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rapidfuzz import fuzz

WITHIN = timedelta(minutes=45)  # a programme that began later than that is another matter, and a person decides
ALIKE = 75.0  # of 100: titles in logs are cut, upper case, with an episode behind them


@dataclass(frozen=True, slots=True)
class Billed:
    """A published airing. Instants are aware."""

    id: int
    start: datetime
    end: datetime
    title: str


@dataclass(frozen=True, slots=True)
class Line:
    """What a log says was aired. ``end`` None: it does not say; ``title`` "" likewise. ``where`` names the line to people."""

    start: datetime
    end: datetime | None = None
    title: str = ""
    where: str = ""


def match(log: Sequence[Line], billed: Sequence[Billed]) -> list[Billed | None]:
    """For each line the airing it reports, each airing at most once. The best pairs first: same title, then nearest start."""
    pairs = []
    for n, line in enumerate(log):
        for m, one in enumerate(billed):
            late = abs(line.start - one.start)
            if late > WITHIN:
                continue
            alike = fuzz.token_set_ratio(line.title.casefold(), one.title.casefold()) if line.title else ALIKE
            if line.title and alike < ALIKE:
                continue
            pairs.append((late, -alike, n, m))
    found: list[Billed | None] = [None] * len(log)
    taken: set[int] = set()
    for _late, _alike, n, m in sorted(pairs, key=lambda pair: (-round(-pair[1] / 5), pair[0], pair[2], pair[3])):
        if found[n] is None and m not in taken:
            found[n] = billed[m]
            taken.add(m)
    return found
