"""Her PIN on a shared phone: two digits that she sets, changes and takes away."""

from __future__ import annotations

from lessons.dialogue import people
from lessons.dialogue.happenings import PinChanged
from lessons.dialogue.scenes import Here, Step
from lessons.dialogue.turn import Prompt


def show(here: Here) -> Prompt:
    text = (
        here._("Ketik PIN baru (dua angka), atau 9 untuk menghapusnya.") if here.person.pin else here._("Ketik PIN: dua angka.")
    )
    return Prompt(text, wants="number", moves=(here.back(),))


def hear(here: Here, said: str) -> Step | None:
    if said == "0":
        return Step(here.to("menu"))
    if said == "9" and here.person.pin:
        return changed(here, "")
    return changed(here, said) if people.is_pin(said) and said != "00" else None


def changed(here: Here, pin: str) -> Step:
    """Her PIN set, or taken away where it is ""; she goes on where she was."""
    fact = PinChanged(here.person.id, people.hashed(here.person, pin) if pin else "")
    told = here._("PIN tersimpan. Ingat baik-baik.") if pin else here._("PIN dihapus.")
    state = here.to("menu") if here.place.scene == "pin" else here.state
    return Step(state, (fact,), lead=told)
