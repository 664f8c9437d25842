"""What hangs on an episode: who is offered it, what replaces what, whose revision rises, what a promise of audio is worth."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from broadcast_schedule import audits, carriage, editions, episodes, fetches, guide, papers
from broadcast_schedule.episodes import EpisodeDraft
from broadcast_schedule.paper_tables import EpisodeFile, FileFetch
from broadcast_schedule.tables import Occurrence, Station
from core import clock
from core.files import Kept
from core.problems import Refused
from tests.broadcast_schedule.conftest import NOW, Plan, two_stations

MP3 = Kept("a1" * 32, 12_345_678, "audio/mpeg")
PDF = Kept("b2" * 32, 45_000, "application/pdf")
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def episode(plan):
    return plan.kept("Magnet", lambda: plan.made(episodes.save_episode, plan.network.programme, EpisodeDraft("Magnet")))


@pytest.fixture
def aired(plan, episode):
    """The episode airs in the west on Mondays, and is published; the west is at revision 1."""
    return plan.kept("Magnet is on the air", lambda: air(plan, episode))


def air(plan, episode):
    slot = plan.slot()
    plan.do(episodes.lay, slot, [episode], date(2026, 11, 23), "date")
    plan.publish()
    return slot


def add(plan, episode, kept=MP3, kind="recording", title="Magnet", now=LATER, replaces=None):
    return plan.made(papers.add, episode, kind, title, kept, "jadwal", now, replaces)


def told(plan, station="tvri-nasional", days=7, **more):
    """{local start: titles of its files} in a station's timetable."""
    with plan.network.database.reading() as db:
        row = guide.station_by_slug(db, station)
        found = guide.window(db, row, date(2026, 11, 23), days, **more)
        return {f"{one.start:%m-%d}": [file.title for file in one.files] for one in found.occurrences}


def may_fetch(plan, slug, digest=MP3.digest, now=LATER):
    with plan.network.database.reading() as db:
        return [one.title for one in papers.fetchable(db, guide.station_by_slug(db, slug).id, digest, now)]


def test_a_file_stands_with_every_airing_of_its_episode(plan, episode, aired):
    assert told(plan) == {"11-23": []}
    add(plan, episode, PDF, "notes", "Catatan")
    add(plan, episode)
    assert told(plan) == {"11-23": ["Magnet", "Catatan"]}
    with plan.network.database.reading() as db:
        row = guide.station_by_slug(db, "tvri-nasional")
        (one,) = guide.window(db, row, date(2026, 11, 23), 7, base="https://k.id").occurrences
    assert [(f.kind, f.size, f.sha256, f.media_type, f.name, f.url) for f in one.files][:1] == [(
        "recording", 12_345_678, MP3.digest, "audio/mpeg", "magnet-a1a1a1a1.mp3", f"https://k.id/stations/tvri-nasional/files/{MP3.digest}",
    )]  # fmt: skip


def test_a_file_that_comes_or_goes_raises_the_revision_of_who_airs_it_alone(plan, episode, aired):
    assert plan.revisions() == {"tvri-nasional": 1, "rri-jayapura": 0}
    file = add(plan, episode)
    assert plan.revisions() == {"tvri-nasional": 2, "rri-jayapura": 0}
    assert told(plan, since=1) == {"11-23": ["Magnet"]}
    plan.do(papers.remove, file, "jadwal", LATER)
    assert (plan.revisions()["tvri-nasional"], told(plan, since=2)) == (3, {"11-23": []})
    plan.do(papers.remove, file, "jadwal", LATER)
    assert plan.revisions()["tvri-nasional"] == 3
    plan.do(papers.restore, file, "jadwal", LATER)
    assert (plan.revisions()["tvri-nasional"], told(plan)) == (4, {"11-23": ["Magnet"]})
    with plan.network.database.reading() as db:
        row = db.scalars(select(Occurrence).order_by(Occurrence.original_start)).first()
        station = guide.station_by_slug(db, "tvri-nasional")
        assert (row.sequence, row.revision, row.updated_at, station.revised_at) == (0, 4, LATER, LATER)


def test_another_airing_keeps_its_revision(plan, episode, aired):
    add(plan, episode)
    with plan.network.database.reading() as db:
        wanted = select(Occurrence.revision).order_by(Occurrence.original_start).limit(3)
        assert list(db.scalars(wanted)) == [2, 1, 1]


