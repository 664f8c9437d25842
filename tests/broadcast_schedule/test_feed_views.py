"""A station's pull over HTTP: who may, which window, and when nothing is sent."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from icalendar import Calendar
from lxml import etree
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from broadcast_schedule import feed_views, station_keys, stations
from broadcast_schedule.editions import HORIZON_DAYS
from broadcast_schedule.feeds import feeds
from broadcast_schedule.tables import Station
from tests.broadcast_schedule.conftest import NOW

WEST, EAST = "tvri-nasional", "rri-jayapura"
ADDRESS = f"/stations/{WEST}/timetable"


@pytest.fixture(autouse=True)
def at_ten_on_sunday():
    with time_machine.travel(NOW, tick=False):
        yield


class Reader:
    """A station's software: pulls with a key and remembers nothing."""

    def __init__(self, client, keys):
        self.client, self.keys = client, keys

    def get(self, address=f"{ADDRESS}.json", station=WEST, method="GET", **headers):
        given = {"Authorization": f"Bearer {self.keys[station].key}", **{k.replace("_", "-"): v for k, v in headers.items()}}
        return self.client.open(address, method=method, headers=given)

    def json(self, query="", **more):
        return json.loads(self.get(f"{ADDRESS}.json{query}", **more).data)


@pytest.fixture
def reader(client, network):
    return Reader(client, network.keys)


@pytest.fixture
def published(plan):
    """The id of a slot that is on the air on Mondays at eight."""
    return plan.on_mondays()


def auth(kind, network):
    own, other = network.keys[WEST], network.keys[EAST]
    return {
        "nothing": ({}, ""),
        "own key": ({"Authorization": f"Bearer {own.key}"}, ""),
        "own key, small letters": ({"Authorization": f"bearer  {own.key} "}, ""),
        "own token": ({}, f"?key={own.calendar_token}"),
        "wrong key": ({"Authorization": "Bearer kt_wrong"}, ""),
        "empty key": ({"Authorization": "Bearer "}, ""),
        "wrong token": ({}, "?key=kc_wrong"),
        "empty token": ({}, "?key="),
        "key in the address": ({}, f"?key={own.key}"),
        "token in the header": ({"Authorization": f"Bearer {own.calendar_token}"}, ""),
        "another station's key": ({"Authorization": f"Bearer {other.key}"}, ""),
        "another station's token": ({}, f"?key={other.calendar_token}"),
        "basic": ({"Authorization": "Basic a2V5OmtleQ=="}, ""),
    }[kind]


CLOSED = {
    "nothing": 401,
    "own key": 200,
    "own key, small letters": 200,
    "own token": 200,
    "wrong key": 401,
    "empty key": 401,
    "wrong token": 401,
    "empty token": 401,
    "key in the address": 401,
    "token in the header": 401,
    "another station's key": 404,
    "another station's token": 404,
    "basic": 401,
}


@pytest.mark.parametrize("what", ["timetable.ics", "timetable.xml", "timetable.json", "now"])
def test_who_may_read_a_station(client, network, what):
    found = {}
    for kind in CLOSED:
        headers, query = auth(kind, network)
        found[kind] = client.get(f"/stations/{WEST}/{what}{query}", headers=headers).status_code
    assert found == CLOSED


def test_open_data_needs_no_key_but_no_wrong_one(client, network, database):
    with database.writing() as db:
        db.scalars(select(Station).where(Station.slug == WEST)).one().is_open_data = True
    found = {}
    for kind in CLOSED:
        headers, query = auth(kind, network)
        found[kind] = client.get(f"{ADDRESS}.json{query}", headers=headers).status_code
    assert found == {**CLOSED, "nothing": 200, "empty token": 200, "basic": 200}


def test_an_unknown_station_is_not_told_to_strangers(reader):
    assert reader.client.get("/stations/nowhere/timetable.json").status_code == 401
    assert reader.get("/stations/nowhere/timetable.json").status_code == 404
    assert reader.get("/stations/\x00/now").status_code == 404


def test_a_refusal_says_what_to_do(client, network):
    response = client.get(f"{ADDRESS}.ics")
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="stations"'
    assert response.get_data(as_text=True) == (
        "Kunci stasiun kurang atau salah. Kirim kunci lewat Authorization: Bearer, atau token kalender lewat ?key=.\n"
    )


def test_unknown_format_is_not_there(reader):
    assert reader.get(f"{ADDRESS}.exe").status_code == 404


