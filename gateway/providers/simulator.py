"""The web phone: a network that lives in our own pages. Its requests look like those of the common USSD and SMS aggregators.

USSD, ``POST …/ussd``, answered ``CON …`` or ``END …``::

    sessionId=web-1&serviceCode=*123*77%23&phoneNumber=%2B6281200000001&networkCode=99999&text=1*2

SMS, ``POST …/sms``: ``from, to, text, id, date``.

Nothing leaves the machine: an MT that is sent is delivered, and the phone's page reads it from the outbox by its number.
"""

from __future__ import annotations

from core.settings import Settings
from gateway.provider import POST, Provider
from gateway.tables import Line
from gateway.traffic import Mt, Receipt


class Simulator(Provider):
    methods = dict.fromkeys(("ussd", "ussd-end", "sms"), POST)
    on_page = True

    def send(self, mt: Mt, line: Line, settings: Settings) -> Receipt:
        return Receipt(state="delivered")


provider = Simulator()
