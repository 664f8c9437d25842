"""Episodes laid along a slot, in order. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Literal, TypeVar

from broadcast_schedule.recurrence import Airing

T = TypeVar("T")
Follows = Literal["slot", "date"]


def lay(airings: Iterable[Airing], episodes: Sequence[T], follows: str, fallen: Collection[date] = ()) -> dict[date, T]:
    """{original date: its episode}, of airings from the first date of the run on.

    Where an airing falls out (skipped, or its date among ``fallen``) an episode that follows the *slot* airs with the next airing
    and all after it move along; one that follows the *date* falls out too, and the next keeps its own date.
    """
    found: dict[date, T] = {}
    waiting = iter(episodes)
    for one in sorted(airings, key=lambda a: a.original):
        day = one.original.date()
        is_out = one.kind == "skipped" or day in fallen
        if is_out and follows == "slot":
            continue
        episode = next(waiting, None)
        if episode is None:
            break
        if not is_out:
            found[day] = episode
    return found


def repeat(airings: Iterable[Airing], premieres: Mapping[date, T], starts: Mapping[date, datetime]) -> dict[date, T]:
    """{original date of a repeat: the episode that aired last before it}. ``starts`` says when each premiere begins."""
    aired = sorted((starts[day], episode) for day, episode in premieres.items() if day in starts) if premieres else []
    found: dict[date, T] = {}
    for one in airings:
        before = [episode for at, episode in aired if at < one.start]
        if before and one.kind != "skipped":
            found[one.original.date()] = before[-1]
    return found
