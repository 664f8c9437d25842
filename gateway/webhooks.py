"""The addresses that networks call. Which provider it is stands in the path; the rest of the room does not know its name.
A USSD hop is answered before it gets here (gateway.ussd_webhooks).

Whatever comes from outside, no answer is a 5xx. An SMS or a DLR that the database cannot take now goes to the spool; only where
that cannot take it either shall the network bring it again (503). Who dials or calls is told so in words.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import structlog
from flask import Blueprint, Response, abort, current_app, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from core import clock, msisdn
from core.database import database
from core.hot import Busy, Hot
from core.pages import csrf
from core.problems import Refused
from core.settings import Settings
from gateway import bodies, inbox, late, networks, provider, reports, sessions, spooled, trail, ussd_webhooks
from gateway.bodies import Incoming, TooLong, Unreadable
from gateway.lines import lines
from gateway.provider import Missing, Provider
from gateway.tables import Line
from gateway.traffic import Answer, Call, Say
from gateway.ussd_webhooks import busy
from lessons.conversation import converse
from lessons.dialogue.turn import Heard
from lessons.library import library
from lessons.render import voice
from schools.access import public

blueprint = Blueprint("gateway", __name__, url_prefix="/gateway")
csrf.exempt(blueprint)
log = structlog.get_logger()
SMS_SECONDS = 2.0  # then it goes to the spool: a thread that waits longer is one that learners' hops lack


@blueprint.route("/<name>/<token>/<what>", methods=["GET", "POST"], defaults={"rest": ""})
@blueprint.route("/<name>/<token>/<what>/<rest>", methods=["GET", "POST"])
@public("a secret in the path of at least 128 bits; signed providers are verified besides")
def callback(name: str, token: str, what: str, rest: str) -> Response:
    found = provider.find(name)
    try:
        line = lines().find(name, token, what) if found else None
    except SQLAlchemyError:  # we have just begun and know no line yet, so not whose request it is
        log.warning("webhook_without_lines", what=what)
        return _respond(Answer("Coba lagi nanti. / Try again later.", status=503))
    if found is None or line is None or what not in found.methods or (rest and what != "dlr"):
        abort(404)
    if not networks.allows(line, request.remote_addr or ""):
        log.warning("webhook_from_elsewhere", provider=name, line=line.id, what=what)
        abort(404)
    is_hop = what == "ussd"  # of a line of ours and by a method of its own: then ussd_webhooks had taken it
    if is_hop or ("GET" if request.method == "HEAD" else request.method) not in found.methods[what]:
        abort(405, valid_methods=list(found.methods[what]))
    arrived = clock.to_ms(clock.now())
    try:
        incoming = bodies.read(request.environ)
    except TooLong:
        return _respond(Answer("Isi terlalu panjang. / The body is too long.", status=413))
    except Unreadable as error:
        return _respond(_unread(found, line, what, error))
    settings: Settings = current_app.extensions["settings"]
    if not found.is_genuine(incoming, line, settings):
        log.warning("webhook_unsigned", provider=name, line=line.id, what=what)
        return _respond(Answer("Tanda tangan salah. / Wrong signature.", status=403))
    try:
        if what == "voice":
            return _respond(_voice(found, line, incoming, arrived, settings))
        if what == "sms":
            return _respond(_sms(found, line, incoming, settings))
        if what == "dlr":
            return _respond(_dlr(found, line, incoming, rest))
        return _respond(_ussd_end(found, line, incoming, settings, arrived))
    except (Missing, Refused) as error:
        return _respond(_unread(found, line, what, error))
    except Exception as error:
        if isinstance(error, HTTPException):
            raise
        if isinstance(error, Busy):  # a moment's, and no defect
            log.warning("webhook_busy", provider=name, line=line.id, what=what)
        else:
            log.exception("webhook_failed", provider=name, line=line.id, what=what)
        if what == "voice":
            return _respond(found.write_call(Say(busy(), "nothing", True, ""), line))
        return _respond(Answer("Coba lagi nanti. / Try again later.", status=503))


def _unread(found: Provider, line: Line, what: str, error: Exception) -> Answer:
    """A caller is told in words whatever is odd in her call (her phone hides its number): of a 400 she would hear a fault."""
    if what == "voice":
        told = ussd_webhooks.no_number() if isinstance(error, Refused) else ussd_webhooks.unread()
        return found.write_call(Say(told, "nothing", True, ""), line)
    return Answer(str(error), status=400)


def _respond(answer: Answer) -> Response:
    response = Response(answer.body, answer.status, content_type=answer.mime)
    if answer.status == 503:
        response.headers["Retry-After"] = "5"
    return response


def _ussd_end(found: Provider, line: Line, incoming: Incoming, settings: Settings, arrived: int) -> Answer:
    press = found.read_ussd_end(incoming, line)
    hop = sessions.Hop(line.id, press.session, provider.number(press.msisdn, settings), "", arrived)
    try:
        database().step(lambda db: sessions.end(db, hop, arrived), seconds=ussd_webhooks.SECONDS)
    except Exception as error:  # nothing hangs on it: a session that was not ended goes on, or is dialled anew
        log.warning("ussd_end_lost", line=line.id, error=type(error).__name__)
    return found.taken("ussd-end", line)


def _sms(found: Provider, line: Line, incoming: Incoming, settings: Settings) -> Answer:
    mo = found.read_sms(incoming, line)
    who = provider.number(mo.msisdn, settings)

    came = clock.to_ms(clock.now())
    said_at = late.said_at(line.id, mo.at, came)

    def work(db: Hot) -> int | None:
        return inbox.receive_once(db, line.id, mo.id, who, mo.text, came, said_at)

    try:
        taken = database().step(work, seconds=SMS_SECONDS)
    except Exception as error:
        spooled.keep_sms(line, mo, who, came, said_at, error)
        return found.taken("sms", line)
    about = {"trail": trail.of_inbox(taken)} if taken is not None else {}
    log.info("sms_in", line=line.id, msisdn=msisdn.masked(who), is_new=taken is not None, **about)
    return found.taken("sms", line)


def _dlr(found: Provider, line: Line, incoming: Incoming, rest: str) -> Answer:
    dlr = found.read_dlr(incoming, line, rest)
    if dlr is not None:
        if not dlr.state:
            log.warning("dlr_unknown_status", line=line.id, reason=dlr.reason)
        now = clock.now()
        try:
            of, changed = database().step(lambda db: reports.take_named(db, line, dlr, now), seconds=SMS_SECONDS)
        except Exception as error:
            spooled.keep_dlr(line, dlr, clock.to_ms(now), error)
            return found.taken("dlr", line)
        log.info("dlr", line=line.id, state=dlr.state, changed=changed, **of)
    return found.taken("dlr", line)


def _voice(found: Provider, line: Line, incoming: Incoming, arrived: int, settings: Settings) -> Answer:
    """A call's hop: told apart by its number in the address that we gave, so a hop sent again is told the same."""
    call = found.read_call(incoming, line)
    if not call.is_active:
        return found.write_call(Say("", "nothing", True, ""), line)
    who = provider.number(call.msisdn, settings)
    text, ends, hop = database().step(_call_step(call, line, who, arrived, settings.public_base_url), seconds=5)
    address = f"{provider.callback(line, 'voice', settings)}?hop={hop + 1}"
    return found.write_call(Say(text, "key", ends, address), line)


