"""The page of the web phone: dial, type, send, text. Works without JavaScript; htmx only spares the reload."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, session
from flask_babel import gettext as _

from core import clock
from core.database import database
from core.pace import Pace
from core.text import clean
from gateway import phone_thread, web_phone
from gateway.web_phone import Phone
from lessons.render.voice import pieces
from schools.access import public

blueprint = Blueprint("phone", __name__, template_folder="templates")
KEYS = (
    ("1", ""), ("2", "abc"), ("3", "def"), ("4", "ghi"), ("5", "jkl"), ("6", "mno"),
    ("7", "pqrs"), ("8", "tuv"), ("9", "wxyz"), ("*", ""), ("0", "+"), ("#", ""),
)  # fmt: skip
_pace = Pace(at_once=60, per_second=4)


def _phone() -> Phone:
    return Phone.read(session.get("phone"))


def _slowly() -> None:
    if not _pace.allows(request.remote_addr or ""):
        abort(429, _("Tombol ditekan terlalu cepat. Tunggu beberapa detik; layar Anda tidak hilang."))


@blueprint.get("/phone")
@public("the demo's own lines and made-up numbers alone, at a polite pace")
def page() -> Any:
    phone = _phone()
    session["phone"] = phone.kept()
    return _page(phone)


def _page(phone: Phone, problem: str = "") -> Any:
    ussd, sms = web_phone.own_lines("ussd"), web_phone.own_lines("sms")
    with database().reading() as db:
        bubbles = phone_thread.thread(db, sms[0], phone.number) if sms else []
        people = phone_thread.known_numbers(db) if ussd or sms else []
        zone = phone_thread.zone_of(db, phone.number)
    return render_template(
        "gateway/phone.html", phone=phone, ussd=ussd, sms=sms, bubbles=bubbles, people=people, keys=KEYS, problem=problem,
        room=web_phone.room(phone), is_waiting=bool(bubbles) and bubbles[-1].mine,
        seen=phone_thread.seen(bubbles), zone=zone, voice=web_phone.own_lines("voice"), said=pieces(phone.spoken)[1],
    )  # fmt: skip


@blueprint.get("/phone/thread")
@public("the thread of the made-up number in the visitor's own cookie")
def thread() -> Any:
    phone, sms = _phone(), web_phone.own_lines("sms")
    with database().reading() as db:
        bubbles = phone_thread.thread(db, sms[0], phone.number) if sms else []
        zone = phone_thread.zone_of(db, phone.number)
    seen = phone_thread.seen(bubbles)
    if seen == request.args.get("seen"):
        return "", 204
    return render_template("gateway/thread.html", bubbles=bubbles, sms=sms, seen=seen, zone=zone, news=True)


@blueprint.post("/phone")
@public("the demo's own lines and made-up numbers alone, at a polite pace")
def press() -> Any:
    """A key, or the call, clear and hang-up buttons. ``typed`` is what stands in the box already."""
    _slowly()
    phone, problem = _phone(), ""
    typed = clean(request.form.get("typed", ""), web_phone.LONGEST)
    key, do = request.form.get("key", ""), request.form.get("do", "send")
    if key in dict(KEYS):
        phone.typed = (typed + key)[: web_phone.LONGEST]
    elif do == "clear":
        phone.typed = typed[:-1]
    elif do == "end":
        web_phone.end(phone)
    elif phone.session and not phone.ended:
        web_phone.send(phone, typed)
    elif not web_phone.call(phone, typed or phone.dialled):
        phone.typed = typed
        problem = _("Kode ini tidak dilayani telepon contoh.")
    session["phone"] = phone.kept()
    if problem or request.headers.get("HX-Request"):
        return _page(phone, problem)
    return redirect("/phone#telepon", 303)


@blueprint.post("/phone/sms")
@public("the demo's own lines and made-up numbers alone, at a polite pace")
def text() -> Any:
    _slowly()
    phone = _phone()
    line = web_phone.line_of(request.form.get("to", ""), "sms")
    words = clean(request.form.get("text", ""), 918)  # six segments: more than a child types
    if line is None:
        abort(404)
    if words.strip():
        web_phone.text_message(phone, line, words, clock.now())
    session["phone"] = phone.kept()
    return redirect("/phone#sms", 303) if not request.headers.get("HX-Request") else _page(phone)


@blueprint.post("/phone/voice")
@public("the demo's own lines and made-up numbers alone, at a polite pace")
def call() -> Any:
    """A call: begun, a key pressed in it, silence kept, hung up."""
    _slowly()
    phone = _phone()
    web_phone.voice(phone, request.form.get("do", "call"), clean(request.form.get("keys", ""), 40))
    session["phone"] = phone.kept()
    return redirect("/phone#suara", 303) if not request.headers.get("HX-Request") else _page(phone)


@blueprint.post("/phone/number")
@public("made-up numbers alone")
def number() -> Any:
    """Another phone: one of the demo's learners, or a number that nobody knows yet."""
    _slowly()
    phone = _phone()
    wanted = request.form.get("number", "")
    web_phone.end(phone)
    session["phone"] = Phone(number=wanted if web_phone.is_number(wanted) else web_phone.new_number()).kept()
    return redirect("/phone", 303)
