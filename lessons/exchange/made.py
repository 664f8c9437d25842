"""Items made from what a file says, the same way for every format: judged by their kind, named by what they are. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from core.problems import N_, Problem
from core.text import one_line
from lessons.course import Item, Words
from lessons.exchange import MOST_ITEMS, Found, at_line
from lessons.kinds import kinds

LONGEST = {"prompt": 1000, "choices": 300, "explanation": 1000}  # as the form has it, where an item is edited
LONGEST_NUMBER = 30
MOST_PROBLEMS = 200
MOST_PARTS = 100  # choices, accepted answers: before a kind compares each with each
_PRAISE = re.compile(
    r"(ya|yes|benar|betul|tepat|bagus|hebat|pintar|mantap|good|very good|well done|right|correct|excellent|great)\b.{0,25}", re.I
)


class Unread(Exception):
    """A question that cannot be taken; ``problems`` say why."""

    def __init__(self, *problems: Problem):
        super().__init__()
        self.problems = problems


@dataclass(slots=True)
class Maker:
    """Gathers the questions of one file."""

    found: list[Found] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _ids: set[str] = field(default_factory=set)

    @property
    def is_full(self) -> bool:
        """True where reading on would say nothing new: more questions than a quiz has, or faults without end."""
        return len(self.found) > MOST_ITEMS or len(self.problems) > MOST_PROBLEMS

    def add(
        self,
        line: int,
        kind: str,
        prompt: str | Words,
        key: Mapping[str, Any],
        choices: Sequence[str | Words] = (),
        explanation: str | Words = "",
        *,
        id: str = "",
        notes: Sequence[Problem] = (),
        **more: Any,
    ) -> None:
        """Takes a question where its kind finds nothing to mend in it; else says at ``line`` what there is to mend.

        ``more`` are further fields of Item.
        """
        if kind not in kinds():
            self.refuse(line, N_("Jenis soal %(kind)s belum ada di sini."), N_("Hapus dari berkas, atau tulis ulang."), kind=kind)
            return
        if len(choices) > MOST_PARTS or any(isinstance(held, list) and len(held) > MOST_PARTS for held in key.values()):
            self.refuse(line, N_("Soal ini punya terlalu banyak pilihan."), N_("Sisakan paling banyak enam; empat paling baik."))
            return
        why = {language: text for language, text in _words(explanation).items() if text}
        item = Item("", kind, _words(prompt), key, tuple(_words(choice) for choice in choices), why, **more)
        wrong = [*_too_long(item), *(problem for problem in kinds()[kind].problems(item) if problem.stops)]
        if wrong:
            self.problems += [replace(problem, where=f"line {line}") for problem in wrong]
            return
        item = replace(item, id=self._id(item, id))
        self.found.append(Found(line, item, tuple(notes)))

    def refuse(self, line: int, what: str, remedy: str = "", **facts: object) -> None:
        self.problems.append(Problem(f"line {line}", what, remedy, facts=facts))

    def _id(self, item: Item, wanted: str) -> str:
        """``wanted``, else a name made of the question itself: the same file gives the same items again."""
        said = json.dumps(
            [item.kind, dict(item.prompt), dict(item.key), [dict(c) for c in item.choices]], sort_keys=True, default=str
        )
        at = 0
        made = wanted
        while not made or made in self._ids:
            made = hashlib.sha256(f"{said}{at or ''}".encode()).hexdigest()[:8]
            at += 1
        self._ids.add(made)
        return made


def number(text: str, *, comma: bool = False) -> Decimal | None:
    """A number with a decimal point (with ``comma``, or with a comma instead), None for anything else ("1,000" and "12 kg")."""
    text = text.strip()
    if comma and "." not in text:
        text = text.replace(",", ".", 1)
    try:
        value = Decimal(text) if len(text) <= LONGEST_NUMBER and text.isascii() and "_" not in text else None
    except InvalidOperation:
        return None
    return value if value is not None and value.is_finite() and abs(value.adjusted()) <= 15 else None


def written(value: Decimal) -> str:
    """``value`` as a key of the kind Number holds it: a decimal comma and no groups."""
    text = f"{value.normalize():f}"
    return text.replace(".", ",")


def several_numbers(values: Sequence[tuple[Decimal, Decimal]]) -> tuple[str, dict[str, Any]]:
    """(kind, key) of a question to which any of these numbers (value, tolerance) is right."""
    distinct = list(dict.fromkeys(values))
    if len(distinct) == 1:
        value, tolerance = distinct[0]
        return "number", {"number": written(value), **({"tolerance": written(tolerance)} if tolerance else {})}
    if any(tolerance for _, tolerance in distinct):
        what = N_("Beberapa angka yang benar, masing-masing dengan toleransi, belum bisa di sini.")
        raise Unread(at_line(0, what, N_("Sisakan satu angka dengan toleransinya.")))
    return "short_answer", {"accepted": [written(value) for value, _ in distinct]}


def _words(text: str | Words) -> dict[str, str]:
    return {"id": text} if isinstance(text, str) else dict(text)


def _too_long(item: Item) -> list[Problem]:
    parts = [("prompt", item.prompt), ("explanation", item.explanation), *(("choices", words) for words in item.choices)]
    what, remedy = N_("Teks ini terlalu panjang: %(n)d huruf."), N_("Paling banyak %(most)d.")
    return [
        Problem("", what, remedy, facts={"n": len(text), "most": LONGEST[part]})
        for part, words in parts
        for text in words.values()
        if len(text) > LONGEST[part]
    ]


def note(line: int, what: str, remedy: str = "", **facts: object) -> Problem:
    """What of a question did not come along, though the question did."""
    return at_line(line, what, remedy, stops=False, **facts)


def praised(line: int, why: str, told: str) -> tuple[str, list[Problem]]:
    """(explanation, notes): what is said to everybody, else what is said to whoever is right, which everybody then reads.

    Mere praise is left out: who was wrong would read it too.
    """
    if why or not told:
        return why, []
    if _PRAISE.fullmatch(told):
        return "", [note(line, N_("Pujian untuk jawaban benar tidak ikut: “%(text)s”."), text=short(told))]
    what = N_("Tanggapan untuk jawaban benar menjadi penjelasan bagi semua murid: “%(text)s”.")
    return told, [note(line, what, N_("Periksa bunyinya."), text=short(told))]


def short(text: str) -> str:
    """The beginning of a text, to name a question by."""
    text = one_line(text)
    return text if len(text) <= 60 else text[:59].rstrip() + "…"
