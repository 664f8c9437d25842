"""Rendered once for all who ask for the same, and never for those who ask for something else."""

from __future__ import annotations

import pytest
import time_machine
from sqlalchemy import update

from broadcast_schedule import feed_views, kept_feeds
from broadcast_schedule.tables import Station
from tests.broadcast_schedule.conftest import NOW
from tests.broadcast_schedule.test_feed_views import ADDRESS, WEST, Reader


@pytest.fixture(autouse=True)
def at_ten_on_sunday():
    with time_machine.travel(NOW, tick=False):
        yield


def test_the_oldest_go_when_there_are_too_many_bytes():
    kept, made = kept_feeds.Kept(most=40), []

    def get(name, size=10):
        return kept.get(name, lambda: made.append(name) or bytes(size))

    for name in "abcdacdb":
        get(name)
    assert "".join(made) == "abcd"
    get("e")
    for name in "cdb":
        get(name)
    assert "".join(made) == "abcde"
    get("a")
    get("large", 11)
    get("large", 11)
    assert made == [*"abcdea", "large", "large"]


def test_a_feed_is_rendered_once_for_all_and_anew_for_another(client, network, plan, database, monkeypatch):
    reader, rendered, render = Reader(client, network.keys), [], feed_views._rendered
    monkeypatch.setattr(feed_views, "_rendered", lambda *args: rendered.append(1) or render(*args))
    slot = plan.slot()
    plan.publish()
    told = [reader.get(Accept_Encoding=accepted) for accepted in ("identity", "gzip", "identity", "gzip")]
    assert (len(rendered), told[0].data == told[2].data, told[1].data == told[3].data) == (1, True, True)
    for n, change in enumerate((
        lambda: reader.get(f"{ADDRESS}.json?days=3"),
        lambda: reader.get(f"{ADDRESS}.csv"),
        lambda: (plan.slot(slot, minutes=45), plan.publish()),
        lambda: _renamed(database),
    )):  # fmt: skip
        change()
        after = reader.get()
        assert len(rendered) == (2, 3, 4, 5)[n]
    assert "TVRI Baru" in after.get_data(as_text=True)


def _renamed(database):
    with database.writing() as db:
        db.execute(update(Station).where(Station.slug == WEST).values(name="TVRI Baru"))
