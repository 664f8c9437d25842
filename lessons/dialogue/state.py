"""Where the people of one number are, as a value and as JSON. Versioned: what an older release wrote is still read."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any

VERSION = 1


@dataclass(frozen=True, slots=True)
class Going:
    """An attempt under way: which frozen edition, at which item (from 0), how many right so far."""

    quiz: int
    edition: int
    number: int
    at: int = 0
    right: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where one person is. ``facts`` are the scene's own, small and JSON."""

    scene: str = "menu"
    facts: dict[str, Any] = field(default_factory=dict)
    page: int = 0
    going: Going | None = None  # kept when she leaves for the menu: she may go on later


@dataclass(frozen=True, slots=True)
class State:
    """``who`` is the person now speaking, 0 while nobody is chosen. ``medium`` is where the last prompt was shown."""

    who: int = 0
    places: dict[str, Place] = field(default_factory=dict)  # by learner id, as JSON has it
    medium: str = ""
    wish: str = ""  # what she asked for before we knew who or which language

    @property
    def place(self) -> Place:
        return self.places.get(str(self.who), Place())

    def at(self, place: Place) -> State:
        """The same state with the present speaker at ``place``."""
        return replace(self, places={**self.places, str(self.who): place})


def to_json(state: State) -> str:
    return json.dumps({"v": VERSION, **asdict(state)}, ensure_ascii=False, separators=(",", ":"))


def from_json(text: str | None) -> State:
    """The state; of nothing, or of what cannot be read, the beginning: a learner is never locked out."""
    try:
        data = json.loads(text) if text else {}
        places = {who: _place(place) for who, place in data.get("places", {}).items()}
        return State(data.get("who", 0), places, data.get("medium", ""), data.get("wish", ""))
    except (ValueError, TypeError, KeyError, AttributeError):
        return State()


def _place(data: dict[str, Any]) -> Place:
    going = data.get("going")
    return Place(data["scene"], data.get("facts", {}), data.get("page", 0), Going(**going) if going else None)
