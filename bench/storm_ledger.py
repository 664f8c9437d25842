"""What the driver of a storm saw: the only record that the product cannot have written. It only grows."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple


class Answer(NamedTuple):
    """An answer that was acknowledged: a screen came back, or an SMS was taken."""

    msisdn: str
    item: str
    typed: str
    mark: str
    medium: str


@dataclass
class Ledger:
    """``steps`` counts hops and messages that were acknowledged, each once however often it was sent."""

    file: Path
    answers: list[Answer] = field(default_factory=list)
    messages: dict[str, str] = field(default_factory=dict)  # the network's id of an SMS that was taken: its number
    divergent: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)  # an answer that no network may be given
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._out = self.file.open("a", encoding="utf-8")

    @property
    def steps(self) -> int:
        return self.counts["steps"]

    def count(self, what: str, n: int = 1) -> None:
        with self._lock:
            self.counts[what] += n

    def acknowledged(self, answer: Answer | None, message: tuple[str, str] | None = None) -> None:
        """A step was; ``answer`` is what it answered, ``message`` is (the network's id of the SMS, its number)."""
        with self._lock:
            self.counts["steps"] += 1
            if answer is not None:
                self.answers.append(answer)
                self._out.write("\t".join(answer) + "\n")
            if message is not None:
                self.messages[message[0]] = message[1]

    def differs(self, hop: str, first: str, again: str) -> None:
        with self._lock:
            self.divergent.append(f"{hop}\n    first {first!r}\n    again {again!r}")

    def is_odd(self, said: str) -> None:
        with self._lock:
            self.odd.append(said)

    def close(self) -> None:
        self._out.close()
