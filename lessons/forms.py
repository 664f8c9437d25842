"""The quiz form: what was typed, as it was typed, and the draft that it means.

Names of the fields: ``title``, ``keyword``, ``opens_at``, ``items.0.prompt``, ``items.0.choices.2``; with a language after it
where it is not Bahasa Indonesia (``items.0.prompt.en``). A Problem's ``where`` is such a name, so it can stand beside its field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from core import gsm7
from core.problems import Problem, Refused
from core.text import clean, one_line
from lessons.course import Item, Quiz
from lessons.key_fields import FIELD, MOST_CHOICES, choices_of, fields_of, key_of, spread, words_of
from lessons.kinds import kinds

MOST_FIELDS = 6000  # 50 questions of six pairs in four languages are 3,400
MOST_ITEMS = 50
FEWEST_ROWS = 4
LONGEST = {
    "title": 80,
    "keyword": 40,
    "prompt": 1000,
    "choices": 300,
    "explanation": 1000,
    "hint": 300,
    "audio": 300,
    "accepted": 3000,
}
LONGEST |= {"refused": 3000, "matches": 300}
_LONGEST_OTHER = 60
_KEPT = 20_000  # characters of one field that are shown again
_ITEM_FIELD = re.compile(rf"items\.(\d{{1,3}})\.(id|kind|{FIELD})")
_QUIZ_FIELD = re.compile(
    r"title(?:\.[a-z]{2,3})?|keyword|(?:opens|closes)_at|late_until|late_down|shuffle|draw|attempts|after|course|version|language|at"
)
_ID = re.compile(r"[A-Za-z0-9_-]{1,20}")


@dataclass(frozen=True, slots=True)
class TypedItem:
    """The fields of one question by name, without ``items.0.`` before it."""

    id: str
    kind: str
    fields: Mapping[str, str] = field(default_factory=dict)

    def rows(self) -> int:
        """How many choices the form has room for: four, or as many as it had."""
        had = [int(name.split(".")[1]) + 1 for name in self.fields if name.startswith(("choices.", "matches."))]
        return min(MOST_CHOICES, max([FEWEST_ROWS, *had]))

    def speaks(self, language: str) -> bool:
        """Whether anything is written in ``language``."""
        return any(text for name, text in self.fields.items() if name.endswith("." + language))


@dataclass(frozen=True, slots=True)
class TypedQuiz:
    """Everything as it was typed: what the form shows again."""

    fields: Mapping[str, str]
    items: tuple[TypedItem, ...]

    def at(self) -> int:
        """The question that the phone shows, from 0."""
        return min(whole(self.fields.get("at", "")) or 0, max(0, len(self.items) - 1))


def read_form(form: Mapping[str, str], new_id: Callable[[], str]) -> TypedQuiz:
    """What was typed; ``new_id`` names an item that has no id yet. Raises Refused for more than a form can hold."""
    if len(form) > MOST_FIELDS:
        raise Refused(_("Formulir ini terlalu besar: paling banyak %(n)d soal.", n=MOST_ITEMS))
    fields: dict[str, str] = {}
    items: dict[int, dict[str, str]] = {}
    for name, text in form.items():
        if match := _ITEM_FIELD.fullmatch(name):
            items.setdefault(int(match[1]), {})[match[2]] = clean(text, _KEPT)
        elif _QUIZ_FIELD.fullmatch(name):
            fields[name] = clean(text, _KEPT)
    if len(items) > MOST_ITEMS:
        raise Refused(_("Satu kuis paling banyak %(n)d soal. Bagilah menjadi dua kuis.", n=MOST_ITEMS))
    seen: set[str] = set()
    read = []
    for _at, typed in sorted(items.items()):
        item_id = typed.pop("id", "")
        item_id = item_id if _ID.fullmatch(item_id) and item_id not in seen else new_id()
        seen.add(item_id)
        kind = typed.pop("kind", "")
        read.append(TypedItem(item_id, kind if kind in kinds() else first_kind(), typed))
    return TypedQuiz(fields, tuple(read) or (TypedItem(new_id(), first_kind()),))


def first_kind() -> str:
    return next(iter(kinds()))


def typed_of(quiz: Quiz, version: int = 0) -> TypedQuiz:
    """A draft as its form shows it."""
    zone = ZoneInfo(quiz.time_zone)
    fields = {
        "keyword": quiz.keyword, "course": quiz.course, "version": str(version),
        "attempts": str(quiz.attempts) if quiz.attempts else "", "opens_at": _local(quiz.opens_at, zone),
        "closes_at": _local(quiz.closes_at, zone), "late_until": _local(quiz.late_until, zone),
        "late_down": str(quiz.late_down) if quiz.late_down else "", "draw": str(quiz.draw) if quiz.draw else "",
        "shuffle": "1" if quiz.shuffle else "", "after": quiz.after, **spread("title", quiz.title),
    }  # fmt: skip
    return TypedQuiz(fields, tuple(_typed_item(item) for item in quiz.items))


def draft_of(typed: TypedQuiz, base: Quiz) -> tuple[Quiz, list[Problem]]:
    """The draft that was typed, over ``base`` (its zone, school and row), and what could not be read at all.

    Only the latter keeps a draft from being saved; whatever else is wrong is advice until it is published.
    """
    problems = _too_long(typed)
    zone = ZoneInfo(base.time_zone)
    known = {item.id: item for item in base.items}
    draft = replace(
        base,
        title=words_of(typed.fields, "title"),
        keyword=one_line(typed.fields.get("keyword", "")).upper().replace(" ", "")[: LONGEST["keyword"]],
        items=tuple(_item(item, known.get(item.id)) for item in typed.items),
        opens_at=_instant(typed.fields.get("opens_at", ""), "opens_at", zone, problems),
        closes_at=_instant(typed.fields.get("closes_at", ""), "closes_at", zone, problems),
        attempts=_count(typed, "attempts", _("Tulis 1 sampai 99, atau kosongkan: sesering yang murid mau."), problems),
        course=typed.fields.get("course", "")[:20],
        late_until=_instant(typed.fields.get("late_until", ""), "late_until", zone, problems),
        late_down=_count(typed, "late_down", _("Tulis 0 sampai 99 persen."), problems),
        shuffle=typed.fields.get("shuffle", "") == "1",
        after=typed.fields.get("after", "").strip()[:40],
        draw=_count(typed, "draw", _("Tulis berapa soal yang ditanyakan, atau kosongkan: semuanya."), problems),
    )
    return draft, problems


def pressed(typed: TypedQuiz, button: str, new_id: Callable[[], str]) -> TypedQuiz:
    """The form after a button: ``add:<kind>``, ``remove:3``, ``up:3``, ``down:3``, ``show:3`` (counted from 0), ``choice:3`` for
    room for one choice more, ``silence:3.en`` for no recording, ``rewrite`` for what phones' alphabet lacks.

    Another button changes nothing. Raises Refused for one question too many.
    """
    verb, _colon, rest = button.partition(":")
    items, at = list(typed.items), whole(rest)
    if button == "rewrite":
        return TypedQuiz(rewritten(typed.fields), tuple(replace(item, fields=rewritten(item.fields)) for item in items))
    if verb == "silence":  # "3" or "3.en": the recording goes
        number, _dot, code = rest.partition(".")
        of = whole(number)
        if of is not None and of < len(items):
            kept = {name: text for name, text in items[of].fields.items() if name != ("audio." + code if code else "audio")}
            items[of] = replace(items[of], fields=kept)
        return TypedQuiz({**typed.fields, "at": number}, tuple(items))
    if verb == "add" and rest in kinds():
        if len(items) >= MOST_ITEMS:
            raise Refused(_("Satu kuis paling banyak %(n)d soal. Bagilah menjadi dua kuis.", n=MOST_ITEMS))
        items.append(TypedItem(new_id(), rest))
        return TypedQuiz({**typed.fields, "at": str(len(items) - 1)}, tuple(items))
    if at is None or at >= len(items):
        return typed
    if verb == "remove":
        del items[at]
        items = items or [TypedItem(new_id(), first_kind())]
        at = max(0, at - 1)
    elif verb == "up" and at > 0:
        items[at - 1], items[at] = items[at], items[at - 1]
        at -= 1
    elif verb == "down" and at < len(items) - 1:
        items[at + 1], items[at] = items[at], items[at + 1]
        at += 1
    elif verb == "choice":
        items[at] = replace(items[at], fields={**items[at].fields, f"choices.{items[at].rows()}": ""})
    elif verb not in ("show", "up", "down"):
        return typed
    return TypedQuiz({**typed.fields, "at": str(at)}, tuple(items))


def rewritten(fields: Mapping[str, str]) -> dict[str, str]:
    """``fields`` with the words that learners read in phones' alphabet, as far as core.gsm7.rewrite can; answers stay."""
    read = ("title", "prompt", "choices", "explanation", "hint", "text")
    return {name: gsm7.rewrite(text) if name.split(".")[0] in read else text for name, text in fields.items()}


