"""Printed quiz sheets: which items and options each variant has, and what a message with all the answers says.

A sheet is of one edition and its code is that edition's number: Q7. Variants A to D have the same items in orders of their own,
and their options too; chance is a SHA-256, so that the paper of last month is still read right. Variant A is the quiz as it is.

A message is "Q7 ABDCA BBACD", "q7abdcabbacd", "Q7: A-B-D", "Q7 1A 2B 4D", with a variant "Q7B ABDCA". Items without options take
the rest of their word: "Q7 AB 12 B", "Q7 1A 2=12 3=air laut". "-", "x", "." leave one open.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from lessons.course import Item, Quiz
from lessons.kinds import ask, kinds
from lessons.marking import folding

VARIANTS = "ABCD"
LETTERS = "ABCDEF"
_CODE = re.compile(r"^(?:(?:lembar|sheet|kode|kuis|jawab|jawaban)\s*:?\s*)?q\s?[-.]?\s?(\d{1,9})(?!\d)(.*)$", re.DOTALL)
_FIXED = re.compile(
    r"\b(?:semua|semuanya|keduanya|tidak ada|bukan salah satu|all|none|both|di atas|[a-f] (?:dan|atau|and|or) [a-f])\b", re.I
)
_ANSWERED = re.compile(r"q\s?\d{1,9}[a-d]?\W+(?:[a-f]{3}|[a-f]\W+[a-f]\b|\d{1,2}\W*[a-f]\b)")
_PARTED = " \t\n,;/|*#+&"
_OPEN = "-_.x?"
_TRUTHS = {"b": "B", "y": "B", "1": "B", "t": "B", "s": "S", "2": "S", "n": "S", "f": "S"}
_DOTTED = re.compile(r"(?<!\d)(\d{1,2})\s*(?:\.\s?){2,}")
_NUMBERED = re.compile(
    r"(?<!\d)(\d{1,2})(?:\s*[=:)]\s*|\.\s*(?=[a-z])|\s*-\s*(?=[a-f](?:[\s,;/]|\d|$))|(?=[a-z_?-](?:[\s,;/]|\d|$)))"
)


@dataclass(frozen=True, slots=True)
class SheetItem:
    """An item on paper: ``order`` are its options (from 0, as lessons.kinds asks them), A first; () where it has none."""

    item: Item
    order: tuple[int, ...] = ()

    @property
    def is_truth(self) -> bool:
        return self.item.kind == "true_false"

    @property
    def is_lettered(self) -> bool:
        """True where one letter is the answer."""
        return bool(self.order) or self.is_truth


@dataclass(frozen=True, slots=True)
class Said:
    """An answer to ``item``: ``typed`` as it is marked and kept, in the letters of the quiz itself; "" where it was left open.

    ``is_named`` is False where the message says nothing of the item, not even "-".
    """

    item: Item
    typed: str
    is_named: bool = True


@dataclass(frozen=True, slots=True)
class Unread:
    """Why a message cannot be read: it has ``count`` answers, or that to item ``number`` is none of its ``letters``, or there is
    no item ``beyond``, or ``twice`` is answered twice."""

    count: int = 0
    number: int = 0
    letters: str = ""
    beyond: int | None = None
    twice: int = 0


def code(quiz: Quiz, variant: str = "A") -> str:
    return f"Q{quiz.edition}{variant if variant != 'A' else ''}"


def sheet(quiz: Quiz, variant: str = "A") -> tuple[SheetItem, ...]:
    """The items of a variant in its order. Of a quiz that draws its items, each variant draws its own."""

    def lot(name: str) -> bytes:
        return sha256(f"sheet:{quiz.edition}:{variant}:{name}".encode()).digest()

    items = [item for item in quiz.items if item.kind in kinds()]
    is_moved = variant != "A" or quiz.shuffle
    if quiz.asked < len(quiz.items):
        drawn = {item.id for item in sorted(items, key=lambda item: lot(item.id))[: quiz.asked]}
        items = [item for item in items if item.id in drawn]
    if is_moved:
        items = sorted(items, key=lambda item: lot(item.id))
    found = []
    for item in items:
        asked = ask(item, "id")
        order = list(range(len(asked.choices))) if asked.wants == "key" and item.kind != "true_false" else []
        if variant != "A" and not any(_FIXED.search(choice.label) for choice in asked.choices):
            order.sort(key=lambda at: lot(f"{item.id}:{at}"))
        found.append(SheetItem(item, tuple(order)))
    return tuple(found)


def addressed(said: str) -> tuple[int, str] | None:
    """(edition, what stands behind it) of a message that begins with a sheet's code; None where it does not."""
    text = _plain(said)
    match = _CODE.match(text) or _CODE.match(_greeted(text))
    return (int(match[1]), match[2]) if match else None


