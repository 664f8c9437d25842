"""Several people learn on this number: which of them is it? With a PIN, where she wants one."""

from __future__ import annotations

from collections.abc import Sequence

from lessons.dialogue import people as names
from lessons.dialogue.scenes import Here, Step, listed, picked
from lessons.dialogue.turn import Prompt
from lessons.dialogue.world import Person


def show(here: Here) -> Prompt:
    # Somebody without a name is "Murid 3": a number that changed hands shows nobody's name.
    person = of_pin(here)
    if person is not None:
        label = names.labels(here.world.people(), here._)[_at(here, person)]
        return Prompt(here._("%(name)s, tekan PIN-mu (dua angka).", name=label), moves=(here.back(),))
    shown = meant(here)
    everyone = dict(zip((p.id for p in here.world.people()), names.labels(here.world.people(), here._), strict=True))
    choices = [everyone[person.id] for person in shown]
    if _may_add(here):
        choices.append(here._("Murid baru"))
    return Prompt(here._("Siapa ini?"), listed(choices))


def hear(here: Here, said: str) -> Step | None:
    """Never asked: until we know who it is, lessons.dialogue.arriving hears."""
    return None


def meant(here: Here) -> Sequence[Person]:
    """Those who are asked about: all of them, or the namesakes of whom a message named one."""
    ids = here.place.facts.get("which")
    found = [person for person in here.world.people() if isinstance(ids, list) and person.id in ids]
    return found or here.world.people()


def chosen(here: Here, said: str) -> Person | None:
    """The person of that key, or of that name where only one bears it."""
    people = meant(here)
    at = picked(said, len(people))
    if at is not None:
        return people[at]
    called = names.called(said, people, here._)
    return called.people[0] if called and len(called.people) == 1 and not called.rest else None


def of_pin(here: Here) -> Person | None:
    """Whose PIN is being asked."""
    wanted = here.place.facts.get("pin")
    return next((person for person in here.world.people() if person.id == wanted), None)


def wants_new(here: Here, said: str) -> bool:
    """True where she chose to be added."""
    return _may_add(here) and picked(said, len(meant(here)) + 1) == len(meant(here))


def _may_add(here: Here) -> bool:
    return not here.place.facts.get("which") and len(here.world.people()) < names.MOST


def _at(here: Here, person: Person) -> int:
    return [each.id for each in here.world.people()].index(person.id)
