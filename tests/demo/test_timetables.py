"""The real timetables of 2020, on the air this week and next."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from broadcast_schedule import compliance, editions, guide, offers, station_keys, station_news
from broadcast_schedule.tables import Edition, Occurrence, Station
from core.database import Database
from demo import people, timetables
from schools.tables import Region

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)  # Wednesday, 10.00 WIB
SECRET = "a secret of the tests"


@pytest.fixture(scope="module")
def database(tmp_path_factory, empty_sqlite):
    """One for all of these tests: they only look, and the passwords of the demo's people take a second to hash."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copy(empty_sqlite, folder / "kentongan.db")
    found = Database(f"sqlite:///{folder}/kentongan.db")
    yield found
    found.close()


@pytest.fixture(scope="module")
def seeded(database):
    with database.writing() as db:
        people.seed(db, NOW, SECRET)
        return timetables.seed(db, NOW, SECRET)


def week(database, slug, monday="2026-11-23", days=7):
    """(local day and hours, title) of all that is published."""
    with database.reading() as db:
        station = guide.station_by_slug(db, slug)
        found = guide.window(db, station, datetime.fromisoformat(monday).date(), days)
        zone = ZoneInfo(station.time_zone)
        return [(f"{o.start.astimezone(zone):%a %H:%M}-{o.end.astimezone(zone):%H:%M}", o.title) for o in found.occurrences]


def test_three_stations_are_told_one_in_each_zone(seeded):
    assert [(s["slug"], s["time_zone"], sorted(s)) for s in seeded] == [
        ("tvri-nasional", "Asia/Jakarta", ["calendar_token", "key", "name", "slug", "time_zone"]),
        ("rri-samarinda", "Asia/Makassar", ["calendar_token", "key", "name", "slug", "time_zone"]),
        ("rri-jayapura", "Asia/Jayapura", ["calendar_token", "key", "name", "slug", "time_zone"]),
    ]


def test_a_second_call_changes_nothing_and_says_the_same(seeded, database):
    with database.writing() as db:
        before = db.execute(
            select(func.count(Occurrence.id), func.sum(Occurrence.sequence), func.max(Occurrence.updated_at))
        ).one()
        assert timetables.seed(db, NOW + timedelta(days=3), SECRET) == seeded
        after = db.execute(
            select(func.count(Occurrence.id), func.sum(Occurrence.sequence), func.max(Occurrence.updated_at))
        ).one()
        assert (before, db.scalar(select(func.count(Edition.number)))) == (after, 1)


def test_the_keys_open_their_stations(seeded, database):
    with database.reading() as db:
        ids = dict(db.execute(select(Station.slug, Station.id)).all())
        assert [station_keys.owner_of(db, s["key"], "full") for s in seeded] == [ids[s["slug"]] for s in seeded]
        assert [station_keys.owner_of(db, s["calendar_token"], "calendar") for s in seeded] == [ids[s["slug"]] for s in seeded]


def test_the_relay_is_the_same_hour_in_three_zones(seeded, database):
    days = ("Mon", "Tue", "Wed", "Thu", "Fri")
    for slug, hours in (("rri-samarinda", "11:00-12:00"), ("rri-denpasar", "11:00-12:00"), ("rri-jayapura", "12:00-13:00")):
        assert week(database, slug) == [(f"{day} {hours}", "Belajar di RRI (Ibu Pertiwi Memanggil)") for day in days]
    assert week(database, "rri-banda-aceh") == [(f"{day} 10:00-11:00", "Belajar di RRI (Ibu Pertiwi Memanggil)") for day in days]
    assert week(database, "rri-yogyakarta")[-1] == ("Sat 10:00-11:00", "Belajar di RRI: luar mata pelajaran inti")


def test_each_relay_is_an_accepted_offer_that_siar_can_name(seeded, database):
    with database.reading() as db:
        assert [(row.code, row.slug, row.state, row.mode) for row in offers.all_of(db)] == [
            (101, "rri-samarinda", "accepted", "relay"), (102, "rri-jayapura", "accepted", "relay"),
            (103, "rri-banda-aceh", "accepted", "relay"), (104, "rri-denpasar", "accepted", "relay"),
        ]  # fmt: skip
        east = db.scalar(select(Station.id).where(Station.slug == "rri-jayapura"))
        aired = compliance.recent(db, east, datetime(2026, 11, 25, 4, 0, tzinfo=UTC))
        assert {row.code for row in aired} == {102}
    assert database.step(station_news.untold) == []


def test_tvri_has_its_printed_days_on_their_own_weekdays(seeded, database):
    tuesday = [what for what in week(database, "tvri-nasional") if what[0].startswith("Tue") and "Edukasi" not in what[1]]
    assert tuesday == [
        ("Tue 08:00-08:30", "Jalan Sesama"),
        ("Tue 08:30-09:00", "Gemar Matematika Bersama Pak Ridwan"),
        ("Tue 10:00-10:30", "X-Sains"),
        ("Tue 10:30-11:00", "Mantul, Matematika Manfaat Betul"),
        ("Tue 14:03-14:30", "Matematika"),
        ("Tue 14:30-15:00", "Keluarga Indonesia"),
        ("Tue 21:30-23:30", "Film Nasional"),
    ]


def test_all_that_was_printed_is_on_within_two_weeks(seeded, database):
    printed = {(r["series"], r["start"], r["end"]) for r in timetables._rows("tvri_belajar_dari_rumah_2020.csv")}
    shown = {(title, hours[4:9], hours[10:]) for hours, title in week(database, "tvri-nasional", days=14)}
    assert printed - shown == set()


def test_nothing_clashes_and_nothing_waits(seeded, database):
    with database.reading() as db:
        assert editions.has_draft(db) is False
        assert editions.difference(db, NOW).changes == ()


@pytest.mark.parametrize(
    ("code", "station"),
    [
        ("34.71", "RRI Yogyakarta Programa 2"),
        ("64.72", "RRI Samarinda"),
        ("91.71", "RRI Jayapura"),
        ("51.71", "RRI Denpasar Programa 2"),
    ],
)
def test_learners_hear_of_their_own_station(seeded, database, code, station):
    with database.reading() as db:
        region = db.scalar(select(Region.id).where(Region.code == code))
        first = guide.now_and_next(db, region, NOW)[0]
    assert (first.station, first.start) == (station, datetime(2026, 11, 25, 3, 0, tzinfo=UTC))
