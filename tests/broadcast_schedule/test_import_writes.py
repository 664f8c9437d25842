"""What a file brings, written on either database."""

from __future__ import annotations

from sqlalchemy import select

from broadcast_schedule import editions, importing, stations
from broadcast_schedule.import_writes import portions, take
from broadcast_schedule.importing.reading import Source
from broadcast_schedule.imports import weigh
from broadcast_schedule.tables import Channel, Occurrence, Slot, Station
from tests.broadcast_schedule.conftest import NOW
from tests.broadcast_schedule.test_import_commands import calendar, event, xmltv
from tests.broadcast_schedule.test_import_commands import programme as xml_programme

FILES = (
    "date,start,end,series,episode,channel\n2026-11-23,08:00,08:30,Jalan Sesama,Satu,\n2026-11-23,08:00,08:30,Lain,,Dua\n",
    calendar(event(RRULE="FREQ=MONTHLY;BYDAY=4TU", start="20261124T100000", end="20261124T103000", EXDATE="20261222T100000")),
    xmltv(xml_programme("20261125080000 +0700", "20261125083000 +0700")),
)


def brought(database, station_id, content, **more):
    with database.reading() as db:
        station = db.get(Station, station_id)
        reading = importing.read(content.encode(), Source(station.time_zone))
        found = weigh(db, station, reading, NOW, **more)
    waiting = list(found.waiting)
    for portion in portions(found):
        with database.writing() as db:
            waiting += take(db, station_id, portion, NOW)
    with database.writing() as db:
        return len(found.new), len(found.changed), found.same, editions.publish(db, NOW, None, only=waiting).number


def test_files_of_every_format_are_taken_once(any_database):
    with any_database.writing() as db:
        station_id = stations.create_station(db, "rri-ternate", "RRI Ternate", "Asia/Jakarta").id
    assert [brought(any_database, station_id, content) for content in FILES] == [(2, 0, 0, 1), (1, 0, 0, 2), (1, 0, 0, 3)]
    assert [brought(any_database, station_id, content) for content in FILES] == [
        (0, 0, 2, None),
        (0, 0, 1, None),
        (0, 0, 1, None),
    ]
    changed = FILES[1].replace("103000", "104500")
    assert brought(any_database, station_id, changed) == (0, 1, 0, 4)
    with any_database.reading() as db:
        rows = db.execute(
            select(Occurrence.start, Occurrence.end, Channel.name).join(Channel).order_by(Occurrence.start).limit(5)
        )
        told = [(f"{start:%m-%d %H:%M}", f"{end:%H:%M}", name) for start, end, name in rows]
        assert sorted(told) == [
            ("01-26 03:00", "03:45", "RRI Ternate"),
            ("11-23 01:00", "01:30", "Dua"),
            ("11-23 01:00", "01:30", "RRI Ternate"),
            ("11-24 03:00", "03:45", "RRI Ternate"),
            ("11-25 01:00", "01:30", "one.example.id"),
        ]
        assert {slot.pattern for slot in db.scalars(select(Slot))} == {"", "FREQ=MONTHLY;BYDAY=4TU"}
