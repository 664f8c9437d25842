"""Rows about the database itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Instant


class Epoch(Base):
    """The database was put back from a copy. Until ``released_at`` nothing is sent: it may have been sent since the copy."""

    __tablename__ = "epochs"
    id: Mapped[int] = mapped_column(primary_key=True)
    restored_at: Mapped[datetime] = mapped_column(Instant)
    released_at: Mapped[datetime | None] = mapped_column(Instant)
