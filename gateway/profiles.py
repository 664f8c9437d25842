"""Ready mappings for the generic provider: which field means what, and how a message is sent. Data, no code.

A profile name is a kind of gateway that anybody can run, not a provider: a line says ``profile`` and may override any part
of it in ``options``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from string import Formatter
from typing import Any

from gateway.tables import Line


@dataclass(frozen=True, slots=True)
class Profile:
    """``inbound`` and ``dlr`` map our words to the network's field names; ``states`` maps its status words (upper case) to ours.

    Our words: from, to, text, id, at (when the network took it), charset, coding, binary (hex text); ``ucs2`` is the coding that
    means UTF-16BE. For a DLR: id (ours), provider_id (theirs), status, reason. ``send`` maps the gateway's parameters to
    templates: {to}, {digits} (without +), {from}, {text}, {hex} (UTF-16BE), {id}, {dlr_url}, {expires_at} and every option of
    the line; ``gsm7`` and
    ``ucs2`` are added to it by the text's encoding, an empty template removes a parameter. ``accepted``, ``refused`` and
    ``provider_id`` (one group) are looked for in the answer's body.
    """

    inbound: dict[str, str] = field(
        default_factory=lambda: {"from": "from", "to": "to", "text": "text", "id": "id", "at": "sent_at"}
    )
    dlr: dict[str, str] = field(default_factory=lambda: {"id": "id", "status": "status"})
    states: dict[str, str] = field(default_factory=dict)
    answer: str = ""
    dlr_path: str = "/{id}"
    ussd: dict[str, str] = field(default_factory=dict)
    method: str = "POST"
    send_as: str = "form"  # query, form, json
    path: str = ""  # where to, when the line has no send_url and HTTP_BASE_URL says the rest
    headers: dict[str, str] = field(default_factory=dict)
    send: dict[str, str] = field(default_factory=dict)
    gsm7: dict[str, str] = field(default_factory=dict)
    ucs2: dict[str, str] = field(default_factory=dict)
    accepted: str = ""
    refused: str = ""
    provider_id: str = ""

    def fill(self, values: Mapping[str, str]) -> dict[str, str]:
        """The parameters of one message. A template that names what the line lacks gives an empty value."""
        templates = {**self.send, **(self.ucs2 if values["encoding"] == "ucs2" else self.gsm7)}
        return {name: template.format_map(_Known(values)) for name, template in templates.items() if template}

    def heads(self, values: Mapping[str, str]) -> dict[str, str]:
        """The headers of one message; one whose template names what the line lacks is left out."""
        return {name: template.format_map(values) for name, template in self.headers.items() if names_in(template) <= set(values)}


def is_template(template: str) -> bool:
    """Whether a message can be filled in: braces that match, around nothing but names."""
    try:
        template.format_map(_Known())
    except (ValueError, LookupError, AttributeError):
        return False
    return True


def names_in(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


class _Known(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


_WORDS = {"SENT": "sent", "DELIVERED": "delivered", "FAILED": "failed", "REJECTED": "failed", "EXPIRED": "failed"}

PROFILES = {
    "": Profile(send={"to": "{to}", "from": "{from}", "text": "{text}", "id": "{id}", "dlr_url": "{dlr_url}"}, states=_WORDS),
    # Kannel 1.4: sendsms answers 202 "0: Accepted for delivery" or "3: Queued for later delivery". It converts from charset
    # to what coding wants itself. dlr-mask 31 asks for every kind: 1 delivered, 2 failed, 4 buffered, 8 accepted, 16 rejected.
    "kannel": Profile(
        inbound={"from": "from", "to": "to", "text": "text", "id": "id", "charset": "charset", "coding": "coding", "at": "time"},
        states={"1": "delivered", "2": "failed", "4": "sent", "8": "sent", "16": "failed"},
        dlr_path="?id={id}&status=%d",
        method="GET",
        send_as="query",
        path="/cgi-bin/sendsms",
        send={
            "username": "{username}", "password": "{password}", "from": "{from}", "to": "{to}", "text": "{text}",
            "charset": "UTF-8", "dlr-mask": "31", "dlr-url": "{dlr_url}",
        },
        gsm7={"coding": "0"},
        ucs2={"coding": "2"},
        accepted=r"^\s*[03]\s*:",
        refused=r"^\s*[0-9]+\s*:",
    ),
    # Jasmin 0.10: wants "ACK/Jasmin" for what it throws at us, or it throws again; says Success "<id>" or Error "<why>". It
    # puts its own id into the DLR, so ours goes into the path. Coding 8 is UCS-2, whose text goes as hexadecimal.
    "jasmin": Profile(
        inbound={
            "from": "from", "to": "to", "text": "content", "id": "id", "coding": "coding", "binary": "binary", "ucs2": "8",
        },
        dlr={"provider_id": "id", "status": "message_status", "reason": "err"},
        states={
            "ESME_ROK": "sent", "ACCEPTD": "sent", "ENROUTE": "sent", "DELIVRD": "delivered",
            "UNDELIV": "failed", "EXPIRED": "failed", "DELETED": "failed", "REJECTD": "failed",
        },
        answer="ACK/Jasmin",
        path="/send",
        send={
            "username": "{username}", "password": "{password}", "from": "{from}", "to": "{to}", "dlr": "yes",
            "dlr-url": "{dlr_url}", "dlr-level": "3", "dlr-method": "POST",
        },
        gsm7={"coding": "0", "content": "{text}"},
        ucs2={"coding": "8", "hex-content": "{hex}"},
        accepted=r"^\s*Success",
        refused=r"^\s*Error",
        provider_id=r'"([^"]+)"',
    ),
    # A phone with an SMS relay app: JSON both ways. options.secret goes into its Authorization header.
    "relay": Profile(
        states=_WORDS,
        send_as="json",
        path="/send",
        headers={"Authorization": "Bearer {secret}"},
        send={"id": "{id}", "to": "{to}", "from": "{from}", "text": "{text}", "dlr_url": "{dlr_url}"},
        provider_id=r'"id"\s*:\s*"?([^",}\s]+)',
    ),
}  # fmt: skip

_PARTS = ("inbound", "dlr", "states", "ussd", "headers", "send", "gsm7", "ucs2")
_WHOLE = ("answer", "dlr_path", "method", "send_as", "path", "accepted", "refused", "provider_id")


def profile_of(line: Line) -> Profile:
    """The line's profile with what its options override: members of the mappings one by one, the rest whole."""
    profile = PROFILES.get(line.profile, PROFILES[""])
    options: Mapping[str, Any] = line.options or {}
    changed: dict[str, Any] = {name: {**getattr(profile, name), **options[name]} for name in _PARTS if name in options}
    changed |= {name: str(options[name]) for name in _WHOLE if name in options}
    return replace(profile, **changed) if changed else profile
