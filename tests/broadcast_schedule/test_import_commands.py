"""``flask import-timetable``: each sentence of the contract."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
import time_machine
from sqlalchemy import select

from broadcast_schedule import importing, stations
from broadcast_schedule.import_writes import take
from broadcast_schedule.importing.reading import Source
from broadcast_schedule.imports import weigh
from broadcast_schedule.tables import Channel, Slot, SlotException, Station
from core.problems import Refused
from tests.broadcast_schedule.conftest import NOW

DATA = Path(__file__).parents[2] / "demo" / "data"
WEST, EAST = "tvri-nasional", "rri-jayapura"
HEAD = "date,start,end,time_zone,channel,series,episode,audience\n"
WEEKLY = "programme,weekdays,start,end,starts_on\n"


@pytest.fixture(autouse=True)
def at_ten_on_sunday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def run(app, tmp_path):
    """(exit code, standard output, standard error) of an import of a text or of bytes."""
    runner = app.test_cli_runner()

    def run(content, *arguments, station=WEST, name="file.dat"):
        path = content
        if not isinstance(content, Path):
            path = tmp_path / name
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        result = runner.invoke(args=["import-timetable", str(path), "--station", station, *arguments])
        return SimpleNamespace(code=result.exit_code, out=result.stdout, err=result.stderr)

    return run


@pytest.fixture
def feed(client, network):
    def feed(query="?from=2026-11-23&days=400", station=WEST):
        key = network.keys[station].key
        address = f"/stations/{station}/timetable.json{query}"
        return client.get(address, headers={"Authorization": f"Bearer {key}"}).json

    return feed


@pytest.fixture
def airings(feed):
    def airings(days=7, first="2026-11-23", station=WEST):
        found = feed(f"?from={first}&days={days}", station)["occurrences"]
        return [(o["start"][5:16], o["end"][5:16], o["title"]) for o in found if o["status"] != "cancelled"]

    return airings


@pytest.fixture
def slots(network):
    """Living slots: (channel's name, first date, start, minutes, weekdays)."""

    def slots():
        with network.database.reading() as db:
            rows = db.execute(
                select(Slot, Channel.name)
                .join(Channel, Channel.id == Slot.channel_id)
                .where(Slot.retired_at.is_(None))
                .order_by(Slot.starts_on, Slot.starts_at, Slot.id)
            )
            return [(n, f"{s.starts_on}", f"{s.starts_at:%H:%M}", s.minutes, s.weekdays) for s, n in rows]

    return slots


def event(uid="u1", start="20261123T080000", end="20261123T083000", summary="Foreign", **more):
    lines = [
        f"UID:{uid}" if uid else "",
        f"DTSTART:{start}" if start else "",
        f"DTEND:{end}" if end else "",
        f"SUMMARY:{summary}",
    ]
    lines += [f"{name.replace('_', '-')}:{value}" for name, value in more.items()]
    return "\r\n".join(["BEGIN:VEVENT", *filter(None, lines), "END:VEVENT"])


def calendar(*events):
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *events, "END:VCALENDAR", ""])


def xmltv(*programmes, channels=("one.example.id",)):
    heads = "".join(f'<channel id="{c}"><display-name>{c}</display-name></channel>' for c in channels)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tv SYSTEM "xmltv.dtd">\n<tv>{heads}\n'
        + "\n".join(programmes)
        + "\n</tv>\n"
    )


def programme(start="20261123080000 +0700", stop="20261123083000 +0700", title="Foreign", channel="one.example.id"):
    stop = f' stop="{stop}"' if stop else ""
    return f'<programme start="{start}"{stop} channel="{channel}"><title lang="id">{title}</title></programme>'


# The two files of data/


def test_the_dated_file_as_it_is(run, network, slots):
    done = run(DATA / "tvri_belajar_dari_rumah_2020.csv")
    assert (done.code, done.err) == (0, "")
    assert done.out == "csv: 21 baru, 0 berubah, 0 sama, 0 hilang, 0 tabrakan.\n"
    assert len(slots()) == 21
    assert slots()[4] == ("TVRI Nasional", "2020-04-14", "14:03", 27, "")


def test_the_weekly_file_names_its_line_without_hours(run, network, slots):
    done = run(DATA / "rri_belajar_2020.csv")
    assert (done.code, done.out) == (1, "")
    assert done.err == "line 7: acaranya belum bernama.\n"
    assert slots() == []


def test_the_weekly_file_without_its_bad_line(run, network, slots, airings):
    done = run(DATA / "rri_belajar_2020.csv", "--skip-bad", "--publish", station=EAST)
    assert (done.code, done.err) == (0, "line 7: acaranya belum bernama.\n")
    assert [s[0] for s in slots()][:2] == ["TVRI (relay of Televisi Edukasi)"] * 2
    assert len(slots()) == 7
    # 10.00 WIB and 11.00 WITA are one instant: 12.00 WIT
    assert {a[0] for a in airings(1, station=EAST) if "RRI" in a[2]} == {"11-23T12:00"}


