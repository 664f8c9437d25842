"""take_turn: one thing the learner did, one prompt in answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.text import clean
from lessons.dialogue import arriving, late, paging
from lessons.dialogue.happenings import Happening, LanguageChosen
from lessons.dialogue.scenes import BACK, HOME, MORE, Here, Step, lesson, question, scenes
from lessons.dialogue.state import Place, State
from lessons.dialogue.turn import Budget, Choice, Heard, Prompt, Turn
from lessons.dialogue.wishes import wished
from lessons.dialogue.world import Person, World

LONGEST = 500  # characters of what she typed that are read and kept: more than three segments


def take_turn(state: State, heard: Heard, world: World, budget: Budget) -> Turn:
    """What follows when, in ``state``, the learner did what ``heard`` says. Pure: the same arguments, the same turn."""
    if heard.kind == "left":
        return Turn(state, Prompt("", wants="nothing"))
    people = world.people()
    # the last prompt was shown elsewhere: nothing here answers it
    moved = state.medium not in ("", budget.medium) or "" != state.session != heard.session
    state = _known(state, people, budget.medium, heard.session)
    here = _here(state, people, world, budget)
    said = clean(heard.text, LONGEST).strip()
    if heard.kind == "arrived" or moved or not (state.who or state.place.scene == "who"):
        step = arriving.arrive(here, people, said, is_new=heard.kind == "arrived")
    elif heard.kind == "silent":
        step = Step(state)
    elif late.came_too_early(state, heard):
        step = late.declined(here, said)
    elif state.place.scene == "who":
        step = arriving.named(here, said)
    else:
        step = _hear(here, said, budget)
    return late.dated(state, _present(step, people, world, budget), world.now)


def _known(state: State, people: Sequence[Person], medium: str, session: str) -> State:
    """``state`` on ``medium`` in ``session``, without people who learn here no more and scenes that only another release knew."""
    ids = {str(person.id) for person in people} | ({"0"} if len(people) > 1 else set())
    places = {
        who: place if place.scene in scenes() else Place(going=place.going) for who, place in state.places.items() if who in ids
    }
    return State(state.who if str(state.who) in ids else 0, places, medium, state.wish, state.asked_at, session)


def _here(state: State, people: Sequence[Person], world: World, budget: Budget) -> Here:
    person = next((p for p in people if p.id == state.who), people[0])
    return Here(world, state, person, budget.medium, world.phrases(person.language or world.languages[0][0]))


def _spoken(person: Person, happenings: tuple[Happening, ...]) -> Person:
    """The person in the language that she chose in this very turn."""
    chosen = [h.language for h in happenings if isinstance(h, LanguageChosen) and h.learner == person.id]
    return replace(person, language=chosen[-1]) if chosen else person


def _hear(here: Here, said: str, budget: Budget) -> Step:
    """What a key or a word means here: first the moves, then an answer, then a wish, then what the scene makes of it."""
    place, prompt = here.place, _prompt(here)
    pages = [prompt] if place.pages == 1 else paging.cut(prompt, budget, _more(here))
    page = min(place.page, len(pages) - 1)
    shown, ahead = pages[page], page < len(pages) - 1
    if said == HOME:
        return Step(here.to("menu"))
    if said == MORE and ahead:
        return Step(here.state.at(replace(place, page=page + 1)))
    if said == BACK and page > 0 and shown.wants == "key":
        return Step(here.state.at(replace(place, page=page - 1)))
    asking = place.scene == "question"
    unseen = ahead and not shown.choices  # what she could answer to stands on a later page
    if not (asking and not unseen and question.is_answer(here, said)):
        step = wished(here, said)
        if step is not None:
            return step
        if asking and said == BACK:
            return Step(here.to("menu"))
    if asking and unseen:  # any key leads on: it is never an answer to a question that she has not seen
        return Step(here.state.at(replace(place, page=page + 1)))
    heard = None if unseen else scenes()[place.scene].hear(here, said)
    if heard is None:
        return Step(here.state, hint=question.hint(here) if asking else here._("Pilihan itu tidak ada."))
    return heard


def _prompt(here: Here) -> Prompt:
    """The whole prompt of where she is, with what was said about her last answer while that has pages of its own."""
    prompt = scenes()[here.place.scene].show(here)
    about = here.place.facts.get("about")
    return replace(prompt, lead=about[0], why=about[1]) if about else prompt


def _more(here: Here) -> Choice:
    return Choice(MORE, here._("Lanjut"))


def _present(step: Step, people: Sequence[Person], world: World, budget: Budget) -> Turn:
    """The prompt of where the step led, on the page where she is."""
    here = _here(step.state, people, world, budget)
    person = _spoken(here.person, step.happenings)
    if person is not here.person:
        here = replace(here, person=person, _=world.phrases(person.language))
    prompt = _prompt(here)
    if step.lead or step.why:
        prompt = replace(prompt, lead=step.lead, why=step.why)
    pages = paging.cut(prompt, budget, _more(here))
    place, happenings = here.place, step.happenings
    if place.scene == "lesson":
        place, finished = lesson.reading(here, pages)
        happenings += finished
    place = Place(place.scene, place.facts, max(0, min(place.page, len(pages) - 1)), place.going, len(pages))
    if len(pages) > 1 and (step.lead or step.why):  # the next key must find the same pages
        place = replace(place, facts={**place.facts, "about": [step.lead, step.why]})
    return Turn(step.state.at(place), paging.hinted(pages[place.page], step.hint, budget), happenings)
