"""The world that scenes read, over the database and the library."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from secrets import choice
from typing import Any

from babel.dates import format_datetime
from sqlalchemy import bindparam, func, insert, select

from core import clock
from core.hot import Hot, Statement
from core.phrases import SOURCE, languages, phrases
from lessons import listening, openings, practice
from lessons.course import Course, Quiz, say
from lessons.dialogue.scenes.phone import EARLIEST, LATEST
from lessons.dialogue.world import Airing, Climb, Given, Outcome, Person, Sitting, Wish
from lessons.library import Library
from lessons.practice_tables import Certificate, Habit, PracticeAnswer
from lessons.tables import Answer, Attempt, Enrolment, LessonRead
from schools.tables import Consent, Learner, School

SILENT_TOO_LONG = timedelta(days=180)  # a number that nobody used so long may be somebody else's: networks sell them again
MOST_ANSWERS = 400  # of one ladder that are looked at
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is taken for another one
OWN_NAMES = {"id": "Bahasa Indonesia", "en": "English", "jv": "Basa Jawa", "su": "Basa Sunda"}

_newest_consent = (
    select(Consent.state).where(Consent.learner_id == Learner.id).order_by(Consent.id.desc()).limit(1).scalar_subquery()
)
_PEOPLE = Statement(
    select(
        Learner.id, Learner.name, Learner.language, Learner.school_id, School.time_zone, School.region_id,
        _newest_consent.label("consent"), Habit.nickname, Habit.pin, Habit.pin_failed, Habit.pin_locked_until, Habit.doubted_at,
        Habit.streak, Habit.streak_day, Habit.remind_hour,
    )
    .outerjoin(School, School.id == Learner.school_id)
    .outerjoin(Habit, Habit.learner_id == Learner.id)
    .where(Learner.msisdn == bindparam("msisdn"))
    .order_by(Learner.id)
)  # fmt: skip
_VISITOR = Statement(insert(Learner.__table__).values(msisdn=bindparam("msisdn"), created_at=bindparam("now")))  # type: ignore[arg-type]
_ATTEMPTS = Statement(
    select(func.max(Attempt.number).label("n")).where(
        Attempt.learner_id == bindparam("learner"), Attempt.quiz_id == bindparam("quiz")
    )
)
_READ = Statement(
    select(LessonRead.lesson_id).where(LessonRead.learner_id == bindparam("learner"), LessonRead.course_id == bindparam("course"))
)
_RIGHT_ONES = (Answer.attempt_id == Attempt.id) & (Answer.mark != "wrong")
_NEWEST = Statement(
    select(Attempt.id, Attempt.edition_id, Attempt.number, Attempt.finished_at)
    .where(Attempt.learner_id == bindparam("learner"), Attempt.quiz_id == bindparam("quiz"))
    .order_by(Attempt.number.desc())
    .limit(1)
)  # fmt: skip
_GIVEN = Statement(
    select(Answer.item_id, Answer.typed, Answer.mark, Answer.sheet)
    .where(Answer.attempt_id == bindparam("attempt"))
    .order_by(Answer.id)
)
_OUTCOMES = Statement(
    select(
        Attempt.edition_id, Attempt.finished_at,
        select(func.count()).where(_RIGHT_ONES).scalar_subquery().label("right_ones"),
        select(func.count()).where(_RIGHT_ONES, Answer.mark == "almost").scalar_subquery().label("almost_ones"),
    )
    .where(Attempt.learner_id == bindparam("learner"), Attempt.finished_at.is_not(None))
    .order_by(Attempt.finished_at.desc())
    .limit(3)
)  # fmt: skip


_ENROLLED = Statement(select(Enrolment.course_id).where(Enrolment.learner_id == bindparam("learner")))
_PRACTISED_TODAY = Statement(
    select(func.max(PracticeAnswer.number).label("n")).where(
        PracticeAnswer.learner_id == bindparam("learner"), PracticeAnswer.day == bindparam("day")
    )
)
_CLIMB = Statement(
    select(Enrolment.criterion, Enrolment.placed, Enrolment.finished_at).where(
        Enrolment.learner_id == bindparam("learner"), Enrolment.course_id == bindparam("course")
    )
)
_CLIMBED = Statement(
    select(PracticeAnswer.level, PracticeAnswer.quiz_id, PracticeAnswer.item_id, PracticeAnswer.mark)
    .where(
        PracticeAnswer.learner_id == bindparam("learner"), PracticeAnswer.course_id == bindparam("course"),
        PracticeAnswer.mode == "climb",
    )
    .order_by(PracticeAnswer.id.desc())
    .limit(MOST_ANSWERS)
)  # fmt: skip
_CODE = Statement(
    select(Certificate.code).where(Certificate.learner_id == bindparam("learner"), Certificate.course_id == bindparam("course"))
)


def people_of(db: Hot, msisdn: str, now: int) -> list[Any]:
    """Rows of those who learn on this number. Somebody new becomes a visitor without a name; never empty."""
    rows = db.all(_PEOPLE, msisdn=msisdn)
    if not rows:
        db.soon(_VISITOR, msisdn=msisdn, now=now)
        rows = db.all(_PEOPLE, msisdn=msisdn)
    return rows


def expect_people(db: Hot, msisdn: str) -> None:
    """``people_of`` will be asked."""
    db.ahead(_PEOPLE, msisdn=msisdn)


class LearnersWorld:
    """lessons.dialogue.world.World for one turn of one number."""

    def __init__(
        self, db: Hot, library: Library, people: Sequence[Any], now: datetime, course: str = "", heard_last: int | None = None
    ):  # fmt: skip
        """``heard_last`` is when this number spoke last, in ms."""
        self.now = now
        at = clock.to_ms(now)
        is_long_ago = heard_last is not None and at - heard_last > SILENT_TOO_LONG // timedelta(milliseconds=1)
        self.is_doubted = any(row.doubted_at or (is_long_ago and (row.nickname or row.name)) for row in people)
        spoken = languages()
        self.languages: Sequence[tuple[str, str]] = _named(spoken)
        self._db, self._library, self._course = db, library, course
        self._opened: dict[tuple[int, int], Quiz] = {}
        self._rows = people
        # Without a guardian's consent there is no name: the minimal service.
        self._people = tuple(
            Person(
                id=row.id, name=(row.name or "") if row.consent == "given" else "", school=row.school_id,
                language=row.language if row.language in spoken else "", time_zone=row.time_zone or "Asia/Jakarta",
                nickname=row.nickname or "", pin=row.pin or "", pin_failed=row.pin_failed or 0,
                is_locked=(row.pin_locked_until or 0) > at, streak=row.streak or 0, streak_day=row.streak_day or 0,
                remind_hour=row.remind_hour,
            )
            for row in people
        )  # fmt: skip

    def phrases(self, language: str) -> Callable[..., str]:
        return phrases(language)

    def moment(self, instant: datetime, time_zone: str, language: str) -> str:
        local = instant.astimezone(clock.zone(time_zone))
        pattern = "EEE d/M HH.mm" if language == SOURCE else "EEE d/M HH:mm"
        return f"{format_datetime(local, pattern, locale=language)} {local.tzname()}"

    def weekday(self, local: datetime, language: str) -> str:
        return format_datetime(local, "EEE", locale=language)

    def people(self) -> Sequence[Person]:
        return self._people

    def courses(self, person: Person) -> Sequence[Course]:
        barred, shown = self._barred(person), self._library.content(self._db).courses
        found = [c for school, c in shown if (school is None or school == person.school) and c.code not in barred]
        return sorted(found, key=lambda c: c.code != self._course)

    def quizzes(self, person: Person) -> Sequence[Quiz]:
        barred = self._barred(person)
        quizzes = self._library.content(self._db).quizzes
        mine = [q for q in quizzes if _may_see(q, person) and q.is_open(self.now) and q.course not in barred]
        seen = [q for q in (self._timed(q, person) for q in mine) if q.is_open(self.now)]
        return sorted(seen, key=lambda q: (q.closes_at is None, q.closes_at or self.now))

    def quiz(self, keyword: str, person: Person) -> Quiz | None:
        found = self._library.content(self._db).by_keyword.get(keyword)
        if found is None or not _may_see(found, person) or found.course in self._barred(person):
            return None
        return self._timed(found, person)

    def _timed(self, quiz: Quiz, person: Person) -> Quiz:
        """``quiz`` as it opens for her; only one that waits for an airing is asked about, once a turn."""
        if not quiz.after:
            return quiz
        key = quiz.edition, person.id
        if key not in self._opened:
            zone = person.time_zone if person.school is not None else ""
            self._opened[key] = openings.opened(self._db, quiz, self._region(person), zone)
        return self._opened[key]

    def _barred(self, person: Person) -> frozenset[str]:
        """Codes of shared courses that want enrolment and lack hers. An informal course is open to anyone who dials."""
        closed = self._library.content(self._db).closed
        if not closed:
            return frozenset()
        enrolled = {row.course_id for row in self._db.all(_ENROLLED, learner=person.id)}
        return frozenset(c.code for c in closed if c.id not in enrolled)

    def edition(self, edition: int) -> Quiz | None:
        return self._library.edition(self._db, edition)

    def attempts(self, person: Person, quiz: Quiz) -> int:
        row = self._db.one(_ATTEMPTS, learner=person.id, quiz=quiz.id)
        return (row.n or 0) if row else 0

    def newest(self, person: Person, quiz: Quiz) -> Sitting | None:
        self._db.ahead(_ATTEMPTS, learner=person.id, quiz=quiz.id)  # where there is none she begins one
        row = self._db.one(_NEWEST, learner=person.id, quiz=quiz.id)
        if row is None:
            return None
        given = tuple(Given(x.item_id, x.typed, x.mark, x.sheet) for x in self._db.all(_GIVEN, attempt=row.id))
        return Sitting(row.edition_id, row.number, None if row.finished_at is None else clock.from_ms(row.finished_at), given)

    def read(self, person: Person, course: Course) -> frozenset[str]:
        return frozenset(row.lesson_id for row in self._db.all(_READ, learner=person.id, course=course.id))

    def outcomes(self, person: Person) -> Sequence[Outcome]:
        found = []
        for row in self._db.all(_OUTCOMES, learner=person.id):
            quiz = self.edition(row.edition_id)
            if quiz is not None:
                found.append(Outcome(say(quiz.title, person.language or "id"), row.right_ones, quiz.asked, row.almost_ones))
        return found

    def on_air(self, person: Person, wanted: str = "") -> Sequence[Airing]:
        return [self._to_her(person, x) for x in self._library.airings(self._region(person), self.now, wanted)]

    def programme(self, person: Person, said: str) -> Airing | None:
        found = self._library.programme(self._region(person), self.now, said)
        return None if found is None else self._to_her(person, found)

    def wishes(self, person: Person) -> Sequence[Wish]:
        return listening.wishes(self._db, person.id)

    def _region(self, person: Person) -> int | None:
        return next((row.region_id for row in self._rows if row.id == person.id), None)

    def _to_her(self, person: Person, found: Airing) -> Airing:
        """In the hours where her school is; of a station far from it, or where she has no school, in the station's own."""
        zone = clock.zone(person.time_zone) if person.school is not None else found.start.tzinfo
        her_hour = (found.start - listening.BEFORE).astimezone(zone).hour
        shown = found.start.tzinfo if found.is_far else zone
        is_night = not EARLIEST <= her_hour <= LATEST
        return replace(found, start=found.start.astimezone(shown), end=found.end.astimezone(shown), is_night=is_night)

    def day_of(self, person: Person) -> int:
        return practice.day_of(self.now, person.time_zone)

    def daily(self, person: Person) -> Sequence[tuple[int, str]]:
        editions = {
            (quiz.id, item.id): quiz.edition
            for quiz in self._library.content(self._db).quizzes
            if _may_see(quiz, person)
            for item in quiz.items
        }
        found = practice.daily(self._db, person.id, self.now, person.time_zone, list(editions))
        return [(editions[quiz, item], item) for quiz, item in found]

    def practised_today(self, person: Person) -> int:
        return self._db.one(_PRACTISED_TODAY, learner=person.id, day=self.day_of(person)).n or 0

    def climb(self, person: Person, course: Course) -> Climb:
        row = self._db.one(_CLIMB, learner=person.id, course=course.id)
        if row is None:
            return Climb(course.criterion)
        editions = {quiz.id: quiz.edition for quiz in self._library.content(self._db).quizzes}
        answers = [
            (each.level, (editions.get(each.quiz_id, 0), each.item_id), "0" if each.mark == "wrong" else "1")
            for each in reversed(self._db.all(_CLIMBED, learner=person.id, course=course.id))
        ]
        code = self._db.one(_CODE, learner=person.id, course=course.id) if row.finished_at else None
        return Climb(row.criterion, row.placed or 0, row.finished_at is not None, code.code if code else "", tuple(answers))

    def to_practise(self, person: Person, course: Course) -> Sequence[Quiz]:
        quizzes = [q for q in self._library.content(self._db).quizzes if q.course == course.code and _may_see(q, person)]
        found = [self._timed(q, person) for q in quizzes]
        return [q for q in found if (q.is_open(self.now) and not q.attempts) or (q.ends_at is not None and q.ends_at <= self.now)]

    def new_code(self, letters: int) -> str:
        return "".join(choice(LETTERS) for _ in range(letters))


@lru_cache(8)
def _named(spoken: tuple[str, ...]) -> Sequence[tuple[str, str]]:
    return tuple((code, OWN_NAMES.get(code, code)) for code in spoken)


def _may_see(quiz: Quiz, person: Person) -> bool:
    return quiz.school is None or quiz.school == person.school
