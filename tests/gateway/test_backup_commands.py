"""``flask backup`` and ``flask restore``: a whole copy while it is written, and one that repeats nothing."""

from __future__ import annotations

import io
import shutil

import pysqlite3.dbapi2 as sqlite
import pytest
from sqlalchemy import func, select, text

from app import create_app
from core import backup, clock, file_copies, files
from core.migrations import heads, upgrade
from core.tables import Epoch
from gateway import outbox
from gateway.tables import Outbox
from tests.conftest import equipped, settings_for
from tests.gateway.fixtures import PHONE, add_line
from tests.services import free_port
from workers.outbox import deliver_due


@pytest.fixture(scope="module")
def one_migrated(tmp_path_factory):
    """(an application, a database file that the migrations made)"""
    folder = tmp_path_factory.mktemp("migrated")
    made = create_app(settings_for(folder))
    upgrade(made.extensions["database"])
    made.extensions["database"].close()  # and what its log had is in the file
    return made, folder / "kentongan.db"


@pytest.fixture
def migrated(tmp_path, one_migrated):
    """An application whose database the migrations made, with a line."""
    app, file = one_migrated
    (tmp_path / "one").mkdir()
    shutil.copyfile(file, tmp_path / "one" / "kentongan.db")
    with equipped(app, settings_for(tmp_path / "one", port=free_port())) as made:
        yield made, add_line(made, "simulator", "sms")


def post(app, line, key):
    return app.extensions["database"].step(
        lambda db: outbox.post(db, key=key, line_id=line.id, msisdn=PHONE, text="halo", now=clock.now())
    )


def run(app, *arguments):
    """(exit status, what it said)"""
    with app.app_context():
        result = app.test_cli_runner().invoke(args=[str(part) for part in arguments])
    return result.exit_code, result.output


def states(app):
    with app.extensions["database"].reading() as db:
        return [row.state for row in db.scalars(select(Outbox).order_by(Outbox.id))]


def test_a_restored_copy_sends_nothing_until_it_is_released(migrated, tmp_path):
    app, line = migrated
    copy = tmp_path / "copy.db"
    post(app, line, "before")
    status, said = run(app, "backup", copy)
    assert (status, said) == (0, f"{copy}: {copy.stat().st_size} bita, utuh. / bytes, whole.\n")
    assert copy.stat().st_mode & 0o777 == 0o600
    post(app, line, "after")
    status, said = run(app, "restore", copy)
    before = tmp_path / "one" / "kentongan.db.before"
    assert (status, said.splitlines()) == (0, [
        f"Yang sebelumnya ada di {before}. / The database before it is there.",
        "1 pesan ditahan; `outbox release` mengirimnya. / 1 messages held until `outbox release`.",
    ])  # fmt: skip
    assert states(app) == ["held"]
    post(app, line, "new")
    assert (deliver_due(10), states(app)) == ([], ["held", "held"])
    assert run(app, "outbox", "release") == (0, "2 pesan dilepas. / messages released.\n")
    assert len(deliver_due(10)) == 2
    with sqlite.connect(before) as kept:
        assert kept.execute("SELECT count(*) FROM outbox").fetchone() == (2,)


def test_a_restore_into_an_empty_folder_needs_no_database_there(migrated, tmp_path):
    app, line = migrated
    post(app, line, "k")
    run(app, "backup", tmp_path / "copy.db")
    other = create_app(settings_for(tmp_path / "other", port=free_port()))
    said = "1 pesan ditahan; `outbox release` mengirimnya. / 1 messages held until `outbox release`.\n"
    assert run(other, "restore", tmp_path / "copy.db") == (0, said)
    assert states(other) == ["held"]
    other.extensions["database"].close()


def test_a_copy_is_not_written_over_another(migrated, tmp_path):
    app, _ = migrated
    file = tmp_path / "copy.db"
    file.write_text("mine")
    assert run(app, "backup", file) == (1, f"{file} sudah ada. / {file} is there already.\n")
    assert file.read_text() == "mine"


