"""A planner's journey through an episode's files, and what hostile uploads meet."""

from __future__ import annotations

import io
import os
import re
from datetime import date

import pytest
from sqlalchemy import select

from broadcast_schedule import carriage, episodes, paper_views, papers
from broadcast_schedule.episodes import EpisodeDraft
from broadcast_schedule.paper_tables import EpisodeFile
from core import files
from core.database import Database
from tests.broadcast_schedule.test_views import at_ten_on_sunday, faults, headings, planner, text

__all__ = ["at_ten_on_sunday", "planner"]
MP3 = b"ID3\x04" + bytes(range(256)) * 50
PDF = b"%PDF-1.7\n" + b"x" * 400


@pytest.fixture
def address(plan):
    """The page of the files of what airs in the west on Mondays and in the east one hour later."""
    return plan.kept("an episode for files", lambda: lay(plan))


def lay(plan):
    episode = plan.made(episodes.save_episode, plan.network.programme, EpisodeDraft("Magnet"))
    slot = plan.slot()
    plan.do(episodes.lay, slot, [episode], date(2026, 11, 23), "date")
    plan.do(carriage.carry, slot, plan.network.east, "local")
    plan.publish()
    return f"/plan/episodes/{episode}/files"


def upload(planner, address, raw=MP3, name="Magnet_1.mp3", **fields):
    given = {"file": (io.BytesIO(raw), name), "kind": "recording", **fields}
    return planner.send(address, to="/files", **given)


def kept(settings):
    return sorted(path.name for path in (settings.instance_dir / "files").glob("??/*"))


def rows(database):
    with database.reading() as db:
        return [(x.kind, x.title, x.size, x.removed_at is None) for x in db.scalars(select(EpisodeFile).order_by(EpisodeFile.id))]


def test_a_planner_offers_replaces_removes_and_undoes(planner, address, database, settings):
    assert "Episode ini belum punya berkas." in text(planner.page(address))
    assert upload(planner, address).status_code == 303
    assert rows(database) == [("recording", "Magnet 1", len(MP3), True)]
    page = text(planner.page(address))
    digest = kept(settings)[0]
    for said in ("Magnet 1 sudah ditawarkan", "13 kB (12.804 bita)", digest[:12], digest, "Diambil 0 dari 2 stasiun", "jadwal"):
        assert said in page, said
    assert re.findall(r"(RRI Jayapura|TVRI Nasional) Senin, 23 November 2026, (08\.00 W\w+)", page) == [
        ("RRI Jayapura", "08.00 WIT"), ("TVRI Nasional", "08.00 WIB"),
    ]  # fmt: skip
    assert upload(planner, address, MP3 + b"2", "baru.mp3", title="Yang baru", replaces="1").status_code == 303
    assert [row[3] for row in rows(database)] == [False, True]
    assert headings(planner.page(address))[1:] == [
        "Yang baru", "Diambil 0 dari 2 stasiun", "Tambah berkas", "Tidak ditawarkan lagi", "Magnet 1",
    ]  # fmt: skip
    planner.send(address, to="/plan/files/1", what="restore")
    assert [row[3] for row in rows(database)] == [True, False]
    planner.send(address, to="/plan/files/1", what="remove")
    assert "tidak ditawarkan lagi. Berkasnya tetap ada" in text(planner.page(address))
    assert ([row[3] for row in rows(database)], len(kept(settings))) == ([False, False], 2)
    assert planner.client.get("/plan/files/1").data == MP3


def test_the_episode_and_its_programme_lead_there(planner, address):
    episode = address.removesuffix("/files")
    assert "Rekaman, naskah, dan catatan guru : belum ada." in text(planner.page(episode)).replace("guru:", "guru :")
    upload(planner, address)
    assert "Rekaman Magnet 1 (13 kB)." in text(planner.page(episode))
    listed = planner.page("/plan/programmes/1/episodes").xpath(f"//a[@href='{address}']")
    assert [text(link) for link in listed] == ["1 berkas Magnet"]


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"raw": PDF}, "file", "Isi berkas ini bukan MP3, OGG, WAV atau M4A."),
        ({"kind": "script"}, "file", "Isi berkas ini bukan PDF."),
        ({"raw": b"<svg onload=alert(1)>", "name": "x.mp3"}, "file", "Isi berkas ini bukan MP3, OGG, WAV atau M4A."),
        ({"raw": b""}, "file", "Isi berkas ini bukan MP3, OGG, WAV atau M4A."),
        ({"name": ""}, "file", "Belum ada berkas."),
        ({"kind": "video"}, "kind", "Jenis berkas belum dipilih."),
        ({"name": ".mp3"}, "title", "Berkas ini belum berjudul."),
    ],
)  # fmt: skip
def test_what_is_refused_says_why_beside_its_field(planner, address, database, fields, field, words):
    answer = upload(planner, address, **fields)
    assert answer.status_code == 422
    found = faults(answer)
    assert list(found) == [field]
    assert words in found[field]
    assert rows(database) == []


