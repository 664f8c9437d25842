"""Facts that a turn reports; lessons.records writes each down. All carry the learner they are about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LanguageChosen:
    learner: int
    language: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    learner: int
    course: int


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
    """``score`` in percent of the item; ``medium`` is where she answered."""

    learner: int
    quiz: int
    number: int
    item: str
    typed: str
    mark: str
    score: int
    medium: str


@dataclass(frozen=True, slots=True)
class AttemptFinished:
    learner: int
    quiz: int
    number: int


Happening = LanguageChosen | Enrolled | LessonFinished | AttemptStarted | Answered | AttemptFinished
