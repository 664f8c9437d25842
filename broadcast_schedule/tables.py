"""Rows of stations, what is planned, what is published."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Instant, Json, partial


class Station(Base):
    """``revision`` rises when a publication changes this station's own timetable, and only then."""

    __tablename__ = "stations"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    medium: Mapped[str] = mapped_column(String(8))  # radio, tv
    frequency: Mapped[str] = mapped_column(String(40), default="")
    time_zone: Mapped[str] = mapped_column(String(40))  # IANA
    is_open_data: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=0)
    revised_at: Mapped[datetime | None] = mapped_column(Instant)
    pulled_at: Mapped[datetime | None] = mapped_column(Instant)


class StationKey(Base):
    """A station's key, hashed. ``kind``: full (header) or calendar (read-only, goes into ``?key=``)."""

    __tablename__ = "station_keys"
    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("stations.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    prefix: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class Coverage(Base):
    """Whom a station reaches: the region's learners ask JADWAL and are told of it. Lowest ``rank`` first."""

    __tablename__ = "coverage"
    station_id: Mapped[int] = mapped_column(ForeignKey("stations.id"), primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"), primary_key=True)
    rank: Mapped[int] = mapped_column(default=0)


class Channel(Base):
    """What a listener tunes to. ``key`` is the permanent DNS-like id of the feeds ("tvri-nasional.kentongan.id")."""

    __tablename__ = "channels"
    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("stations.id"), index=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(120))


class Programme(Base):
    __tablename__ = "programmes"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(160), index=True)
    description: Mapped[str] = mapped_column(Text, default="")
    audience: Mapped[str] = mapped_column(String(40), default="")  # "SD 4-6", "Umum"
    language: Mapped[str] = mapped_column(String(8), default="id")
    presenter: Mapped[str] = mapped_column(String(120), default="", server_default=text("''"))


class Episode(Base):
    """``quiz_keyword`` names the quiz on this episode, as learners text it; ``lesson`` a lesson as "COURSE lesson-id".

    ``ready_at`` is when its audio is promised to be at the stations: no airing of it may come before, until a recording of it is
    offered (paper_tables.EpisodeFile).
    """

    __tablename__ = "episodes"
    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"), index=True)
    number: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(200))
    quiz_keyword: Mapped[str] = mapped_column(String(20), default="")
    lesson: Mapped[str] = mapped_column(String(80), default="", server_default=text("''"))
    ready_at: Mapped[datetime | None] = mapped_column(Instant)


class Slot(Base):
    """The draft: a rule in local wall time. ``weekdays`` is "MO,WE" for a weekly rule, ``pattern`` the RRULE of any other
    ("FREQ=MONTHLY;BYDAY=-1FR"); both are empty for a single date. ``earlier`` are the rules that held before ``starts_on``, as
    broadcast_schedule.recurrence.to_json keeps them: the slot, and so every feed's id of its airings, stays the same.

    Episodes laid along it (SlotEpisode) begin on ``run_from``; where an airing falls out they ``follow`` the slot (the next
    airing takes what was missed) or the date. ``repeats_id`` is the slot whose last episode this one airs again.
    ``ends_on`` is the last local date, inclusive. A deleted slot is retired, its past stays. ``is_draft`` says that
    something about it (rule, exceptions, carriage, its programme's words) changed since it was last published: a
    publication looks at these slots alone, so its cost follows the edit and not the network.
    """

    __tablename__ = "slots"
    id: Mapped[int] = mapped_column(primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"), index=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"), index=True)
    episode_id: Mapped[int | None] = mapped_column(ForeignKey("episodes.id"))
    time_zone: Mapped[str] = mapped_column(String(40))  # IANA
    starts_on: Mapped[date]
    starts_at: Mapped[time]
    minutes: Mapped[int]
    weekdays: Mapped[str] = mapped_column(String(20), default="")
    every_weeks: Mapped[int] = mapped_column(default=1)
    ends_on: Mapped[date | None]
    is_live: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    retired_at: Mapped[datetime | None] = mapped_column(Instant)
    is_draft: Mapped[bool] = mapped_column(default=True, index=True)
    pattern: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))
    earlier: Mapped[Any] = mapped_column(Json, default=list, server_default="[]")
    presenter: Mapped[str] = mapped_column(String(120), default="", server_default=text("''"))
    is_repeat: Mapped[bool] = mapped_column(default=False, server_default=false())
    repeats_id: Mapped[int | None] = mapped_column(ForeignKey("slots.id"))
    run_from: Mapped[date | None]
    follows: Mapped[str] = mapped_column(String(4), default="date", server_default="date")
    __mapper_args__ = {"version_id_col": version}