# CSV


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (HEAD + "2026-11-23,08:00,08:30,,,X,,\n", [("11-23T08:00", "11-23T08:30", "X")]),
        (HEAD + "23/11/2026,08.00,8.30,,,X,,\n", [("11-23T08:00", "11-23T08:30", "X")]),
        (HEAD + "2026-11-23,22:00,24:00,,,X,,\n", [("11-23T22:00", "11-24T00:00", "X")]),
        (HEAD + "2026-11-23,00:00,24:00,,,X,,\n", [("11-23T00:00", "11-24T00:00", "X")]),
        (HEAD + "2026-11-23,23:30,00:30,,,X,,\n", [("11-23T23:30", "11-24T00:30", "X")]),
        (HEAD + "2026-11-23,08:00,08:30,WITA,,X,,\n", [("11-23T07:00", "11-23T07:30", "X")]),
        (HEAD + "2026-11-23,08:00,08:30,wit,,X,,\n", [("11-23T06:00", "11-23T06:30", "X")]),
        (HEAD + "2026-11-23,08:00,08:30,Europe/Berlin,,X,,\n", [("11-23T14:00", "11-23T14:30", "X")]),
        ("SERIES;End;start;DATE\nX;08:30;08:00;2026-11-23\n", [("11-23T08:00", "11-23T08:30", "X")]),
        ("sep=;\r\nseries;end;start;date\r\nX;08:30;08:00;2026-11-23\r\n", [("11-23T08:00", "11-23T08:30", "X")]),
        ('"series","end","start","date"\r\n"X, Y","08:30","08:00","2026-11-23"\r\n', [("11-23T08:00", "11-23T08:30", "X, Y")]),
        (WEEKLY + "X,MO-WE,10:00,11:00,2026-11-23\n", [(f"11-{d}T10:00", f"11-{d}T11:00", "X") for d in (23, 24, 25)]),
        (WEEKLY + 'X,"MO,FR",10:00,11:00,2020-01-01\n', [(f"11-{d}T10:00", f"11-{d}T11:00", "X") for d in (23, 27)]),
        (WEEKLY + "X,SA-MO,23:30,00:30,2026-11-23\n", [(f"11-{d}T23:30", f"11-{d + 1}T00:30", "X") for d in (23, 28, 29)]),
    ],
)  # fmt: skip
def test_csv_rows_as_they_air(run, airings, network, content, expected):
    done = run(content, "--publish")
    assert (done.code, done.err) == (0, "")
    assert airings() == expected


@pytest.mark.parametrize(
    "raw",
    [
        "date,start,end,series\n2026-11-23,08:00,08:30,Café Sains\n".encode(),
        b"\xef\xbb\xbf" + "date,start,end,series\n2026-11-23,08:00,08:30,Café Sains\n".encode(),
        "date;start;end;series\n2026-11-23;08:00;08:30;Café Sains\n".encode("cp1252"),
    ],
)
def test_csv_in_its_encodings(run, airings, network, raw):
    assert run(raw, "--publish").code == 0
    assert airings() == [("11-23T08:00", "11-23T08:30", "Café Sains")]


def test_unknown_columns_are_named_and_ignored(run, network):
    done = run("date,start,end,series,Host,fee\n2026-11-23,08:00,08:30,X,Ana,3\n")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[:2] == [
        "line 1: kolom host tidak dikenal dan tidak dibaca.",
        "line 1: kolom fee tidak dikenal dan tidak dibaca.",
    ]


def test_a_channel_is_made_where_the_station_lacks_it(run, network, slots):
    run(HEAD + "2026-11-23,08:00,08:30,,TVRI Nasional,X,,\n2026-11-23,08:00,08:30,,TVRI Dua,Y,,\n")
    assert [s[0] for s in slots()] == ["TVRI Nasional", "TVRI Dua"]
    with network.database.reading() as db:
        assert db.scalar(select(Channel.key).where(Channel.name == "TVRI Dua")) == "tvri-dua.tvri-nasional.kentongan.id"


BAD_ROWS = {
    "2026-11-23,08:00,08:00,,,X,,": "panjangnya nol: akhir sama dengan awal.",
    "2026-11-23,08:00,,,,X,,": "sel end kosong.",
    ",08:00,09:00,,,X,,": "sel date kosong.",
    "2026-11-23,08:00,09:00,,,,,": "acaranya belum bernama.",
    "2026-11-23,08:00,09:00,Asia/Atlantis,,X,,": "zona waktu Asia/Atlantis tidak dikenal.",
    "31/02/2026,08:00,09:00,,,X,,": "date 31/02/2026 bukan tanggal seperti 2026-07-13 atau 13/07/2026.",
    "2026-11-23,25:00,26:00,,,X,,": "start 25:00 bukan jam seperti 08:00.",
    "2026-11-23,08:61,09:00,,,X,,": "start 08:61 bukan jam seperti 08:00.",
    "2026-11-23,08:00:30,09:00,,,X,,": "start 08:00:30 menyebut detik; detik tidak disimpan.",
    "2026-11-23,08:00,09:00,,,X,,,extra": "ada lebih banyak sel daripada kolom.",
    "2026-11-23,08:00,24:30,,,X,,": "end 24:30 bukan jam seperti 08:00.",
    '2026-11-23,08:00,09:00,,,"X,,': "baris ini bukan CSV: unexpected end of data.",
}


