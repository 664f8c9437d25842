"""Nobody used this number for half a year, or a school doubts it: is it still hers? Nobody's name is shown."""

from __future__ import annotations

from lessons.dialogue.scenes import Here, Step, listed
from lessons.dialogue.turn import Prompt


def show(here: Here) -> Prompt:
    if "failed" in here.place.facts:
        return Prompt(here._("Ketik nama depanmu."), wants="words", moves=(here.back(),))
    ways = listed([here._("Ya"), here._("Tidak, nomor ini baru untukku")])
    return Prompt(here._("Halo! Pernah belajar di sini dengan nomor ini?"), ways)


def hear(here: Here, said: str) -> Step | None:
    """Never asked: until we know who it is, lessons.dialogue.arriving hears."""
    return None