def test_what_is_replaced_must_be_offered_and_of_the_same_kind(planner, address, database):
    upload(planner, address)
    upload(planner, address, PDF, "naskah.pdf", kind="script")
    planner.send(address, to="/plan/files/1", what="remove")
    for replaces in ("1", "2", "77"):
        answer = upload(planner, address, MP3 + b"2", replaces=replaces)
        assert "Yang hendak digantikan tidak ditawarkan lagi, atau jenisnya lain." in faults(answer)["replaces"]
    assert len(rows(database)) == 2


def test_the_same_file_twice_is_told(planner, address, database):
    upload(planner, address)
    assert "sudah ditawarkan pada episode ini" in faults(upload(planner, address))["file"]
    assert len(rows(database)) == 1


def test_a_title_and_a_name_that_are_hostile(planner, address, database):
    evil = "<script>alert(1)</script>" + "Panjang" * 30
    upload(planner, address, name='../../etc/"passwd.mp3', title=evil)
    assert rows(database)[0][1] == evil[:160]
    page = planner.page(address)
    assert page.xpath("//main//script") == []
    disposition = planner.client.get("/plan/files/1").headers["Content-Disposition"]
    assert re.fullmatch(r'attachment; filename="[a-z0-9-]{1,69}\.mp3"', disposition)


def test_a_form_may_be_as_large_here_and_nowhere_else(planner, address, app, monkeypatch):
    app.config["MAX_CONTENT_LENGTH"] = 20_000
    big = b"ID3" + os.urandom(60_000)
    assert upload(planner, address, big).status_code == 303
    assert planner.send("/plan/programmes/1/episodes", title="x" * 30_000).status_code == 413
    monkeypatch.setitem(papers.LARGEST, "recording", 40_000)
    assert "lebih besar dari 40 kB" in faults(upload(planner, address, big + b"2"))["file"]


def test_a_body_beyond_every_limit_is_413(planner, address):
    token = planner.page(address).xpath("string(//input[@name='csrf_token']/@value)")
    claimed = {"CONTENT_LENGTH": str(paper_views.MOST_BODY + 1)}
    answer = planner.client.post(address, data={"csrf_token": token}, environ_overrides=claimed)
    assert answer.status_code == 413


def test_a_form_without_its_token_is_refused(planner, address, database, settings):
    answer = planner.client.post(address, data={"kind": "recording", "file": (io.BytesIO(MP3), "x.mp3")})
    assert (answer.status_code, rows(database), kept(settings)) == (400, [], [])
    assert planner.client.post("/plan/files/1", data={"what": "remove"}).status_code == 400


def test_only_planners_offer(client, address, database):
    assert client.post(address, data={}).status_code == 401
    for path in (address, "/plan/files/1"):
        assert client.get(path).status_code == 303


def test_what_is_not_there_is_404(planner, address):
    upload(planner, address)
    for path in ("/plan/episodes/99/files", "/plan/files/99", "/plan/files/x", "/plan/episodes/9999999999/files"):
        assert planner.client.get(path).status_code == 404
    token = planner.page(address).xpath("string(//input[@name='csrf_token']/@value)")
    for path, what in (("/plan/files/99", "remove"), ("/plan/files/1", "burn")):
        assert planner.client.post(path, data={"csrf_token": token, "what": what}).status_code == 404
    missing = {"csrf_token": token, "kind": "recording", "title": "x", "file": (io.BytesIO(MP3), "x.mp3")}
    assert planner.client.post("/plan/episodes/99/files", data=missing).status_code == 404


def test_no_transaction_is_open_while_the_file_is_read(planner, address, database, monkeypatch):
    open_ones = []
    writing, reading, keep = Database.writing, Database.reading, files.keep

    def watched(of, name):
        def begin(self):
            handle = of(self)

            class Within:
                def __enter__(self):
                    open_ones.append(name)
                    return handle.__enter__()

                def __exit__(self, *error):
                    open_ones.remove(name)
                    return handle.__exit__(*error)

            return Within()

        return begin

    seen = []

    def kept_now(*args, **more):
        seen.append(list(open_ones))
        return keep(*args, **more)

    monkeypatch.setattr(Database, "writing", watched(writing, "writing"))
    monkeypatch.setattr(Database, "reading", watched(reading, "reading"))
    monkeypatch.setattr(files, "keep", kept_now)
    assert upload(planner, address).status_code == 303
    assert seen == [[]]


def test_a_full_disk_is_told(planner, address, database, monkeypatch):
    def full(*args, **more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "keep", full)
    assert "tempatnya penuh atau rusak" in faults(upload(planner, address))["file"]


def test_many_stations_are_shown_in_part_first(planner, address, monkeypatch):
    monkeypatch.setattr(paper_views, "SHOWN", 1)
    upload(planner, address)
    page = planner.page(address)
    assert len(page.xpath("//section//tbody/tr")) == 1
    assert len(planner.page(page.xpath("//a[contains(., 'Lihat semua 2 stasiun')]/@href")[0]).xpath("//section//tbody/tr")) == 2


SIZES = [(1, "1 kB"), (45_300, "45 kB"), (99_999, "100 kB"), (12_345_678, "12,3 MB"), (60_000_000, "60 MB")]


@pytest.mark.parametrize(("size", "said"), SIZES)
def test_sizes_as_people_say_them(app, size, said):
    with app.test_request_context():
        assert paper_views.megabytes(size) == said
