"""take_turn: one thing the learner did, one prompt in answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lessons.dialogue import commands, paging
from lessons.dialogue.happenings import Happening, LanguageChosen
from lessons.dialogue.scenes import BACK, HOME, MORE, Here, Step, lesson, question, scenes
from lessons.dialogue.state import Place, State
from lessons.dialogue.turn import Budget, Choice, Heard, Prompt, Turn
from lessons.dialogue.world import Person, World

_DEEPEST = 5  # keys of a dialled path (*123*77*2*1#) that are followed


def take_turn(state: State, heard: Heard, world: World, budget: Budget) -> Turn:
    """What follows when, in ``state``, the learner did what ``heard`` says. Pure: the same arguments, the same turn."""
    people = world.people()
    moved = state.medium not in ("", budget.medium)  # the last prompt was shown elsewhere: nothing here answers it
    state = replace(state, medium=budget.medium)
    if heard.kind == "left":
        return Turn(state, Prompt("", wants="nothing"))
    here = _here(state, people, world, budget)
    if heard.kind == "arrived" or moved or not (state.who or state.place.scene == "who"):
        step = _arrive(here, people, heard.text.strip())
    elif heard.kind == "silent":
        step = Step(state)
    else:
        step = _hear(here, heard.text.strip(), budget)
    return _present(step, people, world, budget)


def _here(state: State, people: Sequence[Person], world: World, budget: Budget) -> Here:
    person = next((p for p in people if p.id == state.who), people[0])
    return Here(world, state, person, budget.medium, world.phrases(person.language or world.languages[0][0]))


def _spoken(person: Person, happenings: tuple[Happening, ...]) -> Person:
    """The person in the language that she chose in this very turn."""
    chosen = [h.language for h in happenings if isinstance(h, LanguageChosen) and h.learner == person.id]
    return replace(person, language=chosen[-1]) if chosen else person


def _arrive(here: Here, people: Sequence[Person], text: str) -> Step:
    """A new session: who is it, where does she want to go, was she in the middle of something?"""
    if len(people) > 1:
        asking = replace(here.state, who=0, wish=text)
        return Step(asking.at(Place("who")))
    return _enter(replace(here, state=replace(here.state, who=people[0].id, wish=""), person=people[0]), text)


def _enter(here: Here, text: str) -> Step:
    if text:
        step = _wished(here, text)
        if step is not None:
            return step
    quiz, _item = question.opened(here)
    if quiz is not None and quiz.is_open(here.world.now):
        return Step(here.to("resume"))
    place = Place("menu" if here.person.language else "language")
    arrived = replace(here, state=here.state.at(place))
    return Step(arrived.state) if not text or place.scene == "language" else _followed(arrived, text)


def _followed(here: Here, text: str) -> Step:
    """A dialled path of menu keys, up to the first question: an answer is never given by dialling."""
    step = Step(here.state)
    for key in text.split("*")[:_DEEPEST]:
        if here.place.scene == "question":
            break
        following = scenes()[here.place.scene].hear(here, key)
        if following is None:
            break
        step = replace(following, happenings=(*step.happenings, *following.happenings))
        here = replace(here, state=step.state)
    return step


def _wished(here: Here, text: str) -> Step | None:
    """What a text asks for by name: a quiz by its keyword, a place by its word, help."""
    scene = commands.scene_of(text)
    if scene is not None:
        return _jump(here, scene)
    if commands.is_help(text):
        return Step(here.state, hint=_help(here))
    quiz = here.world.quiz(commands.keyword_of(text), here.person)
    return None if quiz is None else question.begin(here, quiz)


def _jump(here: Here, scene: str) -> Step:
    if scene == "who":
        return Step(replace(here.state, who=0).at(Place("who"))) if len(here.world.people()) > 1 else Step(here.to("menu"))
    if scene == "resume":
        return Step(here.to("question" if question.opened(here)[0] else "menu"))
    return Step(here.to(scene))


def _help(here: Here) -> str:
    if here.medium == "sms":
        return here._("Balas MENU, KUIS, JADWAL atau NILAI. STOP untuk berhenti.")
    return here._("Tekan angka pilihanmu. 0 kembali, 00 menu.")


def _hear(here: Here, said: str, budget: Budget) -> Step:
    place = here.place
    asking = place.scene == "question"
    pages = paging.cut(_prompt(here), budget, _more(here))
    page = min(place.page, len(pages) - 1)
    if said == HOME:
        return Step(here.to("menu"))
    if page < len(pages) - 1 and (said == MORE or (asking and said != BACK)):
        ended = place.scene == "lesson" and page + 1 == len(pages) - 1
        return Step(here.state.at(replace(place, page=page + 1)), lesson.finished(here) if ended else ())
    if said == BACK and page > 0 and not asking:
        return Step(here.state.at(replace(place, page=page - 1)))
    if not (asking and question.is_answer(here, said)) and said:
        step = _wished(here, said)
        if step is not None:
            return step
    if asking and said == BACK and pages[page].wants == "key":
        return Step(here.to("menu"))
    step = scenes()[place.scene].hear(here, said)
    if step is None:
        return Step(here.state, hint=question.hint(here) if asking else here._("Pilihan itu tidak ada."))
    if place.scene == "who":
        return _named(here, step)
    return step


def _named(here: Here, step: Step) -> Step:
    """Now we know who it is: do for her what she wished before we asked. An answer is not given for another."""
    person = next(p for p in here.world.people() if p.id == step.state.who)
    known = {who: place for who, place in step.state.places.items() if who != "0"}
    state = replace(step.state, wish="", places=known)
    return _enter(
        replace(here, state=state, person=person, _=here.world.phrases(person.language or here.language)), here.state.wish
    )


def _prompt(here: Here) -> Prompt:
    """The whole prompt of where she is, with what was said about her last answer while that has pages of its own."""
    about = here.place.facts.get("about", ("", ""))
    return replace(scenes()[here.place.scene].show(here), lead=about[0], why=about[1])


def _more(here: Here) -> Choice:
    return Choice(MORE, here._("Lanjut"))


def _present(step: Step, people: Sequence[Person], world: World, budget: Budget) -> Turn:
    """The prompt of where the step led, on the page where she is."""
    if step.state.place.scene not in scenes():  # written by a release that knew more scenes
        step = replace(step, state=step.state.at(Place("menu")))
    here = _here(step.state, people, world, budget)
    person = _spoken(here.person, step.happenings)
    if person is not here.person:
        here = replace(here, person=person, _=world.phrases(person.language))
    prompt = _prompt(here)
    if step.lead or step.why:
        prompt = replace(prompt, lead=step.lead, why=step.why)
    pages = paging.cut(prompt, budget, _more(here))
    page = min(here.place.page, len(pages) - 1)
    place = replace(here.place, page=page)
    if len(pages) > 1 and (step.lead or step.why):  # the next key must find the same pages
        place = replace(place, facts={**place.facts, "about": [step.lead, step.why]})
    shown = pages[page]
    if step.hint:
        hinted = replace(shown, lead=step.hint, why="")
        shown = hinted if budget.fits(budget.draw(hinted)) else shown
    return Turn(step.state.at(place), shown, step.happenings)
