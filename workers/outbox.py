"""Sends what waits in the outbox: claim, commit, send with no transaction open, settle, commit."""

from __future__ import annotations

import re

import structlog
from flask import current_app
from structlog.contextvars import bound_contextvars

from core import clock, msisdn
from core.database import database
from core.logs import numbers_masked
from core.settings import Settings
from gateway import outbox, postponed, provider, trail
from gateway.lines import lines
from gateway.outbox import Claim
from gateway.provider import AMBIGUOUS, NOT_SENT, REFUSED, SendFailed
from gateway.traffic import Mt, Receipt

log = structlog.get_logger()


def deliver(message_id: int) -> bool:
    """Sends the message with this id if it is due; False where it is not, or somebody else has it."""
    limit = _limit()
    claims = database().step(lambda db: outbox.claim(db, clock.now(), only=message_id, limit=limit), seconds=10)
    for claimed in claims:
        send(claimed)
    return bool(claims)


def deliver_due(n: int = 1) -> list[Claim]:
    """Leases up to ``n`` due messages to the caller, who calls ``send`` on each at once."""
    limit = _limit()
    return database().step(lambda db: outbox.claim(db, clock.now(), n, limit=limit), seconds=10)


def _limit() -> int:
    """Segments a day of everybody together; 0 is no limit."""
    settings: Settings = current_app.extensions["settings"]
    return settings.sms_budget_daily_segments


def send(claimed: Claim) -> None:
    """Sends a claimed message and settles it. The lease is looked at again just before, and committed as ``sending``."""
    with bound_contextvars(trail=trail.of_outbox(claimed.id, claimed.key), message=claimed.id, line=claimed.line_id):
        if not database().step(lambda db: outbox.sending(db, claimed, clock.now()), seconds=10):
            return
        outcome = _outcome(claimed)
        database().step(lambda db: outbox.settle(db, claimed, outcome, clock.now()), seconds=10)
        if isinstance(outcome, SendFailed):
            log.warning("mt_not_sent", retry=outcome.retry, reason=outcome.reason, msisdn=msisdn.masked(claimed.msisdn))
        else:
            log.info("mt_sent", msisdn=msisdn.masked(claimed.msisdn))


def _outcome(claimed: Claim) -> Receipt | SendFailed:
    settings: Settings = current_app.extensions["settings"]
    line = lines().of_id(claimed.line_id)
    found = provider.find(line.provider) if line else None
    if line is None or found is None:
        return SendFailed(REFUSED if line else NOT_SENT, "no such provider" if line else "the line is switched off", 60)
    mt = Mt(claimed.id, claimed.msisdn, claimed.text, found.dlr_url(line, claimed.id, settings), claimed.expires_at)
    try:
        return found.send(mt, line, settings)
    except SendFailed as failure:
        failure.reason = without_echo(failure.reason, mt)
        return failure
    except Exception as error:  # a provider's defect: what left, nobody knows
        log.exception("provider_broke", provider=line.provider)
        return SendFailed(AMBIGUOUS, type(error).__name__)


def without_echo(reason: str, mt: Mt) -> str:
    """What the network said, without the words of our message in it: it is kept, logged and shown, and they are a learner's."""
    ours = set(re.findall(r"\w{4,}", mt.text.casefold()))
    said = re.sub(r"\w{4,}", lambda word: "…" if word[0].casefold() in ours else word[0], reason)
    return numbers_masked(said.replace(mt.msisdn, msisdn.masked(mt.msisdn)))


def sweep() -> int:
    """Parks what a dead sender left half sent; how many there were."""
    return database().step(lambda db: outbox.sweep(db, clock.now()), seconds=10)


def another_day() -> int:
    """Lets go what waited for this day's budget, and ends what came too late while it waited; how many went on."""
    return database().step(lambda db: postponed.another_day(db, clock.to_ms(clock.now())), seconds=10)