def test_who_carries_it_is_offered_it_once_that_is_published(plan, episode, aired):
    add(plan, episode)
    assert (may_fetch(plan, "tvri-nasional"), may_fetch(plan, "rri-jayapura")) == (["Magnet"], [])
    carried = plan.made(carriage.carry, aired, plan.network.east, "relay")
    assert may_fetch(plan, "rri-jayapura") == []
    plan.publish()
    assert (may_fetch(plan, "rri-jayapura"), told(plan, "rri-jayapura")) == (["Magnet"], {"11-23": ["Magnet"]})
    plan.do(carriage.uncarry, carried)
    plan.publish()
    assert (may_fetch(plan, "rri-jayapura"), told(plan, "rri-jayapura")) == ([], {"11-23": []})


def test_what_aired_long_ago_is_fetched_no_more(plan, episode, aired):
    add(plan, episode)
    assert may_fetch(plan, "tvri-nasional", now=NOW + timedelta(days=62)) == ["Magnet"]
    assert may_fetch(plan, "tvri-nasional", now=NOW + timedelta(days=64)) == []


def test_laying_another_episode_takes_the_file_along_when_it_is_published(plan, episode, aired):
    add(plan, episode)
    other = plan.made(episodes.save_episode, plan.network.programme, EpisodeDraft("Magnet"))
    plan.do(episodes.lay, aired, [other], date(2026, 11, 23), "date")
    assert told(plan) == {"11-23": ["Magnet"]}
    plan.publish()
    assert told(plan) == {"11-23": []}


def test_a_replacement_keeps_the_history_and_undoing_it_brings_the_old_one_back(plan, episode, aired):
    first = add(plan, episode)
    second = add(plan, episode, MP3._replace(digest="c3" * 32), replaces=first)
    third = add(plan, episode, MP3._replace(digest="d4" * 32), replaces=second)

    def offered():
        with plan.network.database.reading() as db:
            return [one.id for one in papers.offered(db, episode)]

    assert offered() == [third]
    assert may_fetch(plan, "tvri-nasional") == []
    plan.do(papers.restore, first, "jadwal", LATER)
    assert offered() == [first]
    with plan.network.database.reading() as db:
        found = db.execute(select(EpisodeFile.id, EpisodeFile.replaces_id, EpisodeFile.removed_by).order_by(EpisodeFile.id)).all()
    assert [tuple(row) for row in found] == [(first, None, ""), (second, first, "jadwal"), (third, second, "jadwal")]


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({}, "file"), ({"title": "\u200b \n"}, "title"), ({"kind": "video"}, ""), ({"replaces": 99}, "replaces"),
        ({"replaces": 1, "kind": "script"}, "replaces"),
    ],
)  # fmt: skip
def test_what_cannot_be_offered(plan, episode, aired, more, where):
    add(plan, episode)
    with pytest.raises(Refused) as refused:
        add(plan, episode, **more)
    assert [problem.where for problem in refused.value.problems] == [where]
    assert plan.revisions()["tvri-nasional"] == 2
    assert told(plan) == {"11-23": ["Magnet"]}


def test_the_same_bytes_again_after_they_were_removed_are_a_new_offer(plan, episode, aired):
    first = add(plan, episode)
    plan.do(papers.remove, first, "jadwal", LATER)
    second = add(plan, episode)
    with pytest.raises(Refused):
        plan.do(papers.restore, first, "jadwal", LATER)
    assert (second != first, told(plan)) == (True, {"11-23": ["Magnet"]})


def test_an_episode_offers_so_many_at_most(plan, episode):
    for n in range(papers.MOST):
        add(plan, episode, MP3._replace(digest=f"{n:064}"))
    with pytest.raises(Refused, match="paling banyak 20 berkas"):
        add(plan, episode)
    add(plan, episode, replaces=papers.MOST)


