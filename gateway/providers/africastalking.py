"""Africa's Talking: USSD, two-way SMS and voice on African networks. Its callbacks are unsigned: the token is the secret.

Everything comes as POST, application/x-www-form-urlencoded.

USSD, ``…/ussd``, answered text/plain ``CON …`` or ``END …`` (anything else ends the session for the learner)::

    sessionId=ATUid_3f2a&serviceCode=*384*77%23&phoneNumber=%2B254711082XXX&networkCode=63902&text=1*2

``text`` is all that was typed so far, joined by ``*``. Networks behind it differ: some send the last input alone.
End of a session, ``…/ussd-end``: ``date, sessionId, serviceCode, networkCode, phoneNumber, status (Success, Incomplete,
Failed), cost, durationInMillis, hopsCount, input, lastAppResponse, errorMessage``.

SMS, ``…/sms``: ``linkId, text, to, id, date, from, networkCode, cost``.
Delivery report, ``…/dlr``: ``id, status, phoneNumber, networkCode, failureReason, retryCount``; status Sent, Submitted, Buffered,
Rejected*, Success*, Failed*, Expired*, AbsentSubscriber* (* final). ``id`` is theirs alone: an MT carries no id of ours.

Voice, ``…/voice``: ``isActive (1, 0), sessionId, direction, callerNumber, destinationNumber, dtmfDigits``; answered with XML::

    <Response><GetDigits timeout="20" finishOnKey="#" callbackUrl="…"><Say>…</Say></GetDigits></Response>

A recording of an item is ``<Play url="…"/>`` between two ``<Say>``.

Sending: the official SDK 2.0.3, POST ``/version1/messaging``. Its traps: it answers a str instead of a dict when the content
type has a charset; a plain string of recipients is read letter by letter; ``callback=`` loses exceptions (never used);
a failure keeps no HTTP status, only the body's text. Up to a hundred numbers of one text go in one request. Answer::

    {"SMSMessageData": {"Message": "Sent to 1/1 Total Cost: KES 0.8000", "Recipients": [{"statusCode": 101,
     "number": "+254711082XXX", "status": "Success", "cost": "KES 0.8000", "messageId": "ATXid_1"}]}}

statusCode: 100 Processed, 101 Sent, 102 Queued; 401 RiskHold, 402 InvalidSenderId, 403 InvalidPhoneNumber, 404
UnsupportedNumberType, 405 InsufficientBalance, 406 UserInBlacklist, 407 CouldNotRoute, 409 DoNotDisturbRejection, 500
InternalServerError, 501 GatewayError, 502 RejectedByGateway. "Success" there means accepted, not delivered.
Sources: help.africastalking.com, the SDK's source; statusCode list from third parties.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from core.settings import Settings
from gateway.bodies import Incoming
from gateway.provider import (
    AMBIGUOUS,
    CONNECT_SECONDS,
    NOT_SENT,
    POST,
    READ_SECONDS,
    REFUSED,
    WAIT,
    Missing,
    Provider,
    SendFailed,
    moved,
)
from gateway.tables import Line
from gateway.traffic import Answer, Call, Dlr, Mt, Receipt, Say
from gateway.wire import UNKNOWN_TO_THEM, attempt
from lessons.render.voice import pieces

STATES = {
    "sent": "sent", "submitted": "sent", "buffered": "sent", "success": "delivered",
    "rejected": "failed", "failed": "failed", "expired": "failed", "absentsubscriber": "failed",
}  # fmt: skip
STOPPED = {"userinblacklist", "donotdisturbrejection"}
TAKEN = {100, 101, 102}
AGAIN = {407, 500, 501}  # no route or their own trouble; sure to be unsent only while there is no messageId


class AfricasTalking(Provider):
    methods = dict.fromkeys(("ussd", "ussd-end", "sms", "dlr", "voice"), POST)
    many = 100

    def read_dlr(self, incoming: Incoming, line: Line, our_id: str) -> Dlr | None:
        provider_id, status = incoming.get("id"), incoming.get("status")
        missing = [name for name, value in (("id", provider_id), ("status", status)) if not value]
        if missing:
            raise Missing(*missing)
        reason = incoming.get("failureReason")
        return Dlr(
            STATES.get(status.casefold(), ""), provider_id=provider_id, reason=" ".join((status, reason)).strip(),
            msisdn=incoming.get("phoneNumber"), stopped=reason.casefold() in STOPPED,
        )  # fmt: skip

    def read_call(self, incoming: Incoming, line: Line) -> Call:
        session, caller = incoming.get("sessionId"), incoming.get("callerNumber")
        missing = [name for name, value in (("sessionId", session), ("callerNumber", caller)) if not value]
        if missing:
            raise Missing(*missing)
        hop = incoming.get("hop")
        return Call(
            session, caller, incoming.get("dtmfDigits"), int(hop) if re.fullmatch(r"[0-9]{1,4}", hop) else 0,
            incoming.get("isActive", "1") != "0",
        )  # fmt: skip

    def write_call(self, say: Say, line: Line) -> Answer:
        response = Element("Response")
        parent = response
        if not say.ends:
            parent = SubElement(response, "GetDigits", timeout="20", finishOnKey="#", callbackUrl=say.address)
        voice = str((line.options or {}).get("voice", ""))
        for kind, content in pieces(say.text)[1]:
            if kind == "play":
                SubElement(parent, "Play", url=content)
            else:
                SubElement(parent, "Say", {"voice": voice} if voice else {}).text = content
        if not say.ends:  # no key was pressed: the call falls through to here
            SubElement(response, "Redirect").text = say.address
        return Answer(tostring(response, encoding="unicode"), "application/xml; charset=utf-8")

    def lacks(self, line: Line, settings: Settings) -> list[str]:
        return [] if settings.at_api_key or line.medium != "sms" else ["AT_API_KEY"]

    def send(self, mt: Mt, line: Line, settings: Settings) -> Receipt:
        [outcome] = self.send_many([mt], line, settings)
        if isinstance(outcome, SendFailed):
            raise outcome
        return outcome

    def send_many(self, mts: Sequence[Mt], line: Line, settings: Settings) -> list[Receipt | SendFailed]:
        good = [mt for mt in mts if re.fullmatch(r"\+[0-9]{7,15}", mt.msisdn)]  # the SDK lets a trailing newline pass
        said = self._said(good, line, settings) if good else {}
        return [_outcome(said, mt.msisdn) if mt in good else SendFailed(REFUSED, "not an E.164 number") for mt in mts]

    def _said(self, mts: Sequence[Mt], line: Line, settings: Settings) -> Any:
        from africastalking.Service import AfricasTalkingException
        from africastalking.SMS import SMSService

        service = SMSService(settings.at_username, settings.at_api_key)
        service._baseUrl = moved(service._baseUrl, settings.at_base_url)
        sender = (line.options or {}).get("sender") or settings.at_sender_id or line.address or None
        numbers, timeout = [mt.msisdn for mt in mts], (CONNECT_SECONDS, READ_SECONDS)
        try:
            said = attempt(lambda: service.send(mts[0].text, numbers, sender_id=sender, timeout=timeout))
        except AfricasTalkingException as error:
            raise _failure(str(error)) from None
        try:
            return json.loads(said) if isinstance(said, str) else said
        except ValueError:
            raise SendFailed(AMBIGUOUS, "an answer that is no JSON") from None


def _outcome(said: Any, msisdn: str) -> Receipt | SendFailed:
    try:
        return _receipt(said, msisdn)
    except SendFailed as failure:
        return failure


def _failure(body: str) -> SendFailed:
    """What is known of a status that was not 2xx: the SDK keeps the body alone."""
    said = " ".join(body.split())[:150]
    if re.search(r"too many requests|rate.?limit|throttl", said, re.I):
        return SendFailed(WAIT, said, 30)
    if UNKNOWN_TO_THEM.search(said):  # our key, not these messages: the line rests until it is mended
        return SendFailed(NOT_SENT, said)
    if re.search(r"invalid|not allowed|forbidden|missing|required|insufficient", said, re.I):
        return SendFailed(REFUSED, said)
    return SendFailed(AMBIGUOUS, said or "no 2xx")


def _receipt(said: Any, msisdn: str) -> Receipt:
    """The answer's part about ``msisdn``, found by number. Raises SendFailed."""
    data = said.get("SMSMessageData") if isinstance(said, dict) else None
    recipients = data.get("Recipients") if isinstance(data, dict) else None
    if not isinstance(recipients, list):
        raise SendFailed(AMBIGUOUS, "an answer without recipients")
    mine = next((r for r in recipients if isinstance(r, dict) and r.get("number") == msisdn), None)
    if mine is None:
        message = str(data.get("Message", "")) if isinstance(data, dict) else ""
        raise SendFailed(REFUSED if message.startswith("Invalid") else AMBIGUOUS, message or "our number is not in the answer")
    code = mine.get("statusCode")
    status = f"{code} {mine.get('status', '')}".strip()
    message_id = str(mine.get("messageId") or "")
    message_id = "" if message_id == "None" else message_id
    if code in TAKEN or (code is None and mine.get("status") == "Success"):
        return Receipt(message_id or None, _cost(mine.get("cost")))
    if code in AGAIN:
        raise SendFailed(AMBIGUOUS if message_id else NOT_SENT, status)
    stopped = code in (406, 409)
    raise SendFailed(REFUSED, status, stopped=stopped)


def _cost(said: Any) -> str:
    """ "KES 0.8000", or "" where it is no amount in a currency."""
    return said if isinstance(said, str) and re.fullmatch(r"[A-Z]{3} [0-9]+(\.[0-9]+)?", said) else ""


provider = AfricasTalking()