def test_the_three_formats_hold_the_same(plan, reader):
    first, second = plan.slot(), plan.slot(starts_at=datetime.fromisoformat("2026-01-01T23:45").time(), weekdays=frozenset({2}))
    plan.publish()
    plan.depart(second, "2026-11-25", "moved", new_start=datetime.fromisoformat("2026-11-27T10:00"))
    plan.depart(first, "2026-11-30", "skipped")
    plan.publish()
    expected = ["2026-11-23T01:00", "2026-11-27T03:00", "2026-12-02T16:45"]
    form = "%Y-%m-%dT%H:%M"
    told = [o for o in reader.json()["occurrences"] if o["status"] != "cancelled"]
    assert [datetime.fromisoformat(o["start"]).astimezone(UTC).strftime(form) for o in told] == expected
    programmes = etree.fromstring(reader.get(f"{ADDRESS}.xml").data).findall("programme")
    read = [datetime.strptime(p.get("start"), "%Y%m%d%H%M%S %z").astimezone(UTC).strftime(form) for p in programmes]
    assert read == expected
    events = [e for e in Calendar.from_ical(reader.get(f"{ADDRESS}.ics").data).walk("VEVENT") if e["STATUS"] != "CANCELLED"]
    assert [e["DTSTART"].dt.strftime(form) for e in events] == expected


def test_cancelled_stays_fourteen_days_after_it_was_cancelled(plan, reader, published):
    plan.depart(published, "2026-12-21", "skipped")
    plan.publish()
    seen = {}
    for days in (0, 13, 14, 15):
        with time_machine.travel(NOW + timedelta(days=days), tick=False):
            seen[days] = [o["status"] for o in reader.json("?from=2026-12-21&days=1")["occurrences"]]
    assert seen == {0: ["cancelled"], 13: ["cancelled"], 14: ["cancelled"], 15: []}


def test_a_programme_over_midnight_is_in_both_days(plan, reader):  # case 29
    plan.slot(starts_at=datetime.fromisoformat("2026-01-01T23:30").time(), minutes=60)
    plan.publish()
    found = {
        day: len(reader.json(f"?from={day}&days=1")["occurrences"])
        for day in ("2026-11-22", "2026-11-23", "2026-11-24", "2026-11-25")
    }
    assert found == {"2026-11-22": 0, "2026-11-23": 1, "2026-11-24": 1, "2026-11-25": 0}


def test_the_window_is_of_the_stations_own_days(reader):
    with time_machine.travel(datetime(2026, 11, 22, 16, 30, tzinfo=UTC), tick=False):  # Monday in the east only
        assert reader.json()["from"] == "2026-11-22"
        assert json.loads(reader.get(f"/stations/{EAST}/timetable.json", station=EAST).data)["from"] == "2026-11-23"


QUESTIONS = {
    "?from=2026-09-23": 200,
    "?from=2026-09-22": 400,
    "?from=2027-12-27": 200,
    "?from=2027-12-28": 400,
    "?from=20261123": 400,
    "?from=2026-02-30": 400,
    "?from=2026-W48-1": 400,
    "?from=٢٠٢٦-11-23": 400,
    "?from=9999-12-31": 400,
    "?from=0001-01-01": 400,
    "?from=%00": 400,
    "?from=%FF": 400,
    "?days=1": 200,
    "?days=400": 200,
    "?days=401": 400,
    "?days=0": 400,
    "?days=-1": 400,
    "?days=²": 400,
    "?days=1e2": 400,
    "?days=99999999999999999999": 400,
    "?since=0": 200,
    "?since=1": 200,
    "?since=999999999": 200,
    "?since=x": 400,
    "?since=-1": 400,
    "?from=&days=": 200,
    "?unknown=1": 200,
}


def test_questions_that_can_and_cannot_be_answered(reader):
    answers = {query: reader.get(f"{ADDRESS}.json{query}") for query in QUESTIONS}
    assert {query: answer.status_code for query, answer in answers.items()} == QUESTIONS
    for answer in answers.values():
        if answer.status_code == 400:
            assert answer.content_type == "text/plain; charset=utf-8"
            assert answer.get_data(as_text=True).count("\n") == 1


def test_a_second_pull_is_304_and_renders_nothing(reader, published, monkeypatch):
    for extension in ("ics", "xml", "json"):
        first = reader.get(f"{ADDRESS}.{extension}")
        monkeypatch.setattr(feed_views, "_rendered", None)
        second = reader.get(f"{ADDRESS}.{extension}", If_None_Match=first.headers["ETag"])
        assert (second.status_code, second.data, second.headers["ETag"]) == (304, b"", first.headers["ETag"])
        assert ("Content-Security-Policy" in second.headers, second.headers["Vary"]) == (False, "Accept-Encoding, Authorization")
        monkeypatch.undo()