@pytest.mark.parametrize("row", BAD_ROWS)
def test_a_refused_row_is_named_by_its_physical_line(run, network, slots, row):
    content = HEAD + '2026-11-23,06:00,07:00,,,"two\nlines",,\n\n' + row + "\n"
    done = run(content)
    assert (done.code, done.out, done.err) == (1, "", f"line 5: {BAD_ROWS[row]}\n")
    assert slots() == []
    assert run(content, "--dry-run").code == 1
    skipped = run(content, "--skip-bad")
    assert (skipped.code, len(slots())) == (0, 1)


def test_rows_of_one_channel_date_and_start_are_told(run, network, slots):
    rows = "X,MO-TH,07:00,08:00,2026-11-23\nY,FR,07:00,09:00,2026-11-23\nZ,TH-FR,07:00,08:00,2026-11-23\n"
    assert run(WEEKLY + rows).err == "line 4: saluran, tanggal, dan jam mulainya sama dengan baris 2.\n"


# iCalendar


def test_floating_times_and_utc_and_a_zone(run, airings, network):
    done = run(
        calendar(
            event("floating"),
            event("utc", "20261123T020000Z", "20261123T023000Z", "In UTC"),
            "BEGIN:VEVENT\nUID:zone\nDTSTART;TZID=Asia/Jayapura:20261123T120000\nDURATION:PT45M\nSUMMARY:In WIT\nEND:VEVENT",
            "BEGIN:VEVENT\nUID:path\nDTSTART;TZID=/x.org/2005/Asia/Makassar:20261123T130000\nDURATION:PT45M\nSUMMARY:Path\nEND:VEVENT",
            "BEGIN:VEVENT\nUID:win\nDTSTART;TZID=SE Asia Standard Time:20261123T140000\nDURATION:PT45M\nSUMMARY:Win\nEND:VEVENT",
        ),
        "--publish",
    )
    assert (done.code, done.err) == (0, "")
    assert airings(1) == [
        ("11-23T08:00", "11-23T08:30", "Foreign"),
        ("11-23T09:00", "11-23T09:30", "In UTC"),
        ("11-23T10:00", "11-23T10:45", "In WIT"),
        ("11-23T12:00", "11-23T12:45", "Path"),
        ("11-23T14:00", "11-23T14:45", "Win"),
    ]


RULES = {
    "FREQ=WEEKLY;COUNT=3": ["11-23", "11-30", "12-07"],
    "FREQ=DAILY;COUNT=3": ["11-23", "11-24", "11-25"],
    "FREQ=WEEKLY;INTERVAL=2;COUNT=2": ["11-23", "12-07"],
    "FREQ=WEEKLY;UNTIL=20261130": ["11-23", "11-30"],
    "FREQ=WEEKLY;UNTIL=20261130T010000Z": ["11-23", "11-30"],
    "FREQ=WEEKLY;UNTIL=20261130T005959Z": ["11-23"],
    "FREQ=WEEKLY;UNTIL=20261130T080000": ["11-23", "11-30"],
    "FREQ=MONTHLY;BYDAY=4MO;COUNT=2": ["11-23", "12-28"],
    "FREQ=MONTHLY;BYMONTHDAY=23,-1;COUNT=3": ["11-23", "11-30", "12-23"],
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=16,-1;COUNT=3": ["11-23", "11-30", "12-22"],
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU;COUNT=4": ["11-23", "12-06", "12-07", "12-20"],
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=MO;COUNT=4": ["11-23", "11-29", "12-07", "12-13"],
    "FREQ=WEEKLY;BYHOUR=8;BYMINUTE=0;COUNT=1": ["11-23"],
    "FREQ=WEEKLY;UNTIL=20200101": [],
}


@pytest.mark.parametrize("rule", RULES)
def test_rules(run, airings, network, rule):
    done = run(calendar(event(RRULE=rule)), "--publish")
    assert (done.code, done.err) == (0, "")
    assert [a[0][:5] for a in airings(35)] == [day for day in RULES[rule] if day < "12-28"]


def test_exceptions_and_additions(run, airings, network):
    done = run(
        calendar(
            event(RRULE="FREQ=WEEKLY;COUNT=4", EXDATE="20261123T080000,20261130T075900", RDATE="20261125T080000,20261126T090000")
            .replace("END:VEVENT", "EXDATE;VALUE=DATE:20261207\r\nEND:VEVENT")
        ),
        "--publish",
    )  # fmt: skip
    assert done.code == 0
    assert [a[0] for a in airings(35)] == ["11-25T08:00", "11-26T09:00", "11-30T08:00", "12-14T08:00"]
    assert "u1: EXDATE 2026-11-30 07:59:00 tidak mengenai siaran mana pun." in done.out


