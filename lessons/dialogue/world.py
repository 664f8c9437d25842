"""Everything that a scene may read, as a Protocol. lessons.world has the one over the database, tests a small one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lessons.course import Course, Quiz


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who learns on this number. ``name`` is "" for one who merely dialled or has no consent yet."""

    id: int
    name: str = ""
    school: int | None = None
    language: str = ""  # "" until she chose
    time_zone: str = "Asia/Jakarta"
    nickname: str = ""  # how she called herself on this phone
    pin: str = ""  # a hash; "" for none
    pin_failed: int = 0
    is_locked: bool = False  # too many wrong PINs just now
    streak: int = 0  # days in a row, the last of them streak_day
    streak_day: int = 0
    remind_hour: int | None = None


@dataclass(frozen=True, slots=True)
class Airing:
    """A programme on her station: ``start`` and ``end`` aware, in her own zone; in the station's where ``is_far``.

    ``code`` is the word by which she may name its slot. ``is_night``: fifteen minutes before it begins no phone may ring.
    """

    station: str
    title: str
    episode: str
    start: datetime
    end: datetime
    slot: int = 0
    station_id: int = 0
    code: str = ""
    is_far: bool = False  # she named its station, and it is not known to reach her
    alike: int = 1  # so many stations bear the name that she said, and none of them is known to reach her
    is_night: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """She is reminded before each airing of that slot on that station."""

    slot: int
    station_id: int
    station: str
    title: str
    code: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a finished attempt went: ``right`` of ``total`` items, ``almost`` of the right ones almost."""

    title: str
    right: int
    total: int
    almost: int = 0


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that is written down, as it was kept; ``sheet`` is the variant of the paper that it stood on, or ""."""

    item: str
    typed: str
    mark: str
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Sitting:
    """One attempt as it is written down: its answers in the order given."""

    edition: int
    number: int
    finished_at: datetime | None
    answers: tuple[Given, ...] = ()


@dataclass(frozen=True, slots=True)
class Climb:
    """Her way up the ladder of a course. ``answers`` are hers there, the oldest first: (rung, item, mark 1 or 0)."""

    criterion: str = "3/4"
    placed: int = 0  # 0: not yet
    is_finished: bool = False
    code: str = ""  # of her certificate
    answers: tuple[tuple[int, tuple[int, str], str], ...] = ()


class World(Protocol):
    now: datetime
    is_doubted: bool  # nobody used this number for half a year, or a school says that it has changed hands
    languages: Sequence[tuple[str, str]]  # (code, its own name), Indonesian first

    def phrases(self, language: str) -> Callable[..., str]:
        """``_("Soal %(n)d", n=3)`` in that language."""

    def moment(self, instant: datetime, time_zone: str, language: str) -> str:
        """A day and an hour as people write them, in that zone and with its name: "Sen 13/4 08.00 WIB"."""

    def weekday(self, local: datetime, language: str) -> str:
        """The short name of a local day: "Sen"."""

    def people(self) -> Sequence[Person]:
        """Who learns on this number; never empty."""

    def courses(self, person: Person) -> Sequence[Course]:
        """Published courses she may open, in order."""

    def quizzes(self, person: Person) -> Sequence[Quiz]:
        """Published quizzes she may take that are open now, in order of closing."""

    def quiz(self, keyword: str, person: Person) -> Quiz | None:
        """The published quiz of that keyword, open or not, that she may see; newest edition.

        One that waits for an airing opens, as it is given here and by ``quizzes``, when that is over on her own station.
        """

    def edition(self, edition: int) -> Quiz | None:
        """A frozen edition: what an attempt that has begun goes on with."""

    def attempts(self, person: Person, quiz: Quiz) -> int:
        """How often she has begun this quiz."""

    def newest(self, person: Person, quiz: Quiz) -> Sitting | None:
        """Her newest attempt at this quiz, of whichever edition, finished or not; None where she never began."""

    def read(self, person: Person, course: Course) -> frozenset[str]:
        """Ids of the lessons that she has finished."""

    def outcomes(self, person: Person) -> Sequence[Outcome]:
        """Her newest finished attempts, newest first, three at most."""

    def on_air(self, person: Person, wanted: str = "") -> Sequence[Airing]:
        """What is on the air now and next on her station, or on the one, or for the level, that she names ("RRI JAYAPURA",
        "SMP"); empty where nothing is known."""

    def programme(self, person: Person, said: str) -> Airing | None:
        """The next airing of the programme that she names: by its code ("101", "J12"), its quiz's keyword or its title."""

    def wishes(self, person: Person) -> Sequence[Wish]:
        """What she is reminded of before it is aired, by title."""

    def day_of(self, person: Person) -> int:
        """The day in her zone, counted from 1970-01-01."""

    def daily(self, person: Person) -> Sequence[tuple[int, str]]:
        """(edition, item) of what she is about to forget, the most endangered first; empty when today's are done."""

    def practised_today(self, person: Person) -> int:
        """How many practice answers of hers have today's date."""

    def climb(self, person: Person, course: Course) -> Climb:
        """How far she is on the course's ladder; of one who is not enrolled the beginning."""

    def to_practise(self, person: Person, course: Course) -> Sequence[Quiz]:
        """Its quizzes that may be practised: open as often as one likes, or over. Never what is still to come."""

    def new_code(self, letters: int) -> str:
        """A code that nobody can guess, of capital letters and digits that cannot be mistaken for one another."""