SPELT = {"{}": 304, "W/{}": 304, '"other", {}': 304, "*": 304, '"other"': 200, "": 200, "nonsense": 200}


def test_if_none_match_however_spelt(reader, published):  # case 42
    tag = reader.get().headers["ETag"]
    assert tag.startswith('"')
    assert {spelt: reader.get(If_None_Match=spelt.format(tag)).status_code for spelt in SPELT} == SPELT


def test_what_changes_the_etag_and_what_does_not(plan, reader, published):
    def tag(address=f"{ADDRESS}.json", station=WEST, **headers):
        return reader.get(address, station, **headers).headers["ETag"]

    first, east = tag(), tag(f"/stations/{EAST}/timetable.json", EAST)
    plan.slot(published, starts_at=datetime.fromisoformat("2026-01-01T09:00").time())
    assert tag() == first  # case 43: a draft
    plan.publish()
    assert tag() != first
    assert tag(f"/stations/{EAST}/timetable.json", EAST) == east  # case 44
    others = [tag(f"{ADDRESS}.json?{q}") for q in ("days=7", "from=2026-11-23", "since=1", "since=2")]
    others += [tag(f"{ADDRESS}.ics"), tag(f"{ADDRESS}.xml"), tag(Accept_Encoding="gzip"), tag()]
    assert len(set(others)) == len(others)
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert tag() not in others


def test_a_channel_without_an_edition_changes_no_feed(plan, reader, published, database):
    def whole(extension):
        answer = reader.get(f"{ADDRESS}.{extension}")
        return answer.headers["ETag"], answer.data

    before = {extension: whole(extension) for extension in feeds()}
    with database.writing() as db:
        west = db.scalars(select(Station).where(Station.slug == WEST)).one()
        second = stations.create_channel(db, west, "pro2.tvri.kentongan.id", "Kedua").id
    assert {extension: whole(extension) for extension in feeds()} == before
    plan.slot(channel_id=second)
    plan.publish()
    assert [each["name"] for each in reader.json()["channels"]] == ["TVRI Nasional", "Kedua"]


def test_the_same_revision_and_window_give_the_same_bytes_on_another_day(plan, reader, published):
    first = reader.get(f"{ADDRESS}.ics?from=2026-11-30&days=400").data
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        later = reader.get(f"{ADDRESS}.ics?from=2026-11-30&days=390").data
    assert first.startswith(later.removesuffix(b"END:VCALENDAR\r\n"))


def test_gzip_is_smaller_the_same_and_has_its_own_etag(reader, published):  # case 47
    plain, packed = reader.get(), reader.get(Accept_Encoding="gzip")
    assert gzip.decompress(packed.data) == plain.data
    assert (packed.headers["Content-Encoding"], packed.headers["Vary"]) == ("gzip", "Accept-Encoding, Authorization")
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        assert packed.data == reader.get(Accept_Encoding="gzip").data
    assert packed.headers["ETag"] != plain.headers["ETag"]
    for held in (packed.headers["ETag"], plain.headers["ETag"]):  # whichever she kept, it is this timetable
        for accepted in ("gzip", "identity"):
            again = reader.get(Accept_Encoding=accepted, If_None_Match=held)
            assert (again.status_code, again.headers["ETag"]) == (304, held)
    assert reader.get(Accept_Encoding="gzip;q=0").headers.get("Content-Encoding") is None


def test_head_says_what_get_would(reader, published):
    for extension in ("ics", "xml", "json"):
        got, head = reader.get(f"{ADDRESS}.{extension}"), reader.get(f"{ADDRESS}.{extension}", method="HEAD")
        assert (head.status_code, head.data) == (200, b"")
        for name in ("ETag", "Content-Length", "Content-Type"):
            assert head.headers[name] == got.headers[name]


def test_other_verbs_are_refused(reader, network):
    assert reader.get(method="PUT").status_code == 405


def test_media_types(reader, published):
    assert {e: reader.get(f"{ADDRESS}.{e}").content_type for e in ("ics", "xml", "json")} == {
        "ics": "text/calendar; charset=utf-8",
        "xml": "application/xml; charset=utf-8",
        "json": "application/json",
    }


def test_since_gives_the_changes_with_tombstones(plan, reader, published):  # case 48
    other = plan.slot(weekdays=frozenset({1}))
    plan.publish()
    plan.depart(published, "2026-11-30", "skipped")
    plan.depart(other, "2026-11-24", "moved", new_start=datetime.fromisoformat("2026-11-24T10:00"))
    plan.depart(other, "2026-12-01", "moved", new_start=datetime.fromisoformat("2026-12-20T10:00"))
    plan.publish()
    body = reader.json("?since=2")
    assert [(o["id"].split("@")[0], o["status"]) for o in body["occurrences"]] == [
        (f"{other}-20261124T0800", "moved"),
        (f"{published}-20261130T0800", "cancelled"),
    ]
    assert (body["full"], [i.split("@")[0] for i in body["removed"]]) == (
        False,
        [f"{published}-20261130T0800", f"{other}-20261201T0800"],
    )
    nothing = reader.json("?since=3")
    assert (nothing["occurrences"], nothing["removed"], nothing["full"]) == ([], [], False)


