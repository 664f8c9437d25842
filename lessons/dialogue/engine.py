"""take_turn: one thing the learner did, one prompt in answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.text import clean
from lessons.dialogue import arriving, asking, late, paging, people
from lessons.dialogue.happenings import (
    Answered,
    DayKept,
    Happening,
    LanguageChosen,
    LearnerAdded,
    LessonFinished,
    Practised,
    ReminderAsked,
)
from lessons.dialogue.scenes import BACK, HOME, MORE, Here, Step, lesson, scenes, spelt
from lessons.dialogue.speech import speech
from lessons.dialogue.state import NEWCOMER, Place, State
from lessons.dialogue.turn import Budget, Choice, Heard, Prompt, Turn
from lessons.dialogue.wishes import wished
from lessons.dialogue.world import Person, World

SILENCES = 2  # in a row: then we say goodbye
LONGEST = 500  # characters of what she typed that are read and kept: more than three segments


def take_turn(state: State, heard: Heard, world: World, budget: Budget) -> Turn:
    """What follows when, in ``state``, the learner did what ``heard`` says. Pure: the same arguments, the same turn."""
    if heard.kind == "left":
        return Turn(state, Prompt("", wants="nothing"))
    persons = world.people()
    said = clean(heard.text, LONGEST).strip()
    if budget.medium == "voice" and heard.kind == "said":  # the comma of a telephone's keys: "12*5"
        said = said.replace("*", ",")
    # the last prompt was shown elsewhere: nothing here answers it
    moved = state.medium not in ("", budget.medium) or "" != state.session != heard.session
    state = _known(state, persons, budget.medium, heard)
    here = _here(state, persons, world, budget)
    unknown = not state.who and state.place.scene in arriving.UNKNOWN
    called = None if heard.kind == "silent" or state.place.scene == "stranger" else _called(here, persons, said)
    if state.silent >= SILENCES:  # the state is kept: she goes on when she calls again
        goodbye = here._("Sampai nanti! Jawabanmu tersimpan.")
        return Turn(replace(state, silent=0), Prompt(goodbye, wants="nothing", language=here.language))
    if (world.is_doubted and state.place.scene != "stranger") or (unknown and state.place.scene == "stranger" and moved):
        step = arriving.doubted(here)
    elif called is not None:
        state = _of(state, called)
        step = arriving.meant(replace(here, state=state), called, _hearing(budget, heard))
    elif heard.kind == "arrived" and unknown and state.place.scene == "stranger":
        step = arriving.doubted(here)
    elif heard.kind == "arrived" or moved or not (state.who or unknown):
        step = arriving.arrive(here, persons, said, is_new=heard.kind == "arrived")
    elif heard.kind == "silent":
        step = Step(state)
    elif late.came_too_early(state, heard, world.now):
        step = late.declined(here, said)
    elif unknown:
        step = arriving.named(here, said, _hearing(budget, heard))
    else:
        step = _hear(here, said, budget)
    step = _kept(here, step, persons)
    return _shown(late.dated(state, _present(step, persons, world, budget), world.now))


def _known(state: State, persons: Sequence[Person], medium: str, heard: Heard) -> State:
    """``state`` on ``medium``, without people who learn here no more and scenes that only another release knew."""
    ids = {str(person.id) for person in persons} | {"0"}
    places = {
        who: place if place.scene in scenes() else Place(going=place.going) for who, place in state.places.items() if who in ids
    }
    silent = state.silent + 1 if heard.kind == "silent" and medium == "voice" else 0  # a page looked at again is no silence
    return State(
        state.who if str(state.who) in ids else 0, places, medium, state.wish, state.asked_at, heard.session, silent
    )  # fmt: skip


def _called(here: Here, persons: Sequence[Person], said: str) -> people.Called | None:
    """Whom an SMS on a shared number begins with, unless she who speaks is being asked just that."""
    if here.medium != "sms" or len(persons) < 2 or not said:
        return None
    found = people.called(said, persons, here._)
    if found is None:
        return None
    if here.state.who and asking.is_asking(here.place):
        if not found.rest and asking.is_answer(here, said):
            return None  # a name that is an answer besides: "Ya", "A"
        if found.rest and asking.is_close(here, said) and not asking.is_close(here, found.rest):
            return None  # the name is a part of the answer: "Budi Utomo"
    return found


def _of(state: State, called: people.Called) -> State:
    """``state`` with the moment at which we last asked her who is called, since hers is the prompt that she answers."""
    place = state.places.get(str(called.people[0].id)) or Place()
    return replace(state, asked_at=place.asked_at if place.medium == state.medium else 0)


def _hearing(budget: Budget, heard: Heard) -> arriving.Hear:
    def hear(here: Here, said: str) -> Step:
        return late.declined(here, said) if late.came_too_early(here.state, heard, here.world.now) else _hear(here, said, budget)

    return hear


def _here(state: State, persons: Sequence[Person], world: World, budget: Budget) -> Here:
    person = next((p for p in persons if p.id == state.who), persons[0])
    return Here(world, state, person, budget.medium, world.phrases(person.language or world.languages[0][0]))


def _spoken(person: Person, happenings: tuple[Happening, ...]) -> Person:
    """The person as this very turn has made her: the language that she chose, the day that she kept, her hour."""
    for fact in happenings:
        if isinstance(fact, LanguageChosen) and fact.learner == person.id:
            person = replace(person, language=fact.language)
        elif isinstance(fact, DayKept) and fact.learner == person.id:
            person = replace(person, streak=fact.streak, streak_day=fact.day)
        elif isinstance(fact, ReminderAsked) and fact.learner == person.id:
            person = replace(person, remind_hour=fact.hour)
    return person


def _kept(here: Here, step: Step, persons: Sequence[Person]) -> Step:
    """``step``, and that she has kept the day, where it is the first thing that she learned today."""
    learned = {h.learner for h in step.happenings if isinstance(h, (Answered, Practised, LessonFinished))}
    person = next((p for p in persons if p.id in learned), None)
    if person is None:
        return step
    today = here.world.day_of(person)
    if person.streak_day == today:
        return step
    streak = person.streak + 1 if person.streak_day == today - 1 else 1
    return replace(step, happenings=(*step.happenings, DayKept(person.id, today, streak)))


def _shown(turn: Turn) -> Turn:
    """``turn``, its place with where and when its prompt was given to her."""
    state, at = turn.state, turn.state.place
    place = Place(at.scene, at.facts, at.page, at.going, at.pages, state.medium, state.asked_at)
    return Turn(state.at(place), turn.prompt, turn.happenings)


def _hear(here: Here, said: str, budget: Budget) -> Step:
    """What a key or a word means here: first the moves, then an answer, then a wish, then what the scene makes of it."""
    place = here.place
    # Most prompts are one page, and then nothing below asks what it was: it is not made a second time.
    pages = [] if place.pages == 1 else paging.cut(_prompt(here), budget, _more(here))
    page = max(0, min(place.page, len(pages) - 1))
    ahead = page < len(pages) - 1
    if said == HOME:
        return Step(here.to("menu"))
    asks = asking.is_asking(place)
    if ahead and (said == MORE or (not asks and spelt((_more(here),), said))):
        return Step(here.state.at(replace(place, page=page + 1)))
    if said == BACK and page > 0 and pages[page].wants in ("key", "keys"):
        return Step(here.state.at(replace(place, page=page - 1)))
    unseen = ahead and not pages[page].choices  # what she could answer to stands on a later page
    if not (asks and not unseen and asking.is_answer(here, said)):
        step = asking.hinted(here, said) or wished(here, said)
        if step is not None:
            return step
        if asks and said == BACK:
            return Step(here.to("menu"))
    if asks and unseen:  # any key leads on: it is never an answer to a question that she has not seen
        return Step(here.state.at(replace(place, page=page + 1)))
    heard = None if unseen and said != BACK else scenes()[place.scene].hear(here, said)
    if heard is None:
        shown = pages[page] if pages else _prompt(here)
        key = None if asks else spelt((*shown.choices, *shown.moves), said)
        if key is not None:
            return _hear(here, key, budget)
        return Step(here.state, hint=asking.what_to_type(here, said) if asks else here._("Pilihan itu tidak ada."))
    return heard


def _prompt(here: Here) -> Prompt:
    """The whole prompt of where she is, with what was said about her last answer while that has pages of its own."""
    prompt = scenes()[here.place.scene].show(here)
    about = here.place.facts.get("about")
    return replace(prompt, lead=about[0], why=about[1]) if about else prompt


def _beside(prompt: Prompt, here: Here, budget: Budget) -> Prompt:
    """A menu greets nobody where that would drive what became of her answer to a page of its own."""
    if here.place.scene != "menu" or budget.fits(budget.draw(prompt)):
        return prompt
    bare = replace(prompt, text="")
    return bare if budget.fits(budget.draw(bare)) else prompt


def _more(here: Here) -> Choice:
    return Choice(MORE, here._("Lanjut"))


def _present(step: Step, persons: Sequence[Person], world: World, budget: Budget) -> Turn:
    """The prompt of where the step led, on the page where she is."""
    added = [Person(NEWCOMER, nickname=fact.nickname) for fact in step.happenings if isinstance(fact, LearnerAdded)]
    here = _here(step.state, [*persons, *added], world, budget)
    person = _spoken(here.person, step.happenings)
    if person is not here.person:
        here = replace(here, person=person, _=world.phrases(person.language))
    prompt, beside = _prompt(here), step.lead or step.why
    lead, why = (step.lead, step.why) if beside else (prompt.lead, prompt.why)
    said = speech(here) if budget.medium == "voice" else prompt.speech
    prompt = prompt.told(here.language, lead, why, said)
    if beside:
        prompt = _beside(prompt, here, budget)
    pages = paging.cut(prompt, budget, _more(here))
    place, happenings = here.place, step.happenings
    if place.scene == "lesson":
        place, finished = lesson.reading(here, pages)
        happenings += finished
    place = Place(place.scene, place.facts, max(0, min(place.page, len(pages) - 1)), place.going, len(pages))
    if len(pages) > 1 and (step.lead or step.why):  # the next key must find the same pages
        place = replace(place, facts={**place.facts, "about": [step.lead, step.why]})
    return Turn(step.state.at(place), paging.hinted(pages[place.page], step.hint, budget), happenings)