def test_overrides(run, feed, airings, network):
    whole = calendar(
        event(RRULE="FREQ=WEEKLY;COUNT=5", EXDATE="20261214T080000"),
        event(start="20261202T100000", end="20261202T110000", RECURRENCE_ID="20261130T080000"),
        event(start="20261207T080000", end="20261207T083000", RECURRENCE_ID="20261207T010000Z", STATUS="CANCELLED"),
        event(start="20261215T080000", end="20261215T083000", RECURRENCE_ID="20261214T080000"),  # excluded: gone at both times
        event(start="20261221T080000", end="20261221T083000", summary="Special", RECURRENCE_ID="20261221T080000"),
        event("orphan", "20261224T080000", "20261224T083000", RECURRENCE_ID="20261223T080000"),
    )
    assert run(whole, "--publish").err == ""
    assert airings(35) == [
        ("11-23T08:00", "11-23T08:30", "Foreign"),
        ("12-02T10:00", "12-02T11:00", "Foreign"),
        ("12-21T08:00", "12-21T08:30", "Special"),
        ("12-24T08:00", "12-24T08:30", "Foreign"),
    ]


def test_this_and_future(run, airings, network):
    override = event(start="20261207T090000", end="20261207T093000", RECURRENCE_ID="20261207T080000")
    override = override.replace("RECURRENCE-ID:", "RECURRENCE-ID;RANGE=THISANDFUTURE:")
    assert run(calendar(event(RRULE="FREQ=WEEKLY;COUNT=5"), override), "--publish").err == ""
    assert [a[0] for a in airings(42)] == ["11-23T08:00", "11-30T08:00", "12-07T09:00", "12-14T09:00", "12-21T09:00"]


def this_and_future(**more):
    return event(**more).replace("RECURRENCE-ID:", "RECURRENCE-ID;RANGE=THISANDFUTURE:")


def test_this_and_future_with_another_title(run, airings, feed):
    whole = event(RRULE="FREQ=WEEKLY;COUNT=5", EXDATE="20261214T080000")
    assert run(calendar(whole), "--publish").err == ""
    told = {"start": "20261207T090000", "end": "20261207T100000", "summary": "Other", "RECURRENCE_ID": "20261207T080000"}
    assert run(calendar(whole, this_and_future(**told)), "--publish").err == ""
    assert [(a[0], a[2]) for a in airings(42)] == [
        ("11-23T08:00", "Foreign"),
        ("11-30T08:00", "Foreign"),
        ("12-07T09:00", "Other"),
        ("12-21T09:00", "Other"),
    ]
    assert run(calendar(whole, this_and_future(**told)), "--publish").out.startswith("ical: 0 baru, 0 berubah, 2 sama, 0 hilang")


def test_this_and_future_is_called_off(run, airings, slots):
    whole = event(RRULE="FREQ=WEEKLY", RDATE="20261210T080000")
    off = {"RECURRENCE_ID": "20261207T080000", "start": "20261207T080000", "end": "20261207T083000", "STATUS": "CANCELLED"}
    assert run(calendar(whole, this_and_future(**off)), "--publish").err == ""
    assert [a[0] for a in airings(42)] == ["11-23T08:00", "11-30T08:00"]
    first = {name: value.replace("1207", "1123") for name, value in off.items()}
    assert run(calendar(whole, this_and_future(**first)), "--publish").err == ""
    assert (airings(42), slots()) == ([], [])


def test_a_higher_sequence_replaces(run, airings, network):
    old, new = event(SEQUENCE="1"), event(start="20261123T090000", end="20261123T093000", SEQUENCE="2")
    assert run(calendar(new, old), "--publish").code == 0
    assert [a[0] for a in airings(1)] == ["11-23T09:00"]
    stale = run(calendar(old), "--publish")
    assert (stale.code, [a[0] for a in airings(1)]) == (0, ["11-23T09:00"])
    other = run(calendar(event(), event(start="20261123T090000", end="20261123T093000")))
    assert other.err == "u1: UID ini ada dua kali dengan isi yang berbeda dan SEQUENCE yang sama.\n"


BAD_EVENTS = {
    "all day": (event(start="", DTSTART="20261123", end=""), "ini acara sepanjang hari (DTSTART tanpa jam)."),
    "no end": (event(end=""), "tidak ada akhir (DTEND) dan panjang (DURATION)."),
    "zero": (event(end="20261123T080000"), "panjangnya nol: akhir sama dengan awal."),
    "backwards": (event(end="20261123T070000"), "akhirnya sebelum awalnya."),
    "both": (event(RRULE="FREQ=WEEKLY;COUNT=3;UNTIL=20270101"), "RRULE menyebut COUNT dan UNTIL sekaligus."),
    "off": (event(RRULE="FREQ=WEEKLY;BYDAY=TU"), "DTSTART 2026-11-23 tidak ada dalam aturannya (RRULE)."),
    "hourly": (event(RRULE="FREQ=HOURLY"), "RRULE berulang dalam sehari (FREQ=HOURLY)."),
    "secondly": (event(RRULE="FREQ=SECONDLY"), "RRULE berulang dalam sehari (FREQ=SECONDLY)."),
    "hours": (event(RRULE="FREQ=DAILY;BYHOUR=8,9"), "RRULE berulang dalam sehari (BYHOUR=8,9)."),
    "week numbers": (event(RRULE="FREQ=YEARLY;BYWEEKNO=20"), "RRULE tidak terbaca: BYWEEKNO."),
    "no start": (event(start=""), "tidak ada awal (DTSTART)."),
    "bad start": (event(start="20261131T080000"), "DTSTART 20261131T080000 bukan waktu iCalendar."),
    "seconds": (event(start="20261123T080001"), "awalnya pada detik 1; detik tidak disimpan."),
    "nameless": (event(summary=""), "acaranya belum bernama."),
    "zone": (
        event().replace("DTSTART:", "DTSTART;TZID=Mars/Phobos:"),
        "zona waktu Mars/Phobos tidak dikenal.",
    ),
    "two rules": (
        event(RRULE="FREQ=DAILY").replace("END:VEVENT", "RRULE:FREQ=WEEKLY\r\nEND:VEVENT"),
        "ada dua aturan (RRULE) sekaligus.",
    ),
    "exrule": (event(EXRULE="FREQ=DAILY"), "EXRULE tidak dibaca."),
    "too often": (event(RRULE="FREQ=DAILY;COUNT=60000"), "RRULE berulang lebih dari 50.000 kali (COUNT=60000)."),
}


