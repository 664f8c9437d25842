"""Rows of lines, the network's sessions, what came in, what goes out, who wants no messages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Instant, Json, partial


class Line(Base):
    """An address we own: a short code, a service code, a sender. Its token is the secret in its webhooks' path."""

    __tablename__ = "lines"
    __table_args__ = (UniqueConstraint("provider", "medium", "address"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(String(20))
    medium: Mapped[str] = mapped_column(String(8))
    address: Mapped[str] = mapped_column(String(40))
    token: Mapped[str] = mapped_column(String(64), unique=True)
    old_token: Mapped[str | None] = mapped_column(String(64), unique=True)  # still good while a secret is rotated
    profile: Mapped[str] = mapped_column(String(20), default="")  # generic provider: kannel, jasmin, relay
    send_url: Mapped[str] = mapped_column(Text, default="")
    budget: Mapped[int] = mapped_column(default=160)  # septets of a USSD screen
    prices: Mapped[Any] = mapped_column(Json, default=dict)  # rupiah a segment by MSISDN prefix; "" is the rest
    options: Mapped[Any] = mapped_column(Json, default=dict)  # field names, user names: what the profile needs
    default_course: Mapped[str] = mapped_column(String(20), default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    networks: Mapped[Any] = mapped_column(Json, default=list, server_default="[]")  # who may call; none named: whoever knows
    filters: Mapped[str] = mapped_column(String(12), default="strict", server_default="strict")  # a route of lessons.filters
    rest_until: Mapped[datetime | None] = mapped_column(Instant)  # a sender found its network broken (gateway.breaker)


class NetworkSession(Base):
    """A USSD or call session as the network knows it: what was typed so far, and the reply to it."""

    __tablename__ = "network_sessions"
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"), primary_key=True)
    network_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    msisdn: Mapped[str] = mapped_column(String(16), primary_key=True)
    typed: Mapped[str] = mapped_column(Text)
    hops: Mapped[int] = mapped_column(default=1)
    appends: Mapped[bool | None]  # does the network send all that was typed so far? none: it has not shown yet
    reply: Mapped[str] = mapped_column(Text, default="")  # to the newest hop, as Inbox.reply keeps it
    begun_at: Mapped[datetime | None] = mapped_column(
        Instant, index=True
    )  # what the old are found by: an index that no hop moves
    updated_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Inbox(Base):
    """Everything that came in, once: ``key`` is unique on its line, ``reply`` is what a repeat is told."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("line_id", "key"),
        Index("ix_inbox_state_received_at", "state", "received_at"),
        Index(
            "ix_inbox_msisdn_waiting", "msisdn",
            **partial("state = 'waiting'"),
        ),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"))
    key: Mapped[str] = mapped_column(String(120))
    msisdn: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(Instant)
    said_at: Mapped[datetime | None] = mapped_column(Instant)  # when it was sent, where the network held it back
    state: Mapped[str] = mapped_column(String(10))  # waiting, answered, dead, orphan (a DLR before its message)
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime | None] = mapped_column(Instant)
    reply: Mapped[str | None] = mapped_column(Text)


class Outbox(Base):
    """An MT and its fate. ``rank`` only rises; whoever writes must hold the newest ``fence``."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_state_line_id", "state", "line_id", "urgency", "not_before"),  # the order in which they leave
        Index("ix_outbox_provider_id", "line_id", "provider_id"),
        Index(  # costs the answers nothing
            "ix_outbox_broadcast_id",
            "broadcast_id",
            **partial("broadcast_id IS NOT NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)  # what it answers: posting twice posts once
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"))
    msisdn: Mapped[str] = mapped_column(String(16), index=True)
    text: Mapped[str] = mapped_column(Text)
    segments: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))  # gateway.outbox.RANK names them all
    rank: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(200), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    fence: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    not_before: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    provider_id: Mapped[str | None] = mapped_column(String(80))
    cost: Mapped[str] = mapped_column(String(24), default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    urgency: Mapped[int] = mapped_column(default=0, server_default="0")  # 0: somebody waits for it; 1: an announcement
    price: Mapped[int] = mapped_column(default=0, server_default="0")  # rupiah, all its segments
    school_id: Mapped[int | None]  # whose announcement it is
    paid: Mapped[str] = mapped_column(String(8), default="no", server_default="no")  # no, reserved, spent: what the ledger holds
    paid_on: Mapped[int | None]  # in which day's row of the ledger
    quiet_at: Mapped[datetime | None] = mapped_column(Instant)  # an evening on which its quiet hours begin (gateway.quiet)
    moved_from: Mapped[int | None]  # the line that it was posted on, where another one took it
    broadcast_id: Mapped[int | None]  # which announcement it is of


class Budget(Base):
    """A day's money: what is reserved for messages on their way, and spent. School 0 is everybody together."""

    __tablename__ = "budgets"
    day: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # days since 1970 on the operator's clock
    school_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    segments_reserved: Mapped[int] = mapped_column(default=0)
    rupiah_reserved: Mapped[int] = mapped_column(BigInteger, default=0)
    segments_spent: Mapped[int] = mapped_column(default=0)
    rupiah_spent: Mapped[int] = mapped_column(BigInteger, default=0)


class SchoolBudget(Base):
    """How many segments of announcements a school may send a day. No row: no limit of its own."""

    __tablename__ = "school_budgets"
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    daily_segments: Mapped[int]


class Broadcast(Base):
    """An announcement to a class or a school, as it was confirmed. ``key`` is its form's: sent twice, it goes out once."""

    __tablename__ = "broadcasts"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"), index=True)
    class_id: Mapped[int | None] = mapped_column(ForeignKey("classes.id"))
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    text: Mapped[str] = mapped_column(Text)
    messages: Mapped[int]
    segments: Mapped[int]
    rupiah: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(Instant)


class OptOut(Base):
    """A number that said STOP. It holds on every line until START; each change is kept."""

    __tablename__ = "opt_outs"
    id: Mapped[int] = mapped_column(primary_key=True)
    msisdn: Mapped[str] = mapped_column(String(16), index=True)
    said: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
