"""The demo's people: four regions, two schools in different zones, and everybody's logins. All are made up, and say so."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from demo.derived import derived
from schools import consent, people, staff
from schools.tables import Learner, Region, School

# code, name and zone of a province, then of the city in it (Kemendagri)
REGIONS = (
    ("34", "DI Yogyakarta", "34.71", "Kota Yogyakarta", "Asia/Jakarta"),
    ("91", "Papua", "91.71", "Kota Jayapura", "Asia/Jayapura"),
    ("64", "Kalimantan Timur", "64.72", "Kota Samarinda", "Asia/Makassar"),
    ("51", "Bali", "51.71", "Kota Denpasar", "Asia/Makassar"),
)
# No school has an NPSN that begins with 99, and no subscriber a number in +62 812 0000.
SCHOOLS: dict[str, dict[str, Any]] = {
    "A": {
        "npsn": "99000001", "name": "SD Contoh Kentongan Yogyakarta", "region": "34.71", "class": "5A",
        "teachers": (("guru.a1", "Sri Wahyuni (contoh)"), ("guru.a2", "Bambang Santoso (contoh)")),
        "learners": (
            ("Ayu Contoh", "+628120000101"), ("Bagus Contoh", "+628120000101"), ("Citra Contoh", "+628120000102"),
            ("Dimas Contoh", "+628120000103"), ("Endah Contoh", "+628120000104"),
        ),
    },
    "B": {
        "npsn": "99000002", "name": "SD Contoh Kentongan Jayapura", "region": "91.71", "class": "5B",
        "teachers": (("guru.b1", "Maria Wanggai (contoh)"), ("guru.b2", "Yohanes Kambu (contoh)")),
        "learners": (
            ("Frans Contoh", "+628120000201"), ("Grace Contoh", "+628120000201"), ("Hermina Contoh", "+628120000202"),
            ("Isak Contoh", "+628120000203"), ("Yuliana Contoh", "+628120000204"),
        ),
    },
}  # fmt: skip
STATIONS = ("tvri-nasional", "rri-samarinda", "rri-jayapura", "rri-yogyakarta", "rri-banda-aceh", "rri-denpasar")


def seed(db: Session, now: datetime, secret: str) -> dict[str, Any]:
    """Makes the people that are not there yet: ``schools``, ``admin``, ``planner``, ``operator`` of the demo's JSON."""
    regions = _regions(db)
    schools = {letter: _school(db, now, secret, plan, regions[plan["region"]]) for letter, plan in SCHOOLS.items()}
    admin = _account(db, now, secret, "admin", "Admin (contoh)", "admin")
    planner = _account(db, now, secret, "jadwal", "Penyusun Jadwal (contoh)", "planner")
    operator = _account(db, now, secret, "operator", "Operator (contoh)", "operator")
    for slug in STATIONS:
        _account(db, now, secret, slug, f"{slug} (contoh)", "station", station_slug=slug)
    return {"schools": schools, "admin": admin, "planner": planner, "operator": operator}


def _regions(db: Session) -> dict[str, Region]:
    found = {}
    for province, province_name, city, city_name, zone in REGIONS:
        parent = people.region(db, province, province_name, "province", zone)
        found[city] = people.region(db, city, city_name, "city", zone, parent)
    return found


def _school(db: Session, now: datetime, secret: str, plan: dict[str, Any], of: Region) -> dict[str, Any]:
    school = people.school(db, plan["npsn"], plan["name"], of)
    room = people.class_named(db, school.id, plan["class"], 5)
    teachers = [_account(db, now, secret, login, name, "teacher", school_id=school.id) for login, name in plan["teachers"]]
    learners = [_learner(db, now, school, room, name, number) for name, number in plan["learners"]]
    return {
        "id": school.id, "npsn": school.npsn, "name": school.name, "time_zone": school.time_zone, "class": room.name,
        "teachers": teachers,
        "learners": [{"id": one.id, "name": one.name, "msisdn": one.msisdn} for one in learners],
    }  # fmt: skip


def _learner(db: Session, now: datetime, school: School, room: Any, name: str, number: str) -> Learner:
    found = db.scalars(select(Learner).where(Learner.school_id == school.id, Learner.name == name)).first()
    if found is None:
        found = people.add_learner(db, room, name, number, now)
        consent.give(db, found.id, f"Wali {name}", "paper", now)
    return found


def _account(db: Session, now: datetime, secret: str, login: str, name: str, role: str, **of: Any) -> dict[str, str]:
    password = derived(secret, f"password {login}", 16)
    if staff.staff_of(db, login) is None:
        staff.create(db, login, name, role, staff.hash_password(password), now, **of)
    return {"login": login, "password": password}
