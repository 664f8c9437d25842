"""What a quiz or a lesson costs by SMS: for each network, and for each class by the numbers that its learners have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lessons.networks import NETWORKS, example
from schools.tables import Class, Learner

MOST_CLASSES = 12


@dataclass(frozen=True, slots=True)
class Bill:
    """``rupiah`` for ``learners`` (those with a phone)."""

    name: str
    learners: int
    rupiah: int


def networks(segments: int, price_to: Callable[[str], int]) -> list[tuple[str, int]]:
    """(network, rupiah of one learner there); one line named "" where all cost the same, nothing where nothing has a price."""
    found = [(name, price_to(example(name)) * segments) for name in NETWORKS]
    prices = {rupiah for _name, rupiah in found}
    return [] if prices == {0} else [("", prices.pop())] if len(prices) == 1 else found


def classes(db: Session, school_id: int | None, segments: int, price_to: Callable[[str], int]) -> list[Bill]:
    """One bill for each class of a school, by name: every learner at the price of her own number."""
    if school_id is None:
        return []
    bills: dict[str, Bill] = {}
    for name, msisdn in db.execute(
        select(Class.name, Learner.msisdn)
        .join(Learner, Learner.class_id == Class.id)
        .where(Class.school_id == school_id, Learner.msisdn.is_not(None))
        .order_by(Class.name)
    ):
        had = bills.get(name, Bill(name, 0, 0))
        bills[name] = Bill(name, had.learners + 1, had.rupiah + price_to(msisdn or "") * segments)
    return list(bills.values())[:MOST_CLASSES]