def test_a_revision_that_never_was_gives_everything(reader, published):
    everything = reader.json()["occurrences"]
    for since in (0, 9):
        body = reader.json(f"?since={since}")
        assert (body["full"], body["occurrences"], body["removed"]) == (True, everything, [])


def test_a_reader_away_for_weeks_gets_no_past(plan, reader, published):  # case 50
    plan.depart(published, "2026-11-30", "skipped")
    plan.depart(published, "2026-12-21", "skipped")
    plan.publish()
    with time_machine.travel(NOW + timedelta(days=21), tick=False):
        body = reader.json("?since=1")
    assert [i.split("@")[0] for i in body["removed"]] == [f"{published}-20261221T0800"]


def test_now_and_next(reader, published):
    def told(minutes):
        with time_machine.travel(datetime(2026, 11, 23, 1, tzinfo=UTC) + timedelta(minutes=minutes), tick=False):
            body = json.loads(reader.get(f"/stations/{WEST}/now").data)
            return tuple(body[name] and body[name]["start"] for name in ("now", "next"))

    first, second = "2026-11-23T08:00:00+07:00", "2026-11-30T08:00:00+07:00"
    assert [told(-1), told(0), told(29), told(30)] == [(None, first), (first, second), (first, second), (None, second)]


def test_now_changes_when_the_last_programme_begins(plan, reader):
    plan.slot(weekdays=frozenset())
    plan.publish()
    tag = reader.get(f"/stations/{WEST}/now").headers["ETag"]
    with time_machine.travel(datetime(2026, 11, 23, 1, tzinfo=UTC), tick=False):
        assert reader.get(f"/stations/{WEST}/now", If_None_Match=tag).status_code == 200


def test_a_busy_database_costs_only_the_note(reader, published, database, monkeypatch):
    def busy():
        raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))

    monkeypatch.setattr(database, "writing", busy)
    assert reader.get().status_code == 200


def test_now_is_304_until_it_changes(reader, published):
    tag = reader.get(f"/stations/{WEST}/now").headers["ETag"]
    assert reader.get(f"/stations/{WEST}/now", If_None_Match=tag).status_code == 304
    with time_machine.travel(datetime(2026, 11, 23, 1, tzinfo=UTC), tick=False):
        assert reader.get(f"/stations/{WEST}/now", If_None_Match=tag).status_code == 200


def test_a_station_of_no_programmes_is_an_empty_feed(reader):
    assert {e: reader.get(f"{ADDRESS}.{e}").status_code for e in ("ics", "xml", "json")} == {"ics": 200, "xml": 200, "json": 200}
    assert reader.json()["occurrences"] == []


def test_a_new_and_an_old_key_work_until_the_old_is_revoked(reader, network, database):
    with database.writing() as db:
        station = db.scalars(select(Station).where(Station.slug == WEST)).one()
        new = station_keys.rotate_keys(db, station, NOW)
    both = Reader(reader.client, {WEST: new})
    assert (reader.get().status_code, both.get().status_code) == (200, 200)
    with database.writing() as db:
        station_keys.revoke_keys(db, db.scalars(select(Station).where(Station.slug == WEST)).one(), NOW)
    assert (reader.get().status_code, both.get().status_code) == (401, 200)


def test_the_last_pull_is_noted_once_an_hour(reader, network, database):
    def noted():
        with database.reading() as db:
            return db.scalar(select(Station.pulled_at).where(Station.slug == WEST))

    reader.get(method="HEAD")
    assert noted() is None
    reader.get()
    assert noted() == NOW
    with time_machine.travel(NOW + timedelta(minutes=59), tick=False):
        reader.get()
        assert noted() == NOW


def test_the_schema_is_published(client):
    raw = (Path(feed_views.__file__).parent / "feeds/timetable.schema.json").read_bytes()
    assert client.get("/stations/timetable.schema.json").data == raw


def test_a_far_window_ends_where_nobody_may_look(plan, reader, published):
    last = (date(2026, 11, 22) + timedelta(days=HORIZON_DAYS)).isoformat()
    assert reader.json(f"?from={last}&days=400")["occurrences"] == []
