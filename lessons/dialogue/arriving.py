"""A new session: who is it, where does she want to go, was she in the middle of something?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lessons.dialogue import commands
from lessons.dialogue.scenes import Here, Step, resume, scenes, who
from lessons.dialogue.state import Place
from lessons.dialogue.wishes import wished
from lessons.dialogue.world import Person

_DEEPEST = 5  # keys of a dialled path (*123*77*2*1#) that are followed


def arrive(here: Here, people: Sequence[Person], text: str) -> Step:
    """The first prompt of a session that began with ``text``: a keyword, a dialled path, or nothing."""
    if len(people) > 1:
        return Step(replace(here.state, who=0, wish=_wish(text)).at(Place("who")))
    return _enter(_as(here, people[0]), text)


def named(here: Here, said: str) -> Step:
    """Once we know who it is, what she wished before we asked is done for her. Nothing is done for anybody before."""
    at = who.chosen(here, said)
    if at is not None:
        return _enter(_as(here, at), here.state.wish)
    if any(c.isalpha() for c in said):  # not a name: a keyword or a command, for which we must know who it is
        return Step(replace(here.state, wish=_wish(said)))
    return Step(here.state, hint=here._("Pilihan itu tidak ada."))


def _wish(text: str) -> str:
    """What is to be done once we know who it is; that we ask who it is needs no second asking."""
    return "" if commands.scene_of(text) == "who" else text


def _as(here: Here, person: Person) -> Here:
    """As ``person``, with her own place and in her own language."""
    places = {who: place for who, place in here.state.places.items() if who != "0"}
    state = replace(here.state, who=person.id, wish="", places=places)
    return replace(here, state=state, person=person, _=here.world.phrases(person.language or here.world.languages[0][0]))


def _enter(here: Here, text: str) -> Step:
    here = replace(here, state=here.state.at(replace(here.place, page=0)))  # pages of one medium are not another's
    step = wished(here, text)
    if step is not None:
        return step
    unfinished = resume.unfinished(here)
    if unfinished is not None:
        return Step(unfinished)
    if not here.person.language:
        return Step(here.to("language"))
    return _followed(replace(here, state=here.to("menu")), text)


def _followed(here: Here, text: str) -> Step:
    """A dialled path of menu keys, up to the first question: an answer is never given by dialling."""
    step = Step(here.state)
    for key in text.split("*")[:_DEEPEST] if text else ():
        following = scenes()[here.place.scene].hear(here, key) if here.place.scene != "question" else None
        if following is None:
            break
        step = replace(following, happenings=(*step.happenings, *following.happenings))
        here = replace(here, state=step.state)
    if any(c.isalpha() for c in text) and here.place.scene == "menu":
        return replace(step, hint=here._("Kata itu tidak dikenal."))
    return step
