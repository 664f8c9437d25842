"""Rows of what comes in by files, and of what RadioDNS needs to know of a channel."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Instant


class Imported(Base):
    """A slot that came from a file. ``key`` and ``part`` find it again in the next version; ``digest`` says whether it changed.

    A UID holds for the whole station, ``<channel id>|<date>|<hour>`` for one channel.
    """

    __tablename__ = "imported_slots"
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"), primary_key=True, autoincrement=False)
    station_id: Mapped[int] = mapped_column(ForeignKey("stations.id"), index=True)
    key: Mapped[str] = mapped_column(String(300))
    part: Mapped[str] = mapped_column(String(60), default="")
    digest: Mapped[str] = mapped_column(String(64))
    sequence: Mapped[int] = mapped_column(default=0)


class Upload(Base):
    """A file between its dry run and its import, of the person who sent it; gone after the import or a day."""

    __tablename__ = "timetable_uploads"
    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("stations.id"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    name: Mapped[str] = mapped_column(String(200))
    options: Mapped[str] = mapped_column(Text)  # JSON: what was ticked beside it
    body: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Instant)


class Bearer(Base):
    """How a channel is received, for the RadioDNS feed: ``fm:cf2.c123.10250``, ``dab:…`` or the https address of a stream.

    The lowest ``cost`` is tried first. ``mime`` and ``kbps`` belong to streams.
    """

    __tablename__ = "bearers"
    __table_args__ = (UniqueConstraint("channel_id", "uri"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"))
    uri: Mapped[str] = mapped_column(String(200))
    cost: Mapped[int] = mapped_column(default=0)
    mime: Mapped[str] = mapped_column(String(60), default="")
    kbps: Mapped[int | None]
