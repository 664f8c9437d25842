"""Stories read and played. See README.md for how they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from lessons.dialogue import happenings as h
from lessons.dialogue.turn import Heard
from tests.learners import ANI, BUDGETS, BUDI, DEWI, EKO, EMMA, FITRI, PECAHAN, RAGAM, SEPULUH, SITI, VISITOR, Phone, SmallWorld

ZONES = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}
SIBLINGS = (DEWI, EKO, FITRI)
CAST = {
    "Siti": (SITI,), "Ani": (ANI, BUDI), "Budi": (ANI, BUDI), "Emma": (EMMA,), "Somebody": (VISITOR,),
    "Dewi": SIBLINGS, "Eko": SIBLINGS, "Fitri": SIBLINGS,
}  # fmt: skip
_DEED = re.compile(
    r"(?P<who>[A-Z][a-z]+) (?P<verb>dials|presses|texts at once|texts|calls|says|opens|clicks|hangs up|is silent)"
    r"(?: (?P<what>.*))?"
)
MEDIUM = {
    "dials": "ussd", "presses": "ussd", "texts": "sms", "texts at once": "sms",
    "calls": "voice", "says": "voice", "opens": "web", "clicks": "web",
}  # fmt: skip
ARRIVALS = ("dials", "calls", "opens")
WAITING = replace(SEPULUH, edition=22, after="episode", time_zone="Asia/Makassar")
EVENTS = {
    "The quiz PECAHAN is published again with other questions.": lambda world: world.publish(
        replace(PECAHAN, edition=12, items=tuple(replace(item, prompt={"id": "Soal baru?"}) for item in PECAHAN.items))
    ),
    "The quiz PECAHAN is withdrawn.": lambda world: world.published.remove(world.quiz("PECAHAN", None)),
    "The course MTK4 is withdrawn.": lambda world: world.given_courses.pop(0),
    "The quiz RAGAM is published.": lambda world: world.publish(RAGAM),
    "All quizzes are closed.": lambda world: [
        world.publish(replace(quiz, closes_at=world.now)) for quiz in tuple(world.published)
    ],
    "The quiz SEPULUH waits for the programme that ends at 09.30 WITA.": lambda world: world.publish(
        replace(WAITING, opens_at=datetime(2026, 11, 23, 1, 30, tzinfo=UTC))
    ),
    "The programme began ten minutes late.": lambda world: world.publish(
        replace(WAITING, opens_at=datetime(2026, 11, 23, 1, 40, tzinfo=UTC))
    ),
    "The programme is called off.": lambda world: world.publish(replace(WAITING, is_held=True)),
    "Nothing is on the air.": lambda world: world.airings.clear(),
    "Nobody used this number for half a year.": lambda world: setattr(world, "is_doubted", True),
    "Three questions of PECAHAN are nearly forgotten.": lambda world: world.waiting.extend([(11, "p1"), (11, "p2"), (11, "p3")]),
}


@dataclass
class Beat:
    """One line of a story, and the indented lines under it. ``line`` counts from 1; ``shown`` is () where nothing is claimed."""

    line: int
    text: str
    shown: list[str] = field(default_factory=list)


def read(path: Path) -> list[Beat]:
    """The beats of a story; what stands before the first empty line is its title."""
    beats: list[Beat] = []
    lines = path.read_text(encoding="utf-8").split("\n")
    for number, line in enumerate(lines[lines.index("") :], lines.index("") + 1):
        if line.startswith("    ") or (not line and beats):
            beats[-1].shown.append(line[4:])
        elif line and not line.startswith("#"):
            beats.append(Beat(number, line))
    for beat in beats:
        while beat.shown and not beat.shown[-1]:
            beat.shown.pop()
    return beats


class Play:
    """A story under way: one world for each phone. ``played`` pairs each beat with the lines that it really showed."""

    def __init__(self) -> None:
        self.phones: dict[tuple, Phone] = {}
        self.told: dict[tuple, int] = {}
        self.now: datetime | None = None
        self.sent: list[int] = []  # segments of each SMS
        self.paging: list[bool] = []  # of each deed, whether it only turned a page

    def act(self, beat: Beat, only: str = "") -> list[str]:
        """Does what the beat says, on medium ``only`` where given; returns the lines shown."""
        if beat.text == "Written down:":
            return self._written()
        if beat.text == "Sent until now:":
            return [f"{len(self.sent)} messages, {sum(self.sent)} segments"]
        if beat.text.startswith("It is "):
            day, hour, zone = beat.text.removeprefix("It is ").rstrip(".").split()
            self.now = datetime.fromisoformat(f"{day}T{hour.replace('.', ':')}").replace(tzinfo=ZoneInfo(ZONES[zone]))
            for phone in self.phones.values():
                phone.world.now = self.now
            return []
        if beat.text in EVENTS:
            for phone in self.phones.values():
                EVENTS[beat.text](phone.world)
            return []
        deed = _DEED.fullmatch(beat.text)
        assert deed is not None, f"line {beat.line}: nobody can {beat.text!r}; see README.md"
        return self._deed(deed["who"], deed["verb"], deed["what"] or "", only)

    def _phone(self, who: str) -> Phone:
        people = CAST[who]
        if people not in self.phones:
            self.phones[people] = Phone(SmallWorld(*people))
            if self.now is not None:
                self.phones[people].world.now = self.now
        return self.phones[people]

    def _deed(self, who: str, verb: str, what: str, only: str) -> list[str]:
        phone = self._phone(who)
        phone.on(only or MEDIUM.get(verb, phone.budget.medium))
        what = what.removeprefix('"').removesuffix('"')
        before = phone.state.place
        if verb == "hangs up":
            phone.hear(Heard("left"))
        elif verb == "is silent":
            phone.hear(Heard("silent"))
        elif verb == "texts at once":
            phone.hear(Heard("said", what, phone.state.asked_at - 1))
        else:
            phone.hear(Heard("arrived" if verb in ARRIVALS else "said", what))
        if phone.budget.medium == "sms" and phone.text:
            self.sent.append(phone.budget.cost(phone.text))
        after = phone.state.place
        here = before.scene, before.going, before.facts.get("lesson")
        self.paging.append(here == (after.scene, after.going, after.facts.get("lesson")) and before.page != after.page)
        return phone.text.split("\n") if phone.text else []

    def _written(self) -> list[str]:
        found = []
        for key, phone in self.phones.items():
            facts = phone.world.happenings
            found += [told(fact, phone.world) for fact in facts[self.told.get(key, 0) :]]
            self.told[key] = len(facts)
        return found

    def can_turn(self) -> bool:
        return any(move.key == "9" for phone in self.phones.values() if phone.turn for move in phone.turn.prompt.moves)

    def turn(self, medium: str) -> None:
        """Turns the pages of a story of one phone to the last one."""
        for phone in self.phones.values():
            while self.can_turn():
                phone.on(medium).say("9")

    def ends(self) -> list[tuple]:
        """Where everybody is in the end and what is written, without what a medium alone decides."""
        return [
            (
                [(who, p.scene, p.going, {k: v for k, v in p.facts.items() if k not in ("words", "about")})
                 for who, p in sorted(phone.state.places.items())],
                sorted({told(fact, phone.world) for fact in phone.world.happenings}),
            )
            for phone in self.phones.values()
        ]  # fmt: skip


def told(fact: h.Happening, world: SmallWorld) -> str:
    """A happening as a line of a story."""
    if isinstance(fact, h.LearnerAdded | h.NumberLeft):
        return f"{fact.nickname} learns here too" if isinstance(fact, h.LearnerAdded) else "The number belongs to somebody else"
    name = next((p.name or p.nickname or "Somebody" for p in world.known if p.id == fact.learner), "Somebody")
    keyword = next((q.keyword for q in world.editions.values() if q.id == getattr(fact, "quiz", 0)), "")
    match fact:
        case h.LanguageChosen():
            return f"{name} learns in {fact.language}"
        case h.Enrolled():
            return f"{name} enrolled in course {fact.course}"
        case h.LessonFinished():
            return f"{name} finished lesson {fact.lesson}"
        case h.AttemptStarted():
            return f"{name} began {keyword} ({fact.number}, edition {fact.edition})"
        case h.Answered():
            return f"{name} answered {fact.item} of {keyword} ({fact.number}): {fact.typed} is {fact.mark}"
        case h.AttemptFinished():
            return f"{name} finished {keyword} ({fact.number})"
        case h.Practised():
            return f"{name} practised {fact.item} of {keyword} ({fact.mode}): {fact.typed} is {fact.mark}"
        case h.DayKept():
            return f"{name} learned on {fact.streak} days in a row"
        case h.HintShown():
            return f"{name} saw the hint of {fact.item}"
        case h.Placed():
            return f"{name} begins on rung {fact.level} of course {fact.course}"
        case h.CourseFinished():
            return f"{name} finished course {fact.course} at {fact.criterion}: {fact.code}"
        case h.PinChanged():
            return f"{name} {'has a PIN' if fact.pin else 'has no PIN'}"
        case h.PinTyped():
            return f"{name}'s PIN is {'right' if fact.is_right else 'wrong, and locked' if fact.locks else 'wrong'}"
        case h.NumberKept():
            return f"The number is still {name}'s"
        case h.ReminderAsked():
            return f"{name} is reminded at {fact.hour}" if fact.hour is not None else f"{name} is reminded no more"
        case h.ProgrammeWished():
            return f"{name} is reminded of slot {fact.slot} on station {fact.station}"
        case h.ProgrammeLeft():
            return f"{name} is reminded of slot {fact.slot} no more"
        case h.WebCodeGiven():
            return f"{name} may go on in a browser with {fact.code}"


def play(path: Path) -> Iterator[tuple[Beat, list[str]]]:
    """Each beat with what was really shown."""
    stage = Play()
    for beat in read(path):
        yield beat, stage.act(beat)


def rewrite(path: Path) -> None:
    """The story with what is shown today under each line that claims something (or nothing yet). Then read the difference."""
    title = path.read_text(encoding="utf-8").split("\n\n")[0]
    out = [title, ""]
    source = path.read_text(encoding="utf-8").split("\n")
    last = source.index("")
    for beat, shown in play(path):
        out += [line for line in source[last : beat.line - 1] if line.startswith("#")]
        last = beat.line
        out.append(beat.text)
        out += [f"    {line}".rstrip() for line in shown]
        out.append("")
    path.write_text("\n".join(out).rstrip() + "\n", encoding="utf-8")


def can_be_replayed(path: Path) -> bool:
    """True where a story is played on USSD alone, and its title does not say that it must be."""
    if "On USSD" in path.read_text(encoding="utf-8").split("\n\n")[0]:
        return False
    beats = read(path)
    verbs = {deed["verb"] for beat in beats if (deed := _DEED.fullmatch(beat.text))}
    return verbs <= {"dials", "presses", "hangs up", "is silent"}


def replay(path: Path, medium: str) -> tuple[list[tuple], list[tuple]]:
    """(the ends on USSD, the ends on ``medium``) after the same keys; keys that only turned a page are left out."""
    ours, theirs = Play(), Play()
    for beat in read(path):
        turned = len(ours.paging)
        last = not ours.can_turn()
        ours.act(beat)
        if last and "hangs up" not in beat.text:
            theirs.turn(medium)  # there what she answers to may stand on a later page
        if len(ours.paging) == turned or not ours.paging[-1]:
            theirs.act(beat, medium if _DEED.fullmatch(beat.text) else "")
    return ours.ends(), theirs.ends()


__all__ = ["BUDGETS", "Beat", "can_be_replayed", "play", "read", "replay", "rewrite", "told"]
