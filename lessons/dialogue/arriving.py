"""A new session: who is it, where does she want to go, was she in the middle of something?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from lessons.dialogue import commands, people
from lessons.dialogue.happenings import Happening, LearnerAdded, NumberKept, NumberLeft, PinTyped
from lessons.dialogue.scenes import BACK, HOME, Here, Step, practice, resume, scenes, spelt, who
from lessons.dialogue.state import NEWCOMER, Place, State
from lessons.dialogue.wishes import wished
from lessons.dialogue.world import Person

_DEEPEST = 5  # keys of a dialled path (*123*77*2*1#) that are followed
UNKNOWN = ("who", "newcomer", "stranger")  # scenes in which nobody speaks yet
Hear = Callable[[Here, str], Step]


def arrive(here: Here, persons: Sequence[Person], text: str, *, is_new: bool) -> Step:
    """The first prompt of a session that began with ``text``: a keyword, a dialled path, or nothing.

    ``is_new`` False: the session was new to us alone (another medium, a lost state); keys in it answer what is long gone.
    """
    text = text if is_new or not _is_path(text) else ""
    if len(persons) > 1:
        return Step(replace(here.state, who=0, wish=_wish(text)).at(Place("who")))
    [person] = persons
    if person.pin:
        return _asked_pin(here, person, _wish(text))
    as_her = _as(here, person)
    step = _enter(as_her, text)
    if step is None:
        step = _followed(as_her, text)
        if not _is_path(text) and step.state.place.scene == "menu":
            step = replace(step, hint=here._("Kata itu tidak dikenal."))
    return step


def doubted(here: Here) -> Step:
    """Before anything else: is the number still hers?"""
    return Step(replace(here.state, who=0, wish="").at(Place("stranger")))


def meant(here: Here, called: people.Called, hear: Hear) -> Step:
    """A message that begins with a name is hers who bears it: what else it says, she says, where she is."""
    called = replace(called, rest=called.rest or here.state.wish)
    if len(called.people) > 1:
        which = [person.id for person in called.people]
        return Step(replace(here.state, who=0, wish=called.rest).at(Place("who", {"which": which})))
    [person] = called.people
    if not person.pin:
        return _onward(here, person, called.rest, hear)
    asked = _asked_pin(here, person, called.rest)
    return _pin(replace(here, state=asked.state), called.pin, hear) if called.pin and not person.is_locked else asked


def named(here: Here, said: str, hear: Hear) -> Step:
    """Once we know who it is, what she wished before we asked is done for her. Nothing is done for anybody before."""
    if here.place.scene == "stranger":
        return _still_hers(here, said, hear)
    shown = scenes()[here.place.scene].show(here)
    said = spelt((*shown.choices, *shown.moves), said) or said
    everyone = here.world.people()
    if said == HOME or (said == BACK and here.place == Place("who")):
        if len(everyone) == 1 and not everyone[0].pin:
            return Step(_as(here, everyone[0]).to("menu"))
        if here.place != Place("who"):
            return Step(replace(here.state, wish="").at(Place("who")))
    if here.place.scene == "newcomer":
        return _added(here, said)
    if who.of_pin(here) is not None:
        return _pin(here, said, hear)
    if who.wants_new(here, said):
        return Step(replace(here.state, wish="").at(Place("newcomer")))
    person = who.chosen(here, said)
    if person is not None:
        return _asked_pin(here, person, here.state.wish) if person.pin else _onward(here, person, here.state.wish, hear)
    if here.place.facts.get("which") and said in (BACK, HOME):
        return Step(here.state.at(Place("who")))
    if not _is_path(said):  # not a name: a keyword or a command, for which we must know who it is
        return Step(replace(here.state, wish=_wish(said)))
    return Step(here.state, hint=here._("Pilihan itu tidak ada."))


def _onward(here: Here, person: Person, wish: str, hear: Hear) -> Step:
    """As ``person`` with what she wished. By SMS, where our last word to her was one too, her message answers that."""
    known = _as(here, person)
    if here.medium == "sms" and known.place.medium == "sms":
        return hear(known, wish) if wish else _asked_again(known)
    return _enter(known, wish) or _followed(known, wish)


def _asked_again(here: Here) -> Step:
    """Her question once more, where one is open; else her menu."""
    return Step(here.state) if here.place.scene in ("question", "practice") else _enter(here, "") or _followed(here, "")


def _asked_pin(here: Here, person: Person, wish: str) -> Step:
    state = replace(here.state, who=0, wish=wish)
    if person.is_locked:
        text = here._("PIN salah terlalu sering. Coba lagi 15 menit lagi, atau minta gurumu menghapus PIN-nya.")
        return Step(replace(state, wish="").at(Place("ended", {"text": text})))
    return Step(state.at(Place("who", {"pin": person.id})))


def _pin(here: Here, said: str, hear: Hear) -> Step:
    person = who.of_pin(here)
    if person is None or said in (BACK, HOME):
        return Step(replace(here.state, wish="").at(Place("who")))
    if person.is_locked:
        return _asked_pin(here, person, "")
    if people.is_right(person, said.strip()):
        step = _onward(here, person, here.state.wish, hear)
        return replace(step, happenings=(PinTyped(person.id, True), *step.happenings))
    locks = person.pin_failed + 1 >= people.PIN_TRIES
    wrong = PinTyped(person.id, False, locks)
    if locks:
        step = _asked_pin(here, replace(person, is_locked=True), "")
        return replace(step, happenings=(wrong,))
    left = people.PIN_TRIES - person.pin_failed - 1
    return Step(here.state, (wrong,), hint=here._("PIN salah. Sisa %(n)d kali.", n=left))


def _added(here: Here, said: str) -> Step:
    """One more learner on this number, in the second hop; she goes on at once."""
    if said in (BACK, HOME):
        return Step(here.state.at(Place("who")))
    name = people.nickname(said)
    if not name:
        return Step(here.state, hint=here._("Tulis nama dengan huruf, 2 sampai 12."))
    added = LearnerAdded(name)
    state = replace(here.state, who=NEWCOMER, wish="", places={k: p for k, p in here.state.places.items() if k != "0"})
    return Step(state.at(Place("language")), (added,))


def _still_hers(here: Here, said: str, hear: Hear) -> Step:
    """Half a year of silence: whoever it is says a name first; nobody's is shown."""
    failed = here.place.facts.get("failed")
    if failed is None:
        if said in ("1", here._("Ya").casefold()) or said.casefold() in ("ya", "y", "yes"):
            return Step(here.state.at(Place("stranger", {"failed": 0})))
        return _left(here) if said == "2" else Step(here.state, hint=here._("Tekan 1 atau 2."))
    if said in (BACK, HOME):
        return Step(here.state.at(Place("stranger")))
    called = people.called(said, [p for p in here.world.people() if people.name_of(p)], here._)
    if called is not None and not called.rest:
        kept: tuple[Happening, ...] = (NumberKept(called.people[0].id),)
        step = meant(replace(here, state=here.state.at(Place("who"))), replace(called, rest=""), hear)
        return replace(step, happenings=(*kept, *step.happenings))
    if failed + 1 >= people.PIN_TRIES:  # a child who misspells her name loses nothing: her school can help
        return Step(here.state.at(Place("stranger")), hint=here._("Nama itu tidak ada di nomor ini. Tanya gurumu."))
    return Step(here.state.at(Place("stranger", {"failed": failed + 1})), hint=here._("Nama itu tidak ada di nomor ini."))


