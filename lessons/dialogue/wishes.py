"""What is asked for by name, wherever she is: a quiz by its keyword, a place by its word, help."""

from __future__ import annotations

from dataclasses import replace

from lessons.dialogue import asking, batch, commands, listening
from lessons.dialogue.scenes import Here, Step, on_air, phone, pin, question, resume, scenes, today, web
from lessons.dialogue.state import Place

_ASIDE = ("on_air", "results")  # told between two questions, without leaving the quiz


def wished(here: Here, said: str) -> Step | None:
    """Where ``said`` leads; None where it names nothing."""
    if not said:
        return None
    step = _told(here, said)
    if step is not None:
        return step
    scene = commands.scene_of(said)
    if scene == "on_air" and commands.rest_of(said) not in ("", "AIR"):
        return _jump(here, scene, commands.rest_of(said))
    if scene is not None:
        return _jump(here, scene)
    if commands.is_help(said):
        return Step(here.state, hint=_help(here))
    step = batch.answered(here, said)
    if step is not None:
        return step
    quiz = here.world.quiz(commands.keyword_of(said), here.person)
    if quiz is not None:
        return question.begin(here, quiz)
    return Step(here.to("quizzes"), hint=here._("Kuis itu tidak ada.")) if commands.asks_for_quiz(said) else None


def _told(here: Here, said: str) -> Step | None:
    """What is said in one message: "LATIHAN 16", "LATIHAN STOP", "PIN 42", "PIN HAPUS", "INGATKAN 101"."""
    hour = commands.hour_of(said)
    if hour is not None:
        return phone.reminded(here, hour)
    told = commands.pin_of(said)
    return pin.changed(here, told) if told is not None else listening.asked(here, said)


def _jump(here: Here, scene: str, wanted: str = "") -> Step:
    if scene == "who":
        return Step(replace(here.state, who=0).at(Place("who")))
    if scene == "resume":
        return Step(resume.onward(here))
    if scene == "today":
        return today.enter(here)
    if scene == "web":
        return web.enter(here)
    if wanted and not asking.is_asking(here.place):
        return Step(here.to(scene, wanted=wanted))
    if wanted or (scene in _ASIDE and asking.is_asking(here.place)):
        text = on_air.told(here, wanted).text if scene == "on_air" else scenes()[scene].show(here).text
        return Step(here.state.at(replace(here.place, page=0)), lead=text)
    return Step(here.to(scene))


def _help(here: Here) -> str:
    if here.medium == "sms":
        return here._("Balas MENU, KUIS, JADWAL atau NILAI. STOP untuk berhenti.")
    return asking.what_to_type(here) if asking.is_asking(here.place) else here._("Tekan angka pilihanmu. 0 kembali, 00 menu.")
