"""A world of one draft, for its preview. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from lessons.course import Course, Quiz
from lessons.dialogue.world import Airing, Climb, Outcome, Person, Sitting, Wish

EDITION = 1


class PreviewWorld:
    """lessons.dialogue.world.World with one learner who has done nothing yet, and one quiz, always open, or one course."""

    def __init__(
        self,
        phrases: Callable[[str], Callable[..., str]],
        language: str,
        quiz: Quiz | None = None,
        course: Course | None = None,
    ):
        self.now = datetime(2000, 1, 1, tzinfo=UTC)
        self.is_doubted = False
        self.languages: Sequence[tuple[str, str]] = [(language, language)]
        self.phrases = phrases
        self._quizzes = (
            ()
            if quiz is None
            else (
                replace(quiz, opens_at=None, closes_at=None, late_until=None, draw=0, shuffle=False, after="", edition=EDITION),
            )
        )
        self._courses = () if course is None else (course,)
        self._people = (Person(1, language=language),)

    def moment(self, instant: datetime, time_zone: str, language: str) -> str:
        return f"{instant:%d/%m %H.%M}"

    def weekday(self, local: datetime, language: str) -> str:
        return f"{local:%d/%m}"

    def people(self) -> Sequence[Person]:
        return self._people

    def courses(self, person: Person) -> Sequence[Course]:
        return self._courses

    def quizzes(self, person: Person) -> Sequence[Quiz]:
        return self._quizzes

    def quiz(self, keyword: str, person: Person) -> Quiz | None:
        return None  # what is typed here is always an answer

    def edition(self, edition: int) -> Quiz | None:
        return next(iter(self._quizzes), None)

    def attempts(self, person: Person, quiz: Quiz) -> int:
        return 0

    def newest(self, person: Person, quiz: Quiz) -> Sitting | None:
        return None

    def read(self, person: Person, course: Course) -> frozenset[str]:
        return frozenset()

    def outcomes(self, person: Person) -> Sequence[Outcome]:
        return ()

    def on_air(self, person: Person, wanted: str = "") -> Sequence[Airing]:
        return ()

    def programme(self, person: Person, said: str) -> Airing | None:
        return None

    def wishes(self, person: Person) -> Sequence[Wish]:
        return ()

    def day_of(self, person: Person) -> int:
        return 0

    def daily(self, person: Person) -> Sequence[tuple[int, str]]:
        return ()

    def practised_today(self, person: Person) -> int:
        return 0

    def climb(self, person: Person, course: Course) -> Climb:
        return Climb()

    def to_practise(self, person: Person, course: Course) -> Sequence[Quiz]:
        return ()

    def new_code(self, letters: int) -> str:
        return "X" * letters
