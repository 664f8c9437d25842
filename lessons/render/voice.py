"""A prompt as it is spoken: sentences, each choice with the key to press, a recording where there is one.

How a provider says it is its own affair; ``pieces`` takes apart what ``draw`` made. What a synthetic voice cannot be trusted
with (a fraction, a sign, a unit) is written out here.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from lessons import enclosed
from lessons.course import FIRST
from lessons.dialogue.turn import Budget, Choice, Prompt, Speech

LONGEST = 600  # characters: about forty seconds; a caller cannot look back
_MARK = re.compile(r"\x02(language|audio)=([^\x02\x03]*)\x03")
_NUMBER = r"[0-9](?:[0-9.,]*[0-9])?"


class Piece(NamedTuple):
    kind: Literal["say", "play"]
    content: str  # words, or the address of a recording


def draw(prompt: Prompt, base: str = "") -> str:
    """``base`` is the service's own address: without it what was handed in has none that a network could fetch."""
    texts = [part for part in (prompt.lead, prompt.why) if part]
    audio = enclosed.in_calls(prompt.audio, base)
    lines = [line.strip() for part in (*texts, "" if audio else prompt.text) for line in part.split("\n")]
    before = _sentences(lines, prompt.speech)
    choices = [_choice(choice, prompt.speech) for choice in (*prompt.choices, *prompt.moves)]
    after = _sentences([*choices[: len(prompt.choices)], prompt.how, *choices[len(prompt.choices) :]], prompt.speech)
    spoken = " ".join(part for part in (before, f"\x02audio={audio}\x03" if audio else "", after) if part)
    return spoken if prompt.language in ("", FIRST) or not spoken else f"\x02language={prompt.language}\x03{spoken}"


def pieces(text: str) -> tuple[str, list[Piece]]:
    """(the language, "" for the first one; what is to be said and played, in order) of a text that ``draw`` made."""
    language, found, at = "", [], 0
    for mark in _MARK.finditer(text):
        found.append(Piece("say", text[at : mark.start()].strip()))
        at = mark.end()
        if mark[1] == "language":
            language = mark[2]
        else:
            found.append(Piece("play", mark[2]))
    found.append(Piece("say", text[at:].strip()))
    return language, [piece for piece in found if piece.content]


def budget(characters: int = LONGEST, base: str = "") -> Budget:
    return Budget("voice", lambda prompt: draw(prompt, base), lambda text: len(text) <= characters)


def _choice(choice: Choice, speech: Speech | None) -> str:
    key = " ".join(choice.key)  # "0 0", not a hundred and not an exclamation
    return speech.press % {"key": key, "label": choice.label} if speech else f"{choice.key}: {choice.label}"


def _sentences(lines: list[str], speech: Speech | None) -> str:
    spoken = [_spoken(line, speech) if speech else line for line in lines if line]
    return " ".join(line if line[-1] in ".!?:" else f"{line}." for line in spoken)


def _spoken(line: str, speech: Speech) -> str:
    """The line with its signs in words: "1/2 + 3" is "1 per 2 ditambah 3", "-5" is "minus 5", "3 km" is "3 kilometer"."""
    line = re.sub(rf"\bRp ?({_NUMBER})", rf"\1 {speech.rupiah}", line)
    for sign, word in speech.between:
        tight = r"\s*" if sign not in ":-x" else r"\s+" if sign != "x" else r"\s*"
        line = re.sub(rf"(?<=[0-9a-z)?²³_]){tight}{re.escape(sign)}{tight}(?=[-−(]?[0-9?_]|[a-z]\b)", f" {word} ", line)
    line = re.sub(rf"(?<![\w)])[-−]({_NUMBER})", rf"{speech.minus} \1", line)
    for sign, word in speech.after:
        end = r"(?![\w])" if sign[-1].isalpha() else ""
        line = re.sub(rf"(?<=[0-9]) ?{re.escape(sign)}{end}", f" {word}", line)
    return " ".join(re.sub(r"_{2,}|\.{3,}|…", f" {speech.blank} ", line).split())
