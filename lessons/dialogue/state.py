"""Where the people of one number are, as a value and as JSON. Versioned: what an older release wrote is still read."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

VERSION = 2  # 1 had neither a medium at each place nor silences
NEWCOMER = -1  # stands for somebody who is being added in this very turn


@dataclass(frozen=True, slots=True)
class Going:
    """An attempt under way: which frozen edition, at which item (from 0), how many right so far, ``almost`` of them almost.

    ``ahead`` are items after ``at`` that have their answer already: a printed sheet may be sent in parts, in any order.
    ``sheet`` is the variant of the paper that it was begun with: where each paper draws its own items, those are asked.
    """

    quiz: int
    edition: int
    number: int
    at: int = 0
    right: int = 0
    almost: int = 0
    ahead: tuple[str, ...] = ()
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one person is. ``facts`` are the scene's own, small and JSON."""

    scene: str = "menu"
    facts: dict[str, Any] = field(default_factory=dict)
    page: int = 0
    going: Going | None = None  # kept when she leaves for the menu: she may go on later
    pages: int = field(default=0, compare=False)  # how many there were when it was last shown; 0: not shown yet
    medium: str = field(default="", compare=False)  # where it was last shown to this person
    asked_at: int = field(default=0, compare=False)  # as State.asked_at, of the last prompt to this person


@dataclass(frozen=True, slots=True)
class State:
    """``who`` is the person now speaking, 0 while nobody is chosen. ``medium`` is where the last prompt was shown.

    ``session`` is in which session of the network, "" where it has none.
    ``asked_at`` is when the present prompt was first given (milliseconds, UTC), where messages can be late: by SMS.
    ``silent`` counts how often in a row nothing was said to it.
    """

    who: int = 0
    places: dict[str, Place] = field(default_factory=dict)  # by learner id, as JSON has it
    medium: str = ""
    wish: str = ""  # what she asked for before we knew who it is
    asked_at: int = 0
    session: str = ""
    silent: int = 0
    v: int = field(default=VERSION, compare=False)

    @property
    def place(self) -> Place:
        return self.places.get(str(self.who)) or Place()

    def at(self, place: Place) -> State:
        """The same state with the present speaker at ``place``."""
        places = {**self.places, str(self.who): place}  # written out: replace() would cost a tenth of a turn
        return State(self.who, places, self.medium, self.wish, self.asked_at, self.session, self.silent)

    def without(self, learner: int) -> State:
        """The same state as if the learner of that id had never spoken."""
        places = {who: place for who, place in self.places.items() if who != str(learner)}
        return replace(self, places=places) if self.who != learner else replace(self, who=0, places=places, wish="")

    def renamed(self, learner: int) -> State:
        """The same state where NEWCOMER has become the learner of that id."""
        places = {str(learner) if who == str(NEWCOMER) else who: place for who, place in self.places.items()}
        return replace(self, who=learner if self.who == NEWCOMER else self.who, places=places)


_WRITER, _READER = msgspec.json.Encoder(), msgspec.json.Decoder(State)  # json and its checks by hand cost a tenth of a turn


def to_json(state: State) -> str:
    return _WRITER.encode(state).decode()


def from_json(text: str | None) -> State:
    """The state. Of nothing the beginning; what cannot be read is left out: a learner is never locked out."""
    if not text:
        return State()
    try:
        return _READER.decode(text)
    except msgspec.ValidationError:
        return _tolerated(text)
    except (ValueError, RecursionError):
        return State()


def _tolerated(text: str) -> State:
    """What can be read of JSON that is not as this release writes it."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return State()
    if not isinstance(data, dict):
        return State()
    held = data.get("places")
    places = {who: _place(place) for who, place in held.items() if isinstance(place, dict)} if isinstance(held, dict) else {}
    medium, wish, session = (_str(data.get(name)) for name in ("medium", "wish", "session"))
    return State(_int(data.get("who")), places, medium, wish, _int(data.get("asked_at")), session, _int(data.get("silent")))


def _place(data: dict[str, Any]) -> Place:
    facts = data.get("facts")
    return Place(
        _str(data.get("scene"), "menu"),
        facts if isinstance(facts, dict) else {},
        _int(data.get("page")),
        _going(data.get("going")),
        _int(data.get("pages")),
        _str(data.get("medium")),
        _int(data.get("asked_at")),
    )


def _going(data: Any) -> Going | None:
    """An attempt without its quiz, edition or number is none: it is found again among the records."""
    if not isinstance(data, dict):
        return None
    quiz, edition, number, at, right, almost = (
        _int(data.get(name)) for name in ("quiz", "edition", "number", "at", "right", "almost")
    )
    held = data.get("ahead")
    ahead = tuple(_str(each) for each in held) if isinstance(held, list) else ()
    return (
        Going(quiz, edition, number, at, right, almost, ahead, _str(data.get("sheet"))) if quiz and edition and number else None
    )


def _int(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else 0


def _str(value: Any, otherwise: str = "") -> str:
    return value if isinstance(value, str) else otherwise