class SlotException(Base):
    """One occurrence that departs from its slot: ``skipped``, ``cancelled`` (skipped, and told as cancelled though it was never
    published: a file says so), ``moved`` to another local start or length, or ``added`` on a date that is not the rule's."""

    __tablename__ = "slot_exceptions"
    __table_args__ = (UniqueConstraint("slot_id", "original_start"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"), index=True)
    original_start: Mapped[datetime]  # naive local wall time in the slot's zone: the occurrence's identity
    kind: Mapped[str] = mapped_column(String(10))
    new_start: Mapped[datetime | None]  # naive local wall time
    new_minutes: Mapped[int | None]
    episode_id: Mapped[int | None] = mapped_column(ForeignKey("episodes.id"))


class Carriage(Base):
    """A channel carries another channel's slot: ``relay`` (the same instant) or ``local`` (the same wall time)."""

    __tablename__ = "carriages"
    __table_args__ = (UniqueConstraint("slot_id", "channel_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"), index=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"), index=True)
    mode: Mapped[str] = mapped_column(String(8))
    delay_minutes: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(10))  # offered, accepted, declined


class Edition(Base):
    """A publication of the whole draft: numbered, never changed. ``rolled_back_to`` is the edition whose plan it took again."""

    __tablename__ = "timetable_editions"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    published_at: Mapped[datetime] = mapped_column(Instant)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    changes: Mapped[Any] = mapped_column(Json)  # what was new, moved, cancelled, in words
    rolled_back_to: Mapped[int | None]


class Occurrence(Base):
    """One published airing on one channel. Its identity is (channel, slot, original local start), however it moves.

    A slot airs at most once a local day, so ``original_start`` keeps the hour that was published first even where the
    slot's rule later moves: a feed's UID stays, its SEQUENCE rises. PostgreSQL itself refuses two that overlap on a channel,
    cancelled ones and those that were published ``may_overlap`` (an import's --allow-clashes) aside.
    """

    __tablename__ = "occurrences"
    __table_args__ = (
        UniqueConstraint("channel_id", "slot_id", "original_start"),
        Index("ix_occurrences_station_id_start", "station_id", "start"),
        Index("ix_occurrences_slot_id_original_start", "slot_id", "original_start"),  # one airing, at all its stations
        Index(
            "ix_occurrences_quiz_keyword",
            "quiz_keyword",
            "start",
            **partial("quiz_keyword <> ''"),
        ),  # what opens a quiz
        Index("ix_occurrences_episode_id_start", "episode_id", "start"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("stations.id"))
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"))
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"), index=True)
    original_start: Mapped[datetime]  # naive local wall time in the slot's zone
    start: Mapped[datetime] = mapped_column(Instant)
    end: Mapped[datetime] = mapped_column(Instant)
    title: Mapped[str] = mapped_column(String(160))
    episode: Mapped[str] = mapped_column(String(200), default="")
    episode_id: Mapped[int | None]  # of what it airs, as published: its files are offered with it
    description: Mapped[str] = mapped_column(Text, default="")
    audience: Mapped[str] = mapped_column(String(40), default="")
    language: Mapped[str] = mapped_column(String(8), default="id")
    quiz_keyword: Mapped[str] = mapped_column(String(20), default="")
    status: Mapped[str] = mapped_column(String(10))  # planned, moved, cancelled, aired
    sequence: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int]  # the station's revision that last changed this row
    updated_at: Mapped[datetime] = mapped_column(Instant)
    is_repeat: Mapped[bool] = mapped_column(default=False, server_default=false())
    lesson: Mapped[str] = mapped_column(String(80), default="", server_default=text("''"))
    may_overlap: Mapped[bool] = mapped_column(default=False, server_default=false())