@pytest.mark.parametrize("name", BAD_EVENTS)
def test_a_refused_event_is_named_by_its_uid(run, network, slots, name):
    bad, sentence = BAD_EVENTS[name]
    content = calendar(event("good", "20261124T080000", "20261124T083000"), bad)
    done = run(content)
    assert (done.code, done.out, done.err) == (1, "", f"u1: {sentence}\n")
    assert (run(content, "--dry-run").code, slots()) == (1, [])
    assert (run(content, "--skip-bad").code, len(slots())) == (0, 1)


def test_an_event_without_a_uid_is_named_by_its_line(run, network):
    done = run(calendar(event(uid="")))
    assert (done.code, done.err) == (1, "line 4: acara ini tidak punya UID: Foreign.\n")


def test_lines_folded_inside_a_character(run, airings, network):
    raw = calendar(event(summary="Caf\u00e9 Sains")).encode().replace(b"\xc3\xa9", b"\xc3\r\n \xa9")
    assert run(raw, "--publish").code == 0
    assert airings(1)[0][2] == "Café Sains"


def test_events_land_on_the_channel_asked_for(run, network, slots):
    with network.database.writing() as db:
        station = db.get(Channel, network.west).station_id
        stations.create_channel(db, db.get(stations.Station, station), "dua.tvri-nasional.kentongan.id", "TVRI Dua")
    run(calendar(event("a")))
    run(calendar(event("b")), "--channel", "tvri dua")
    run(calendar(event("c")), "--channel", "dua.tvri-nasional.kentongan.id")
    assert [s[0] for s in slots()] == ["TVRI Nasional", "TVRI Dua", "TVRI Dua"]


# XMLTV


def test_xmltv(run, airings, network):
    content = xmltv(
        programme(),
        programme("20261123020000", "20261123023000", "In UTC"),
        programme("20261123110000 WITA", "20261123113000 WITA", "In WITA"),
        programme("202611231100 +0700", "202611231130 +0700", "Short"),
    )
    assert (run(content, "--publish").err, airings(1)) == (
        "",
        [
            ("11-23T08:00", "11-23T08:30", "Foreign"),
            ("11-23T09:00", "11-23T09:30", "In UTC"),
            ("11-23T10:00", "11-23T10:30", "In WITA"),
            ("11-23T11:00", "11-23T11:30", "Short"),
        ],
    )


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (programme(stop=""), "acara ini tidak punya akhir (stop) dan panjang."),
        (programme(title=""), "acaranya belum bernama."),
        (programme(start="2026-11-23T08:00"), "start 2026-11-23T08:00 bukan waktu XMLTV."),
        (programme(start="20261123080000 XYZ"), "zona waktu XYZ tidak dikenal."),
        (programme(stop="20261123080000 +0700"), "panjangnya nol: akhir sama dengan awal."),
        (programme(stop="20261125080000 +0700"), "panjangnya lebih dari 24 jam."),
    ],
)
def test_a_refused_programme_is_named_by_its_line(run, network, bad, sentence):
    done = run(xmltv(programme("20261124080000 +0700", "20261124083000 +0700"), bad))
    assert (done.code, done.err) == (1, f"line 5: {sentence}\n")


def test_no_entity_is_expanded(run, network):
    bomb = '<?xml version="1.0"?><!DOCTYPE tv [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><tv><channel id="&b;"/></tv>'
    file = '<?xml version="1.0"?><!DOCTYPE tv [<!ENTITY a SYSTEM "file:///etc/passwd">]><tv><programme><title>&a;</title></programme></tv>'
    for content in (bomb, file):
        done = run(content)
        assert (done.code, done.out, "root:" in done.err) == (1, "", False)


# Whatever the format


