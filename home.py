"""The front page, and which version answers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, send_from_directory

from core import gsm7
from core.version import VERSION, revision
from lessons.dialogue.turn import Choice, Prompt
from lessons.render import sms, ussd
from schools.access import public

blueprint = Blueprint("home", __name__)

# What the demo's quiz says, drawn by the same renderers as on a phone.
_OPTIONS = tuple(
    Choice(str(n), label, letter) for n, (letter, label) in enumerate(zip("ABCD", ("2/4", "2/3", "3/4", "1/4"), strict=True), 1)
)
_TRUE_FALSE = (Choice("1", "Benar", "B"), Choice("2", "Salah", "S"))
_FIRST = Prompt("1/10 Mana yang senilai dengan 1/2?", _OPTIONS, is_question=True)
_NEXT = Prompt(
    "2/10 3/4 lebih besar daripada 1/2.", _TRUE_FALSE, lead="Benar!", why="Pembilang dan penyebut dikali 2.", is_question=True
)


@blueprint.get("/")
@public("says what this is")
def home() -> Any:
    talk = [(True, "PECAHAN"), (False, sms.draw(_FIRST)), (True, "A"), (False, sms.draw(_NEXT))]
    screens = [{"text": text, "used": gsm7.units(text), "limit": 160} for text in (ussd.draw(_FIRST), ussd.draw(_NEXT))]
    return render_template("home.html", sms=talk, screens=screens)


@blueprint.get("/version")
@public("says only which version answers")
def version() -> dict[str, str]:
    return {"name": "kentongan", "version": VERSION, "revision": revision()}


@blueprint.get("/favicon.ico")
@public("browsers ask for it unbidden")
def favicon() -> Any:
    return send_from_directory("core/static", "icon.svg", max_age=86_400)
