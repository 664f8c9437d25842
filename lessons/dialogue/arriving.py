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


def arrive(here: Here, people: Sequence[Person], text: str, *, is_new: bool) -> Step:
    """The first prompt of a session that began with ``text``: a keyword, a dialled path, or nothing.

    ``is_new`` False: the session was new to us alone (another medium, a lost state); keys in it answer what is long gone.
    """
    text = text if is_new or not _is_path(text) else ""
    if len(people) > 1:
        return Step(replace(here.state, who=0, wish=_wish(text)).at(Place("who")))
    known = _as(here, people[0])
    step = _enter(known, text)
    if step is None:
        step = _followed(known, text)
        if not _is_path(text) and step.state.place.scene == "menu":
            step = replace(step, hint=here._("Kata itu tidak dikenal."))
    return step


def named(here: Here, said: str) -> Step:
    """Once we know who it is, what she wished before we asked is done for her. Nothing is done for anybody before."""
    person = who.chosen(here, said)
    if person is not None:
        known = _as(here, person)
        return _enter(known, here.state.wish) or _followed(known, here.state.wish)
    if not _is_path(said):  # not a name: a keyword or a command, for which we must know who it is
        return Step(replace(here.state, wish=_wish(said)))
    return Step(here.state, hint=here._("Pilihan itu tidak ada."))


def _wish(text: str) -> str:
    """What is to be done once we know who it is; that we ask who it is needs no second asking."""
    return "" if commands.scene_of(text) == "who" else text


def _is_path(text: str) -> bool:
    """True for keys alone: "2*1"."""
    return not any(c.isalpha() for c in text)


def _as(here: Here, person: Person) -> Here:
    """As ``person``, with her own place and in her own language."""
    places = {who: place for who, place in here.state.places.items() if who != "0"}
    state = replace(here.state, who=person.id, wish="", places=places)
    return replace(here, state=state, person=person, _=here.world.phrases(person.language or here.world.languages[0][0]))


def _enter(here: Here, text: str) -> Step | None:
    """What she asks for by name, or what she left in the middle, or her language; None where the menu is next."""
    here = replace(here, state=here.state.at(replace(here.place, page=0)))  # pages of one medium are not another's
    step = wished(here, text)
    if step is not None:
        return step
    unfinished = resume.unfinished(here)
    if unfinished is not None:
        return Step(unfinished)
    return None if here.person.language else Step(here.to("language"))


def _followed(here: Here, text: str) -> Step:
    """From the menu along a dialled path of keys, up to the first question: an answer is never given by dialling."""
    here = replace(here, state=here.to("menu"))
    step = Step(here.state)
    for key in text.split("*")[:_DEEPEST] if text else ():
        following = scenes()[here.place.scene].hear(here, key) if here.place.scene != "question" else None
        if following is None:
            break
        step = replace(following, happenings=(*step.happenings, *following.happenings))
        here = replace(here, state=step.state)
    return step
