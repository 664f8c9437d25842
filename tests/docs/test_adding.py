"""The recipes of docs/adding.md, followed to the letter: each file is written into a copy of its folder and used."""

from __future__ import annotations

import importlib.util
import re
from datetime import UTC, date, datetime

import pytest

import broadcast_schedule.feeds
import gateway.providers
import lessons.kinds
from broadcast_schedule.timetable import Channel, Occurrence, Station, Timetable
from core import phrases
from core.discover import discover
from core.settings import ROOT
from gateway.bodies import Incoming
from lessons.course import Item

RECIPES = re.findall(r"```(?:python|po)\n# (\S+)\n(.*?)```", (ROOT / "docs" / "adding.md").read_text(), re.DOTALL)
FILES = dict(RECIPES)


@pytest.fixture
def followed(tmp_path, monkeypatch):
    """Writes a recipe's file and lets its package find it: {name: what it exports}."""

    def follow(path, package, export):
        folder = tmp_path / path.rpartition("/")[0]
        folder.mkdir(parents=True)
        (tmp_path / path).write_text(FILES[path])
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(folder)])
        importlib.invalidate_caches()
        return discover(package, export)

    return follow


def test_there_are_four_recipes():
    assert sorted(FILES) == [
        "broadcast_schedule/feeds/lines.py", "gateway/providers/kabar.py", "lessons/kinds/year.py",
        "translations/ms/LC_MESSAGES/messages.po",
    ]  # fmt: skip


def test_a_provider_reads_its_own_fields(followed):
    provider = followed("gateway/providers/kabar.py", gateway.providers, "provider")["kabar"]
    fields = {"pengirim": [b"+6281234567890"], "isi": [b"IPA5"], "no": [b"77"]}
    mo = provider.read_sms(Incoming("POST", "/", "", {}, fields, fields), None)
    assert (mo.msisdn, mo.text, mo.id) == ("+6281234567890", "IPA5", "77")


def test_a_feed_draws_a_timetable(followed):
    feed = followed("broadcast_schedule/feeds/lines.py", broadcast_schedule.feeds, "feed")["lines"]
    station = Station("rri-samarinda", "RRI Samarinda", "Asia/Makassar")
    airing = Occurrence(
        slot=1, channel="rri.id", original=datetime(2026, 11, 23, 10), title="Belajar di RRI",  # noqa: DTZ001
        start=datetime(2026, 11, 23, 3, tzinfo=UTC), end=datetime(2026, 11, 23, 4, tzinfo=UTC),
    )  # fmt: skip
    timetable = Timetable(station, (Channel("rri.id", "RRI"),), (airing,), 1, date(2026, 11, 23), 1)
    assert feed.render(timetable) == b"2026-11-23 11:00 WITA Belajar di RRI\n"


def test_a_kind_asks_and_marks(followed):
    kind = followed("lessons/kinds/year.py", lessons.kinds, "kind")["year"]
    item = Item("a", "year", {"id": "Indonesia merdeka tahun?"}, {"right": 1945})
    assert [kind.mark(item, typed, "id").mark for typed in ("1945", "tahun 1945.", "1954", "dulu")] == [
        "right",
        "right",
        "wrong",
        None,
    ]
    assert kind.problems(item) == []


def test_a_language_says_what_it_has_and_the_rest_in_indonesian(tmp_path, monkeypatch):
    path = tmp_path / "translations/ms/LC_MESSAGES/messages.po"
    path.parent.mkdir(parents=True)
    path.write_text(FILES["translations/ms/LC_MESSAGES/messages.po"])
    monkeypatch.setattr(phrases, "FOLDER", tmp_path / "translations")
    say = phrases.phrases("ms")
    assert (say("Benar!"), say("Kembali"), phrases.languages()) == ("Betul!", "Kembali", ("id", "ms"))
