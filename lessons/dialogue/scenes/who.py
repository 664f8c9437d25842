"""Several people learn on this number: which of them is it?"""

from __future__ import annotations

from dataclasses import replace

from lessons.dialogue.scenes import Here, Step, listed, picked
from lessons.dialogue.turn import Prompt


def show(here: Here) -> Prompt:
    people = here.world.people()
    # Somebody without a name is "Murid 3": a number that changed hands shows nobody's name.
    names = [person.name or here._("Murid %(n)d", n=n) for n, person in enumerate(people, 1)]
    return Prompt(here._("Siapa ini?"), listed(names))


def hear(here: Here, said: str) -> Step | None:
    people = here.world.people()
    at = picked(said, len(people))
    if at is None:
        named = [n for n, person in enumerate(people) if person.name and person.name.casefold() == said.strip().casefold()]
        if len(named) != 1:
            return None
        at = named[0]
    return Step(replace(here.state, who=people[at].id))