@pytest.mark.parametrize(
    "content", [b"", b"  \n", b"\x00\x01\x02", b"hello\nworld\n", b"<html><body/></html>", b"<tv>", b"BEGIN:VCALENDAR"]
)
def test_what_is_no_timetable_is_one_sentence(run, network, content):
    done = run(content)
    assert (done.code, done.out, done.err.count("\n"), "Traceback" in done.err) == (1, "", 1, False)


def test_the_format_is_told_by_content(run, network, slots):
    assert run(calendar(event()), name="wrong.csv").out.startswith("ical: 1 baru")
    assert run(xmltv(programme()), name="wrong.ics").out.splitlines()[-1].startswith("xmltv: 1 baru")


def test_the_same_file_again_changes_nothing(run, feed, network):
    for content in (
        HEAD + "2026-11-23,06:00,07:00,,,X,,\n",
        calendar(event(RRULE="FREQ=WEEKLY", EXDATE="20261130T080000")),
        xmltv(programme()),
    ):
        run(content, "--publish", "--allow-clashes")
        before = feed()
        again = run(content, "--publish", "--allow-clashes")
        assert (again.code, again.out.split(",")[0][-6:], again.err) == (0, "0 baru", "")
        assert feed() == before


def test_a_changed_row_replaces_by_channel_date_and_start(run, feed, network):
    run(HEAD + "2026-11-23,08:00,08:30,,,X,,\n2026-11-23,09:00,09:30,,,Y,,\n", "--publish")
    done = run(HEAD + "2026-11-23,08:00,08:45,,,X baru,,\n", "--publish")
    assert done.out.splitlines()[0] == "csv: 0 baru, 1 berubah, 0 sama, 0 hilang, 0 tabrakan."
    found = [(o["start"][11:16], o["end"][11:16], o["title"], o["status"]) for o in feed()["occurrences"]]
    assert found == [("08:00", "08:45", "X baru", "moved"), ("09:00", "09:30", "Y", "planned")]


def test_a_changed_event_replaces_by_uid_and_keeps_its_id(run, feed, network):
    run(calendar(event()), "--publish")
    before = feed()["occurrences"][0]["id"]
    run(calendar(event(start="20261123T100000", end="20261123T103000", SEQUENCE="1")), "--publish")
    assert [(o["id"], o["start"][11:16], o["status"], o["sequence"]) for o in feed()["occurrences"]] == [
        (before, "10:00", "moved", 1)
    ]


def test_an_event_called_off_is_cancelled(run, feed, network):
    run(calendar(event()), "--publish")
    assert run(calendar(event(STATUS="CANCELLED", SEQUENCE="1")), "--publish").code == 0
    assert [o["status"] for o in feed()["occurrences"]] == ["cancelled"]


def test_what_vanished_stays_unless_a_window_is_replaced(run, airings, network):
    rows = [f"2026-11-{day},08:00,08:30,,,X{day},,\n" for day in (23, 24, 25)]
    run(HEAD + "".join(rows), "--publish")
    run(WEEKLY + "W,MO-FR,10:00,11:00,2026-11-23\n", "--publish")
    assert run(HEAD + rows[0], "--publish").out.splitlines()[0] == "csv: 0 baru, 0 berubah, 1 sama, 0 hilang, 0 tabrakan."
    assert len(airings(5)) == 8
    done = run(HEAD + rows[0], "--publish", "--replace", "2026-11-24..2026-11-24")
    assert done.out.splitlines()[0] == "csv: 0 baru, 0 berubah, 1 sama, 2 hilang, 0 tabrakan."
    assert [a[0] for a in airings(5)] == [
        "11-23T08:00", "11-23T10:00", "11-25T08:00", "11-25T10:00", "11-26T10:00", "11-27T10:00",
    ]  # fmt: skip


@pytest.mark.parametrize("window", ["2026-11-24", "x..y", "2026-11-25..2026-11-24"])
def test_a_window_that_is_none(run, network, window):
    assert run(HEAD + "2026-11-23,08:00,08:30,,,X,,\n", "--replace", window).code == 2


def test_it_becomes_a_draft_and_a_dry_run_nothing(run, airings, network, slots):
    content = HEAD + "2026-11-23,08:00,08:30,,Baru,X,,\n"
    assert (run(content, "--dry-run").code, slots()) == (0, [])
    assert (run(content).code, len(slots()), airings()) == (0, 1, [])
    assert (run(content, "--publish").code, len(airings())) == (0, 1)


def test_publishing_leaves_the_rest_of_the_draft_alone(run, plan, airings):
    plan.slot(starts_at=plan.wanted().starts_at.replace(hour=6))
    run(HEAD + "2026-11-23,08:00,08:30,,,X,,\n", "--publish")
    assert airings() == [("11-23T08:00", "11-23T08:30", "X")]


# Clashes


def test_a_clash_is_printed_with_its_first_date_beyond_any_horizon(run, network):
    yearly = event("y", "20270101T080000", "20270101T090000", "New Year", RRULE="FREQ=YEARLY")
    thirds = event(
        "f", "20261106T083000", "20261106T093000", "Far", RRULE="FREQ=MONTHLY;INTERVAL=7;BYDAY=FR;BYMONTHDAY=1,2,3,4,5,6,7"
    )
    for arguments in (("--dry-run",), ()):
        done = run(calendar(yearly, thirds), *arguments)
        assert (done.code, done.err) == (0, "")
        first = done.out.splitlines()[1]
        assert first.partition(":")[0] == "2049-01-01"