def rewritten_changes(typed: TypedQuiz) -> bool:
    """True where ``rewrite`` would change anything."""
    return any(rewritten(fields) != fields for fields in (typed.fields, *(item.fields for item in typed.items)))


def _too_long(typed: TypedQuiz) -> list[Problem]:
    found = []
    named = [(name, text) for name, text in typed.fields.items()]
    named += [(f"items.{at}.{name}", text) for at, item in enumerate(typed.items) for name, text in item.fields.items()]
    for name, text in named:
        part = name.split(".")[2] if name.startswith("items.") else name.split(".")[0]
        longest = LONGEST.get(part, _LONGEST_OTHER)
        if len(text) > longest:
            found.append(Problem(name, _("Ini terlalu panjang: %(n)d huruf.", n=len(text)), _("Paling banyak %(n)d.", n=longest)))
    return found


def _typed_item(item: Item) -> TypedItem:
    beside = {**spread("explanation", item.explanation), **spread("hint", item.hint), **spread("audio", item.audio)}
    beside |= {"level": str(item.level)} if item.level else {}
    fields = {**spread("prompt", item.prompt), **beside, **fields_of(item.key)}
    for at, said in enumerate(item.choices[:MOST_CHOICES]):
        fields |= spread(f"choices.{at}", said)
    return TypedItem(item.id, item.kind, fields)