def read(quiz: Quiz, behind: str, done: Collection[str] = ()) -> tuple[str, tuple[Said, ...]] | Unread:
    """(variant, its answers in its order) of what stood behind the code.

    ``done`` are ids of items that were answered before: as many answers as are left over are taken for those that are left.
    """
    faults: list[Unread] = []
    for variant, text in _variants(behind):
        items = sheet(quiz, variant)
        found = _answers(items, text)
        left = [entry for entry in items if entry.item.id not in done]
        if isinstance(found, Unread) and not faults and 0 < len(left) < len(items):  # a guessed variant is none here
            rest = _in_order(left, text)
            if not isinstance(rest, Unread):
                said = {each.item.id: each for each in rest}
                found = [said.get(entry.item.id) or Said(entry.item, "", is_named=False) for entry in items]
        if not isinstance(found, Unread):
            return variant, tuple(found)
        faults.append(found)
    return next((fault for fault in faults if not fault.count), faults[0])


def _greeted(text: str) -> str:
    """``text`` without the greeting before a code with answers: "halo kak q7 abdca" is "q7 abdca"; "" where it is none."""
    words = text.split()
    first = next((n for n, word in enumerate(words) if word.strip(".,!:") not in folding.FILLERS), len(words))
    rest = " ".join(words[first:])
    return rest if _ANSWERED.match(rest) else ""


def _plain(said: str) -> str:
    return " ".join(folding.bare(folding.plain(word)) for word in said.split())


def _variants(behind: str) -> Iterator[tuple[str, str]]:
    """The ways to part a variant from the answers, the likeliest first; one way where a letter clings to the number alone."""
    alone = re.match(r"([a-d])(?=[\s:=,;.]|$)(.*)$", behind, re.DOTALL)
    if alone and _open(alone[2]).strip():
        yield alone[1].upper(), _open(alone[2])
        return
    text = _open(behind)
    yield "A", text
    clings = behind[:1].isalpha()  # else the variant stands apart: of "abdca bbacda" one letter is too many
    ahead = re.match(r"\s*([a-d])\s*(.*)$" if clings else r"([a-d])[\s:=,;.-]+(.*)$", text, re.DOTALL)
    if ahead:
        yield ahead[1].upper(), _open(ahead[2])


def _open(text: str) -> str:
    """``text`` without the sign between code and answers; a dash behind a blank is an answer left open."""
    text = re.sub(r"^(?:\s*[:=]|[-.,;*#](?=\S))", "", folding.unsigned(folding.undecorated(text))).strip()
    if text[:1] in ("(", '"', "'", "["):
        text = text.strip("()\"'[] ")
    return folding.unfilled(text) if text else ""


def _answers(items: Sequence[SheetItem], text: str) -> list[Said] | Unread:
    numbered = _by_number(items, text)
    if numbered is not None:
        return numbered
    first = _in_order(items, text)
    if isinstance(first, Unread) and re.search(r"[-.:_]", text):
        parted = _in_order(items, re.sub(r"[-.:_]+", " ", text))  # A-B-D
        if not isinstance(parted, Unread):
            return parted
    return first


def _by_number(items: Sequence[SheetItem], text: str) -> list[Said] | Unread | None:
    """ "1A 2B 4D", "1A2B4D", "3=12", "8... D"; None where the answers are not numbered."""
    text = _DOTTED.sub(r"\1=", text)
    starts = list(_NUMBERED.finditer(text))
    if not starts or starts[0].start() > 0:
        return None
    numbers = [int(match[1]) for match in starts]
    is_sure = all(entry.is_lettered for entry in items) or (len(numbers) > 1 and "=" in text)
    beyond = next((number for number in numbers if not 1 <= number <= len(items)), None)
    if beyond is not None:
        return Unread(beyond=beyond) if is_sure else None
    twice = next((number for number in numbers if numbers.count(number) > 1), 0)
    if twice:
        return Unread(twice=twice) if is_sure else None
    ends = [match.start() for match in starts[1:]] + [len(text)]
    said = {n: text[m.end() : end].strip(_PARTED) for n, m, end in zip(numbers, starts, ends, strict=True)}
    found = []
    for number, entry in enumerate(items, 1):
        typed = _typed(entry, said.get(number, ""))
        if typed is None:
            return Unread(number=number, letters=_letters(entry))
        found.append(Said(entry.item, typed, is_named=bool(said.get(number))))
    return found


