"""Rows of listening: which programmes a learner wants to be reminded of, and of which airings she was."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Instant


class ProgrammeWish(Base):
    """She wants an SMS before each airing of a slot on a station, until she says that it is enough."""

    __tablename__ = "programme_wishes"
    __table_args__ = (Index("ix_programme_wishes_station_id_slot_id", "station_id", "slot_id"),)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learners.id"), primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"), primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("stations.id"), primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(Instant)


class ProgrammeReminder(Base):
    """She had, or has missed, her SMS before one airing: the constraint judges between two workers, and however it moves.

    An airing is known by its slot, its original local start (as text: "2026-11-23 10:00") and its station.
    """

    __tablename__ = "programme_reminders"
    __table_args__ = (
        UniqueConstraint("learner_id", "slot_id", "station_id", "original_start", name="uq_programme_reminders_airing"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learners.id"))
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"))
    station_id: Mapped[int] = mapped_column(ForeignKey("stations.id"))
    original_start: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(Instant, index=True)
