"""Rows of what lies over the plan (seasons, blackouts), of episodes laid along a slot, and of editions as they were."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Json


class SlotEpisode(Base):
    """The episodes laid along a slot, in order of ``position`` from the slot's ``run_from`` on."""

    __tablename__ = "slot_episodes"
    __table_args__ = (UniqueConstraint("slot_id", "position"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"), index=True)
    position: Mapped[int]
    episode_id: Mapped[int] = mapped_column(ForeignKey("episodes.id"))


class Season(Base):
    """Days on which some slots air otherwise: Ramadan, examinations. ``is_provisional``: the days may still move."""

    __tablename__ = "seasons"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    starts_on: Mapped[date]
    ends_on: Mapped[date]  # inclusive
    is_provisional: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class SeasonEffect(Base):
    """What a season does to a slot: ``skipped``, ``moved`` to another hour or length, or ``only``: else it does not air."""

    __tablename__ = "season_effects"
    season_id: Mapped[int] = mapped_column(ForeignKey("seasons.id"), primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"), primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(String(10))
    starts_at: Mapped[time | None]
    minutes: Mapped[int | None]


class Blackout(Base):
    """A station (or, without one, every station) is off the air between two local wall times: Nyepi in Bali."""

    __tablename__ = "blackouts"
    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int | None] = mapped_column(ForeignKey("stations.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    starts_at: Mapped[datetime]  # naive local wall time of each station
    ends_at: Mapped[datetime]


class EditionSlot(Base):
    """A slot as an edition published it, with its exceptions, episodes and carriage: what rolling back restores."""

    __tablename__ = "edition_slots"
    number: Mapped[int] = mapped_column(ForeignKey("timetable_editions.number"), primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"), primary_key=True, index=True)
    frozen: Mapped[Any] = mapped_column(Json)
