"""iCalendar's outside: bytes into components with their properties, unfolded and unescaped (RFC 5545, 3.1). Pure.

Lines are unfolded before they are decoded: a fold may stand inside a character.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from broadcast_schedule.importing.reading import Unreadable
from core.problems import N_, Problem, Refused
from core.text import clean

NAME = re.compile(r"([A-Za-z0-9-]+)")
PARAMETER = re.compile(r';([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)')
DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Property:
    name: str
    parameters: dict[str, str]
    value: str

    @property
    def text(self) -> str:
        return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], self.value, flags=re.DOTALL)


@dataclass(slots=True)
class Component:
    """``line`` is the physical line of its BEGIN."""

    name: str
    line: int
    properties: list[Property] = field(default_factory=list)
    components: list[Component] = field(default_factory=list)
    fault: Unreadable | None = None

    def all(self, name: str) -> list[Property]:
        return [each for each in self.properties if each.name == name]

    def one(self, name: str) -> Property | None:
        """Raises Unreadable where it is there twice: which of them holds would be a guess."""
        found = self.all(name)
        if len(found) > 1:
            raise Unreadable(N_("%(name)s ada dua kali."), name=name)
        return found[0] if found else None

    def text(self, name: str) -> str:
        found = self.all(name)
        return found[0].text if found else ""

    @property
    def sequence(self) -> int:
        text = self.text("SEQUENCE").strip()
        return int(text) if text.isdecimal() and len(text) < 10 else 0

    @property
    def rank(self) -> tuple[int, str]:
        """Of two versions of an event the one that ranks higher holds."""
        return self.sequence, (self.text("LAST-MODIFIED") or self.text("DTSTAMP")).strip()

    @property
    def said(self) -> set[tuple[str, str]]:
        """What it says of the programme, whenever it was written."""
        return {(each.name, each.value) for each in self.properties if each.name not in ("DTSTAMP", "CREATED")}

    @property
    def is_cancelled(self) -> bool:
        return self.text("STATUS").strip().upper() == "CANCELLED"


def parse(raw: bytes, tick: Callable[[], None]) -> tuple[list[Component], list[Problem]]:
    """(calendars, what is wrong with their lines). Raises Refused for what is not UTF-8."""
    top = Component("", 0)
    stack = [top]
    bad: list[Problem] = []
    for number, line in _unfolded(raw):
        tick()
        found = _property(line)
        if found is None:
            fault = Unreadable(N_("baris %(number)s tidak terbaca: %(line)s"), number=number, line=clean(line, 40))
            stack[-1].fault = stack[-1].fault or fault
            if not any(each.name == "VEVENT" for each in stack):
                bad.append(fault.at(f"line {number}"))
        elif found.name == "BEGIN" and len(stack) <= DEEPEST:
            component = Component(found.value.strip().upper(), number)
            stack[-1].components.append(component)
            stack.append(component)
        elif found.name == "END":
            name = found.value.strip().upper()
            if not any(each.name == name for each in stack[1:]):
                bad.append(Problem(f"line {number}", N_("END:%(name)s tanpa BEGIN."), facts={"name": clean(name, 30)}))
                continue
            while stack[-1].name != name:
                stack[-1].fault = Unreadable(N_("akhirnya (END:%(name)s) tidak ada."), name=clean(stack[-1].name, 30))
                stack.pop()
            stack.pop()
        else:
            stack[-1].properties.append(found)
    for open_one in stack[1:]:
        fault = Unreadable(N_("akhirnya (END:%(name)s) tidak ada: berkas ini terpotong."), name=clean(open_one.name, 30))
        open_one.fault = fault
        if open_one.name == "VCALENDAR":
            bad.append(fault.at(f"line {open_one.line}"))
    return top.components, bad


def _unfolded(raw: bytes) -> list[tuple[int, str]]:
    """(physical line, content line)"""
    raw = raw.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    found: list[tuple[int, list[bytes]]] = []
    for number, line in enumerate(raw.split(b"\n"), 1):
        if line[:1] in (b" ", b"\t") and found:
            found[-1][1].append(line[1:])
        elif line.strip():
            found.append((number, [line]))
    lines = []
    for number, parts in found:
        try:
            lines.append((number, b"".join(parts).decode("utf-8")))
        except UnicodeDecodeError:
            problem = Problem(f"line {number}", N_("baris ini bukan UTF-8."), N_("Simpan kalender ini sebagai UTF-8."))
            raise Refused(problem) from None
    return lines


def _property(line: str) -> Property | None:
    name = NAME.match(line)
    if name is None:
        return None
    at, parameters = name.end(), {}
    while line[at : at + 1] == ";":
        found = PARAMETER.match(line, at)
        if found is None:
            return None
        parameters[found[1].upper()] = found[2].replace('"', "")
        at = found.end()
    if line[at : at + 1] != ":":
        return None
    return Property(name[1].upper(), parameters, line[at + 1 :])
