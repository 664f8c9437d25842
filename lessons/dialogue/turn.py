"""The values of a turn: what the learner did, what we say, how much fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from lessons.dialogue.happenings import Happening
    from lessons.dialogue.state import State


@dataclass(frozen=True, slots=True)
class Heard:
    """What she did. ``arrived`` is a new session (or a message after a silence); its text is a deep link or "".

    ``left``: the network says that the session is over; nothing can be shown. ``at`` is when she did it (milliseconds, UTC),
    where that may be long before now: a message waits in networks and queues. None: just now, with our last prompt before her.
    ``session`` names the network's session where there is one: a key of it answers only what was shown in it.
    """

    kind: Literal["arrived", "said", "silent", "left"]
    text: str = ""
    at: int | None = None
    session: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """``key`` is what she types; an option of a question has a ``letter`` too, shown where letters are customary."""

    key: str
    label: str
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Speech:
    """Words for what is written and not said. ``press`` has %(key)s and %(label)s; ``between`` two numbers, ``after`` one."""

    press: str
    minus: str
    blank: str
    rupiah: str
    between: tuple[tuple[str, str], ...]
    after: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Prompt:
    """What to show and which kind of answer is wanted. A renderer draws it; the parts come in this order.

    ``lead`` is what became of the last answer ("Benar!"), ``why`` its explanation: dropped first where it does not fit
    with the rest; ``text`` is what must be said; ``choices`` stay together with the ``text`` of a question;
    ``moves`` are the keys to go elsewhere (more, back, home). ``is_question`` is True where what comes back will be marked.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    lead: str = ""
    why: str = ""
    wants: Literal["key", "keys", "number", "words", "nothing"] = "key"
    moves: tuple[Choice, ...] = ()
    is_question: bool = False
    audio: str = ""  # where a recording of the text is, for a medium that can play it
    language: str = ""  # in which it is said; "" is the first one
    speech: Speech | None = None  # how signs are said, on a medium that is heard
    how: str = ""  # which keys to press, where it is heard: said after the text or its recording

    def told(self, language: str, lead: str, why: str, speech: Speech | None) -> Prompt:
        """The same with what is said round it; written out, since replace() costs three times as much."""
        return Prompt(
            self.text, self.choices, lead, why, self.wants, self.moves, self.is_question, self.audio, language, speech, self.how
        )


@dataclass(frozen=True, slots=True)
class Budget:
    """What fits the medium. ``draw`` is the medium's own renderer, ``fits`` its own measure: paging asks them.

    ``cost`` counts what a text costs there (SMS segments): an explanation that would raise it is left out.
    """

    medium: str
    draw: Callable[[Prompt], str]
    fits: Callable[[str], bool]
    cost: Callable[[str], int] = lambda text: 1


@dataclass(frozen=True, slots=True)
class Turn:
    state: State
    prompt: Prompt
    happenings: tuple[Happening, ...] = ()
