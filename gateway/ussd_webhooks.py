"""USSD hops, answered in front of Flask: a keypress is the product, and Flask's own way round it costs a quarter of one.

WSGI. What is not a hop of a line that we have (another address, another method, a wrong token) goes on to Flask, which says so.
Whatever the body holds and whatever breaks, a hop is answered with a valid screen and status 200.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from hashlib import sha256
from http import HTTPStatus
from time import perf_counter
from typing import Any

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from core import clock
from core.hot import Busy, Hot
from core.phrases import SOURCE, phrases
from core.problems import Refused
from core.shedding import CROWDED
from gateway import bodies, meters, networks, provider, sessions
from gateway.bodies import Incoming, TooLong, Unreadable
from gateway.provider import Missing, Provider
from gateway.tables import Line
from gateway.traffic import Answer
from lessons.conversation import converse, expect
from lessons.dialogue.turn import Heard
from lessons.render import ussd

log = structlog.get_logger()
SECONDS = 1.8  # for the step of a hop: a screen is there within two, whatever the database does
_ADDRESS = re.compile(r"/gateway/([^/]+)/([^/]+)/ussd")
_STATUS = {status: f"{status} {HTTPStatus(status).phrase}" for status in (200, 403, 413)}


class Hops:
    """The WSGI application in front of ``app``'s own."""

    def __init__(self, app: Flask):
        self._next: Callable[..., Iterable[bytes]] = app.wsgi_app
        self._extensions = app.extensions

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        address = _ADDRESS.fullmatch(environ.get("PATH_INFO", ""))
        found = provider.find(address[1]) if address else None
        if address is None or found is None or environ["REQUEST_METHOD"] not in found.methods.get("ussd", ()):
            return self._next(environ, start_response)
        began = perf_counter()
        try:
            line = self._extensions["lines"].find(address[1], address[2], "ussd")
        except SQLAlchemyError:  # we have just begun and know no line yet, so not whose request it is
            log.warning("webhook_without_lines", what="ussd")
            answer = apology(found, Line(provider=address[1], options={}, profile=""), busy())
        else:
            if line is None or not networks.allows(line, environ.get("REMOTE_ADDR", "")):
                return self._next(environ, start_response)
            is_crowded = CROWDED in environ
            answer, outcome = (apology(found, line, busy()), "shed") if is_crowded else self._answer(found, line, environ)
            if outcome:
                meters.hop(line.id, outcome, began)
        body = answer.body.encode()
        start_response(_STATUS[answer.status], [("Content-Type", answer.mime), ("Content-Length", str(len(body)))])
        return (body,)

    def _answer(self, found: Provider, line: Line, environ: dict[str, Any]) -> tuple[Answer, str]:
        """The screen, and how the hop ended, for ``meters``: "" where it was none."""
        try:
            incoming = bodies.read(environ)
            if not found.is_genuine(incoming, line, self._extensions["settings"]):
                log.warning("webhook_unsigned", provider=line.provider, line=line.id, what="ussd")
                return Answer("Tanda tangan salah. / Wrong signature.", status=403), ""
            return self._hop(found, line, incoming)
        except TooLong:
            return Answer("Isi terlalu panjang. / The body is too long.", status=413), ""
        except (Missing, Unreadable):
            return apology(found, line), "refused"
        except Refused:
            return apology(found, line, no_number()), "refused"
        except Busy as why:
            log.warning("ussd_busy", line=line.id, why=str(why))
            return apology(found, line, busy()), "busy"
        except Exception:
            log.exception("webhook_failed", provider=line.provider, line=line.id, what="ussd")
            return apology(found, line, busy()), "failed"

    def _hop(self, found: Provider, line: Line, incoming: Incoming) -> tuple[Answer, str]:
        arrived = clock.to_ms(clock.now())
        press = found.read_ussd(incoming, line)
        who = provider.number(press.msisdn, self._extensions["settings"])
        hop = sessions.Hop(line.id, press.session, who, press.text, arrived, found.appends(line))
        content, budget, course = self._extensions["library"], ussd.budget(line.budget), line.default_course
        session = sha256(f"{line.id} {press.session}".encode("utf-8", "replace")).hexdigest()[:12]

        def work(db: Hot) -> str:
            def talk(heard: Heard) -> tuple[str, bool]:
                reply = converse(
                    db, content, who, Heard(heard.kind, heard.text, session=session), budget, clock.now(), course=course
                )
                return reply.text, reply.ends

            expect(db, who)
            return sessions.step(db, hop, talk, lambda: clock.to_ms(clock.now()))

        reply = self._extensions["database"].step(work, seconds=SECONDS)
        ends = reply.startswith("END")
        return found.write_ussd(reply[4:], ends, line), "end" if ends else "con"


def apology(found: Provider, line: Line, text: str = "") -> Answer:
    return found.write_ussd(text or unread(), True, line)


def unread() -> str:
    """What one is told whose request says too little. Who it is we do not know, so neither her language."""
    _ = phrases(SOURCE)
    return _("Maaf, permintaan ini tidak terbaca. Coba hubungi lagi.")


def no_number() -> str:
    _ = phrases(SOURCE)
    return _("Maaf, nomor teleponmu tidak terbaca oleh kami.")


def busy() -> str:
    """What a learner is told when we cannot: nothing of this hop was written, everything before it was."""
    _ = phrases(SOURCE)
    return _("Maaf, sedang ramai. Jawabanmu yang tadi tersimpan. Coba hubungi lagi sebentar lagi.")