def test_publishing_refuses_a_clash_unless_allowed(run, plan, airings, slots):
    plan.slot()
    plan.publish()
    before = slots()
    content = HEAD + "2026-11-30,08:15,09:00,,,X,,\n"
    done = run(content, "--publish")
    assert (done.code, slots()) == (1, before)
    assert "2026-11-30: bertabrakan di TVRI Nasional, pertama kali 2026-11-30 08:15 WIB: X dengan X-Sains." in done.out
    assert run(content, "--publish", "--allow-clashes").code == 0
    assert [a[0] for a in airings(8)] == ["11-23T08:00", "11-30T08:00", "11-30T08:15"]


def test_an_end_at_a_start_is_no_clash(run, plan):
    plan.slot()
    plan.publish()
    done = run(HEAD + "2026-11-30,08:30,09:00,,,X,,\n2026-11-30,07:30,08:00,,,Y,,\n", "--publish")
    assert (done.code, done.out.splitlines()[0]) == (0, "csv: 2 baru, 0 berubah, 0 sama, 0 hilang, 0 tabrakan.")


def test_the_planner_is_told_of_a_clash_with_what_was_imported(run, plan):
    run(WEEKLY + "X,MO,08:15,09:00,2026-11-23\n", "--publish")
    plan.slot()
    with pytest.raises(Exception, match="bertabrakan"):
        plan.publish()


# Limits


def test_limits_have_a_sentence(run, network, slots):
    big = run(b"date,start,end,series\n" + b"#" * (10 * 1024 * 1024))
    assert (big.code, big.err) == (1, "Berkas ini lebih besar dari 10 MB. Bagi menjadi beberapa berkas.\n")
    many = run(calendar(*(event(f"u{n}", RRULE="FREQ=DAILY") for n in range(120))))
    assert (many.code, many.err) == (1, "Berkas ini berisi lebih dari 50.000 siaran. Bagi menjadi beberapa berkas.\n")
    assert slots() == []


def test_rules_are_kept_as_they_are(run, network):
    run(calendar(event(RRULE="FREQ=MONTHLY;BYDAY=4MO", EXDATE="20261228T080000")))
    with network.database.reading() as db:
        slot = db.scalars(select(Slot)).one()
        assert (slot.pattern, slot.time_zone, slot.minutes) == ("FREQ=MONTHLY;BYDAY=4MO", "Asia/Jakarta", 30)
        assert [(e.kind, f"{e.original_start}") for e in db.scalars(select(SlotException))] == [
            ("skipped", "2026-12-28 08:00:00")
        ]


def test_a_file_that_takes_too_long_is_left(run, network, slots, monkeypatch):
    monkeypatch.setattr("broadcast_schedule.import_commands.SECONDS", -1.0)
    done = run(HEAD + "2026-11-23,08:00,08:30,,,X,,\n")
    assert (done.code, slots()) == (1, [])
    assert done.err == "Berkas ini perlu lebih dari 15 detik untuk dibaca. Bagi menjadi beberapa berkas.\n"


def test_a_large_file_is_written_in_portions(run, airings, slots, network, monkeypatch):
    monkeypatch.setattr("broadcast_schedule.import_writes.SIZE", 2)
    rows = [f"2026-11-{day},08:00,08:30,,Baru,X{day},,\n" for day in range(23, 28)]
    assert run(HEAD + "".join(rows), "--publish").code == 0
    changed = [row.replace("08:30", "08:45") for row in rows[:3]]
    done = run(HEAD + "".join(changed), "--publish", "--replace", "2026-11-01..2026-11-30")
    assert done.out.splitlines()[0] == "csv: 0 baru, 3 berubah, 0 sama, 2 hilang, 0 tabrakan."
    assert [a[:2] for a in airings()] == [(f"11-{d}T08:00", f"11-{d}T08:45") for d in (23, 24, 25)]
    assert {s[0] for s in slots()} == {"Baru"}


def test_what_somebody_else_imported_meanwhile_is_not_written_twice(run, app, network, slots):
    content = HEAD + "2026-11-23,08:00,08:30,,,X,,\n"
    with network.database.reading() as db:
        station = db.scalars(select(Station).where(Station.slug == WEST)).one()
        found = weigh(db, station, importing.read(content.encode(), Source("Asia/Jakarta")), NOW)
        station_id = station.id
    assert run(content).code == 0
    with pytest.raises(Refused, match="Orang lain"), network.database.writing() as db:
        take(db, station_id, found, NOW)
    assert len(slots()) == 1


