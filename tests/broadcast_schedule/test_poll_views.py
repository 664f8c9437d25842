"""Polls in front of Flask: they say what Flask would, at once after a publication or a revocation, and Flask is not asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from broadcast_schedule import station_keys
from broadcast_schedule.feeds import feeds
from broadcast_schedule.tables import Station
from tests.broadcast_schedule.conftest import NOW
from tests.broadcast_schedule.test_feed_views import ADDRESS, CLOSED, WEST, Reader, auth


@pytest.fixture(autouse=True)
def travel():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def reader(client, network):
    return Reader(client, network.keys)


@pytest.fixture
def published(plan, reader):
    slot = plan.on_mondays()
    reader.get()  # notes that she pulled
    return slot


@pytest.fixture
def through_flask(app, monkeypatch):
    """The addresses that were asked of Flask."""
    asked, dispatch = [], app.full_dispatch_request

    def dispatched(*args):
        from flask import request

        asked.append(request.full_path)
        return dispatch(*args)

    monkeypatch.setattr(app, "full_dispatch_request", dispatched)
    return asked


def told(response):
    kept = {name: value for name, value in response.headers.items() if name not in ("Content-Length", "Content-Type")}
    return response.status_code, response.data if response.status_code == 304 else b"", kept


@pytest.mark.parametrize(
    "extensions",
    [("json", "nonsense"), pytest.param(sorted({*feeds()} - {"json"}), marks=pytest.mark.slow)],
    ids=["json", "others"],
)
@pytest.mark.parametrize("what", [*CLOSED])
def test_what_flask_would_say_is_said(client, network, reader, published, what, extensions):
    headers, query = auth(what, network)
    for extension in extensions:
        tag = reader.get(f"{ADDRESS}.{extension}").headers.get("ETag", '"x"')
        for more in ("", "days=3", "from=2026-11-24&days=2", "days=0", "since=1", "from=%C3%28", "key=kc_wrong"):
            asked = f"{ADDRESS}.{extension}{query}" + (more and ("&" if query else "?") + more)
            for method in ("GET", "HEAD"):
                one = client.open(asked, method=method, headers={**headers, "If-None-Match": tag})
                other = client.open(asked, method=method, headers={**headers, "If-None-Match": f'"other", {tag}'})  # is Flask's
                assert told(one) == told(other), (asked, method)


def test_an_unchanged_feed_costs_flask_nothing(reader, published, through_flask):
    for extension in feeds():
        for accepted in ("identity", "gzip"):
            first = reader.get(f"{ADDRESS}.{extension}?days=3", Accept_Encoding=accepted)
            through_flask.clear()
            for tag in (first.headers["ETag"], f"W/{first.headers['ETag']}"):
                second = reader.get(f"{ADDRESS}.{extension}?days=3", Accept_Encoding=accepted, If_None_Match=tag)
                assert told(second)[:2] == (304, b"")
                assert second.headers["ETag"] == first.headers["ETag"]
            assert through_flask == []


def test_a_publication_is_seen_by_the_next_poll(reader, plan, published):  # cases 43 and 44
    tag = reader.get().headers["ETag"]
    plan.slot(published, minutes=45)
    assert reader.get(If_None_Match=tag).status_code == 304
    plan.publish()
    new = reader.get(If_None_Match=tag)
    assert (new.status_code, new.headers["ETag"] == tag) == (200, False)
    assert reader.get(If_None_Match=new.headers["ETag"]).status_code == 304


def test_another_stations_publication_changes_nothing(reader, plan, network, published):
    tag = reader.get().headers["ETag"]
    plan.slot(channel_id=network.east)
    plan.publish()
    assert reader.get(If_None_Match=tag).status_code == 304


def test_a_revoked_key_opens_nothing_any_more(reader, network, database, published):
    tag = reader.get().headers["ETag"]
    assert reader.get(If_None_Match=tag).status_code == 304
    with database.writing() as db:
        station = db.scalars(select(Station).where(Station.slug == WEST)).one()
        station_keys.revoke_keys(db, station, NOW, everything=True)
    assert reader.get(If_None_Match=tag).status_code == 401


def test_the_day_that_begins_is_another_window(reader, published, travel):
    tag = reader.get().headers["ETag"]
    travel.move_to(NOW + timedelta(hours=14))  # midnight in Jakarta
    assert reader.get(If_None_Match=tag).status_code == 200


def test_that_she_pulls_is_noted_each_hour(reader, database, published, travel):
    tag = reader.get().headers["ETag"]
    travel.move_to(later := NOW + timedelta(hours=2))
    assert reader.get(If_None_Match=tag).status_code == 304
    with database.reading() as db:
        assert db.scalar(select(Station.pulled_at).where(Station.slug == WEST)) == later


def test_what_breaks_in_front_is_answered_by_flask(reader, database, published, monkeypatch):
    tag = reader.get().headers["ETag"]

    def broken(work):
        raise OSError("disk")

    monkeypatch.setattr(database, "glance", broken)
    assert reader.get(If_None_Match=tag).status_code == 304


def test_open_data_is_polled_without_a_key(client, database, reader, published, through_flask):
    with database.writing() as db:
        db.execute(update(Station).where(Station.slug == WEST).values(is_open_data=True))
    first = client.get(f"{ADDRESS}.json")
    through_flask.clear()
    assert client.get(f"{ADDRESS}.json", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert through_flask == []
