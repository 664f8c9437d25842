"""Rows of what stations are asked and what they say: offers of carriage, their contacts, what they aired."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Instant


class Offer(Base):
    """A slot is offered to a channel: as ``mode`` and ``delay_minutes`` of a Carriage, in ``language``. ``code`` is what a
    station types in an SMS ("TERIMA 101"). ``proposed_at`` is the wall time there ("11:00") that it wants instead, else "".

    ``state``: offered, accepted, declined, proposed, withdrawn. An accepted one has its Carriage besides: the plan follows that.
    """

    __tablename__ = "offers"
    __table_args__ = (UniqueConstraint("slot_id", "channel_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[int] = mapped_column(unique=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"))
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"), index=True)
    mode: Mapped[str] = mapped_column(String(8))
    delay_minutes: Mapped[int] = mapped_column(default=0)
    language: Mapped[str] = mapped_column(String(8), default="")
    state: Mapped[str] = mapped_column(String(10), default="offered", index=True)
    proposed_at: Mapped[str] = mapped_column(String(5), default="")
    offered_at: Mapped[datetime] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_by: Mapped[str] = mapped_column(String(60), default="")  # "SMS", "API", or the account's login
    told_at: Mapped[datetime | None] = mapped_column(Instant)  # when its station's contacts were sent the offer
    reminded_at: Mapped[datetime | None] = mapped_column(Instant)


class StationContact(Base):
    """A number that speaks for a station by SMS. One number speaks for one station."""

    __tablename__ = "station_contacts"
    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("stations.id"), index=True)
    msisdn: Mapped[str] = mapped_column(String(16), unique=True)
    name: Mapped[str] = mapped_column(String(80), default="")
    created_at: Mapped[datetime] = mapped_column(Instant)


class AsRun(Base):
    """What a station says of one published airing: ``state`` is aired or failed. The newest word counts, and is the only row.

    ``start`` and ``end`` are the actual ones of an airing that took place. ``source``: page, api, log, sms. ``was`` is the
    occurrence's status before anything was said of it.
    """

    __tablename__ = "as_runs"
    __table_args__ = (Index("ix_as_runs_station_id_reported_at", "station_id", "reported_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrences.id"), unique=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("stations.id"))
    state: Mapped[str] = mapped_column(String(8))
    start: Mapped[datetime | None] = mapped_column(Instant)
    end: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(String(160), default="")
    source: Mapped[str] = mapped_column(String(8))
    was: Mapped[str] = mapped_column(String(10))
    reported_at: Mapped[datetime] = mapped_column(Instant)


class AskedAsRun(Base):
    """A day of a station for which it was asked what it aired: once."""

    __tablename__ = "asked_as_runs"
    station_id: Mapped[int] = mapped_column(ForeignKey("stations.id"), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)  # its local date, YYYY-MM-DD
    asked_at: Mapped[datetime] = mapped_column(Instant)
