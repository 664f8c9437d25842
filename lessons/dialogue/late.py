"""Messages that were sent before she had our last prompt: two typed quickly, or one that the network held back.

Such a one answers nothing that it cannot have been meant for. The question that was open when she sent it has its answer
by now, since the next one is asked only then; so she is told so, and the present question is asked again. A word that
leads somewhere (MENU, a keyword) does so whenever it was sent.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from lessons.dialogue import asking
from lessons.dialogue.scenes import Here, Step
from lessons.dialogue.state import Place, State
from lessons.dialogue.turn import Heard, Turn
from lessons.dialogue.wishes import wished


def came_too_early(state: State, heard: Heard, now: datetime) -> bool:
    """True where she said it before the present prompt was given. 0 as its moment is before every prompt.

    A prompt that was given after ``now`` was given before the clock was set back: nobody can tell then, and she is believed.
    """
    if heard.kind != "said" or heard.at is None or heard.at >= state.asked_at:
        return False
    return heard.at == 0 or state.asked_at <= round(now.timestamp() * 1000)


def declined(here: Here, said: str) -> Step:
    """Nothing is answered by ``said``; what it asks for by name is done."""
    scene = here.place.scene
    if scene not in ("who", "newcomer", "stranger") and not (asking.is_asking(here.place) and asking.is_answer(here, said)):
        step = wished(here, said)
        if step is not None:
            return step
    number = _before(here.place)
    if number:
        return Step(here.state, hint=here._("Jawabanmu untuk soal %(n)d sudah kami terima.", n=number))
    return Step(here.state, hint=here._("Pesanmu datang sebelum kami bertanya ini."))


def _before(place: Place) -> int:
    """The number of the question that was answered last; 0 where there is none."""
    if place.scene == "question" and place.going is not None:
        return place.going.at
    total = place.facts.get("total", 0) if place.scene == "result" else 0
    return total if isinstance(total, int) else 0


def dated(before: State, turn: Turn, now: datetime) -> Turn:
    """The turn, its state with the moment of the prompt. One that is only repeated keeps its moment: she may have the first."""
    after = turn.state
    if after.medium != "sms":
        return replace(turn, state=replace(after, asked_at=0)) if after.asked_at else turn
    if before.asked_at and _prompt_of(before) == _prompt_of(after):
        return turn
    return replace(turn, state=replace(after, asked_at=round(now.timestamp() * 1000)))


def _prompt_of(state: State) -> tuple[object, ...]:
    place = state.place
    facts = {name: fact for name, fact in place.facts.items() if name != "about"}
    return state.who, place.scene, place.going, place.page, facts
