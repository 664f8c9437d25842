"""A walk over every screen that can be reached in the demo, in every language, on every medium.

Breadth first over where she can be: every key that is shown, every key there is, a few odd texts, and to each question a right
and a wrong answer. What is true of all screens is checked at each.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from core import gsm7
from core.phrases import languages, phrases
from demo import content
from lessons.dialogue import attempt
from lessons.dialogue import state as states
from lessons.dialogue.engine import take_turn
from lessons.dialogue.state import Place, State
from lessons.dialogue.turn import Heard, Turn
from lessons.dialogue.world import Person
from lessons.kinds import ask
from tests.learners import BUDGETS, SmallWorld

pytestmark = pytest.mark.slow  # ten seconds of drawing; CI walks each time

ODD = ["", "0", "00", "7", "x", "?", "JADWAL", "LANJUT", "\ud800", "%(n)d" * 1000]
RAW = re.compile(r"%\(|\bNone\b|\{\}|\[\]|<[a-z]")


class DemoWorld(SmallWorld):
    """The demo's content; nothing that happens changes it, so that each place is walked once."""

    phrases = staticmethod(phrases)
    languages = tuple((code, code) for code in languages())

    def __init__(self, language: str):
        quizzes = tuple(replace(quiz, id=n, edition=n) for n, quiz in enumerate(content.quizzes(), 1))
        courses = tuple(replace(course, id=n) for n, course in enumerate(content.courses(), 1))
        super().__init__(Person(1, "Wulan Maharani Putri", language=language), quizzes=quizzes, courses=courses)


@dataclass
class Seen:
    """One screen: what was shown in answer to ``said``, and where that is."""

    said: str
    turn: Turn
    text: str
    before: State

    def __str__(self) -> str:
        return f"{self.before.place} after {self.said!r}:\n{self.text}"


def walk(world: SmallWorld, medium: str) -> Iterator[Seen]:
    budget = BUDGETS[medium]()
    arrivals = ["", *(quiz.keyword for quiz in world.published), "BUKAN"]
    waiting: deque[tuple[State, Heard]] = deque((State(), Heard("arrived", text)) for text in arrivals)
    been: set[str] = set()
    while waiting:
        state, heard = waiting.popleft()
        turn = take_turn(state, heard, world, budget)
        yield Seen(heard.text, turn, budget.draw(turn.prompt), state)
        state = turn.state.at(narrowed(turn.state.place))
        key = states.to_json(state)
        if key not in been:
            been.add(key)
            shown = [choice.key for choice in (*turn.prompt.choices, *turn.prompt.moves)]
            waiting += [(state, Heard("said", text)) for text in dict.fromkeys([*shown, *ODD, *answers(world, state)])]
            waiting += [(state, Heard("arrived")), (state, Heard("silent"))]


def narrowed(place: Place) -> Place:
    """A place without what makes no other screen: how many were right; and where she is in a quiz, while she is elsewhere."""
    if "almost" in place.facts:
        place = replace(place, facts={name: fact for name, fact in place.facts.items() if name != "almost"})
    if place.going is None:
        return place
    going = replace(place.going, right=0, almost=0)
    if place.scene == "resume":
        return replace(place, going=replace(place.going, almost=0))
    if place.scene == "question":
        return replace(place, going=going)
    return replace(place, going=replace(going, at=0, ahead=()) if place.scene == "menu" else None)


def answers(world: SmallWorld, state: State) -> tuple[str, ...]:
    going = state.place.going
    if going is None or state.place.scene != "question":
        return ()
    quiz = world.edition(going.edition)
    return content.example_answers(quiz.items[attempt.at(going, quiz, state.medium)])


@pytest.fixture(scope="module")
def walked():
    """Every screen, walked once for each language and medium."""
    found: dict[tuple[str, str], list[Seen]] = {}

    def of(language: str, medium: str) -> list[Seen]:
        if (language, medium) not in found:
            found[language, medium] = list(walk(DemoWorld(language), medium))
        return found[language, medium]

    return of


everywhere = pytest.mark.parametrize("medium", list(BUDGETS))
in_every_language = pytest.mark.parametrize("language", languages())


def first(seen: list[str]) -> str:
    return seen[0] if seen else ""


@everywhere
@in_every_language
def test_every_screen_fits_and_says_something(walked, language, medium):
    budget = BUDGETS[medium]()
    assert first([str(s) for s in walked(language, medium) if not budget.fits(s.text) or not s.text.strip()]) == ""


@everywhere
@in_every_language
def test_no_screen_shows_what_was_not_filled_in(walked, language, medium):
    assert first([str(s) for s in walked(language, medium) if RAW.search(s.text)]) == ""


@everywhere
@in_every_language
def test_00_goes_home_from_everywhere(walked, language, medium):
    seen = walked(language, medium)
    assert first([str(s) for s in seen if s.said == "00" and s.turn.state.place.scene != "menu"]) == ""


@everywhere
@in_every_language
def test_no_screen_is_a_dead_end(walked, language, medium):
    stuck = [
        s
        for s in walked(language, medium)
        if s.turn.prompt.wants != "nothing" and not (s.turn.prompt.choices or s.turn.prompt.moves or s.turn.prompt.is_question)
    ]
    assert first([str(s) for s in stuck]) == ""


@everywhere
@in_every_language
def test_the_walk_comes_to_every_lesson_and_every_question(walked, language, medium):
    world = DemoWorld(language)
    places = [s.turn.state.place for s in walked(language, medium)]
    lessons = {(p.facts.get("course"), p.facts["lesson"]) for p in places if p.scene == "lesson"}
    assert lessons == {(course.code, lesson.id) for course in world.given_courses for lesson in course.lessons}
    of_id = {quiz.id: quiz for quiz in world.published}
    asked = {(p.going.quiz, attempt.at(p.going, of_id[p.going.quiz], medium)) for p in places if p.scene == "question"}
    assert asked == {(quiz.id, at) for quiz in world.published for at in range(len(quiz.items))}
    finished = {p.facts["edition"] for p in places if p.scene == "result"}
    assert finished == {quiz.edition for quiz in world.published}


@in_every_language
def test_every_sms_of_a_quiz_is_one_segment(walked, language):
    quiz = [
        s
        for s in walked(language, "sms")
        if s.before.place.scene == "question" and s.said in answers(DemoWorld(language), s.before)
    ]
    assert len(quiz) > 0
    assert first([str(s) for s in quiz if gsm7.size(s.text).segments != 1]) == ""


@in_every_language
def test_after_an_answer_the_whole_next_question_is_on_the_same_ussd_screen(walked, language):
    """What the contract's reader looks for: verdict, then the prompt of the next item as it is."""
    world = DemoWorld(language)
    torn = []
    for s in walked(language, "ussd"):
        going = s.turn.state.place.going
        if s.turn.state.place.scene == "question" and s.before.place.scene == "question" and s.said in answers(world, s.before):
            prompt = gsm7.rewrite(ask(world.edition(going.edition).items[going.at], language).text)
            torn += [] if f" {prompt}\n" in f"{s.text}\n" else [str(s)]
    assert first(torn) == ""


def test_the_walk_sees_many_screens_and_what_is_raw(walked):
    questions = {s.text for s in walked("id", "ussd") if s.turn.state.place.scene == "question"}
    assert len(questions) > 60
    assert [bool(RAW.search(text)) for text in ("Soal %(n)d", "Halo, None!", "[]", "Soal 3 dari 10.")] == [
        True,
        True,
        True,
        False,
    ]
