"""The end of a round of practice: how it went, the days in a row, a certificate where she earned one; and what next."""

from __future__ import annotations

from lessons.course import say
from lessons.dialogue.scenes import Here, Step, listed, picked, practice, today
from lessons.dialogue.scenes.result import streak, tally
from lessons.dialogue.turn import Prompt


def show(here: Here) -> Prompt:
    _, facts = here._, here.place.facts
    counts = tally(facts)
    if facts.get("mode") == "daily":
        done = _("Latihan hari ini selesai: %(right)d dari %(total)d benar.", **counts)
    else:
        done = _("%(right)d dari %(total)d benar.", **counts)
    parts = [done, _("%(n)d hampir.", n=counts["almost"]) if counts["almost"] else ""]
    course = today.course_of(here, str(facts.get("course", "")))
    code = str(facts.get("code", ""))
    if code and course is not None:
        title = say(course.title, here.language)
        parts.append(_("Selamat, %(title)s tuntas! Kode sertifikat: %(code)s", title=title, code=spelt(code)))
    parts.append(streak(here))
    return Prompt(" ".join(part for part in parts if part), listed([_("Lanjut latihan")]), moves=(here.home(),))


def hear(here: Here, said: str) -> Step | None:
    if said == "0":
        return Step(here.to("menu"))
    if picked(said, 1) is None:
        return None
    course = today.course_of(here, str(here.place.facts.get("course", "")))
    step = practice.climb(here, course) if course is not None else None
    return step or today.enter(here)


def spelt(code: str) -> str:
    """A code in groups of four, as people read it aloud."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))
