"""Any gateway or aggregator that speaks plain HTTP: its field names are data, so a new one is configuration and no code.

A line's ``profile`` names a ready mapping of ``gateway/profiles.py`` (Kannel, Jasmin, an Android relay phone); ``options`` of
the line overrides any part of it: ``inbound``, ``dlr``, ``states``, ``answer``, ``ussd``, ``send`` (see Profile there).
Requests come as GET or POST: query, form or JSON, all the same to us. Nothing is signed: the token is the secret.

SMS, ``…/sms`` (Kannel's names)::

    ?from=%2B628120001&to=77123&text=MTK5&id=5f1c&time=2026-11-21+08:00:00&charset=UTF-8&coding=0

``text`` is in ``charset``, which Kannel says (``UTF-16BE`` for UCS-2, also ``ISO-8859-1``, ``windows-1252``); where it does not,
``coding=2`` is UTF-16BE, and everything else UTF-8 or, where it is not that, Windows-1252.
Delivery report: ``…/dlr?id=<our id>&status=1`` for Kannel, else ``…/dlr/<our id>`` with the profile's fields.

USSD, ``…/ussd``, GET or POST: ``sessionId, phoneNumber, serviceCode, text`` or any of the names in USSD_NAMES, answered
``CON …`` or ``END …``. A network that sends the last input alone is recognised when an input differs from the one before;
say ``options.appends = false`` for one that is known, or "1" after "1" is taken for the same key sent again.

Sending goes to the line's ``send_url`` (``HTTP_BASE_URL`` takes the place of its scheme, host and port). Only a connection that
was never made, 429, and 503 with Retry-After are tried again; every other doubt is left to the delivery report.
"""

from __future__ import annotations

import json
import re
from urllib.parse import urlencode

from core import gsm7, text
from core.settings import Settings
from gateway.bodies import Incoming
from gateway.late import stamp
from gateway.profiles import Profile, profile_of
from gateway.provider import (
    AMBIGUOUS,
    GET_OR_POST,
    REFUSED,
    Missing,
    Provider,
    SendFailed,
    callback,
    moved,
)
from gateway.tables import Line
from gateway.traffic import Answer, Dlr, Keypress, Mo, Mt, Receipt
from gateway.wire import ask, check_status

USSD_NAMES = {
    "session": ("sessionId", "session_id", "sessionid", "session", "SESSIONID", "transactionId"),
    "from": ("phoneNumber", "msisdn", "from", "phone", "MSISDN", "mobile", "sender"),
    "text": ("text", "input", "ussd_string", "message", "msg", "INPUT", "content"),
    "to": ("serviceCode", "service_code", "to", "shortcode", "code"),
}
NAMED = re.compile(r"\{(\w+)\}")
OWN = {"username", "password", "secret"}  # of what templates name, what the line itself must know
LATIN = {"ISO-8859-1": "cp1252", "LATIN1": "cp1252", "LATIN-1": "cp1252", "WINDOWS-1252": "cp1252", "US-ASCII": "cp1252"}
UCS2 = {"UTF-16BE": "utf-16-be", "UCS-2": "utf-16-be", "UCS2": "utf-16-be", "UTF-16": "utf-16-be", "UTF-16LE": "utf-16-le"}