def test_a_copy_that_finds_no_room_blames_no_database(migrated, tmp_path, monkeypatch):
    app, _ = migrated

    class Small(sqlite.Connection):
        def backup(self, target, **options):
            target.execute("PRAGMA max_page_count=1")
            target.execute("CREATE TABLE filled (with_nothing)")

    connect = sqlite.connect
    monkeypatch.setattr(sqlite, "connect", lambda *a, **more: connect(*a, factory=Small, **more))
    status, said = run(app, "backup", tmp_path / "copy.db")
    assert (status, said.split(" / ")[1]) == (1, "The copy cannot be written there: database or disk is full.\n")
    assert list(tmp_path.glob("copy*")) == []


def test_a_folder_of_any_name_is_copied_from(tmp_path):
    source, target = tmp_path / "100%? #1.db", tmp_path / "copy.db"
    with sqlite.connect(source) as made:
        made.execute("CREATE TABLE t (x)")
    made.close()
    backup.copy(source, target)
    assert target.stat().st_size == source.stat().st_size


def test_what_is_no_copy_changes_nothing(migrated, tmp_path):
    app, line = migrated
    post(app, line, "k")
    broken, foreign, missing = tmp_path / "broken.db", tmp_path / "foreign.db", tmp_path / "missing.db"
    broken.write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    with sqlite.connect(foreign) as made:
        made.execute("CREATE TABLE alembic_version (version_num TEXT)")
        made.execute("INSERT INTO alembic_version VALUES ('9999_of_a_newer_one')")
    for file in (broken, foreign, missing):
        status, said = run(app, "restore", file)
        assert (status, said.count("\n")) == (1, 1), said
    assert states(app) == ["created"]
    assert sorted(path.name for path in (tmp_path / "one").iterdir() if "restor" in path.name or "before" in path.name) == []


def test_a_damaged_copy_is_found_and_changes_nothing(migrated, tmp_path):
    app, line = migrated
    post(app, line, "k")
    copy = tmp_path / "copy.db"
    run(app, "backup", copy)
    damaged = bytearray(copy.read_bytes())
    damaged[36:40] = (7).to_bytes(4, "big")  # says that seven pages are free, which none is: it opens all the same
    copy.write_bytes(damaged)
    status, said = run(app, "restore", copy)
    assert (status, "rusak" in said, states(app)) == (1, True, ["created"])


def test_a_restore_is_refused_while_somebody_has_it_open(migrated, tmp_path):
    app, _ = migrated
    run(app, "backup", tmp_path / "copy.db")
    with sqlite.connect(tmp_path / "one" / "kentongan.db") as other:
        other.execute("SELECT * FROM outbox").fetchall()
        status, said = run(app, "restore", tmp_path / "copy.db")
        assert (status, "stop it first" in said) == (1, True)


def test_on_postgresql_it_is_the_same(postgresql_url, postgresql_cluster, tmp_path):
    postgresql_cluster.connection.close()  # nobody but us is connected
    app = create_app(settings_for(tmp_path, database_url=postgresql_url, port=free_port()))
    database = app.extensions["database"]
    with app.app_context():
        line = add_line(app, "simulator", "sms")
    post(app, line, "before")
    assert run(app, "backup", tmp_path / "copy.dump")[0] == 0
    post(app, line, "after")
    with database.reading() as db:
        db.scalar(select(Epoch.id))
        status, said = run(create_app(app.extensions["settings"]), "restore", tmp_path / "copy.dump")
        assert (status, "stop it first" in said) == (1, True)
    database.engine.dispose()
    status, said = run(app, "restore", tmp_path / "copy.dump")
    assert (status, said) == (0, "1 pesan ditahan; `outbox release` mengirimnya. / 1 messages held until `outbox release`.\n")
    assert states(app) == ["held"]
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Epoch)) == 1
    database.close()


