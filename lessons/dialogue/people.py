"""The people of one number: how they are called on its screens, which of them a message names, and their PINs."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from lessons.dialogue.world import Person
from lessons.marking.folding import words

MOST = 8  # on one number: as many as have a key of one digit
PIN_TRIES = 3
LONGEST_NAME = 12


@dataclass(frozen=True, slots=True)
class Called:
    """Whom a message may mean (one, or several of the same first name), the PIN beside the name, and what else it says."""

    people: tuple[Person, ...]
    pin: str
    rest: str


def name_of(person: Person) -> str:
    """What may be shown: the school's name with a guardian's consent, or what she called herself on this phone; or ""."""
    return person.name or person.nickname


def labels(people: Sequence[Person], _: Callable[..., str]) -> list[str]:
    """How each is shown: by name; namesakes with a number, the nameless as "Murid 3"."""
    names = [name_of(person) for person in people]
    folded = [tuple(words(name)) for name in names]
    found = []
    for n, name in enumerate(names):
        if not name:
            found.append(_("Murid %(n)d", n=n + 1))
        elif folded.count(folded[n]) > 1:
            found.append(f"{name} {folded[: n + 1].count(folded[n])}")
        else:
            found.append(name)
    return found


def called(said: str, people: Sequence[Person], _: Callable[..., str]) -> Called | None:
    """Whom ``said`` begins with, as the phone shows the names or by the first name alone; None where it names nobody.

    "BUDI B", "budi: b", "Budi 42 B" (with a PIN), "Budi". The longest name that fits counts: "Ani 2 B" is the second Ani's.
    """
    parts = re.findall(r"\S+", said)
    typed = [tuple(words(part)) for part in parts]
    for length in range(min(len(parts), 6), 0, -1):
        beginning = sum(typed[:length], ())
        if not beginning or not any(c.isalpha() for word in beginning for c in word):
            continue
        meant = [p for p, label in zip(people, labels(people, _), strict=True) if tuple(words(label)) == beginning]
        meant = meant or [p for p in people if name_of(p) and tuple(words(name_of(p))) == beginning]
        if len(beginning) == 1:
            meant = meant or [p for p in people if words(name_of(p))[:1] == list(beginning)]
        if meant:
            rest = parts[length:]
            pin = rest.pop(0) if rest and len(meant) == 1 and meant[0].pin and is_pin(rest[0]) else ""
            return Called(tuple(meant), pin, " ".join(rest).lstrip(":,;-. ") if not pin else " ".join(rest))
    return None


def is_pin(said: str) -> bool:
    return re.fullmatch(r"[0-9]{2}", said) is not None


def hashed(person: Person, pin: str) -> str:
    """A PIN as it is kept. Two digits can be tried out by whoever has the table: what guards it is PIN_TRIES."""
    return sha256(f"pin of {person.id}: {pin}".encode()).hexdigest()


def is_right(person: Person, pin: str) -> bool:
    return not person.pin or hashed(person, pin) == person.pin


def nickname(said: str) -> str:
    """What she typed, as a name for a small screen; "" where it is none."""
    name = " ".join(re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", said))[:LONGEST_NAME].strip()
    return " ".join(word.capitalize() for word in name.split()) if len(name) >= 2 else ""