class Http(Provider):
    methods = dict.fromkeys(("ussd", "ussd-end", "sms", "dlr"), GET_OR_POST)

    def read_ussd(self, incoming: Incoming, line: Line) -> Keypress:
        own = profile_of(line).ussd
        found = {}
        for part, names in USSD_NAMES.items():
            names = (own[part],) if part in own else names
            found[part] = next((incoming.get(name) for name in names if incoming.has(name)), "")
        missing = [own.get(part, USSD_NAMES[part][0]) for part in ("session", "from") if not found[part].strip()]
        if missing:
            raise Missing(*missing)
        return Keypress(found["session"], found["from"], found["text"], found["to"])

    def write_ussd(self, text: str, ends: bool, line: Line) -> Answer:
        own = profile_of(line).ussd
        return Answer((own.get("end", "END ") if ends else own.get("con", "CON ")) + text)

    def read_sms(self, incoming: Incoming, line: Line) -> Mo:
        names = profile_of(line).inbound
        missing = [names[part] for part in ("from", "text") if not incoming.has(names[part])]
        if missing:
            raise Missing(*missing)
        said = _decoded(incoming, names)
        at = stamp(_optional(incoming, names, "at"))
        return Mo(incoming.get(names["from"]), said, _optional(incoming, names, "to"), _optional(incoming, names, "id"), at)

    def read_dlr(self, incoming: Incoming, line: Line, our_id: str) -> Dlr | None:
        profile = profile_of(line)
        names = profile.dlr
        status = incoming.get(names["status"])
        ours = our_id or _optional(incoming, names, "id")
        theirs = "" if our_id else _optional(incoming, names, "provider_id")
        missing = [names[part] for part, value in (("status", status),) if not value]
        if not ours and not theirs:
            missing.insert(0, names.get("id", "id"))
        if missing:
            raise Missing(*missing)
        known = re.fullmatch(r"[0-9]{1,12}", ours)
        reason = " ".join(part for part in (status, _optional(incoming, names, "reason")) if part)
        return Dlr(profile.states.get(status.upper(), ""), int(ours) if known else None, theirs, reason)

    def dlr_url(self, line: Line, our_id: int, settings: Settings) -> str:
        profile = profile_of(line)
        return f"{callback(line, 'dlr', settings)}{profile.dlr_path.format(id=our_id)}"

    def taken(self, what: str, line: Line) -> Answer:
        return Answer(profile_of(line).answer)

    def lacks(self, line: Line, settings: Settings) -> list[str]:
        if line.medium != "sms":
            return []
        profile = profile_of(line)
        named = {name for template in (*profile.send.values(), *profile.headers.values()) for name in NAMED.findall(template)}
        missing = [f"options.{name}" for name in sorted(named & OWN) if not (line.options or {}).get(name)]
        url = moved(line.send_url or profile.path, settings.http_base_url)
        return missing if url.startswith(("http://", "https://")) else ["send_url", *missing]

    def send(self, mt: Mt, line: Line, settings: Settings) -> Receipt:
        profile = profile_of(line)
        url = moved(line.send_url or profile.path, settings.http_base_url)
        if not url.startswith(("http://", "https://")):
            raise SendFailed(REFUSED, "the line has no send_url")
        values = _values(mt, line)
        url, body, kind = _packed(url, profile.send_as, profile.fill(values))
        reply = ask(profile.method, url, {**kind, **profile.heads(values)}, body)
        check_status(reply)
        return _receipt(reply.text[:2000], profile)


def _decoded(incoming: Incoming, names: dict[str, str]) -> str:
    """The message's text, in the charset that the network says."""
    raw = incoming.raw(names["text"])
    if "binary" in names and incoming.has(names["binary"]):
        raw = _hex(incoming.get(names["binary"])) or raw
    charset = _optional(incoming, names, "charset").upper()
    coding = _optional(incoming, names, "coding")
    if charset in UCS2 or (not charset and coding == names.get("ucs2", "2")):
        return text.clean(raw.decode(UCS2.get(charset, "utf-16-be"), "replace"), 2000)
    if charset in LATIN:
        return text.clean(raw.decode(LATIN[charset], "replace"), 2000)
    return text.clean(text.decode(raw), 2000)


def _hex(said: str) -> bytes:
    try:
        return bytes.fromhex(said)
    except ValueError:
        return b""


def _optional(incoming: Incoming, names: dict[str, str], part: str) -> str:
    return incoming.get(names[part]) if part in names else ""


def _values(mt: Mt, line: Line) -> dict[str, str]:
    """Everything that a profile's templates may name, the line's options first."""
    is_ucs2 = not gsm7.is_gsm7(mt.text)
    return {
        **{key: str(value) for key, value in (line.options or {}).items() if isinstance(value, str | int)},
        "to": mt.msisdn, "digits": mt.msisdn.lstrip("+"), "from": str((line.options or {}).get("sender") or line.address),
        "text": mt.text, "id": str(mt.id), "dlr_url": mt.dlr_url, "encoding": "ucs2" if is_ucs2 else "gsm7",
        "hex": mt.text.encode("utf-16-be").hex(), "expires_at": mt.expires_at.isoformat(),
    }  # fmt: skip


def _packed(url: str, send_as: str, fields: dict[str, str]) -> tuple[str, bytes | None, dict[str, str]]:
    """(address, body, its kind) of a message's fields."""
    if send_as == "query":
        return f"{url}{'&' if '?' in url else '?'}{urlencode(fields)}", None, {}
    if send_as == "json":
        return url, json.dumps(fields).encode(), {"Content-Type": "application/json"}
    return url, urlencode(fields).encode(), {"Content-Type": "application/x-www-form-urlencoded"}


def _receipt(said: str, profile: Profile) -> Receipt:
    """Raises SendFailed: refused where the profile knows the answer as a refusal, ambiguous where it knows it not at all."""
    if profile.accepted and not re.search(profile.accepted, said):
        short = " ".join(said.split())[:150]
        is_refusal = bool(profile.refused and re.search(profile.refused, said))
        raise SendFailed(REFUSED if is_refusal else AMBIGUOUS, short or "an empty answer")
    found = re.search(profile.provider_id, said) if profile.provider_id else None
    return Receipt(found.group(1)[:80] if found else None)


provider = Http()
