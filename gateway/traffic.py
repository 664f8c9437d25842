"""What passes between us and a network, as frozen values. A provider turns bytes into these and these into bytes.

``msisdn`` is what the network wrote until ``gateway.provider.number`` has read it into E.164.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Keypress:
    """A USSD hop. ``text`` is what the network sent: all that was typed so far, or on some networks the last input."""

    session: str
    msisdn: str
    text: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Mo:
    """A message in. ``id`` is the network's, "" where it has none; ``at`` when it took it, by its own clock."""

    msisdn: str
    text: str
    address: str = ""
    id: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Mt:
    """A message out. ``id`` is ours and comes back in its DLR; ``expires_at`` is when it is of no use any more."""

    id: int
    msisdn: str
    text: str
    dlr_url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """The network took an MT. ``state`` is ``sent``, or ``delivered`` where taking it is delivering it."""

    provider_id: str | None = None
    cost: str = ""  # "KES 0.8000", as the provider says it
    state: str = "sent"


@dataclass(frozen=True, slots=True)
class Dlr:
    """A delivery report: by our ``id`` where the provider gives it back, else by its own ``provider_id``.

    ``state`` is ``sent``, ``delivered``, ``failed``, or "" for a word that nobody knows. ``stopped``: the network
    says that this number wants no messages.
    """

    state: str
    id: int | None = None
    provider_id: str = ""
    reason: str = ""
    msisdn: str = ""
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A voice hop. ``hop`` counts from 0 and comes back in the address that we gave for the digits."""

    session: str
    msisdn: str
    digits: str = ""
    hop: int = 0
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """What a webhook says to the network."""

    body: str = ""
    mime: str = "text/plain; charset=utf-8"
    status: int = 200


@dataclass(frozen=True, slots=True)
class Say:
    """What a call is told next. ``wants`` as in Prompt; ``address`` is where the digits go."""

    text: str
    wants: str
    ends: bool
    address: str
