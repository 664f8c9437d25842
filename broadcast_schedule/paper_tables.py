"""Rows of what hangs on an episode: recordings, scripts, teacher's notes, and which station fetched them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Instant, partial


class EpisodeFile(Base):
    """A file of an episode: ``kind`` is recording, script or notes; the bytes are those of ``digest`` in core.files.

    Never changed: another one ``replaces`` it, which removes this. One that was removed is offered to nobody, and its bytes
    stay, so that it can be offered again. The same bytes are offered once on an episode.
    """

    __tablename__ = "episode_files"
    __table_args__ = (
        Index(
            "uq_episode_files_offered", "episode_id", "digest", unique=True,
            **partial("removed_at IS NULL"),
        ),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(primary_key=True)
    episode_id: Mapped[int] = mapped_column(ForeignKey("episodes.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(160))
    digest: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]  # bytes
    media_type: Mapped[str] = mapped_column(String(40))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("episode_files.id"))
    added_at: Mapped[datetime] = mapped_column(Instant)
    added_by: Mapped[str] = mapped_column(String(60))  # the account's login
    removed_at: Mapped[datetime | None] = mapped_column(Instant)
    removed_by: Mapped[str] = mapped_column(String(60), default="")


class FileFetch(Base):
    """A station fetched a file: first, last, and how often."""

    __tablename__ = "file_fetches"
    __table_args__ = (UniqueConstraint("file_id", "station_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("episode_files.id"))
    station_id: Mapped[int] = mapped_column(ForeignKey("stations.id"), index=True)
    first_at: Mapped[datetime] = mapped_column(Instant)
    last_at: Mapped[datetime] = mapped_column(Instant)
    times: Mapped[int] = mapped_column(default=1)
