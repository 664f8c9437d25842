"""The contract between us and a network: what a provider can read, write and send.

A provider is one file of ``gateway/providers`` that exports ``provider``. Everything about it (field names, states,
signature, quirks, an example of each request) is there, and its name appears nowhere else. What it leaves out it has as
here: the field names that USSD and SMS gateways most often use, no signature, nothing to send with.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from urllib.parse import urlsplit, urlunsplit

from core import msisdn
from core.discover import discover
from core.settings import Settings
from gateway import providers
from gateway.bodies import Incoming
from gateway.late import stamp
from gateway.tables import Line
from gateway.traffic import Answer, Call, Dlr, Keypress, Mo, Mt, Receipt, Say

POST = ("POST",)
GET_OR_POST = ("GET", "POST")
CONNECT_SECONDS, READ_SECONDS = 3.05, 10.0  # together well under the lease of the outbox

# why an MT was not taken, and what the outbox does about it
NOT_SENT = "not sent"  # it surely never left us: try again
AMBIGUOUS = "ambiguous"  # it may have left: never again, its DLR or an operator decides
REFUSED = "refused for good"  # it will never be taken
WAIT = "wait"  # it was not taken now: try again after ``seconds``


_UNENCODED = re.compile(r" [1-9][0-9]{7,14}")


class SendFailed(Exception):
    """An MT did not surely leave. ``retry`` is one of the four words above, ``reason`` is for the operator.

    ``stopped``: the network says that this number wants no messages.
    """

    def __init__(self, retry: str, reason: str, seconds: int = 0, stopped: bool = False):
        super().__init__(f"{retry}: {reason}")
        self.retry, self.reason, self.seconds, self.stopped = retry, reason[:200], seconds, stopped


class Missing(Exception):
    """A field that must be there is not; the text is a sentence that names it."""

    def __init__(self, *names: str):
        super().__init__(f"Isian kurang: {', '.join(names)}. / Missing: {', '.join(names)}.")


def number(typed: str, settings: Settings) -> str:
    """What a network wrote, in E.164. A form that forgot to encode its "+" brings a blank. Raises Refused."""
    if _UNENCODED.fullmatch(typed):
        typed = "+" + typed[1:]
    return msisdn.read(typed[:40], settings.default_region)


class Provider:
    """``methods`` says which callbacks there are and by which methods; what is not in it is 404.

    ``on_page``: visitors may use its lines on our own page, /phone, without knowing their tokens.
    """

    methods: Mapping[str, tuple[str, ...]] = {}
    on_page: bool = False
    many: int = 1  # most numbers of one text in one request (``send_many``): also what a kill in it can leave unknown

    def is_genuine(self, incoming: Incoming, line: Line, settings: Settings) -> bool:
        """Whether the request is signed as it must be. Without signatures the token in the path is all there is."""
        return True

    def appends(self, line: Line) -> bool | None:
        """Whether USSD text is all that was typed so far. None: it is found out within each session.

        ``options.appends`` of the line says it for sure, which a network that does not append needs: only then
        is "1" after "1" a new key and not the same hop sent again.
        """
        said = line.options.get("appends") if line.options else None
        return said if isinstance(said, bool) else None

    def read_ussd(self, incoming: Incoming, line: Line) -> Keypress:
        """Raises Missing. An absent text is the empty one: the first hop."""
        get = incoming.get
        press = Keypress(get("sessionId"), get("phoneNumber"), get("text"), get("serviceCode"))
        _wanted(sessionId=press.session, phoneNumber=press.msisdn)
        return press

    def write_ussd(self, text: str, ends: bool, line: Line) -> Answer:
        return Answer(f"{'END' if ends else 'CON'} {text}")

    def read_ussd_end(self, incoming: Incoming, line: Line) -> Keypress:
        """The network's word that a session is over."""
        return self.read_ussd(incoming, line)

    def read_sms(self, incoming: Incoming, line: Line) -> Mo:
        """Raises Missing. A text that is there and empty is a message."""
        if not incoming.has("text"):
            raise Missing("text")
        mo = Mo(incoming.get("from"), incoming.get("text"), incoming.get("to"), incoming.get("id"), stamp(incoming.get("date")))
        _wanted(**{"from": mo.msisdn})
        return mo

    def read_dlr(self, incoming: Incoming, line: Line, our_id: str) -> Dlr | None:
        """``our_id`` is what stood in the path behind ``/dlr/``. None: nothing that concerns an MT. Raises Missing."""
        return None

    def dlr_url(self, line: Line, our_id: int, settings: Settings) -> str:
        """Where the network is to report on our MT ``our_id``."""
        return f"{callback(line, 'dlr', settings)}/{our_id}"

    def taken(self, what: str, line: Line) -> Answer:
        """What the network wants to hear when an SMS or a DLR was taken."""
        return Answer()

    def read_call(self, incoming: Incoming, line: Line) -> Call:
        raise Missing("voice")

    def write_call(self, say: Say, line: Line) -> Answer:
        return Answer()

    def lacks(self, line: Line, settings: Settings) -> list[str]:
        """Names of settings and fields of the line without which ``send`` must fail; for ``flask doctor``."""
        return []

    def send(self, mt: Mt, line: Line, settings: Settings) -> Receipt:
        """Hands the MT to the network, within seconds. Raises SendFailed, which says whether to try again."""
        raise SendFailed(REFUSED, "this provider sends nothing")

    def send_many(self, mts: Sequence[Mt], line: Line, settings: Settings) -> list[Receipt | SendFailed]:
        """Hands over MTs of one text to different numbers, at most ``many``; what became of each, in their order.

        Raises SendFailed where it is true of all of them.
        """
        return [self.send(mt, line, settings) for mt in mts]


def _wanted(**fields: str) -> None:
    missing = [name for name, value in fields.items() if not value.strip()]
    if missing:
        raise Missing(*missing)


@cache
def all_providers() -> dict[str, Provider]:
    return discover(providers, "provider")


def find(name: str) -> Provider | None:
    return all_providers().get(name)


def callback(line: Line, what: str, settings: Settings) -> str:
    """The public address of one of this line's callbacks."""
    return f"{settings.public_base_url}/gateway/{line.provider}/{line.token}/{what}"


def moved(url: str, base: str) -> str:
    """``url`` with scheme, host and port of ``base`` (a ``*_BASE_URL``), its path and query kept; "" changes nothing."""
    if not base:
        return url
    there, here = urlsplit(base), urlsplit(url)
    return urlunsplit((there.scheme, there.netloc, here.path, here.query, here.fragment))


def seconds_left(mt: Mt, now: datetime) -> int:
    """How long the MT is still of use."""
    return max(0, int((mt.expires_at - now).total_seconds()))


def retry_after(header: str | None, otherwise: int) -> int:
    """Seconds of a Retry-After; a date, nonsense or nothing is ``otherwise``. At most an hour."""
    return min(3600, int(header)) if header and re.fullmatch(r" *[0-9]{1,6} *", header) else otherwise
