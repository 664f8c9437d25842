"""Several people learn on this number: which of them is it?"""

from __future__ import annotations

from lessons.dialogue.scenes import Here, Step, listed, picked
from lessons.dialogue.turn import Prompt
from lessons.dialogue.world import Person


def show(here: Here) -> Prompt:
    # Somebody without a name is "Murid 3": a number that changed hands shows nobody's name.
    people = enumerate(here.world.people(), 1)
    return Prompt(here._("Siapa ini?"), listed([person.name or here._("Murid %(n)d", n=n) for n, person in people]))


def hear(here: Here, said: str) -> Step | None:
    """Never asked: until we know who it is, lessons.dialogue.arriving hears."""
    return None


def chosen(here: Here, said: str) -> Person | None:
    """The person of that key, or of that name where only one bears it."""
    people = here.world.people()
    at = picked(said, len(people))
    if at is not None:
        return people[at]
    bearers = [person for person in people if person.name and person.name.casefold() == said.casefold()]
    return bearers[0] if len(bearers) == 1 else None
