"""The web phone: what a visitor's feature phone shows, and how it speaks to our own webhooks as a network does.

It dials only lines of a provider that is ``on_page``, and only from numbers of a block that no subscriber has, so that
nobody can pick up another one's phone here.
"""

from __future__ import annotations

import contextvars
import re
import secrets
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from flask import current_app
from werkzeug.test import Client

from core import gsm7
from core.text import clean
from gateway.lines import lines
from gateway.provider import find
from gateway.tables import Line

BLOCK = "+628120000"
_NUMBER = re.compile(r"\+628120000[0-9]{3,5}")
LONGEST = 182  # what one USSD request can carry


@dataclass(slots=True)
class Phone:
    """The state of one visitor's phone, kept in her cookie. ``session`` is "" while no call is open."""

    number: str = ""
    session: str = ""
    line: int = 0
    dialled: str = ""
    text: str = ""  # all that was sent in this session, joined by * as networks do
    screen: str = ""
    ended: bool = False
    typed: str | None = None  # in the box; None: untouched, so the code to dial stands there
    call: str = ""  # the voice call's session
    hop: int = 0
    spoken: str = ""  # what the voice said last
    over: bool = False

    @classmethod
    def read(cls, kept: Any) -> Phone:
        """From a cookie of any age; what does not fit is a new phone with a number nobody has used."""
        try:
            phone = cls(**kept)
        except TypeError:
            phone = cls()
        return phone if is_number(phone.number) else cls(number=new_number())

    def kept(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value or name == "typed"}

    def hang_up(self) -> None:
        self.session, self.line, self.text, self.screen, self.ended, self.typed = "", 0, "", "", False, None


def new_number() -> str:
    return f"{BLOCK}{secrets.randbelow(90_000) + 10_000}"


def is_number(number: object) -> bool:
    return isinstance(number, str) and _NUMBER.fullmatch(number) is not None


def own_lines(medium: str) -> list[Line]:
    """The lines that may be used from the page."""
    return [line for line in lines().active(medium) if (provider := find(line.provider)) and provider.on_page]


def line_of(address: str, medium: str) -> Line | None:
    return next((line for line in own_lines(medium) if line.address == address), None)


def dialled(code: str) -> tuple[Line | None, str]:
    """The line of a dialled code, and what the code says besides: ``*123*77*PECAHAN#`` is line ``*123*77#`` and PECAHAN."""
    code = "".join(code.split()).rstrip("#")
    for line in sorted(own_lines("ussd"), key=lambda line: -len(line.address)):
        address = line.address.rstrip("#")
        if code == address:
            return line, ""
        if code.startswith(address + "*"):
            return line, code[len(address) + 1 :]
    return None, ""


def call(phone: Phone, code: str) -> bool:
    """Dials ``code``; False where it is not one of ours."""
    line, text = dialled(clean(code, LONGEST))
    if line is None:
        return False
    phone.hang_up()
    phone.session, phone.line, phone.dialled, phone.text = f"web-{secrets.token_hex(8)}", line.id, code, text
    _hop(phone, line)
    return True


def send(phone: Phone, typed: str) -> None:
    """Sends ``typed`` into the open call."""
    line = _line(phone)
    if line is None:
        phone.hang_up()
        return
    typed = clean(typed, LONGEST).replace("\n", " ")
    phone.text = f"{phone.text}*{typed}" if phone.text else typed
    _hop(phone, line)


def voice(phone: Phone, do: str, digits: str) -> None:
    """Calls the voice line, presses ``digits`` in the call (none is silence), or hangs up."""
    line = next(iter(own_lines("voice")), None)
    if line is None or do == "end" or (do != "call" and (not phone.call or phone.over)):
        phone.call, phone.hop, phone.spoken, phone.over = "", 0, "", False
        return
    if do == "call":
        phone.call, phone.hop = f"web-{secrets.token_hex(8)}", 0
    keys = re.sub(r"[^0-9*]", "", digits)[:20] if do == "keys" else ""
    fields = {"sessionId": phone.call, "phoneNumber": phone.number, "dtmfDigits": keys, "hop": str(phone.hop)}
    answer = _post(f"/gateway/{line.provider}/{line.token}/voice", fields)
    phone.hop, phone.spoken, phone.over = phone.hop + 1, answer[4:], not answer.startswith("CON")


def end(phone: Phone) -> None:
    """Hangs up, and tells the webhook as a network does."""
    line = _line(phone)
    if line is not None and phone.session and not phone.ended:
        _post(f"/gateway/{line.provider}/{line.token}/ussd-end", _fields(phone, line))
    phone.hang_up()


def text_message(phone: Phone, line: Line, text: str, now: datetime) -> None:
    """Sends an SMS from the phone to ``line``."""
    fields = {
        "from": phone.number,
        "to": line.address,
        "text": text,
        "id": f"web-{secrets.token_hex(8)}",
        "date": now.isoformat(),
    }
    _post(f"/gateway/{line.provider}/{line.token}/sms", fields)


def _line(phone: Phone) -> Line | None:
    return next((line for line in own_lines("ussd") if line.id == phone.line), None)


def _fields(phone: Phone, line: Line) -> dict[str, str]:
    return {
        "sessionId": phone.session, "serviceCode": line.address, "phoneNumber": phone.number, "networkCode": "99999",
        "text": phone.text,
    }  # fmt: skip


def _hop(phone: Phone, line: Line) -> None:
    answer = _post(f"/gateway/{line.provider}/{line.token}/ussd", _fields(phone, line))
    phone.screen, phone.ended = answer[4:], not answer.startswith("CON")
    phone.typed = None if phone.ended else ""


def _post(path: str, fields: dict[str, str]) -> str:
    """What the webhook answers, asked as a network asks it: over WSGI, in a context of its own."""
    client = Client(current_app._get_current_object())  # type: ignore[attr-defined]
    return contextvars.Context().run(lambda: client.post(path, data=fields).get_data(as_text=True))


@dataclass(frozen=True, slots=True)
class Room:
    """How much of a screen is used. ``limit`` is the line's budget, or 70 where the text needs UCS-2."""

    used: int = 0
    limit: int = 160
    unit: str = field(default="gsm7")


def room(phone: Phone) -> Room:
    line = _line(phone)
    size = gsm7.size(phone.screen)
    budget = line.budget if line else gsm7.SINGLE["gsm7"]
    return Room(size.units, gsm7.screen_budget(phone.screen, budget), size.encoding)
