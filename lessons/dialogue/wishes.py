"""What is asked for by name, wherever she is: a quiz by its keyword, a place by its word, help."""

from __future__ import annotations

from dataclasses import replace

from lessons.dialogue import commands
from lessons.dialogue.scenes import Here, Step, question, resume, scenes
from lessons.dialogue.state import Place

_ASIDE = ("on_air", "results")  # told between two questions, without leaving the quiz


def wished(here: Here, said: str) -> Step | None:
    """Where ``said`` leads; None where it names nothing."""
    if not said:
        return None
    scene = commands.scene_of(said)
    if scene is not None:
        return _jump(here, scene)
    if commands.is_help(said):
        return Step(here.state, hint=_help(here))
    quiz = here.world.quiz(commands.keyword_of(said), here.person)
    if quiz is not None:
        return question.begin(here, quiz)
    return Step(here.to("quizzes"), hint=here._("Kuis itu tidak ada.")) if commands.asks_for_quiz(said) else None


def _jump(here: Here, scene: str) -> Step:
    if scene == "who":
        return Step(replace(here.state, who=0).at(Place("who"))) if len(here.world.people()) > 1 else Step(here.to("menu"))
    if scene == "resume":
        return Step(resume.onward(here))
    if scene in _ASIDE and here.place.scene == "question":
        return Step(here.state.at(Place("question", going=here.place.going)), lead=scenes()[scene].show(here).text)
    return Step(here.to(scene))


def _help(here: Here) -> str:
    if here.medium == "sms":
        return here._("Balas MENU, KUIS, JADWAL atau NILAI. STOP untuk berhenti.")
    return question.hint(here) if here.place.scene == "question" else here._("Tekan angka pilihanmu. 0 kembali, 00 menu.")