def _letters(entry: SheetItem) -> str:
    """The letters that answer it: "ABC", "BS"; "" where words or numbers do."""
    return "BS" if entry.is_truth else LETTERS[: len(entry.order)]


def _in_order(items: Sequence[SheetItem], text: str) -> list[Said] | Unread:
    """One answer after the other; an item without options takes what is left of its word."""
    found: list[Said] = []
    at, faulty = 0, Unread()
    for number, entry in enumerate(items, 1):
        at = _skip(text, at)
        if at == len(text):
            return Unread(count=number - 1)
        end = at + 1
        if not entry.is_lettered:
            while end < len(text) and text[end] not in " \t\n,;":
                end += 1
        typed = _typed(entry, text[at:end])
        if typed is None and not faulty.number:
            faulty = Unread(number=number, letters=_letters(entry))
        found.append(Said(entry.item, typed or ""))
        at = end
    rest = [c for c in text[at:] if c not in _PARTED]
    if rest:
        return Unread(count=len(items) + len(rest))
    return faulty if faulty.number else found


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _PARTED:
        at += 1
    return at


def _typed(entry: SheetItem, said: str) -> str | None:
    """An answer as the quiz itself would hear it; "" for one left open, None for none."""
    if said in _OPEN or not said.strip("-_"):
        return ""
    if entry.is_truth:
        return _TRUTHS.get(said)
    if not entry.order:
        return said
    place = LETTERS.lower().find(said) if len(said) == 1 else -1
    if len(said) == 1 and said in "123456":
        place = int(said) - 1
    if not 0 <= place < len(entry.order):
        return None
    choice = ask(entry.item, "id").choices[entry.order[place]]
    return choice.letter or choice.key


def shown(entry: SheetItem, language: str) -> list[tuple[str, str]]:
    """(letter, text) of each option as it is printed."""
    choices = ask(entry.item, language).choices
    if entry.is_truth:
        return [("B", choices[0].label), ("S", choices[1].label)]
    order = entry.order or range(len(choices))
    return [(LETTERS[n], choices[at].label) for n, at in enumerate(order)]


def right(entry: SheetItem, language: str) -> str:
    """The right answer as it is written on this sheet: a letter, or what is typed."""
    kind = kinds()[entry.item.kind]
    choices = ask(entry.item, language).choices
    if entry.is_truth:
        return "B" if kind.mark(entry.item, "1", language).mark == "right" else "S"
    for n, at in enumerate(entry.order):
        if kind.mark(entry.item, choices[at].key, language).mark == "right":
            return LETTERS[n]
    if choices:
        return right_keys(entry.item, language) or kind.mark(entry.item, "", language).right
    return kind.mark(entry.item, "", language).right


def right_keys(item: Item, language: str) -> str:
    """The letters that answer an item of several: "AC", "CAB"; "" where it has no such."""
    texts = kinds()[item.kind].mark(item, "", language).right
    labels = [choice.label for choice in ask(item, language).choices]
    parts = [part.rpartition("=")[2] for part in texts.split("; ")] if "=" in texts else texts.split(", ")
    return "".join(LETTERS[labels.index(part)] for part in parts) if all(part in labels for part in parts) else ""


def on_sheet(quiz: Quiz, item_id: str, variant: str, typed: str) -> str:
    """Where an item stands on a variant's paper, and its answer in that paper's letters: "B3 C"; "" of no paper."""
    if variant not in VARIANTS or not variant:
        return ""
    number, entry = next(((n, e) for n, e in enumerate(sheet(quiz, variant), 1) if e.item.id == item_id), (0, None))
    if entry is None:
        return variant
    if not entry.order:
        return f"{variant}{number} {typed}".strip()
    keys = [choice.letter or choice.key for choice in ask(entry.item, "id").choices]
    return f"{variant}{number} {LETTERS[entry.order.index(keys.index(typed))]}" if typed in keys else f"{variant}{number} {typed}"
