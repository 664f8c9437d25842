"""Languages of a fresh installation: nothing is compiled beforehand, and a new release may be older than what is."""

from __future__ import annotations

import os
import re
import shutil

import pytest
from flask_babel import get_domain

from app import create_app
from core import phrases


@pytest.fixture
def fresh(tmp_path, monkeypatch):
    """The folder of languages as it comes from a repository."""
    folder = tmp_path / "translations"
    shutil.copytree(phrases.FOLDER, folder, ignore=shutil.ignore_patterns("*.mo", "*.half"))
    monkeypatch.setattr(phrases, "FOLDER", folder)
    return folder


def heading(settings):
    app = create_app(settings)
    with app.app_context():
        kept = get_domain().cache  # of all applications in this process: a server has one
    kept.clear()
    try:
        page = app.test_client().get("/login", headers={"Accept-Language": "en"}).text
    finally:
        kept.clear()
        app.extensions["database"].close()
    return re.search("<h1>(.*?)</h1>", page)[1]


def test_pages_of_a_fresh_installation_speak_english(fresh, settings):
    assert heading(settings) == "Sign in"


def test_a_release_older_than_what_was_compiled_is_compiled_again(fresh, settings):
    assert heading(settings) == "Sign in"
    source = fresh / "en/LC_MESSAGES/messages.po"
    source.write_text(source.read_text("utf-8").replace('msgstr "Sign in"', 'msgstr "Enter"'), "utf-8")
    os.utime(source, (1, 1))
    assert heading(settings) == "Enter"


def test_a_folder_that_cannot_be_written_is_said_in_indonesian(fresh, settings, monkeypatch):
    def refuse(source):
        raise PermissionError(source)

    monkeypatch.setattr(phrases, "compile_catalog", refuse)
    assert heading(settings) == "Masuk"
