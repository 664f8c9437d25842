"""A small world for the dialogue: a few learners, one course, some quizzes, a station. It remembers what a turn reports.

``SmallWorld`` is lessons.dialogue.world.World for one number, held in lists. ``converse`` takes a turn as the shell does: the
state goes through JSON each time, happenings are written down before the next turn.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from lessons import practice
from lessons.course import Course, Item, Lesson, Quiz
from lessons.dialogue import happenings as h
from lessons.dialogue import state as states
from lessons.dialogue.engine import take_turn
from lessons.dialogue.state import State
from lessons.dialogue.turn import Budget, Heard, Turn
from lessons.dialogue.world import Airing, Climb, Given, Outcome, Person, Sitting, Wish
from lessons.render import sms, ussd, voice, web
from lessons.world import LearnersWorld
from tests.phrases import PHRASES

NOW = datetime(2026, 11, 23, 1, 10, tzinfo=UTC)  # a Monday, 08.10 WIB, 09.10 WITA
MAKASSAR = ZoneInfo("Asia/Makassar")
BUDGETS = {"ussd": ussd.budget, "sms": sms.budget, "voice": voice.budget, "web": web.budget}

SITI = Person(1, "Siti", school=1, language="id", time_zone="Asia/Makassar")
ANI = Person(2, "Ani", school=1, language="id", time_zone="Asia/Makassar")
BUDI = Person(3, "Budi", school=1, language="id", time_zone="Asia/Makassar")
EMMA = Person(4, "Emma", school=1, language="en", time_zone="Asia/Makassar")
VISITOR = Person(5)
DEWI = Person(6, "Dewi Lestari", school=1, language="id", time_zone="Asia/Makassar")
EKO = Person(7, "Eko Lestari", school=1, language="id", time_zone="Asia/Makassar")
FITRI = Person(8, "Fitri Lestari", school=1, language="id", time_zone="Asia/Makassar")


def choice(id: str, prompt: str, options: tuple[str, ...], right: int, why: str = "") -> Item:
    return Item(id, "multiple_choice", {"id": prompt}, {"right": right}, tuple({"id": o} for o in options), {"id": why})


PECAHAN = Quiz(
    "PECAHAN",
    {"id": "Pecahan", "en": "Fractions"},
    (
        Item(
            "p1",
            "multiple_choice",
            {"id": "Mana yang sama dengan 1/2?", "en": "Which is the same as 1/2?"},
            {"right": 2},
            ({"id": "2/3"}, {"id": "2/4"}, {"id": "3/4"}),
            {"id": "2/4 dibagi dua menjadi 1/2.", "en": "Half of 2/4 above and below is 1/2."},
        ),
        Item(
            "p2",
            "number",
            {
                "id": "Ibu punya 20 kue, dimakan semua. Sisanya berapa?",
                "en": "20 cakes, all eaten. How many are left?",
            },
            {"number": "0"},
            explanation={"id": "20 - 20 = 0.", "en": "20 - 20 = 0."},
            hint={"id": "Hitung 20 - 20.", "en": "What is 20 - 20?"},
        ),
        Item(
            "p3",
            "short_answer",
            {"id": "Apa nama angka di atas garis pecahan?", "en": "What is the number above the line called?"},
            {"accepted": {"id": ["pembilang"], "en": ["numerator"]}},
            explanation={"id": "Di bawahnya penyebut.", "en": "Below it: denominator."},
        ),
    ),
    time_zone="Asia/Makassar",
    id=1,
    edition=11,
    school=1,
    course="MTK4",
)
SEPULUH = Quiz(
    "SEPULUH",
    {"id": "Sepuluh soal"},
    tuple(
        choice(f"s{n}", f"Berapa {n} x 3?", (f"{3 * n}", f"{3 * n + 1}", f"{3 * n - 1}"), 1, f"{n} x 3 = {3 * n}.")
        for n in range(4, 14)
    ),
    id=2,
    edition=21,
)
BESOK = replace(SEPULUH, keyword="BESOK", title={"id": "Besok"}, id=3, edition=31, opens_at=NOW + timedelta(days=1))
LEWAT = replace(SEPULUH, keyword="LEWAT", title={"id": "Lewat"}, id=4, edition=41, closes_at=NOW - timedelta(hours=1))
UJIAN = replace(
    SEPULUH,
    keyword="UJIAN",
    title={"id": "Ujian"},
    id=5,
    edition=51,
    attempts=1,
    items=SEPULUH.items[:2],
    closes_at=NOW + timedelta(hours=2),
    time_zone="Asia/Makassar",
)
KATA = Quiz(  # whose answers are commands and keywords besides
    "KATA",
    {"id": "Kata"},
    (
        Item("k1", "short_answer", {"id": "Apa kata lain untuk hasil ulangan?"}, {"accepted": ["nilai"]}),
        Item("k2", "short_answer", {"id": "Bilangan a/b disebut bilangan apa?"}, {"accepted": ["pecahan"]}),
        choice("k3", "Mana yang dibaca dari daftar acara?", ("Jadwal", "Nilai"), 1),
        Item("k4", "true_false", {"id": "9 lebih kecil dari 10."}, {"right": True}),
        Item("k5", "number", {"id": "3 x 3 = ?"}, {"number": "9"}),
    ),
    id=6,
    edition=61,
)
PANJANG = Quiz(  # more words than a screen holds
    "PANJANG",
    {"id": "Soal panjang"},
    (
        choice(
            "j1",
            "Di kebun Pak Made ada 12 pohon mangga, 8 pohon jambu dan 5 pohon durian. Setiap pohon diberi pupuk dua kali dalam "
            "satu bulan. Berapa kali Pak Made memberi pupuk dalam satu bulan?",
            ("25 kali", "50 kali", "75 kali"),
            2,
            "Semua pohon ada 12 + 8 + 5 = 25. Setiap pohon dua kali, jadi 25 x 2 = 50 kali dalam satu bulan.",
        ),
        Item(
            "j2",
            "number",
            {
                "id": "Sebuah bus membawa 36 orang. Di terminal turun 36 orang dan tidak ada yang naik. Setelah itu sopir "
                "berangkat lagi ke kota berikutnya. Berapa penumpang di dalam bus sekarang?"
            },
            {"number": "0"},
        ),
    ),
    id=7,
    edition=71,
    closes_at=NOW + timedelta(days=300),
)
RAGAM = Quiz(  # of every kind that wants several things at once; published by a story's event
    "RAGAM",
    {"id": "Ragam", "en": "Mixed"},
    (
        Item(
            "r1",
            "multiple_response",
            {"id": "Mana yang tumbuhan?", "en": "Which are plants?"},
            {"rights": [1, 3]},
            ({"id": "Padi", "en": "Rice"}, {"id": "Ayam", "en": "Hen"}, {"id": "Jagung", "en": "Maize"}),
        ),
        Item(
            "r2",
            "ordering",
            {"id": "Urutan hidup katak?"},
            {},
            tuple({"id": t} for t in ("Telur", "Kecebong", "Katak muda", "Katak")),
        ),
        Item(
            "r3",
            "matching",
            {"id": "Apa tugasnya?"},
            {"matches": [{"id": "menyerap air"}, {"id": "membuat makanan"}]},
            ({"id": "Akar"}, {"id": "Daun"}),
        ),
        Item(
            "r4",
            "cloze",
            {"id": "Akar menyerap [air] dari [tanah|bumi]."},
            {},
            explanation={"id": "Air tanah naik lewat batang."},
        ),
    ),
    id=8,
    edition=81,
)
QUIZZES = (PECAHAN, SEPULUH, BESOK, LEWAT, UJIAN, KATA, PANJANG)

LONG_TEXT = (
    "Pecahan adalah bagian dari sesuatu yang utuh. Satu kue dipotong menjadi empat bagian yang sama besar. Satu potongnya "
    "disebut seperempat, ditulis 1/4.\n\nAngka di atas garis disebut pembilang. Angka di bawah garis disebut penyebut. Penyebut "
    "berkata: berapa bagian semuanya. Pembilang berkata: berapa bagian yang kita ambil.\n\nDua potong dari empat adalah 2/4. Itu "
    "sama besar dengan setengah kue. Jadi 2/4 = 1/2."
)
MTK4 = Course(
    "MTK4",
    {"id": "Matematika 4", "en": "Mathematics 4"},
    (
        Lesson("l1", {"id": "Apa itu pecahan?", "en": "What is a fraction?"}, {"id": LONG_TEXT}),
        Lesson("l2", {"id": "Pecahan senilai"}, {"id": "1/2, 2/4 dan 3/6 sama besar. Namanya pecahan senilai."}),
    ),
    id=1,
)
IPA5 = Course("IPA5", {"id": "IPA 5"}, (Lesson("a1", {"id": "Daun"}, {"id": "Daun membuat makanan dari cahaya."}),), id=2)


@dataclass
class Attempt:
    quiz: int
    edition: int
    answers: dict[str, h.Answered] = field(default_factory=dict)
    finished: datetime | None = None


class SmallWorld:
    moment = LearnersWorld.moment
    weekday = LearnersWorld.weekday
    languages = (("id", "Bahasa Indonesia"), ("en", "English"))

    def __init__(self, *people: Person, quizzes: tuple[Quiz, ...] = QUIZZES, courses: tuple[Course, ...] = (MTK4, IPA5)):
        self.now = NOW
        self.published = list(quizzes)
        self.editions = {quiz.edition: quiz for quiz in quizzes}
        self.given_courses = list(courses)
        self.known = list(people or (SITI,))
        self.started: dict[tuple[int, int, int], Attempt] = {}
        self.lessons_read: set[tuple[int, int, str]] = set()
        self.happenings: list[h.Happening] = []
        self.airings: list[Airing] = airings()
        self.is_doubted = False
        self.waiting: list[tuple[int, str]] = []  # what is due today: (edition, item)
        self.climbs: dict[tuple[int, int], Climb] = {}
        self.codes = 0
        self.wished: dict[int, dict[tuple[int, int], Wish]] = {}

    def phrases(self, language):
        def say(text, **values):
            said = PHRASES.get(text, text) if language == "en" else text  # what a language lacks is said in Indonesian
            return said % values if values else said

        return say

    def people(self):
        return self.known

    def courses(self, person):
        return self.given_courses

    def quizzes(self, person):
        return [quiz for quiz in self.published if quiz.is_open(self.now)]

    def quiz(self, keyword, person):
        return next((quiz for quiz in self.published if quiz.keyword == keyword), None)

    def edition(self, edition):
        return self.editions.get(edition)

    def attempts(self, person, quiz):
        return max((number for learner, of, number in self.started if (learner, of) == (person.id, quiz.id)), default=0)

    def newest(self, person, quiz):
        number = self.attempts(person, quiz)
        attempt = self.started.get((person.id, quiz.id, number))
        if attempt is None:
            return None
        given = tuple(Given(x.item, x.typed, x.mark, x.sheet) for x in attempt.answers.values())
        return Sitting(attempt.edition, number, attempt.finished, given)

    def read(self, person, course):
        return frozenset(lesson for learner, of, lesson in self.lessons_read if (learner, of) == (person.id, course.id))

    def outcomes(self, person):
        found = []
        for (learner, _, _), attempt in self.started.items():
            if learner == person.id and attempt.finished:
                quiz = self.editions[attempt.edition]
                right = sum(answer.mark != "wrong" for answer in attempt.answers.values())
                almost = sum(answer.mark == "almost" for answer in attempt.answers.values())
                found.append(Outcome(quiz.title["id"], right, quiz.asked, almost))
        return found[:-4:-1]

    def on_air(self, person, wanted=""):
        return [] if wanted == "NOWHERE" else self.airings

    def programme(self, person, said):
        return next((x for x in self.airings if said in (x.code, x.title.upper())), None)

    def wishes(self, person):
        return sorted(self.wished.get(person.id, {}).values(), key=lambda wish: wish.title)

    def day_of(self, person):
        return practice.day_of(self.now, person.time_zone)

    def daily(self, person):
        return self.waiting

    def practised_today(self, person):
        days = [
            f for f in self.happenings if isinstance(f, h.Practised) and (f.learner, f.day) == (person.id, self.day_of(person))
        ]
        return max((fact.number for fact in days), default=0)

    def climb(self, person, course):
        return self.climbs.get((person.id, course.id), Climb(course.criterion))

    def to_practise(self, person, course):
        return [q for q in self.published if q.course == course.code and q.is_open(self.now) and not q.attempts]

    def new_code(self, letters):
        self.codes += 1
        return f"{self.codes:A>{letters}d}"

    def publish(self, quiz: Quiz) -> None:
        """A new edition of a quiz; the older ones stay."""
        self.published = [other for other in self.published if other.id != quiz.id] + [quiz]
        self.editions[quiz.edition] = quiz

    def _person(self, learner, **changes):
        self.known = [replace(p, **changes) if p.id == learner else p for p in self.known]

    def write(self, happenings) -> int | None:
        added = None
        for fact in happenings:
            self.happenings.append(fact)
            match fact:
                case h.LearnerAdded():
                    added = max(p.id for p in self.known) + 1
                    self.known = [*self.known, Person(added, nickname=fact.nickname)]
                case h.DayKept():
                    self._person(fact.learner, streak=fact.streak, streak_day=fact.day)
                case h.PinChanged():
                    self._person(fact.learner, pin=fact.pin, pin_failed=0, is_locked=False)
                case h.PinTyped():
                    failed = next(p.pin_failed for p in self.known if p.id == fact.learner)
                    is_over = fact.is_right or fact.locks
                    self._person(fact.learner, pin_failed=0 if is_over else failed + 1, is_locked=fact.locks)
                case h.ProgrammeWished():
                    aired = next(x for x in self.airings if (x.slot, x.station_id) == (fact.slot, fact.station))
                    wish = Wish(aired.slot, aired.station_id, aired.station, aired.title, aired.code)
                    self.wished.setdefault(fact.learner, {})[fact.slot, fact.station] = wish
                case h.ProgrammeLeft():
                    hers = self.wished.get(fact.learner, {})
                    self.wished[fact.learner] = {of: wish for of, wish in hers.items() if fact.slot not in (0, of[0])}
                case h.ReminderAsked():
                    self._person(fact.learner, remind_hour=fact.hour)
                case h.NumberKept():
                    self.is_doubted = False
                case h.NumberLeft():
                    self.is_doubted, self.known = False, [VISITOR]
                case h.Practised():
                    if fact.mode == "daily":
                        self.waiting = [item for item in self.waiting if item[1] != fact.item]
                    elif fact.mode == "climb":
                        key = fact.learner, fact.course
                        edition = next(q.edition for q in self.published if q.id == fact.quiz)
                        mark = "0" if fact.mark == "wrong" else "1"
                        climb = self.climbs.get(key, Climb())
                        self.climbs[key] = replace(climb, answers=(*climb.answers, (fact.level, (edition, fact.item), mark)))
                case h.Placed():
                    key = fact.learner, fact.course
                    self.climbs[key] = replace(self.climbs.get(key, Climb()), placed=fact.level)
                case h.CourseFinished():
                    key = fact.learner, fact.course
                    self.climbs[key] = replace(self.climbs[key], is_finished=True, code=fact.code)
                case h.LanguageChosen():
                    self.known = [replace(p, language=fact.language) if p.id == fact.learner else p for p in self.known]
                case h.LessonFinished():
                    self.lessons_read.add((fact.learner, fact.course, fact.lesson))
                case h.AttemptStarted():
                    self.started[fact.learner, fact.quiz, fact.number] = Attempt(fact.quiz, fact.edition)
                case h.Answered():
                    answers = self.started[fact.learner, fact.quiz, fact.number].answers
                    assert fact.item not in answers, f"{fact.item} is answered twice"
                    answers[fact.item] = fact
                case h.AttemptFinished():
                    self.started[fact.learner, fact.quiz, fact.number].finished = self.now
        return added


def airings() -> list[Airing]:
    def at(hour: int, minute: int = 0) -> datetime:
        return datetime(2026, 11, 23, hour, minute, tzinfo=MAKASSAR)

    return [
        Airing("RRI Samarinda", "Belajar di RRI: Pecahan", "Pecahan", at(9), at(9, 30), 7, 3, "101"),
        Airing("RRI Samarinda", "Dongeng anak", "", at(9, 30), at(10), 8, 3, "J8"),
    ]


@dataclass
class Phone:
    """One number in ``world``; what it shows is in ``turn`` and ``text``."""

    world: SmallWorld
    budget: Budget = field(default_factory=ussd.budget)
    state: State = field(default_factory=State)
    turn: Turn | None = None
    text: str = ""

    def hear(self, heard: Heard) -> str:
        """What is shown after ``heard``. The state goes through JSON; what happened is written down."""
        self.turn = take_turn(states.from_json(states.to_json(self.state)), heard, self.world, self.budget)
        self.state = self.turn.state
        added = self.world.write(self.turn.happenings)
        if added is not None:
            self.state = self.state.renamed(added)
        self.text = self.budget.draw(self.turn.prompt)
        assert self.budget.fits(self.text), self.text
        return self.text

    def dial(self, path: str = "") -> str:
        return self.hear(Heard("arrived", path))

    def say(self, *typed: str) -> str:
        for text in typed:
            self.hear(Heard("said", text))
        return self.text

    def on(self, medium: str) -> Phone:
        """The same number, now on another medium."""
        self.budget = BUDGETS[medium]()
        return self
