"""Sends what waits in the outbox: claim, commit, send with no transaction open, settle, commit."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from flask import current_app

from core import clock, msisdn
from core.database import database
from core.hot import Busy, Hot
from core.logs import numbers_masked
from core.settings import Settings
from gateway import outbox, postponed, provider, trail
from gateway.claiming import LEASE
from gateway.gates import gates, route_of
from gateway.lines import lines
from gateway.outbox import Claim
from gateway.provider import AMBIGUOUS, CONNECT_SECONDS, NOT_SENT, READ_SECONDS, REFUSED, SendFailed
from gateway.tables import Line
from gateway.traffic import Mt, Receipt

SETTLES = 6  # tries of ten seconds; then its lease has ended, and the sweep calls it unknown
MAY_BEGIN_S = LEASE.total_seconds() - CONNECT_SECONDS - READ_SECONDS  # from its claim: the answer is there before the lease ends
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Want:
    """Room for so many requests and messages of ``line`` over ``via``, ``many`` recipients to a request."""

    line: Line
    via: Line
    requests: int
    messages: int
    many: int = 1


@dataclass(frozen=True, slots=True)
class Sent:
    """Messages that went in one request, over ``via``, and what the network said to each; it took so many seconds."""

    via: Line
    claims: Sequence[Claim]
    outcomes: Sequence[Receipt | SendFailed]
    took: float

    @property
    def outcome(self) -> Receipt | SendFailed:
        """That of the request."""
        return next((one for one in self.outcomes if isinstance(one, SendFailed)), self.outcomes[0])


def turn(sent: Sequence[Sent], wants: Sequence[Want]) -> list[tuple[Line, list[Claim]]]:
    """One commit: what has been answered is settled, and what may begin is claimed and marked as being sent.

    Returns the requests to make at once, each with its line: their leases are running. So ``sending`` are never more than what
    ``wants`` and those under way allow, which is what a kill can leave unknown.
    """
    limit, pairs = _limit(), [pair for one in sent for pair in zip(one.claims, one.outcomes, strict=True)]

    def work(db: Hot) -> list[tuple[Line, list[Claim]]]:
        now = clock.now()
        outbox.settle_all(db, pairs, now)
        by = db.now() if wants else now
        used: dict[str, list[int]] = {}
        return [(want.via, group) for want in wants for group in _begun(db, want, used, limit, now, by)]

    begun: list[tuple[Line, list[Claim]]] = database().step(work, seconds=10)
    tell(sent)
    return begun


def _begun(db: Hot, want: Want, used: dict[str, list[int]], limit: int, now: datetime, by: datetime) -> list[list[Claim]]:
    """The requests of ``want`` that may begin; ``used`` is what others of this turn took of its route."""
    taken = used.setdefault(route_of(want.via), [0, 0])
    requests, messages = want.requests - taken[0], want.messages - taken[1]
    if requests < 1 or messages < 1:
        return []
    claims = outbox.claim(
        db, now, min(requests, messages), line_id=want.line.id, via=want.via if want.via.id != want.line.id else None,
        limit=limit, many=want.many, most=messages, by=by,
    )  # fmt: skip
    groups = grouped(claims, want.many)
    if back := [one for group in groups[requests:] for one in group]:  # of different texts, they do not fit into as few
        outbox.put_back(db, back, now)
    groups = groups[:requests]
    outbox.begin(db, [one for group in groups for one in group], by)
    taken[0] += len(groups)
    taken[1] += sum(map(len, groups))
    return groups


def carry(claims: Sequence[Claim], via: Line, settings: Settings, begun_at: float) -> Sent:
    """Makes the request, unless it is so late (since ``begun_at``, monotonic) that somebody may think us dead."""
    began = time.monotonic()
    outcomes: Sequence[Receipt | SendFailed]
    if began - begun_at > MAY_BEGIN_S:
        outcomes = [SendFailed(NOT_SENT, "the sender slept") for _ in claims]
    else:
        outcomes = _outcomes(claims, via, settings)
    return Sent(via, claims, outcomes, time.monotonic() - began)


def tell(sent: Sequence[Sent]) -> None:
    """Logs what became of messages: a line each, but for announcements that left, which share one."""
    alike: dict[int, list[Claim]] = {}
    for one in sent:
        for claimed, outcome in zip(one.claims, one.outcomes, strict=True):
            if claimed.urgency and not isinstance(outcome, SendFailed):
                alike.setdefault(claimed.line_id, []).append(claimed)
                continue
            about = {
                "trail": trail.of_outbox(claimed.id, claimed.key), "message": claimed.id, "line": claimed.line_id,
                "msisdn": msisdn.masked(claimed.msisdn),
            }  # fmt: skip
            if isinstance(outcome, SendFailed):
                log.warning("mt_not_sent", retry=outcome.retry, reason=outcome.reason, **about)
            else:
                log.info("mt_sent", **about)
    for line_id, claims in alike.items():
        log.info("mt_sent", line=line_id, messages=len(claims), trail=" ".join(trail.of_outbox(x.id, x.key) for x in claims))


def deliver(message_id: int) -> bool:
    """Sends the message with this id if it is due; False where it is not, or somebody else has it, or its line is to rest."""
    limit = _limit()
    claims = database().step(lambda db: outbox.claim(db, clock.now(), only=message_id, limit=limit, by=db.now()), seconds=10)
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
        lambda db: outbox.claim(
            db, clock.now(), n, line_id=line_id, via=other, limit=limit, many=many, most=max(n, most), by=db.now()
        ),
        seconds=10,
    )


def put_back(claims: Sequence[Claim], seconds: float = 0.0) -> None:
    """Gives claims up that are not to be sent now; they are due again in so many seconds."""
    until = clock.now() + timedelta(seconds=seconds)
    database().step(lambda db: outbox.put_back(db, claims, until), seconds=10)


def grouped(claims: Sequence[Claim], many: int) -> list[list[Claim]]:
    """The claims in the requests they will go in: one text, different numbers, no more than ``many`` at once."""
    groups: dict[tuple[int, str], list[list[Claim]]] = {}
    numbers: dict[tuple[int, str], set[str]] = {}  # of the newest group
    for claimed in claims:
        alike = (claimed.line_id, claimed.text)
        found, there = groups.setdefault(alike, []), numbers.get(alike, set())
        if not found or len(found[-1]) >= many or claimed.msisdn in there:
            found.append([])
            there = numbers[alike] = set()
        found[-1].append(claimed)
        there.add(claimed.msisdn)
    return [group for found in groups.values() for group in found]


def _limit() -> int:
    """Segments a day of everybody together; 0 is no limit."""
    return _settings().sms_budget_daily_segments


def send(claimed: Claim) -> None:
    """Sends one claimed message and settles it. Its lease is looked at just before, and committed as ``sending``."""
    line, settings = lines().of_id(claimed.line_id), _settings()
    if line is not None:
        gates().began(line, claimed.segments)
    sent: Sent | None = None
    try:
        if database().step(lambda db: outbox.sending(db, claimed, db.now()), seconds=10):
            nobody = SendFailed(NOT_SENT, "the line is switched off", 60)
            sent = carry([claimed], line, settings, time.monotonic()) if line else Sent(Line(), [claimed], [nobody], 0.0)
    finally:
        if line is not None:
            gates().ended(line, sent.outcome if sent else None, sent.took if sent else 0.0)
    if sent is not None:
        _settled(sent)


def _settled(sent: Sent) -> None:
    """Writes down what the network said. A database that is busy is asked again: only we know its id for the message."""
    for left in reversed(range(SETTLES)):
        try:
            turn([sent], [])
            return
        except Busy:
            if not left:
                raise
            log.warning("settling_busy", message=sent.claims[0].id)


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def _outcomes(claims: Sequence[Claim], line: Line, settings: Settings) -> list[Receipt | SendFailed]:
    found = provider.find(line.provider)
    if found is None:
        return [SendFailed(REFUSED, "no such provider", 60) for _ in claims]
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
    """Parks what a dead sender left half sent; how many there were. Lets go what a clock that was set back would keep."""

    def work(db: Hot) -> int:
        outbox.wound_back(db, clock.now())
        return outbox.sweep(db, db.now())

    return database().step(work, seconds=10)


def another_day() -> int:
    """Lets go what waited for this day's budget, and ends what came too late while it waited; how many went on."""
    return database().step(lambda db: postponed.another_day(db, clock.to_ms(clock.now())), seconds=10)
