"""What is taught and asked, as frozen values, and their JSON. Pure.

Words come in languages: ``Words`` maps a language code to a text. Bahasa Indonesia is the first and the fallback.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Words = Mapping[str, str]
FIRST = "id"


def say(words: Words, language: str) -> str:
    """The text in ``language``, else in Indonesian, else in whichever language there is; "" where there is none."""
    return words.get(language) or words.get(FIRST) or next((text for text in words.values() if text), "")


@dataclass(frozen=True, slots=True)
class Also:
    """An answer that a teacher accepted after the fact: ``key`` as lessons.readings has it, ``mark`` right or almost.

    ``school`` is whose learners it is about; None: everybody's.
    """

    key: str
    mark: str
    school: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One question. ``kind`` names a module of lessons.kinds, which alone knows what ``key`` holds.

    ``audio`` is the address of a recording of it. ``lesson`` (an id) or ``level`` (from 1) say where it stands on the ladder of
    its course (lessons.mastery); where neither does, its place in the quiz does.
    """

    id: str
    kind: str
    prompt: Words
    key: Mapping[str, Any]
    choices: tuple[Words, ...] = ()
    explanation: Words = field(default_factory=dict)
    hint: Words = field(default_factory=dict)
    audio: Words = field(default_factory=dict)
    lesson: str = ""
    level: int = 0
    also: tuple[Also, ...] = ()  # beside the key; of no draft and no edition: lessons.library adds them


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A picture or a recording beside a lesson, for pages: ``kind`` picture or audio, ``size`` in bytes, said before it loads."""

    kind: str
    address: str
    size: int
    label: Words


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text of several screens; an empty line begins a new paragraph."""

    id: str
    title: Words
    text: Words
    enclosures: tuple[Enclosure, ...] = ()


@dataclass(frozen=True, slots=True)
class Course:
    """``grade`` as schools say it ("SD 4"); ``is_open`` courses want no enrolment.

    ``licence`` is a key of lessons.licences ("" none said); ``credits`` says who wrote it, the first author first.
    ``criterion`` is when a rung of its ladder is mastered (lessons.mastery.Criterion), for those who enrol from now on.
    """

    code: str
    title: Words
    lessons: tuple[Lesson, ...]
    subject: str = ""
    phase: str = ""
    grade: str = ""
    is_open: bool = True
    id: int = 0  # of its row, once it has one
    licence: str = ""
    credits: tuple[str, ...] = ()
    criterion: str = "3/4"


@dataclass(frozen=True, slots=True)
class Quiz:
    """A published quiz. ``attempts`` 0 is: as often as you like. Closed at ``closes_at`` exactly.

    Where ``late_until`` is after it, answers are taken until then, and each loses ``late_down`` percent of its score. ``draw``
    of the items are asked in one attempt (0: all), in an order of their own where ``shuffle``: see lessons.dialogue.drawing.
    With ``after``, it opens for each learner when an airing is over on her station, and not before ``opens_at``.
    """

    keyword: str
    title: Words
    items: tuple[Item, ...]
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    time_zone: str = "Asia/Jakarta"  # in which its opening and closing are said
    attempts: int = 0
    id: int = 0  # of its row, once it has one
    edition: int = 0  # of its frozen row, once published
    school: int | None = None  # None: every school's
    course: str = ""  # code of the course it belongs to
    late_until: datetime | None = None
    late_down: int = 0
    shuffle: bool = False
    draw: int = 0
    licence: str = ""
    credits: tuple[str, ...] = ()
    after: str = ""  # the airing after which it opens (lessons.after); "" none
    is_held: bool = False  # for somebody, now: that airing is not to come (lessons.openings). Never in JSON

    def is_open(self, now: datetime) -> bool:
        """True while answers are taken, late ones too."""
        has_begun = not self.is_held and (self.opens_at is None or self.opens_at <= now)
        return has_begun and (self.ends_at is None or now < self.ends_at)

    def is_late(self, now: datetime) -> bool:
        return self.closes_at is not None and self.closes_at <= now

    @property
    def ends_at(self) -> datetime | None:
        """When nothing is taken any more."""
        return max(self.closes_at, self.late_until) if self.closes_at and self.late_until else self.closes_at

    @property
    def asked(self) -> int:
        """How many items one attempt has."""
        return min(self.draw, len(self.items)) if self.draw > 0 else len(self.items)


