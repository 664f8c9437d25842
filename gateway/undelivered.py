"""Kinds of message that do not arrive although the rest of their line does: what a content filter looks like from here.

A filter says nothing: the network takes the message, bills it, and reports a failure or never reports at all. What shows is that
one text fails and others on the same line do not. So messages are put together by how they end (a question's text and options;
what stands before it is the verdict on the last answer), and each kind is compared with the rest of its line.

It is a hint and no proof. Counted are telephones and not messages, since one that is switched off fails often; a kind needs
``FEWEST`` of them, and must fail ``TIMES`` as often as the rest and by more than chance would in years (four standard errors,
because many kinds are looked at). Where nothing on a line is ever reported as delivered nothing can be said of it.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from gateway.tables import Line, Outbox
from gateway.traffic_report import first_since
from lessons import filters

WINDOW = timedelta(days=3)
PATIENCE = timedelta(hours=6)  # a report that is not there by then will not come
MOST_MESSAGES = 50_000  # that are looked at, the newest
FEWEST = 20
FEWEST_FAILED = 5
TIMES = 2
ERRORS = 4.0
ENDING = 60  # characters of a text that name its kind


@dataclass(frozen=True, slots=True)
class Suspect:
    """``failed`` of ``sent`` telephones did not get it, where ``rest`` (0 to 1) is usual on the line.

    ``found`` is what a filter may take offence at in it. So many have the very same ``ending`` that it is nobody's own words.
    """

    line_id: int
    address: str
    ending: str
    sent: int
    failed: int
    rest: float
    found: tuple[str, ...]

    @property
    def rate(self) -> float:
        return self.failed / self.sent


def suspects(db: Session, now: datetime) -> list[Suspect]:
    """Those there are, the worst first, ten at most."""
    lines = {line.id: line for line in db.scalars(select(Line).where(Line.medium == "sms"))}
    counts = _counts(db, now)
    found = []
    for line_id in {line for line, _ in counts}:
        kinds = {ending: both for (line, ending), both in counts.items() if line == line_id}
        total = Counter[str]()
        for both in kinds.values():
            total.update(both)
        for ending, both in kinds.items():
            rest = is_suspect(both["failed"], both.total(), total["failed"], total.total())
            if rest is not None and line_id in lines:
                offence = tuple(risk.found for risk in filters.risks(ending))
                found.append(Suspect(line_id, lines[line_id].address, ending, both.total(), both["failed"], rest, offence))
    return sorted(found, key=lambda suspect: (-suspect.failed, suspect.ending))[:10]


def is_suspect(failed: int, sent: int, all_failed: int, all_sent: int) -> float | None:
    """How often the rest of the line fails, where a kind with ``failed`` of ``sent`` fails unusually often; else None."""
    others, lost = all_sent - sent, all_failed - failed
    if sent < FEWEST or failed < FEWEST_FAILED or others < FEWEST or lost >= others:
        return None
    rate, rest = failed / sent, lost / others
    pooled = all_failed / all_sent
    error = math.sqrt(pooled * (1 - pooled) * (1 / sent + 1 / others))
    is_far = error > 0 and (rate - rest) / error >= ERRORS
    return rest if is_far and rate >= TIMES * rest else None


def _counts(db: Session, now: datetime) -> dict[tuple[int, str], Counter[str]]:
    """{(line, how it ends): telephones that it reached or failed to}."""
    newest = db.scalar(select(func.max(Outbox.id))) or 0
    length = func.length(Outbox.text)
    ending = func.substr(Outbox.text, case((length > ENDING, length - ENDING + 1), else_=1))
    did = case((Outbox.state == "delivered", "reached"), else_="failed")
    taken_and_lost = and_(Outbox.state == "failed", Outbox.provider_id.is_not(None))
    unheard = and_(Outbox.state == "sent", Outbox.created_at < now - PATIENCE)
    counted = (
        select(Outbox.line_id, ending, did, func.count(Outbox.msisdn.distinct()))
        .where(
            Outbox.id >= max(first_since(db, now - WINDOW), newest - MOST_MESSAGES), Outbox.created_at >= now - WINDOW,
            or_(Outbox.state == "delivered", taken_and_lost, unheard),
        )
        .group_by(Outbox.line_id, ending, did)
    )  # fmt: skip
    found: dict[tuple[int, str], Counter[str]] = {}
    for line_id, end, what, count in db.execute(counted):
        found.setdefault((line_id, _plain(end)), Counter())[what] += count
    return found


def _plain(ending: str) -> str:
    """One kind whatever the number of the question or of her score: runs of up to three digits are "#". Longer ones are what a
    filter looks at, and stay."""
    return re.sub(r"(?<!\d)\d{1,3}(?!\d)", "#", " ".join(ending.split()))