def test_on_postgresql_what_this_version_does_not_know_replaces_nothing(postgresql_url, postgresql_cluster, tmp_path):
    postgresql_cluster.connection.close()
    app = create_app(settings_for(tmp_path, database_url=postgresql_url, port=free_port()))
    database = app.extensions["database"]

    def at(revision):
        with database.writing() as db:
            db.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})

    at("9999_of_a_newer_one")
    assert run(app, "backup", tmp_path / "newer.dump")[0] == 0
    at(heads()[0])
    (tmp_path / "none.dump").write_bytes(b"PGDMP of nothing")
    with app.app_context():
        line = add_line(app, "simulator", "sms")
    post(app, line, "mine")
    database.engine.dispose()
    for name in ("newer", "none"):
        status, said = run(app, "restore", tmp_path / f"{name}.dump")
        assert (status, said.count("\n")) == (1, 1), said
        database.engine.dispose()
    assert states(app) == ["created"]
    database.close()


def hand_in(app, raw):
    folder = app.extensions["settings"].instance_dir / "files"
    return files.keep(folder, io.BytesIO(raw), most=10**6, families={"audio"}).digest


def on_disk(folder):
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_people_handed_in_comes_back_with_the_database(migrated, tmp_path):
    app, _ = migrated
    copy = tmp_path / "copy.db"
    first, second = hand_in(app, b"ID3 one"), hand_in(app, b"ID3 two")
    (tmp_path / "one" / "files" / ".part-half").write_bytes(b"half")
    assert run(app, "backup", copy)[1].splitlines()[1:] == [f"{copy}.files: 2 berkas. / files."]
    assert on_disk(tmp_path / "copy.db.files") == {first: b"ID3 one", second: b"ID3 two"}
    files.path_of(tmp_path / "one" / "files", first).unlink()
    third = hand_in(app, b"ID3 three")
    assert "2 berkas dikembalikan, masing-masing utuh. / files are back, each of them whole." in run(app, "restore", copy)[1]
    assert set(on_disk(tmp_path / "one" / "files")) == {first, second, third, ".part-half"}
    other = create_app(settings_for(tmp_path / "other", port=free_port()))
    run(other, "restore", copy)
    assert files.path_of(tmp_path / "other" / "files", first).read_bytes() == b"ID3 one"
    other.extensions["database"].close()


def test_files_on_another_disk_are_copied(migrated, tmp_path, monkeypatch):
    app, _ = migrated
    digest = hand_in(app, b"ID3 one")
    monkeypatch.setattr(file_copies.os, "link", lambda *args: (_ for _ in ()).throw(OSError(18, "Invalid cross-device link")))
    assert run(app, "backup", tmp_path / "copy.db")[0] == 0
    assert on_disk(tmp_path / "copy.db.files") == {digest: b"ID3 one"}


def test_a_damaged_file_stops_the_restore_before_anything_is_replaced(migrated, tmp_path):
    app, line = migrated
    digest = hand_in(app, b"ID3 one")
    run(app, "backup", tmp_path / "copy.db")
    post(app, line, "after")
    for raw in (b"ID3 two", b"<html>", b""):
        damaged = tmp_path / "copy.db.files" / digest
        damaged.unlink()
        damaged.write_bytes(raw)
        status, said = run(app, "restore", tmp_path / "copy.db")
        assert (status, said) == (1, file_copies.DAMAGED.format(file=damaged) + "\n")
    assert states(app) == ["created"]
    assert files.path_of(tmp_path / "one" / "files", digest).read_bytes() == b"ID3 one"


def test_files_are_not_written_over_others(migrated, tmp_path):
    app, _ = migrated
    hand_in(app, b"ID3 one")
    (tmp_path / "copy.db.files").mkdir()
    assert run(app, "backup", tmp_path / "copy.db")[0] == 1
    assert not (tmp_path / "copy.db").exists()
