"""Rows of recordings and pictures that staff handed in. The bytes lie in core.files."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Instant, partial


class MediaFile(Base):
    """A file of a school (none: of the house). The same bytes are one file, and a row for each school that has them.

    ``name`` is what it was called on her disk. A digest that no row names is not given out.
    """

    __tablename__ = "media_files"
    __table_args__ = (
        UniqueConstraint("school_id", "digest"),
        Index(
            "uq_media_files_digest_house", "digest", unique=True,
            **partial("school_id IS NULL"),
        ),
        Index("ix_media_files_digest", "digest"),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int | None] = mapped_column(ForeignKey("schools.id"))
    digest: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120))
    added_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    added_at: Mapped[datetime] = mapped_column(Instant)
