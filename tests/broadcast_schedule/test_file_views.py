"""A station fetches files over HTTP: who may, what counts as fetched, what its software reads."""

from __future__ import annotations

import io
import json
from datetime import date

import pytest
import time_machine
from jsonschema import Draft202012Validator
from sqlalchemy import select, update

from broadcast_schedule import carriage, episodes, file_views, papers
from broadcast_schedule.episodes import EpisodeDraft
from broadcast_schedule.paper_tables import FileFetch
from broadcast_schedule.tables import Station
from core import files
from schools import staff
from tests.broadcast_schedule.conftest import NOW
from tests.broadcast_schedule.feeds.test_json import SCHEMA
from tests.broadcast_schedule.test_feed_views import EAST, WEST, Reader
from tests.broadcast_schedule.test_views import HASHED, Person, text

MP3 = b"ID3\x04" + bytes(range(256)) * 600


@pytest.fixture(autouse=True)
def at_ten_on_sunday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def hung(plan, settings):
    """The digest of a recording of what airs in the west on Mondays."""
    kept = files.keep(settings.instance_dir / "files", io.BytesIO(MP3), most=10**6, families={"audio"})
    plan.slot_id, plan.episode_id = plan.kept("a recording", lambda: hang(plan, kept))
    return kept.digest


def hang(plan, kept):
    episode = plan.made(episodes.save_episode, plan.network.programme, EpisodeDraft("Magnet"))
    slot = plan.slot()
    plan.do(episodes.lay, slot, [episode], date(2026, 11, 23), "date")
    plan.publish()
    plan.made(papers.add, episode, "recording", "Magnet", kept, "jadwal", NOW)
    return slot, episode


@pytest.fixture
def reader(client, network):
    return Reader(client, network.keys)


def of(station, digest):
    return f"/stations/{station}/files/{digest}"


def noted(database):
    with database.reading() as db:
        rows = db.execute(
            select(Station.slug, FileFetch.times, FileFetch.first_at).join(Station, Station.id == FileFetch.station_id)
        )
        return [tuple(row) for row in rows]


def test_a_station_fetches_its_recording_and_it_is_noted(reader, hung, database):
    answer = reader.get(of(WEST, hung))
    assert (answer.status_code, answer.data, answer.mimetype) == (200, MP3, "audio/mpeg")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="magnet-{hung[:8]}.mp3"'
    assert noted(database) == [(WEST, 1, NOW)]


def test_what_counts_as_fetched(reader, hung, database):
    size = len(MP3)
    asked = (
        ({"method": "HEAD"}, 200, 0), ({"If_None_Match": f'"{hung}"'}, 304, 0), ({"Range": "bytes=0-99"}, 206, 0),
        ({"Range": f"bytes={size}-"}, 416, 0), ({"Range": f"bytes=100-{size - 2}"}, 206, 0), ({"Range": "bytes=100-"}, 206, 1),
        ({"Range": "bytes=-1"}, 206, 2), ({}, 200, 3),
    )  # fmt: skip
    for more, status, times in asked:
        assert reader.get(of(WEST, hung), **more).status_code == status
        assert sum(row[1] for row in noted(database)) == times, more


def test_a_broken_download_goes_on_where_it_stopped(reader, hung):
    begun = reader.get(of(WEST, hung), Range="bytes=0-70000")
    rest = reader.get(of(WEST, hung), Range="bytes=70001-", If_Range=begun.headers["ETag"])
    assert (begun.status_code, rest.status_code, begun.data + rest.data) == (206, 206, MP3)


def test_who_may(client, network, reader, hung, plan, database):
    key, token = network.keys[WEST].key, network.keys[WEST].calendar_token

    def status(station=WEST, digest=hung, query="", **headers):
        return client.get(of(station, digest) + query, headers=headers).status_code

    bearer = {"Authorization": f"Bearer {key}"}
    assert (status(), status(Authorization="Bearer wrong"), status(query="?key=wrong")) == (401, 401, 401)
    assert (status(**bearer), status(query=f"?key={token}"), status(query=f"?key={key}")) == (200, 200, 401)
    assert status(station=EAST, **bearer) == 404
    assert reader.get(of(EAST, hung), station=EAST).status_code == 404, "it does not air it"
    for digest in ("0" * 64, hung.upper(), hung[:-1], "..%2f..%2fsecret_key", "x" * 3000):
        assert status(digest=digest, **bearer) == 404
    assert client.post(of(WEST, hung), headers=bearer).status_code == 405
    with database.writing() as db:
        db.execute(update(Station).values(is_open_data=True))
    assert (client.get(f"/stations/{WEST}/timetable.json").status_code, status()) == (200, 401)
    plan.do(carriage.carry, plan.slot_id, network.east, "relay")
    plan.publish()
    assert reader.get(of(EAST, hung), station=EAST).status_code == 200


def test_a_file_that_was_removed_or_lost_is_404(reader, hung, plan, settings, database):
    files.path_of(settings.instance_dir / "files", hung).unlink()
    assert reader.get(of(WEST, hung)).status_code == 404
    assert noted(database) == []
    plan.do(papers.remove, 1, "jadwal", NOW)
    assert reader.get(of(WEST, hung)).status_code == 404


