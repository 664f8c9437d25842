"""How a draft will look on the phone: the real engine and the real renderers over a world of this one quiz. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from core import gsm7
from lessons.course import Course, Item, Quiz
from lessons.dialogue import paging
from lessons.dialogue.engine import take_turn
from lessons.dialogue.paging import MORE
from lessons.dialogue.scenes import Here, scenes
from lessons.dialogue.speech import speech
from lessons.dialogue.state import Going, Place, State
from lessons.dialogue.turn import Budget, Choice, Heard, Prompt
from lessons.kinds import kinds
from lessons.preview_world import EDITION, PreviewWorld
from lessons.render import sms, ussd, voice

_MOST_PAGES = 60
_GUESSES = ("999999", "1", "zzzz")  # one of them is wrong, whatever is asked; 0 leads back


@dataclass(frozen=True, slots=True)
class Screen:
    """A text as it is shown. ``pieces`` are its parts with what is to be said of them: "" nothing, "over" what does not
    fit, "odd" a character that is not in the alphabet of phones and makes the whole text dear. ``used`` of ``limit`` units.
    """

    pieces: tuple[tuple[str, str], ...]
    used: int
    limit: int
    encoding: str

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.pieces)


@dataclass(frozen=True, slots=True)
class Message:
    """An SMS of ``units`` (septets, or UTF-16 units). ``pieces`` as Screen's; "over" is what is past the first segment."""

    pieces: tuple[tuple[str, str], ...]
    units: int
    segments: int
    encoding: str

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.pieces)


@dataclass(frozen=True, slots=True)
class Asked:
    """One item on both media. ``whole`` is the question on one screen with what does not fit, where it does not."""

    at: int
    item: Item
    question: tuple[Screen, ...]
    whole: Screen | None
    right: tuple[Screen, ...]
    wrong: tuple[Screen, ...]
    message: Message
    right_message: Message | None
    wrong_message: Message | None


@dataclass(frozen=True, slots=True)
class Totals:
    """``messages`` that one learner gets, and the most ``segments`` they can have (all wrong or all right, whichever is more)."""

    messages: int
    segments: int


@dataclass(frozen=True, slots=True)
class Preview:
    """Draws one draft. ``septets`` is what a USSD screen of the line holds."""

    quiz: Quiz
    phrases: Callable[[str], Callable[..., str]]
    language: str = "id"
    septets: int = 160

    def item(self, at: int) -> Asked:
        """The item at ``at`` (from 0) as a learner meets it."""
        item = self.quiz.items[at]
        screen, message = ussd.budget(self.septets), sms.budget()
        right, wrong = self._answers(item)
        return Asked(
            at, item,
            question=self._screens(at, None, screen),
            whole=self._whole(at, screen),
            right=self._screens(at, right, screen) if right is not None else (),
            wrong=self._screens(at, wrong, screen) if wrong is not None else (),
            message=_message(self._text(at, None, message)),
            right_message=_message(self._text(at, right, message)) if right is not None else None,
            wrong_message=_message(self._text(at, wrong, message)) if wrong is not None else None,
        )  # fmt: skip

    def totals(self) -> Totals:
        """What the whole quiz costs one learner by SMS: the first question, then verdict and next question together."""
        if not self.quiz.items:
            return Totals(0, 0)
        budget = sms.budget()
        costs = []
        for at, item in enumerate(self.quiz.items):
            typed = [answer for answer in self._answers(item) if answer is not None]
            costs.append(max((self._segments(at, answer, budget) for answer in typed), default=1))
        asked = self.quiz.asked  # of a bank the dearest: nobody gets more
        return Totals(1 + asked, self._segments(0, None, budget) + sum(sorted(costs, reverse=True)[:asked]))

    def _segments(self, at: int, answer: str | None, budget: Budget) -> int:
        """Of all its pages: most are one message."""
        return sum(gsm7.size(budget.draw(prompt)).segments for prompt in self._prompts(at, answer, budget))

    def _screens(self, at: int, answer: str | None, budget: Budget) -> tuple[Screen, ...]:
        return tuple(_screen(budget.draw(prompt), self.septets) for prompt in self._prompts(at, answer, budget))

    def _text(self, at: int, answer: str | None, budget: Budget) -> str:
        """The first message alone: what is left for *more* is sent when it is asked for."""
        return budget.draw(next(self._prompts(at, answer, budget)))

    def _prompts(self, at: int, answer: str | None, budget: Budget) -> Iterator[Prompt]:
        """The question at ``at``, or what follows ``answer`` to it, page by page."""
        world = PreviewWorld(self.phrases, self.language, quiz=self.quiz)
        place = Place("question", going=Going(self.quiz.id, EDITION, 1, at=at, right=at))
        state = State(who=1, places={"1": place}, medium=budget.medium)
        heard = Heard("silent")
        for _page in range(_MOST_PAGES):
            turn = take_turn(state, heard, world, budget)
            state, heard = turn.state, Heard("said", MORE)
            is_last = not any(move.key == MORE for move in turn.prompt.moves)
            if answer is None:
                yield turn.prompt
                if is_last:
                    return
            elif is_last:  # she answers where she sees all of the question
                heard, answer = Heard("said", answer), None

    def _whole(self, at: int, budget: Budget) -> Screen | None:
        """The question uncut, with what is too much marked; None where it fits."""
        prompt = next(self._prompts(at, None, replace(budget, fits=lambda text: True)))
        text = budget.draw(replace(prompt, moves=()))
        return None if budget.fits(text) else _screen(text, self.septets)

    def _answers(self, item: Item) -> tuple[str | None, str | None]:
        """(a right answer, a wrong one) as they would be typed; None where the item has none yet."""
        kind = kinds()[item.kind]
        shown = kind.mark(item, "", self.language).right
        asked = kind.ask(item, self.language)
        keys = [choice.key for choice in asked.choices]
        typed = keys if asked.wants == "key" else [shown, *keys, "".join(keys), "".join(reversed(keys)), *_GUESSES]
        marks = {answer: kind.mark(item, answer, self.language).mark for answer in reversed(typed) if answer}
        found = {mark: answer for answer, mark in marks.items()}
        return found.get("right"), found.get("wrong")


