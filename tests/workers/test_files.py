"""What nothing names goes off the disk, and what any room names stays."""

from __future__ import annotations

import io
import os
from datetime import UTC, datetime

from sqlalchemy import select

from broadcast_schedule import episodes, papers, planning
from broadcast_schedule.episodes import EpisodeDraft
from broadcast_schedule.paper_tables import EpisodeFile
from broadcast_schedule.planning import ProgrammeDraft
from core import files
from workers import files as swept
from workers import periodic

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def test_what_an_episode_names_stays_though_it_was_removed(app, database, settings):
    folder = settings.instance_dir / "files"
    kept = [files.keep(folder, io.BytesIO(b"ID3" + bytes([n])), most=99, families={"audio"}) for n in range(4)]
    for one in kept[:3]:
        os.utime(files.path_of(folder, one.digest), (0, 0))
    with database.writing() as db:
        programme = planning.save_programme(db, ProgrammeDraft("X")).id
        episode = episodes.save_episode(db, programme, EpisodeDraft("Magnet")).id
        for one in kept[:2]:
            papers.add(db, episode, "recording", "Magnet", one, "jadwal", NOW)
        papers.remove(db, db.scalars(select(EpisodeFile.id)).first(), "jadwal", NOW)
    assert swept.sweep() == 1
    assert sorted(path.name for path in folder.glob("??/*")) == sorted(one.digest for one in (kept[0], kept[1], kept[3]))
    assert "workers.files.sweep" in periodic.EVERY


def test_a_room_without_its_line_would_lose_its_files(app, database, settings, monkeypatch):
    """The list is what is asked: the planted room's file stays because it stands there."""
    folder = settings.instance_dir / "files"
    digest = files.keep(folder, io.BytesIO(b"ID3 planted"), most=99, families={"audio"}).digest
    os.utime(files.path_of(folder, digest), (0, 0))
    monkeypatch.setattr(swept, "IN_USE", (*swept.IN_USE, lambda db: [digest]))
    assert swept.sweep() == 0
    monkeypatch.setattr(swept, "IN_USE", ())
    assert swept.sweep() == 1
