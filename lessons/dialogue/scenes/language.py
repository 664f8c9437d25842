"""Which language does she want?"""

from __future__ import annotations

from lessons.dialogue.happenings import LanguageChosen
from lessons.dialogue.scenes import Here, Step, listed, picked
from lessons.dialogue.turn import Prompt


def show(here: Here) -> Prompt:
    # Said in both of the first languages: nobody can read yet which one she reads.
    moves = (here.back(),) if here.person.language else ()
    return Prompt("Pilih bahasa / Choose language:", listed([name for _, name in here.world.languages]), moves=moves)


def hear(here: Here, said: str) -> Step | None:
    if said == "0" and here.person.language:
        return Step(here.to("menu"))
    codes = [code for code, _ in here.world.languages]
    names = [name.casefold() for _, name in here.world.languages]
    word = said.strip().casefold()
    at = picked(said, len(codes))
    if at is None:
        if word not in names and word not in codes:
            return None
        at = names.index(word) if word in names else codes.index(word)
    return Step(here.to("menu"), (LanguageChosen(here.person.id, codes[at]),))