def test_an_override_whose_master_came_before_takes_that_place(run, airings, slots, network):
    run(calendar(event(RRULE="FREQ=WEEKLY;COUNT=4")), "--publish")
    override = calendar(event(start="20261201T100000", end="20261201T103000", RECURRENCE_ID="20261130T080000"))
    assert run(override, "--publish").err == ""
    told = [a[0] for a in airings(28)]
    assert told == ["11-23T08:00", "12-01T10:00", "12-07T08:00", "12-14T08:00"]
    assert run(override, "--publish").out.startswith("ical: 0 baru, 0 berubah, 1 sama, 0 hilang")
    called_off = calendar(
        event(start="20261207T080000", end="20261207T083000", RECURRENCE_ID="20261207T080000", STATUS="CANCELLED")
    )
    assert run(called_off, "--publish").code == 0
    assert [a[0] for a in airings(28)] == ["11-23T08:00", "12-01T10:00", "12-14T08:00"]


# Case 11: called off in the file itself


def called_off(feed):
    return [(o["start"][5:16], o["status"], o["sequence"]) for o in feed()["occurrences"] if o["status"] == "cancelled"]


def test_what_a_file_calls_off_is_listed_though_it_was_never_published(run, feed, airings, client, network):
    content = calendar(
        event(RRULE="FREQ=WEEKLY;COUNT=4", EXDATE="20261130T080000"),
        event(start="20261207T080000", end="20261207T083000", RECURRENCE_ID="20261207T080000", STATUS="CANCELLED"),
    )
    assert run(content, "--publish").code == 0
    assert [o["start"][5:10] for o in feed()["occurrences"]] == ["11-23", "12-07", "12-14"]  # the EXDATE is not there at all
    assert called_off(feed) == [("12-07T08:00", "cancelled", 0)]
    key = {"Authorization": f"Bearer {network.keys[WEST].key}"}
    ics = client.get(f"/stations/{WEST}/timetable.ics?from=2026-11-23&days=30", headers=key).text
    assert [line for line in ics.split("\r\n") if line.startswith("STATUS")] == [
        "STATUS:CONFIRMED",
        "STATUS:CANCELLED",
        "STATUS:CONFIRMED",
    ]
    xml = client.get(f"/stations/{WEST}/timetable.xml?from=2026-11-23&days=30", headers=key).text
    assert xml.count("<programme ") == 2
    assert run(content, "--publish").out.startswith("ical: 0 baru, 0 berubah, 1 sama")
    assert feed()["revision"] == 1


def test_an_override_that_calls_off_an_unpublished_draft_is_listed(run, feed, network):
    assert run(calendar(event(RRULE="FREQ=WEEKLY;COUNT=3"))).code == 0
    assert run(
        calendar(event(start="20261130T080000", end="20261130T083000", RECURRENCE_ID="20261130T080000", STATUS="CANCELLED")),
        "--publish",
    ).code == 0  # fmt: skip
    assert called_off(feed) == [("11-30T08:00", "cancelled", 0)]


def test_an_added_date_and_a_single_one_that_are_called_off_are_listed(run, feed, network):
    content = calendar(
        event(RRULE="FREQ=WEEKLY;COUNT=2", RDATE="20261125T080000"),
        event(start="20261125T080000", end="20261125T083000", RECURRENCE_ID="20261125T080000", STATUS="CANCELLED"),
        event("u2", start="20261126T080000", end="20261126T083000"),
        event("u2", start="20261126T080000", end="20261126T083000", RECURRENCE_ID="20261126T080000", STATUS="CANCELLED"),
    )
    assert run(content, "--publish").code == 0
    assert called_off(feed) == [("11-25T08:00", "cancelled", 0), ("11-26T08:00", "cancelled", 0)]
    # Without the override it airs again.
    assert run(calendar(event(RRULE="FREQ=WEEKLY;COUNT=2", RDATE="20261125T080000")), "--publish").code == 0
    assert called_off(feed) == [("11-26T08:00", "cancelled", 0)]


def test_what_is_called_off_makes_no_clash(run, plan, feed):
    plan.slot(weekdays=frozenset(), starts_on=date(2026, 11, 30))
    assert plan.publish().number == 1
    content = calendar(
        event(RRULE="FREQ=WEEKLY;COUNT=3"),
        event(start="20261130T080000", end="20261130T083000", RECURRENCE_ID="20261130T080000", STATUS="CANCELLED"),
    )
    assert run(content, "--publish").code == 0
    assert [(o["start"][5:10], o["status"]) for o in feed()["occurrences"]] == [
        ("11-23", "planned"), ("11-30", "planned"), ("11-30", "cancelled"), ("12-07", "planned"),
    ]  # fmt: skip


def test_an_event_that_overlaps_itself_is_a_clash(run, feed):
    content = calendar(
        event(RRULE="FREQ=DAILY;COUNT=4"),
        event(start="20261125T081500", end="20261125T084500", RECURRENCE_ID="20261124T080000"),
    )
    dry = run(content, "--dry-run")
    assert dry.out.splitlines()[0] == "ical: 1 baru, 0 berubah, 0 sama, 0 hilang, 1 tabrakan. (uji coba)"
    assert dry.out.splitlines()[1].startswith("2026-11-25: bertabrakan di TVRI Nasional, pertama kali 2026-11-25 08:15 WIB:")
    assert run(content, "--publish").code == 1
    assert run(content, "--publish", "--allow-clashes").code == 0
    assert len(feed()["occurrences"]) == 4
