"""The web phone: a network that lives in our own pages. Its requests look like those of the common USSD and SMS aggregators.

USSD, ``POST …/ussd``, answered ``CON …`` or ``END …``::

    sessionId=web-1&serviceCode=*123*77%23&phoneNumber=%2B6281200000001&networkCode=99999&text=1*2

SMS, ``POST …/sms``: ``from, to, text, id, date``.

Voice, ``POST …/voice``: ``sessionId, phoneNumber, dtmfDigits, hop``, answered ``CON …`` or ``END …`` with what is said.

Nothing leaves the machine: an MT that is sent is delivered, and the phone's page reads it from the outbox by its number.
"""

from __future__ import annotations

import re

from core.settings import Settings
from gateway.bodies import Incoming
from gateway.provider import POST, Missing, Provider
from gateway.tables import Line
from gateway.traffic import Answer, Call, Mt, Receipt, Say


class Simulator(Provider):
    methods = dict.fromkeys(("ussd", "ussd-end", "sms", "voice"), POST)
    on_page = True

    def read_call(self, incoming: Incoming, line: Line) -> Call:
        session, caller, hop = incoming.get("sessionId"), incoming.get("phoneNumber"), incoming.get("hop")
        missing = [name for name, value in (("sessionId", session), ("phoneNumber", caller)) if not value]
        if missing:
            raise Missing(*missing)
        return Call(session, caller, incoming.get("dtmfDigits"), int(hop) if re.fullmatch(r"[0-9]{1,4}", hop) else 0)

    def write_call(self, say: Say, line: Line) -> Answer:
        return self.write_ussd(say.text, say.ends, line)

    def send(self, mt: Mt, line: Line, settings: Settings) -> Receipt:
        return Receipt(state="delivered")


provider = Simulator()
