"""Rows of regions, schools, classes, learners, consent, staff and logins."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Instant


class Region(Base):
    """A province, regency, city or district; ``code`` is the Kemendagri code ("91.71")."""

    __tablename__ = "regions"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(16))  # province, regency, city, district
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"))
    time_zone: Mapped[str] = mapped_column(String(40))  # IANA


class School(Base):
    __tablename__ = "schools"
    id: Mapped[int] = mapped_column(primary_key=True)
    npsn: Mapped[str] = mapped_column(String(8), unique=True)  # the national number, eight digits
    name: Mapped[str] = mapped_column(String(120))
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"), index=True)
    time_zone: Mapped[str] = mapped_column(String(40))  # IANA


class Class(Base):
    __tablename__ = "classes"
    __table_args__ = (UniqueConstraint("school_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    grade: Mapped[int]


class Learner(Base):
    """A person. Somebody who merely dialled has no school, no name and no consent: the minimal service."""

    __tablename__ = "learners"
    __table_args__ = (Index("ix_learners_school_id_name", "school_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int | None] = mapped_column(ForeignKey("schools.id"))
    class_id: Mapped[int | None] = mapped_column(ForeignKey("classes.id"), index=True)
    name: Mapped[str | None] = mapped_column(String(80))
    msisdn: Mapped[str | None] = mapped_column(String(16), index=True)
    language: Mapped[str | None] = mapped_column(String(8))  # her choice; none yet: she is asked at the menu
    created_at: Mapped[datetime] = mapped_column(Instant)


class Consent(Base):
    """One statement of a guardian, kept as proof (UU PDP 27/2022 art. 24): the newest one counts."""

    __tablename__ = "consents"
    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learners.id"), index=True)
    state: Mapped[str] = mapped_column(String(12))  # given, withdrawn
    guardian: Mapped[str] = mapped_column(String(80))
    how: Mapped[str] = mapped_column(String(40))  # paper, sms, call
    text_version: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(Instant)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class Staff(Base):
    """Somebody with a login. ``role``: teacher (one school), planner, station (one station), operator, admin."""

    __tablename__ = "staff"
    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int | None] = mapped_column(ForeignKey("schools.id"), index=True)
    station_slug: Mapped[str | None] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(80))
    login: Mapped[str] = mapped_column(String(80), unique=True)
    password_hash: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(String(12))
    language: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime] = mapped_column(Instant)


class Login(Base):
    """A browser's login: the cookie holds the token, this row its hash, so that leaving really ends it."""

    __tablename__ = "logins"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)


class LoginTry(Base):
    """Failed tries by account and by address: ten, then a pause."""

    __tablename__ = "login_tries"
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    failed: Mapped[int]
    until: Mapped[datetime] = mapped_column(Instant)