def _item(typed: TypedItem, known: Item | None) -> Item:
    """The item that was typed; what the form has no field for stays as it is in ``known``."""
    uses = kinds()[typed.kind].fields
    return replace(
        known or Item(typed.id, typed.kind, {}, {}),
        kind=typed.kind,
        prompt=words_of(typed.fields, "prompt"),
        key=key_of(typed.fields, uses),
        choices=tuple(choices_of(typed.fields)) if "choices" in uses else (),
        explanation=words_of(typed.fields, "explanation", blank=False),
        hint=words_of(typed.fields, "hint", blank=False),
        audio=words_of(typed.fields, "audio", blank=False),
        level=whole(typed.fields.get("level", "").strip()) or 0,
    )


def _local(instant: datetime | None, zone: ZoneInfo) -> str:
    return "" if instant is None else f"{instant.astimezone(zone):%Y-%m-%dT%H:%M}"


def _instant(text: str, name: str, zone: ZoneInfo, problems: list[Problem]) -> datetime | None:
    """A local date and time in ``zone``; one in a gap is at the offset before it, one that comes twice is the first."""
    text = text.strip()
    if not text:
        return None
    try:
        local = datetime.fromisoformat(text.replace(" ", "T"))
        # A calendar of ten years is enough for a quiz, and keeps clear of the ends of time.
        if local.tzinfo is None and 2000 <= local.year <= 2100:
            return local.replace(tzinfo=zone, fold=0, second=0, microsecond=0).astimezone(UTC)
    except ValueError:
        pass
    what = _("Tanggal dan jam ini tidak terbaca.")
    problems.append(Problem(name, what, _("Tulis seperti 2026-07-20 08:00, atau kosongkan.")))
    return None


def _count(typed: TypedQuiz, name: str, remedy: str, problems: list[Problem]) -> int:
    """A whole number from 0 to 99; nothing is 0."""
    text = typed.fields.get(name, "").strip()
    number = whole(text)
    if text and (number is None or number > 99):
        problems.append(Problem(name, _("Angka ini tidak terbaca."), remedy))
        return 0
    return number or 0


def whole(text: str) -> int | None:
    """A small whole number in plain digits, else None: "²" and "١" are not for indexes."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None


def row_number(text: str) -> int:
    """The number of a row or of its version, in plain digits; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
