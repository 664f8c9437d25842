"""Sends what waits in the outbox: claim, commit, send with no transaction open, settle, commit."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from datetime import timedelta

import structlog
from flask import current_app
from structlog.contextvars import bound_contextvars

from core import clock, msisdn
from core.database import database
from core.hot import Hot
from core.logs import numbers_masked
from core.settings import Settings
from gateway import outbox, postponed, provider, trail
from gateway.gates import gates
from gateway.lines import lines
from gateway.outbox import Claim
from gateway.provider import AMBIGUOUS, NOT_SENT, REFUSED, SendFailed
from gateway.tables import Line
from gateway.traffic import Mt, Receipt

log = structlog.get_logger()


def deliver(message_id: int) -> bool:
    """Sends the message with this id if it is due; False where it is not, or somebody else has it, or its line is to rest."""
    limit = _limit()
    claims = database().step(lambda db: outbox.claim(db, clock.now(), only=message_id, limit=limit), seconds=10)
    for claimed in claims:
        line = lines().of_id(claimed.line_id)
        if line is not None and gates().room(line)[0] < 1:
            put_back([claimed], max(1.0, gates().wait(line)))
            return False
        send(claimed)
    return bool(claims)


def deliver_due(n: int = 1, line: Line | None = None, via: Line | None = None, many: int = 1, most: int = 1) -> list[Claim]:
    """Leases up to ``n`` due messages (of ``line``, to go over ``via``) to the caller, who calls ``send`` at once.

    Of announcements ``many`` count as one, up to ``most`` in all: they have one text, and share a request.
    """
    limit, line_id = _limit(), line.id if line is not None else None
    other = via if via is not None and via.id != line_id else None
    return database().step(
        lambda db: outbox.claim(db, clock.now(), n, line_id=line_id, via=other, limit=limit, many=many, most=max(n, most)),
        seconds=10,
    )


def put_back(claims: Sequence[Claim], seconds: float = 0.0) -> None:
    """Gives claims up that are not to be sent now; they are due again in so many seconds."""
    until = clock.now() + timedelta(seconds=seconds)

    def work(db: Hot) -> None:
        for one in claims:
            outbox.put_back(db, one, until)

    database().step(work, seconds=10)


def together(claims: Sequence[Claim]) -> list[list[Claim]]:
    """The claims in the requests they will go in: one text, different numbers, no more than the provider takes at once."""
    groups: dict[tuple[int, str], list[list[Claim]]] = {}
    for claimed in claims:
        found = groups.setdefault((claimed.line_id, claimed.text), [])
        many = _many(claimed.line_id)
        if not found or len(found[-1]) >= many or any(one.msisdn == claimed.msisdn for one in found[-1]):
            found.append([])
        found[-1].append(claimed)
    return [group for found in groups.values() for group in found]


def _many(line_id: int) -> int:
    line = lines().of_id(line_id)
    found = provider.find(line.provider) if line else None
    return found.many if found else 1


def _limit() -> int:
    """Segments a day of everybody together; 0 is no limit."""
    settings: Settings = current_app.extensions["settings"]
    return settings.sms_budget_daily_segments


def begin(claims: Sequence[Claim]) -> None:
    """Takes the place in the gates that ``send_together`` gives back."""
    line = lines().of_id(claims[0].line_id)
    if line is not None:
        gates().began(line, sum(one.segments for one in claims), len(claims))


def send(claimed: Claim) -> None:
    """Sends one claimed message and settles it."""
    send_together([claimed])


def send_together(claims: Sequence[Claim], has_begun: bool = False) -> None:
    """Sends claimed messages in one request and settles them. The leases are looked at just before, and committed as ``sending``.

    All of them are of one line and text, to different numbers. A kill in the middle leaves at most these unknown.
    """
    line = lines().of_id(claims[0].line_id)
    if not has_begun:
        begin(claims)
    began, begun = time.monotonic(), len(claims)
    outcome: Receipt | SendFailed | None = None
    try:
        claims = database().step(lambda db: [one for one in claims if outbox.sending(db, one, clock.now())], seconds=10)
        if not claims:
            return
        began = time.monotonic()
        outcomes = _outcomes(claims, line)
        outcome = next((one for one in outcomes if isinstance(one, SendFailed)), outcomes[0])
    finally:
        if line is not None:
            gates().ended(line, outcome, time.monotonic() - began, begun)
    pairs = list(zip(claims, outcomes, strict=True))
    database().step(lambda db: outbox.settle_all(db, pairs, clock.now()), seconds=10)
    for claimed, one in pairs:
        with bound_contextvars(trail=trail.of_outbox(claimed.id, claimed.key), message=claimed.id, line=claimed.line_id):
            if isinstance(one, SendFailed):
                log.warning("mt_not_sent", retry=one.retry, reason=one.reason, msisdn=msisdn.masked(claimed.msisdn))
            else:
                log.info("mt_sent", msisdn=msisdn.masked(claimed.msisdn))


def _outcomes(claims: Sequence[Claim], line: Line | None) -> list[Receipt | SendFailed]:
    settings: Settings = current_app.extensions["settings"]
    found = provider.find(line.provider) if line else None
    if line is None or found is None:
        none = SendFailed(REFUSED if line else NOT_SENT, "no such provider" if line else "the line is switched off", 60)
        return [none for _ in claims]
    mts = [Mt(one.id, one.msisdn, one.text, found.dlr_url(line, one.id, settings), one.expires_at) for one in claims]
    outcomes: list[Receipt | SendFailed]
    try:
        outcomes = [found.send(mts[0], line, settings)] if len(mts) == 1 else found.send_many(mts, line, settings)
    except SendFailed as failure:
        outcomes = [SendFailed(failure.retry, failure.reason, failure.seconds, failure.stopped) for _ in mts]
    except Exception as error:  # a provider's defect: what left, nobody knows
        log.exception("provider_broke", provider=line.provider)
        outcomes = [SendFailed(AMBIGUOUS, type(error).__name__) for _ in mts]
    for one, mt in zip(outcomes, mts, strict=True):
        if isinstance(one, SendFailed):
            one.reason = without_echo(one.reason, mt)
    return outcomes


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