def lesson_screens(
    course: Course, lesson: str, phrases: Callable[[str], Callable[..., str]], language: str = "id", septets: int = 160
) -> tuple[Screen, ...]:
    """A lesson of a course as a USSD learner reads it, screen by screen. ``lesson`` is its id."""
    budget = ussd.budget(septets)
    return tuple(_screen(text, septets) for text in _lesson_texts(course, lesson, phrases, language, budget))


def lesson_messages(
    course: Course, lesson: str, phrases: Callable[[str], Callable[..., str]], language: str = "id"
) -> tuple[Message, ...]:
    """The same by SMS: a message for each page, as it is sent when she asks for *more*."""
    return tuple(_message(text) for text in _lesson_texts(course, lesson, phrases, language, sms.budget()))


def lesson_spoken(
    course: Course, lesson: str, phrases: Callable[[str], Callable[..., str]], language: str = "id"
) -> tuple[str, ...]:
    """The same as it is said in a call."""
    return tuple(_lesson_texts(course, lesson, phrases, language, voice.budget()))


def _lesson_texts(
    course: Course, lesson: str, phrases: Callable[[str], Callable[..., str]], language: str, budget: Budget
) -> Iterator[str]:
    """Its pages as the engine cuts them, cut once: to turn page by page would cut all of them again for each."""
    world = PreviewWorld(phrases, language, course=course)
    state = State(who=1, places={"1": Place("lesson", {"course": course.code, "lesson": lesson})}, medium=budget.medium)
    here = Here(world, state, world.people()[0], budget.medium, phrases(language))
    prompt = replace(scenes()["lesson"].show(here), language=language)
    if budget.medium == "voice":
        prompt = replace(prompt, speech=speech(here))
    for page in paging.cut(prompt, budget, Choice(MORE, here._("Lanjut"))):
        yield budget.draw(page)


def _screen(text: str, septets: int) -> Screen:
    limit = gsm7.screen_budget(text, septets)
    encoding = "gsm7" if gsm7.is_gsm7(text) else "ucs2"
    return Screen(_pieces(text, _fitting(text, limit, encoding), encoding), gsm7.units(text), limit, encoding)


def _message(text: str) -> Message:
    size = gsm7.size(text)
    fitting = len(text) if size.segments == 1 else _fitting(text, gsm7.PART[size.encoding], size.encoding)
    return Message(_pieces(text, fitting, size.encoding), size.units, size.segments, size.encoding)


def _fitting(text: str, limit: int, encoding: str) -> int:
    """How many characters of ``text`` are within ``limit`` units."""
    used = 0
    for at, c in enumerate(text):
        used += (2 if c in gsm7.EXTENSION else 1) if encoding == "gsm7" else (2 if ord(c) > 0xFFFF else 1)
        if used > limit:
            return at
    return len(text)


def _pieces(text: str, fitting: int, encoding: str) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for at, c in enumerate(text):
        what = "odd" if encoding == "ucs2" and not gsm7.is_gsm7(c) else "over" if at >= fitting else ""
        if found and found[-1][1] == what:
            found[-1] = (found[-1][0] + c, what)
        else:
            found.append((c, what))
    return tuple(found)
