"""A learner goes on in a browser where her phone is: the same state, one screen a page, no JavaScript.

She comes with a code that her phone told her (WEB), used once. What is shown is drawn by the same engine; a form that comes twice
answers once, because it says which screen it answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, session
from flask_babel import gettext as _
from sqlalchemy import bindparam, delete, select

from core import clock
from core.database import database
from core.hot import Hot, Statement
from core.pace import Pace
from core.text import clean
from lessons.conversation import Reply, converse
from lessons.dialogue.turn import Heard
from lessons.habits import code_hash
from lessons.library import library
from lessons.practice_tables import WebCode
from lessons.render import web
from schools.access import public

blueprint = Blueprint("learn_phone", __name__, template_folder="templates")
WHY = "a code that her own phone told her, used once, for two hours"
LASTS_MS = 2 * 3_600_000
_pace, _tries, _everybody = Pace(60, 1.0), Pace(5, 0.05), Pace(60, 1.0)

_CODE = Statement(
    select(WebCode.msisdn)
    .where(WebCode.code_hash == bindparam("of_hash"), WebCode.expires_at > bindparam("now"))
    .with_for_update()
)
_USED = Statement(delete(WebCode.__table__).where(WebCode.code_hash == bindparam("of_hash")))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Visit:
    """Whose phone a browser goes on with; ``n`` counts its screens; ``lead`` and ``why`` are about the last answer."""

    msisdn: str
    until: int
    n: int = 0
    lead: str = ""
    why: str = ""

    @classmethod
    def read(cls) -> Visit | None:
        kept = session.get("learn")
        if not isinstance(kept, list) or len(kept) != 5 or not isinstance(kept[1], int) or kept[1] < clock.to_ms(clock.now()):
            return None
        return cls(*kept)

    def keep(self) -> None:
        session["learn"] = [self.msisdn, self.until, self.n, self.lead[:600], self.why[:600]]


@blueprint.get("/learn/phone")
@public(WHY)
def screen() -> Any:
    _slowly()
    visit = Visit.read()
    if visit is None:
        return render_template("lessons/learn_phone.html", visit=None, problem="")
    reply = _said(visit, Heard("silent"))
    return render_template("lessons/learn_phone.html", visit=visit, prompt=reply.prompt, ends=reply.ends)


@blueprint.post("/learn/phone")
@public(WHY)
def answer() -> Any:
    """What she chose or typed on the screen that the form says it is of; of any other it is nothing."""
    _slowly()
    visit = Visit.read()
    if visit is None:
        return redirect("/learn/phone", 303)
    if request.form.get("n") == str(visit.n):
        said = request.form.get("key") or clean(request.form.get("said", ""), 300)
        reply = _said(visit, Heard("said", said[:300]))
        Visit(visit.msisdn, visit.until, visit.n + 1, reply.prompt.lead, reply.prompt.why).keep()
    return redirect("/learn/phone", 303)


@blueprint.post("/learn/phone/in")
@public(WHY)
def enter() -> Any:
    if not (_tries.allows(request.remote_addr or "") and _everybody.allows("")):
        abort(429, _("Terlalu banyak kode dicoba. Tunggu beberapa menit."))
    code = "".join(c for c in clean(request.form.get("code", ""), 20).upper() if c.isalnum())
    now = clock.to_ms(clock.now())

    def take(db: Hot) -> str:
        row = db.one(_CODE, of_hash=code_hash(code), now=now)
        return row.msisdn if row is not None and db.run(_USED, of_hash=code_hash(code)) == 1 else ""

    found = database().step(take)
    if not found:
        return render_template(
            "lessons/learn_phone.html", visit=None, problem=_("Kode ini tidak berlaku. Minta kode baru di telepon.")
        )
    visit = Visit(found, now + LASTS_MS)
    _said(visit, Heard("arrived"))
    visit.keep()
    return redirect("/learn/phone", 303)


@blueprint.post("/learn/phone/out")
@public(WHY)
def leave() -> Any:
    session.pop("learn", None)
    return redirect("/learn", 303)


def _slowly() -> None:
    if not _pace.allows(request.remote_addr or ""):
        abort(429, _("Terlalu cepat. Tunggu beberapa detik; jawabanmu tidak hilang."))


def _said(visit: Visit, heard: Heard) -> Reply:
    content, budget, now = library(), web.budget(), clock.now()
    return database().step(lambda db: converse(db, content, visit.msisdn, heard, budget, now))
