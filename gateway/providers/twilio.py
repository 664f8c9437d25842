"""Twilio: SMS and WhatsApp senders alike, and voice. Every request is signed; the SDK's own validator judges.

POST, application/x-www-form-urlencoded. SMS, ``…/sms``, answered with an empty 200 (our reply goes out through the outbox)::

    MessageSid=SM1&AccountSid=AC1&From=%2B628120001&To=%2B14155550100&Body=MTK5&NumMedia=0&NumSegments=1

``From`` of a WhatsApp learner is ``whatsapp:+62…``; the answer goes back to an address with the same prefix.
Status, ``…/dlr/<our message id>``: ``MessageSid, MessageStatus, To, From, ErrorCode``, in no promised order; fields are added
without notice. Error 21610: the number has opted out with Twilio.

Voice, ``…/voice``: ``CallSid, From, To, CallStatus, Digits``, answered with TwiML::

    <Response><Gather input="dtmf" finishOnKey="#" timeout="10" action="…" actionOnEmptyResult="true">
    <Say language="id-ID">…</Say></Gather></Response>

A recording of an item is ``<Play>`` between two ``<Say>``.

Signature, ``X-Twilio-Signature``: HMAC over the public address (PUBLIC_BASE_URL, path, query) and every posted field, repeated
and blank ones too, so the validator gets the multidict itself. It raises TypeError without the header and ValueError or
IndexError for odd addresses: all of them are a wrong signature.

Sending: REST through the SDK, imported here alone because it is heavy. It has no time-out of its own. Errors: 20429 and HTTP
429 are "later"; 21211, 21408, 21606, 21612, 21614, 21617 … are final; 21610 opts the number out.
Twilio has no two-way SMS in Indonesia (its own guidelines): a learner there cannot answer over it.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from core import clock
from core.settings import Settings
from gateway.bodies import Incoming
from gateway.provider import (
    AMBIGUOUS,
    NOT_SENT,
    POST,
    READ_SECONDS,
    REFUSED,
    WAIT,
    Missing,
    Provider,
    SendFailed,
    moved,
    seconds_left,
)
from gateway.tables import Line
from gateway.traffic import Answer, Call, Dlr, Mo, Mt, Receipt, Say
from gateway.wire import attempt
from lessons.render.voice import pieces

STATES = {
    "accepted": "sent", "scheduled": "sent", "queued": "sent", "sending": "sent", "sent": "sent", "partially_delivered": "sent",
    "delivered": "delivered", "read": "delivered", "failed": "failed", "undelivered": "failed", "canceled": "failed",
}  # fmt: skip
OVER = {"completed", "busy", "failed", "no-answer", "canceled"}
# who hides her number calls from one of these: the keys of "anonymous", "restricted", "blocked", "unknown", "unavailable"
HIDDEN = {"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"}
STOPPED = "21610"
TONGUES = {"en": "en-US", "jv": "jv-ID", "su": "su-ID"}  # of <Say>; a learner's Indonesian is the line's own
LONGEST_VALIDITY = timedelta(hours=10)
WHATSAPP = "whatsapp:"


class Twilio(Provider):
    methods = dict.fromkeys(("sms", "dlr", "voice"), POST)

    def is_genuine(self, incoming: Incoming, line: Line, settings: Settings) -> bool:
        if not settings.twilio_auth_token:  # an empty secret is one that everybody knows
            return False
        from twilio.request_validator import SIGNATURE_SETTINGS_HEADER, RequestValidator, get_signature_algorithm

        headers = {name.lower(): value for name, value in incoming.headers.items()}
        address = f"{settings.public_base_url}{incoming.path}" + (f"?{incoming.query}" if incoming.query else "")
        algorithm = get_signature_algorithm(headers.get(SIGNATURE_SETTINGS_HEADER.lower()))
        validator = RequestValidator(settings.twilio_auth_token)
        try:
            return bool(validator.validate(address, incoming.form, headers.get("x-twilio-signature"), algorithm))
        except Exception:  # whatever it stumbles over is not a request that Twilio signed
            return False

    def read_sms(self, incoming: Incoming, line: Line) -> Mo:
        sid = incoming.get("MessageSid") or incoming.get("SmsMessageSid") or incoming.get("SmsSid")
        missing = [name for name in ("From", "Body") if not incoming.has(name)] + ([] if sid else ["MessageSid"])
        if missing:
            raise Missing(*missing)
        return Mo(incoming.get("From").removeprefix(WHATSAPP), incoming.get("Body"), incoming.get("To"), sid)

    def read_dlr(self, incoming: Incoming, line: Line, our_id: str) -> Dlr | None:
        status = incoming.get("MessageStatus") or incoming.get("SmsStatus")
        if not status:
            return None  # an empty callback is ignored
        error = incoming.get("ErrorCode")
        known = re.fullmatch(r"[0-9]{1,12}", our_id)
        return Dlr(
            STATES.get(status.casefold(), ""), int(our_id) if known else None, incoming.get("MessageSid"),
            f"{status} {error}".strip(), incoming.get("To"), stopped=error == STOPPED,
        )  # fmt: skip

    def read_call(self, incoming: Incoming, line: Line) -> Call:
        session, caller = incoming.get("CallSid"), incoming.get("From")
        missing = [name for name, value in (("CallSid", session), ("From", caller)) if not value]
        if missing:
            raise Missing(*missing)
        caller = "" if caller in HIDDEN else caller
        hop = incoming.get("hop")
        return Call(
            session, caller, incoming.get("Digits"), int(hop) if re.fullmatch(r"[0-9]{1,4}", hop) else 0,
            incoming.get("CallStatus").casefold() not in OVER,
        )  # fmt: skip

    def write_call(self, say: Say, line: Line) -> Answer:
        response = Element("Response")
        parent = response
        if not say.ends:
            parent = SubElement(
                response, "Gather", input="dtmf", finishOnKey="#", timeout="10", action=say.address, actionOnEmptyResult="true"
            )
        language, said = pieces(say.text)
        tongue = TONGUES.get(language) or str((line.options or {}).get("voice_language", "id-ID"))
        for kind, content in said:
            if kind == "play":
                SubElement(parent, "Play").text = content
            else:
                SubElement(parent, "Say", language=tongue).text = content
        return Answer(tostring(response, encoding="unicode"), "text/xml; charset=utf-8")

    def lacks(self, line: Line, settings: Settings) -> list[str]:
        wanted = {"TWILIO_ACCOUNT_SID": settings.twilio_account_sid, "TWILIO_AUTH_TOKEN": settings.twilio_auth_token}
        return [name for name, value in wanted.items() if not value]

    def send(self, mt: Mt, line: Line, settings: Settings) -> Receipt:
        if not settings.twilio_account_sid or not settings.twilio_auth_token:
            raise SendFailed(REFUSED, "TWILIO_ACCOUNT_SID or TWILIO_AUTH_TOKEN is not set")
        from twilio.base.exceptions import TwilioException, TwilioRestException

        client = _client(settings)
        sender = str((line.options or {}).get("sender") or settings.twilio_from or line.address)
        wish: dict[str, Any] = {"messaging_service_sid" if sender.startswith("MG") else "from_": sender}
        to = WHATSAPP + mt.msisdn if sender.startswith(WHATSAPP) else mt.msisdn
        validity = max(1, min(seconds_left(mt, clock.now()), int(LONGEST_VALIDITY.total_seconds())))
        try:
            sent = attempt(
                lambda: client.messages.create(
                    to=to, body=mt.text, status_callback=mt.dlr_url, validity_period=validity, smart_encoded=False, **wish
                )
            )
        except TwilioRestException as error:
            raise _failure(error) from None
        except (TwilioException, ValueError, TypeError, KeyError) as error:  # a 2xx whose body is no message
            raise SendFailed(AMBIGUOUS, type(error).__name__) from None
        price = f"{sent.price_unit or ''} {str(sent.price).lstrip('-')}".strip() if sent.price else ""
        return Receipt(sent.sid, price, "sent")


def _failure(error: Any) -> SendFailed:
    """What a REST error means: its code first, then its HTTP status."""
    said = f"{error.code or ''} {error.msg or ''}".strip()
    if error.status == 429 or error.code in (20429, 14107, 63018):
        return SendFailed(WAIT, said, 30)
    if error.status == 401:  # our token, not this message: the line rests until it is mended
        return SendFailed(NOT_SENT, said)
    if 400 <= error.status < 500:
        return SendFailed(REFUSED, said, stopped=str(error.code) == STOPPED)
    return SendFailed(AMBIGUOUS, f"HTTP {error.status} {said}")


def _client(settings: Settings) -> Any:
    """A REST client with a time-out, pointed at TWILIO_BASE_URL where that is set."""
    from twilio.http.http_client import TwilioHttpClient
    from twilio.rest import Client

    class Wire(TwilioHttpClient):  # type: ignore[misc]
        def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
            return super().request(method, moved(url, settings.twilio_base_url), *args, **kwargs)

    return Client(settings.twilio_account_sid, settings.twilio_auth_token, http_client=Wire(timeout=READ_SECONDS))


provider = Twilio()