def item_to_json(item: Item) -> dict[str, Any]:
    """What an item does not have is left out: what was frozen before there was any is still the same."""
    more = {"hint": dict(item.hint), "audio": dict(item.audio), "lesson": item.lesson, "level": item.level}
    return {
        "id": item.id, "kind": item.kind, "prompt": dict(item.prompt), "key": dict(item.key),
        "choices": [dict(c) for c in item.choices], "explanation": dict(item.explanation),
        **{name: value for name, value in more.items() if value},
    }  # fmt: skip


def item_from_json(data: Mapping[str, Any]) -> Item:
    return Item(
        id=data["id"], kind=data["kind"], prompt=data["prompt"], key=data["key"],
        choices=tuple(data.get("choices", ())), explanation=data.get("explanation", {}), hint=data.get("hint", {}),
        audio=data.get("audio", {}), lesson=data.get("lesson", ""), level=data.get("level", 0),
    )  # fmt: skip


def quiz_to_json(quiz: Quiz) -> dict[str, Any]:
    """The part of a quiz that an edition freezes: what a row says beside it (id, edition, school) is left out.

    Rules that it does not have are left out too: what was frozen before there were any is still the same.
    """
    rules = {
        "late_until": quiz.late_until and quiz.late_until.isoformat(), "late_down": quiz.late_down, "shuffle": quiz.shuffle,
        "draw": quiz.draw, "licence": quiz.licence, "credits": list(quiz.credits), "after": quiz.after,
    }  # fmt: skip
    return {
        "keyword": quiz.keyword, "title": dict(quiz.title), "items": [item_to_json(i) for i in quiz.items],
        "opens_at": quiz.opens_at and quiz.opens_at.isoformat(), "closes_at": quiz.closes_at and quiz.closes_at.isoformat(),
        "time_zone": quiz.time_zone, "attempts": quiz.attempts, "course": quiz.course,
        **{name: value for name, value in rules.items() if value},
    }  # fmt: skip


def quiz_from_json(data: Mapping[str, Any], *, id: int = 0, edition: int = 0, school: int | None = None) -> Quiz:
    return Quiz(
        keyword=data["keyword"], title=data["title"], items=tuple(item_from_json(i) for i in data["items"]),
        opens_at=_instant(data.get("opens_at")), closes_at=_instant(data.get("closes_at")),
        time_zone=data.get("time_zone", "Asia/Jakarta"), attempts=data.get("attempts", 0),
        course=data.get("course", ""), id=id, edition=edition, school=school, late_until=_instant(data.get("late_until")),
        late_down=data.get("late_down", 0), shuffle=data.get("shuffle", False), draw=data.get("draw", 0),
        licence=data.get("licence", ""), credits=tuple(data.get("credits", ())), after=data.get("after", ""),
    )  # fmt: skip


def course_to_json(course: Course) -> dict[str, Any]:
    return {
        "code": course.code, "title": dict(course.title), "subject": course.subject, "phase": course.phase,
        "grade": course.grade, "is_open": course.is_open,
        "lessons": [_lesson_to_json(x) for x in course.lessons],
        **({"licence": course.licence} if course.licence else {}),
        **({"credits": list(course.credits)} if course.credits else {}),
        **({"criterion": course.criterion} if course.criterion != "3/4" else {}),
    }  # fmt: skip


def _lesson_to_json(lesson: Lesson) -> dict[str, Any]:
    beside = [{"kind": x.kind, "address": x.address, "size": x.size, "label": dict(x.label)} for x in lesson.enclosures]
    told = {"id": lesson.id, "title": dict(lesson.title), "text": dict(lesson.text)}
    return {**told, "enclosures": beside} if beside else told


def _lesson_from_json(data: Mapping[str, Any]) -> Lesson:
    beside = (Enclosure(x["kind"], x["address"], x["size"], x["label"]) for x in data.get("enclosures", ()))
    return Lesson(data["id"], data["title"], data["text"], tuple(beside))


def course_from_json(data: Mapping[str, Any], *, id: int = 0) -> Course:
    return Course(
        code=data["code"], title=data["title"], subject=data.get("subject", ""), phase=data.get("phase", ""),
        grade=data.get("grade", ""), is_open=data.get("is_open", True), id=id,
        lessons=tuple(_lesson_from_json(x) for x in data["lessons"]),
        licence=data.get("licence", ""), credits=tuple(data.get("credits", ())), criterion=data.get("criterion", "3/4"),
    )  # fmt: skip


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
