"""Facts that a turn reports; lessons.records writes each down. All carry the learner they are about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LanguageChosen:
    learner: int
    language: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """``criterion`` is frozen now: when she has mastered a rung ("3/4")."""

    learner: int
    course: int
    criterion: str = "3/4"


@dataclass(frozen=True, slots=True)
class LessonFinished:
    learner: int
    course: int
    lesson: str


@dataclass(frozen=True, slots=True)
class AttemptStarted:
    """``number`` counts her attempts at this quiz from 1."""

    learner: int
    quiz: int
    edition: int
    number: int


@dataclass(frozen=True, slots=True)
class Answered:
    """``score`` in percent of the item; ``medium`` is where she answered; ``sheet`` the variant of the paper it stands on."""

    learner: int
    quiz: int
    number: int
    item: str
    typed: str
    mark: str
    score: int
    medium: str
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class AttemptFinished:
    learner: int
    quiz: int
    number: int


@dataclass(frozen=True, slots=True)
class HintShown:
    """``number`` is the attempt's; 0 where it was practice."""

    learner: int
    quiz: int
    number: int
    item: str


@dataclass(frozen=True, slots=True)
class Practised:
    """An answer of no attempt. ``number`` counts hers of that ``day``; ``course`` 0 is the daily set."""

    learner: int
    day: int
    number: int
    mode: str
    course: int
    level: int
    quiz: int
    item: str
    typed: str
    mark: str
    medium: str


@dataclass(frozen=True, slots=True)
class Placed:
    """Five questions put her on ``level`` of the course's ladder."""

    learner: int
    course: int
    level: int


@dataclass(frozen=True, slots=True)
class CourseFinished:
    """Every rung was mastered by the criterion that was frozen when she enrolled; ``code`` is her certificate's."""

    learner: int
    course: int
    criterion: str
    code: str


@dataclass(frozen=True, slots=True)
class DayKept:
    """She learned something on ``day`` (since 1970, in her zone), the ``streak``-th in a row."""

    learner: int
    day: int
    streak: int


@dataclass(frozen=True, slots=True)
class LearnerAdded:
    """Somebody new on this number; lessons.dialogue.state.NEWCOMER until she has an id. The name is for this phone alone."""

    nickname: str


@dataclass(frozen=True, slots=True)
class PinChanged:
    """``pin`` as lessons.dialogue.people hashes it, "" where it was taken away."""

    learner: int
    pin: str


@dataclass(frozen=True, slots=True)
class PinTyped:
    """``is_right``; ``locks``: it was the last of the tries."""

    learner: int
    is_right: bool
    locks: bool = False


@dataclass(frozen=True, slots=True)
class NumberKept:
    """Somebody of this number has shown that it is still hers."""

    learner: int


@dataclass(frozen=True, slots=True)
class NumberLeft:
    """The number is somebody else's now: nobody who learned on it does so any more. ``learners`` are their ids."""

    learners: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ReminderAsked:
    """She wants her daily set by SMS at that hour in her zone; None: no more."""

    learner: int
    hour: int | None


@dataclass(frozen=True, slots=True)
class ProgrammeWished:
    """She wants an SMS before each airing of that slot on that station."""

    learner: int
    slot: int
    station: int


@dataclass(frozen=True, slots=True)
class ProgrammeLeft:
    """And no more, on whichever station; slot 0 is every one that she wished."""

    learner: int
    slot: int


@dataclass(frozen=True, slots=True)
class WebCodeGiven:
    """With ``code`` a browser goes on where this phone is, for a few minutes."""

    learner: int
    code: str


Happening = (
    LanguageChosen
    | Enrolled
    | LessonFinished
    | AttemptStarted
    | Answered
    | AttemptFinished
    | HintShown
    | Practised
    | Placed
    | CourseFinished
    | DayKept
    | LearnerAdded
    | PinChanged
    | PinTyped
    | NumberKept
    | NumberLeft
    | ReminderAsked
    | ProgrammeWished
    | ProgrammeLeft
    | WebCodeGiven
)