def _left(here: Here) -> Step:
    """The number belongs to somebody else now: she begins with nothing of theirs."""
    text = here._("Baik. Data lama tidak lagi memakai nomor ini. Hubungi atau kirim MENU untuk mulai.")
    left = NumberLeft(tuple(person.id for person in here.world.people()))
    return Step(State(medium=here.state.medium, session=here.state.session).at(Place("ended", {"text": text})), (left,))


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
    if here.place.scene == "practice" and practice.opened(here)[1] is not None:
        return Step(here.state)  # an answer of practice hangs on nothing: the question once more
    unfinished = resume.unfinished(here)
    if unfinished is not None:
        return Step(unfinished)
    return None if here.person.language else Step(here.to("language"))


def _followed(here: Here, text: str) -> Step:
    """From the menu along a dialled path of keys, up to the first question: an answer is never given by dialling."""
    here = replace(here, state=here.to("menu"))
    step = Step(here.state)
    for key in text.split("*")[:_DEEPEST] if text else ():
        asks = here.place.scene in ("question", "practice") or here.place.scene in UNKNOWN
        following = None if asks else scenes()[here.place.scene].hear(here, key)
        if following is None:
            break
        step = replace(following, happenings=(*step.happenings, *following.happenings))
        here = replace(here, state=step.state)
    return step
