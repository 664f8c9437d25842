"""The fields of a question's form and the key that they mean, kind by kind; and words by language, as fields. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from core.text import one_line
from lessons.course import FIRST, Words

MOST_CHOICES = 6
FIELD = (
    r"right|number|tolerance|unit|refused|level|rights\.\d|"
    r"(?:prompt|explanation|hint|audio|accepted|choices\.\d|matches\.\d)(?:\.[a-z]{2,3})?"
)
"""Names of the fields that a question may have, as an expression."""


def fields_of(key: Mapping[str, Any]) -> dict[str, str]:
    """What the fields hold for a key."""
    fields: dict[str, str] = {}
    for name, value in key.items():
        if name == "accepted":
            by_language = value if isinstance(value, Mapping) else {FIRST: value}
            fields |= spread("accepted", {code: "\n".join(_list(texts)) for code, texts in by_language.items()})
        elif name == "refused":
            fields[name] = "\n".join(_list(value))
        elif name == "rights":
            fields |= {f"rights.{at - 1}": "1" for at in value if isinstance(at, int) and 1 <= at <= MOST_CHOICES}
        elif name == "matches":
            for at, each in enumerate(value[:MOST_CHOICES]):
                fields |= spread(f"matches.{at}", each)
        elif isinstance(value, bool):
            fields[name] = "true" if value else "false"
        else:
            fields[name] = str(value)
    return fields


def choices_of(fields: Mapping[str, str], name: str = "choices") -> list[Words]:
    """The row of texts of that name, without the empty ones at its end."""
    found = [words_of(fields, f"{name}.{at}") for at in range(MOST_CHOICES)]
    while found and not any(found[-1].values()):
        found.pop()
    return found


def key_of(fields: Mapping[str, str], uses: Sequence[str]) -> dict[str, Any]:
    """What the kind's fields hold, as lessons.kinds says; a number stays as it was written."""
    key: dict[str, Any] = {}
    for name in uses:
        text = fields.get(name, "").strip()
        if name == "accepted":
            by_language = {code: _lines(said) for code, said in words_of(fields, "accepted", blank=False, fold=str).items()}
            key[name] = by_language.get(FIRST, []) if set(by_language) <= {FIRST} else by_language
        elif name == "refused":
            if text:
                key[name] = _lines(text)
        elif name == "rights":
            key[name] = [at + 1 for at in range(MOST_CHOICES) if fields.get(f"rights.{at}")]
        elif name == "matches":
            key[name] = choices_of(fields, "matches")
        elif name == "right" and "choices" in uses:
            if text.isascii() and text.isdigit():
                key[name] = int(text[:3])
        elif name == "right":
            if text in ("true", "false"):
                key[name] = text == "true"
        elif name != "choices" and text:
            key[name] = text
    return key


def _lines(text: str) -> list[str]:
    return [line for line in (one_line(line) for line in text.split("\n")) if line]


def _list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [str(text) for text in value or ()]


def _paragraphs(text: str) -> str:
    return text.strip()


def words_of(fields: Mapping[str, str], name: str, blank: bool = True, fold: Callable[[str], str] = _paragraphs) -> Words:
    """The texts of ``name`` by language, empty ones left out; the first language stays, blank, where ``blank``."""
    found = {}
    for key, text in fields.items():
        if key == name:
            found[FIRST] = fold(text)
        elif key.startswith(name + ".") and key.count(".") == name.count(".") + 1:
            code = key.rsplit(".", 1)[1]
            if code.isalpha():
                found[code] = fold(text)
    kept = {code: text for code, text in found.items() if text}
    return {FIRST: found.get(FIRST, ""), **kept} if blank else kept


def spread(name: str, words: Words) -> dict[str, str]:
    return {name if code == FIRST else f"{name}.{code}": text for code, text in words.items()}