def test_a_recording_that_is_here_keeps_its_promise(plan, episode):
    """Promised for ten, aired at eight: publishing is refused until the recording came, and again once it is removed."""
    promised = EpisodeDraft("Magnet", ready_at=datetime(2026, 11, 23, 3, tzinfo=NOW.tzinfo))
    plan.do(episodes.save_episode, plan.network.programme, promised, episode)
    slot = plan.slot()
    plan.do(episodes.lay, slot, [episode], date(2026, 11, 23), "date")

    def late():
        with plan.network.database.reading() as db:
            return [problem.where for problem in audits.of_slots(db, [slot], NOW)]

    assert late() == [f"slot.{slot}"]
    script = add(plan, episode, PDF, "script")
    assert late() == [f"slot.{slot}"]
    recording = add(plan, episode)
    assert late() == []
    plan.publish()
    plan.do(papers.remove, recording, "jadwal", LATER)
    assert (late(), script != recording) == ([f"slot.{slot}"], True)


def test_fetches_are_counted_and_told_who_still_has_to_first(plan, episode, aired, database):
    plan.do(carriage.carry, aired, plan.network.east, "local")
    plan.publish()
    file = add(plan, episode)
    with database.reading() as db:
        ids = dict(db.execute(select(Station.slug, Station.id)).all())

    def listed(now=LATER):
        with database.reading() as db:
            found = fetches.by_station(db, file, episode, now)
            return [(x.slug, x.airs_at and f"{x.airs_at:%dT%H}", x.times, x.first_at, x.last_at) for x in found]

    assert listed() == [("rri-jayapura", "22T23", 0, None, None), ("tvri-nasional", "23T01", 0, None, None)]
    for at in (LATER, LATER + timedelta(hours=2)):
        database.step(lambda db, at=at: fetches.fetched(db, [file], ids["rri-jayapura"], clock.to_ms(at)))
    assert listed() == [
        ("tvri-nasional", "23T01", 0, None, None), ("rri-jayapura", "22T23", 2, LATER, LATER + timedelta(hours=2)),
    ]  # fmt: skip
    with database.reading() as db:
        assert len(db.scalars(select(FileFetch)).all()) == 1
        assert fetches.by_digest(db, ids["rri-jayapura"]) == {MP3.digest: LATER + timedelta(hours=2)}
    assert listed(NOW + timedelta(days=2)) == [("rri-jayapura", None, 2, LATER, LATER + timedelta(hours=2))]


def test_a_moment_of_the_past_keeps_its_files_in_old_windows(plan, episode, aired):
    """A feed that looks back is as much its revision's as one that looks ahead."""
    week = NOW + timedelta(days=8)
    file = add(plan, episode, now=week)
    assert (plan.revisions()["tvri-nasional"], told(plan)) == (2, {"11-23": ["Magnet"]})
    plan.do(papers.remove, file, "jadwal", NOW + timedelta(days=70))
    assert plan.revisions()["tvri-nasional"] == 2


def test_a_file_of_what_never_airs_changes_nothing_for_anybody(plan, episode):
    add(plan, episode)
    assert plan.revisions() == {"tvri-nasional": 0, "rri-jayapura": 0}
    with plan.network.database.reading() as db:
        assert (papers.counted(db, [episode]), papers.digests(db)) == ({episode: 1}, {MP3.digest})
        assert editions.has_draft(db) is False


def test_both_databases_offer_tell_and_count(any_database):
    plan = Plan(two_stations(any_database))
    episode = plan.made(episodes.save_episode, plan.network.programme, EpisodeDraft("Magnet"))
    plan.do(episodes.lay, plan.slot(), [episode], date(2026, 11, 23), "date")
    plan.publish()
    file = add(plan, episode)
    with pytest.raises(Refused):
        add(plan, episode)
    assert (plan.revisions(), told(plan)) == ({"tvri-nasional": 2, "rri-jayapura": 0}, {"11-23": ["Magnet"]})
    with any_database.reading() as db:
        west = db.scalars(select(Station.id).where(Station.slug == "tvri-nasional")).one()
    for _time in range(2):
        any_database.step(lambda db: fetches.fetched(db, [file], west, clock.to_ms(LATER)))
    with any_database.reading() as db:
        assert [(x.slug, x.times, x.last_at) for x in fetches.by_station(db, file, episode, LATER)] == [
            ("tvri-nasional", 2, LATER)
        ]
    plan.do(papers.remove, file, "jadwal", LATER)
    plan.do(papers.restore, file, "jadwal", LATER)
    assert (plan.revisions()["tvri-nasional"], may_fetch(plan, "tvri-nasional")) == (4, ["Magnet"])
