"""One more learner on this number: how is she called here?"""

from __future__ import annotations

from lessons.dialogue.scenes import Here, Step
from lessons.dialogue.turn import Prompt


def show(here: Here) -> Prompt:
    return Prompt(here._("Ketik nama panggilanmu. Nama ini hanya tampil di telepon ini."), wants="words", moves=(here.back(),))


def hear(here: Here, said: str) -> Step | None:
    """Never asked: until we know who it is, lessons.dialogue.arriving hears."""
    return None
