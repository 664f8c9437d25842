"""The front page, and which version answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template, send_from_directory

from core import gsm7
from core.pages import page_language
from core.phrases import phrases
from core.version import VERSION, revision
from lessons.course import Item, say
from lessons.dialogue.turn import Prompt
from lessons.kinds import kinds
from lessons.render import sms, ussd
from schools.access import public

blueprint = Blueprint("home", __name__)

# Two questions as the demo's quiz asks them, drawn by the same renderers as on a phone.
_FIRST = Item(
    "p1", "multiple_choice", {"id": "Mana yang senilai dengan 1/2?", "en": "Which is equal to 1/2?"}, {"right": 1},
    tuple({"id": option} for option in ("2/4", "2/3", "3/4", "1/4")),
    {"id": "Pembilang dan penyebut dikali 2.", "en": "Times 2, above and below."},
)  # fmt: skip
_NEXT = Item("p2", "true_false", {"id": "3/4 lebih besar daripada 1/2.", "en": "3/4 is bigger than 1/2."}, {"right": True})


@blueprint.get("/")
@public("says what this is")
def home() -> Any:
    language = page_language()
    first, following = (_asked(item, n, language) for n, item in enumerate((_FIRST, _NEXT), 1))
    following = replace(following, lead=phrases(language)("Benar!"), why=say(_FIRST.explanation, language))
    talk = [(True, "PECAHAN"), (False, sms.draw(first)), (True, "A"), (False, sms.draw(following))]
    screens = [{"text": text, "used": gsm7.units(text), "limit": 160} for text in (ussd.draw(first), ussd.draw(following))]
    return render_template("home.html", sms=talk, screens=screens)


def _asked(item: Item, n: int, language: str) -> Prompt:
    asked = kinds()[item.kind].ask(item, language)
    return Prompt(f"{n}/10 {asked.text}", asked.choices, is_question=True)


@blueprint.get("/version")
@public("says only which version answers")
def version() -> dict[str, str]:
    return {"name": "kentongan", "version": VERSION, "revision": revision()}


@blueprint.get("/favicon.ico")
@public("browsers ask for it unbidden")
def favicon() -> Any:
    return send_from_directory("core/static", "icon.svg", max_age=86_400)
