"""A year of practice of a thousand learners, seeded: spaced review against fixed repetition, in items retained per message.

Each learner meets 60 items in ten weeks, one quiz of six a week. Afterwards she answers what practice asks her; every question
asked is one message. *Spaced* asks as the product does (lessons.practice: what is due, three to five a day, by lessons.memory);
*fixed* asks five a day in turn, the usual drill; *fixed, as many* stops each day when it has sent as many as spaced has.

What she really remembers follows a law that neither knows: a power curve (Wixted and Carpenter 2007) whose firmness grows with
every success, the more the nearer it was to being forgotten, and shrinks with a failure; it differs by learner and by item.
Retained is what she would answer rightly on the last day of the year.
"""

from __future__ import annotations

import argparse
import random
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lessons import memory
from lessons.practice import LEAST, MOST

BEGAN = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
YEAR, WEEKS, A_WEEK = 365, 10, 6
ITEMS = WEEKS * A_WEEK
SEED = 20261121


@dataclass
class Trace:
    """What she really remembers of one item: ``firm`` in days since ``at``. ``hard`` slows its growth."""

    firm: float
    at: int
    hard: float

    def chance(self, day: int) -> float:
        return (1 + (day - self.at) / (9 * self.firm)) ** -1.0

    def answered(self, day: int, was_right: bool) -> None:
        gap = 1 - self.chance(day)
        self.firm = min(400.0, self.firm * (1 + 8 * gap / self.hard)) if was_right else max(0.4, self.firm * 0.3)
        self.at = day


@dataclass(frozen=True)
class Outcome:
    """``retained``: items she would know at the year's end, in expectation; ``messages``: questions asked of her."""

    retained: float
    messages: int


def learner(seed: int, way: str, allowance: list[int] | None = None) -> tuple[Outcome, list[int]]:
    """One learner's year by one way of practice; (how it ended, how many messages each day had). One seed is one learner."""
    draw = random.Random(f"{SEED} {seed}")
    talent = draw.lognormvariate(0.0, 0.35)
    traces: dict[int, Trace] = {}
    memories: dict[int, memory.Memory] = {}
    hard = [draw.lognormvariate(0.0, 0.4) for _ in range(ITEMS)]
    luck = random.Random(f"{SEED} {seed} answers")
    by_day, turn, messages = [0] * YEAR, 0, 0
    for day in range(YEAR):
        now = BEGAN + timedelta(days=day)
        if day % 7 == 0 and day // 7 < WEEKS:
            for item in range(day // 7 * A_WEEK, (day // 7 + 1) * A_WEEK):
                was_right = luck.random() < 0.6
                traces[item] = Trace(talent * (2.0 if was_right else 0.8), day, hard[item])
                memories[item] = memory.reviewed(None, "right" if was_right else "wrong", now)
            continue
        if way == "spaced":
            asked = _due(memories, now)
        else:
            asked = [(turn + n) % len(traces) for n in range(min(MOST if allowance is None else allowance[day], len(traces)))]
            turn += len(asked)
        for item in asked:
            was_right = luck.random() < traces[item].chance(day)
            traces[item].answered(day, was_right)
            if way == "spaced":
                memories[item] = memory.reviewed(memories[item], "right" if was_right else "wrong", now)
        by_day[day] = len(asked)
        messages += len(asked)
    return Outcome(sum(trace.chance(YEAR) for trace in traces.values()), messages), by_day


def _due(memories: dict[int, memory.Memory], now: datetime) -> list[int]:
    """As lessons.practice.daily chooses."""
    midnight = now.replace(hour=0) + timedelta(days=1)
    due = [(memory.chance(its, now), its.due, item) for item, its in memories.items() if its.due < midnight]
    if not due:
        return []
    if len(due) < LEAST:
        rest = [(memory.chance(its, now), its.due, item) for item, its in memories.items() if its.due >= midnight]
        due = [*sorted(due), *sorted(one for one in rest if one[1].date() != now.date())[: LEAST - len(due)]]
    else:
        due.sort()
    return [item for _chance, _due_at, item in due[:MOST]]


def compare(learners: int) -> dict[str, Outcome]:
    """The mean learner's year by each way."""
    sums: dict[str, list[float]] = {"spaced": [0, 0], "fixed": [0, 0], "fixed, as many": [0, 0]}
    for seed in range(learners):
        spaced, by_day = learner(seed, "spaced")
        fixed, _ = learner(seed, "fixed")
        as_many, _ = learner(seed, "fixed", by_day)
        for way, outcome in zip(sums, (spaced, fixed, as_many), strict=True):
            sums[way][0] += outcome.retained
            sums[way][1] += outcome.messages
    return {way: Outcome(retained / learners, round(messages / learners)) for way, (retained, messages) in sums.items()}


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="bench practice", description=__doc__)
    parser.add_argument("--learners", type=int, default=1000)
    chosen = parser.parse_args(arguments)
    found = compare(chosen.learners)
    print(f"{chosen.learners} learners, {ITEMS} items each, one year, seed {SEED}")
    print(f"{'':>16}{'retained':>12}{'messages':>12}{'retained per 100 messages':>28}")
    for way, outcome in found.items():
        rate = 100 * outcome.retained / outcome.messages
        print(f"{way:>16}{outcome.retained:>9.1f}/{ITEMS}{outcome.messages:>12}{rate:>28.2f}")
    best = found["spaced"].retained / found["spaced"].messages
    for way in ("fixed", "fixed, as many"):
        print(f"spaced : {way} = {best / (found[way].retained / found[way].messages):.2f} retained items per message")
    sys.exit(0 if all(best > o.retained / o.messages for way, o in found.items() if way != "spaced") else 1)