def test_the_list_for_playout_software(reader, hung, database):
    answer = reader.get(f"/stations/{WEST}/files.json?days=9")
    body = json.loads(answer.data)
    assert body == {
        "station": WEST,
        "revision": 2,
        "files": [
            {
                "kind": "recording",
                "title": "Magnet",
                "series": "X-Sains",
                "episode": "Magnet",
                "name": f"magnet-{hung[:8]}.mp3",
                "media_type": "audio/mpeg",
                "size": len(MP3),
                "sha256": hung,
                "url": f"http://127.0.0.1:8000/stations/{WEST}/files/{hung}",
                "fetched_at": None,
                "airs": [
                    {
                        "id": "1-20261123T0800@tvri-nasional.kentongan.id",
                        "channel": "tvri-nasional.kentongan.id",
                        "start": "2026-11-23T08:00:00+07:00",
                    },
                ],
            }
        ],
    }  # fmt: skip
    assert reader.get(f"/stations/{WEST}/files.json?days=9", If_None_Match=answer.headers["ETag"]).status_code == 304
    reader.get(of(WEST, hung))
    again = reader.get(f"/stations/{WEST}/files.json?days=9", If_None_Match=answer.headers["ETag"])
    assert json.loads(again.data)["files"][0]["fetched_at"] == "2026-11-22T10:00:00+07:00"
    assert json.loads(reader.get(f"/api/v1/stations/{WEST}/files?days=9").data) == json.loads(again.data)


@pytest.mark.parametrize("query", ["?days=0", "?days=x", "?from=2026-13-01"])
def test_a_question_that_is_none(reader, hung, query):
    assert reader.get(f"/stations/{WEST}/files.json{query}").status_code == 400
    assert reader.get(f"/api/v1/stations/{WEST}/files{query}").mimetype == "application/problem+json"


def test_the_list_wants_a_key(client, network, hung):
    assert client.get(f"/stations/{WEST}/files.json").status_code == 401
    refused = client.get(f"/api/v1/stations/{WEST}/files")
    assert (refused.status_code, refused.mimetype) == (401, "application/problem+json")
    assert (
        client.get(f"/stations/{WEST}/files.json", headers={"Authorization": f"Bearer {network.keys[EAST].key}"}).status_code
        == 404
    )


def test_feeds_name_the_file_without_a_secret_and_change_when_it_goes(reader, hung, plan, network):
    address = f"http://127.0.0.1:8000/stations/{WEST}/files/{hung}"
    before = reader.get(f"/stations/{WEST}/timetable.json")
    body = json.loads(before.data)
    assert [file["url"] for file in body["occurrences"][0]["files"]] == [address]
    assert list(Draft202012Validator(SCHEMA).iter_errors(body)) == []
    calendar = reader.client.get(f"/stations/{WEST}/timetable.ics?key={network.keys[WEST].calendar_token}").data.replace(
        b"\r\n ", b""
    )
    attached = f"ATTACH;FILENAME=magnet-{hung[:8]}.mp3;FMTTYPE=audio/mpeg;SIZE={len(MP3)}:{address}\r\n"
    assert calendar.count(b"ATTACH") == calendar.count(attached.encode()) == 1
    plan.do(papers.remove, 1, "jadwal", NOW)
    after = reader.get(f"/stations/{WEST}/timetable.json", If_None_Match=before.headers["ETag"])
    assert (after.status_code, "files" in json.loads(after.data)["occurrences"][0]) == (200, False)


def test_from_her_own_page_by_login(app, client, network, database, hung):
    with database.writing() as db:
        for login, role, slug in (("tvri", "station", WEST), ("rri", "station", EAST), ("jadwal", "planner", None)):
            staff.create(db, login, login, role, HASHED, NOW, station_slug=slug)
    assert client.get(f"/station/files/{hung}").status_code == 303, "she is asked who she is"
    planner = Person(app.test_client()).log_in("jadwal")
    assert planner.client.get(f"/station/files/{hung}?station={WEST}").data == MP3
    assert (planner.client.get(f"/station/files/{hung}?station={EAST}").status_code, noted(database)) == (404, [])
    west = Person(app.test_client()).log_in("tvri")
    page = west.page("/station/")
    link = page.xpath("//a[contains(., 'Rekaman: Magnet')]/@href")[0]
    assert hung in text(page)
    assert (west.client.get(link).data, noted(database)) == (MP3, [(WEST, 1, NOW)])
    assert "diambil Minggu, 22 November 2026, 10.00 WIB" in text(west.page("/station/"))
    east = Person(app.test_client()).log_in("rri")
    assert east.client.get(f"/station/files/{hung}?station={WEST}").status_code == 404


def test_a_busy_database_costs_the_note_alone(reader, hung, database, monkeypatch):
    from core.hot import Busy

    def busy(*args, **more):
        raise Busy

    monkeypatch.setattr(type(database), "step", busy)
    assert reader.get(of(WEST, hung)).data == MP3
    assert file_views.NOTED_WITHIN <= 2