def _keyed(digits: str) -> str:
    """What a caller pressed: a star between two digits is the comma that her keys do not have."""
    return re.sub(r"(?<=[0-9])\*(?=[0-9])", ",", digits)


def _call_step(call: Call, line: Line, who: str, arrived: int, base: str) -> Callable[[Hot], tuple[str, bool, int]]:
    """Writes the hop and says (what she is told, whether the call ends, which hop it was)."""
    content, budget, course = library(), voice.budget(base=base), line.default_course

    def work(db: Hot) -> tuple[str, bool, int]:
        def told(hop: int) -> tuple[str, str | None]:
            key = f"call:{call.session[:80]}:{hop}"
            return key, inbox.reply_to(db, line.id, key, arrived - sessions.SAME_HOP_MS)

        hop = call.hop
        key, again = told(hop)
        while again is not None and call.hop == 0 and call.digits:  # digits, but not at the address that we gave: the next hop
            hop += 1
            key, again = told(hop)
        if again is None and not inbox.begin(db, line.id, key, who, call.digits, arrived):
            key, again = told(hop)
        if again is None:
            heard = Heard("arrived") if hop == 0 else Heard("said", _keyed(call.digits)) if call.digits else Heard("silent")
            reply = converse(db, content, who, heard, budget, clock.now(), course=course)
            again = f"{'END' if reply.ends else 'CON'} {reply.text}"
            inbox.keep(db, line.id, key, who, call.digits, again, arrived)
        return again[4:], again.startswith("END"), hop

    return work
