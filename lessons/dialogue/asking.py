"""What is the same wherever an item waits for an answer, of a quiz or of practice."""

from __future__ import annotations

from lessons.dialogue import hints
from lessons.dialogue.happenings import HintShown
from lessons.dialogue.scenes import Here, Step, question
from lessons.dialogue.state import Place

SCENES = ("question", "practice")


def is_asking(place: Place) -> bool:
    return place.scene in SCENES


def is_answer(here: Here, said: str) -> bool:
    """True where ``said`` answers the open item, whatever else it may mean."""
    return question.is_answer(here, said)


def is_close(here: Here, said: str) -> bool:
    """True where ``said`` is the right answer to the open item, or nearly: a word that is a name besides."""
    item = question.item(here) if is_asking(here.place) else None
    return item is not None and here.mark(item, said).mark in ("right", "almost")


def what_to_type(here: Here, said: str = "") -> str:
    return question.hint(here, said)


def hinted(here: Here, said: str) -> Step | None:
    """The item's hint and the item again; None where that was not asked for."""
    if not is_asking(here.place):
        return None
    item = question.item(here)
    told = hints.asked_for(here, item, said) if item is not None else ""
    if item is None or not told:
        return None
    quiz, number = question.attempt(here)
    return Step(here.state, (HintShown(here.person.id, quiz, number, item.id),), here._("Petunjuk: %(hint)s", hint=told))
