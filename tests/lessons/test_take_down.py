"""``flask take-down``: what must not be seen is gone at once, whatever names it."""

from __future__ import annotations

from core import files
from lessons import media
from lessons.media_views import folder
from tests.handed_in import address, mp3, reference
from tests.lessons.test_media_views import send, upload


def run(app, *arguments):
    return app.test_cli_runner().invoke(args=["take-down", *arguments])


def test_what_is_taken_down_is_gone_from_its_address_and_the_disk(app, teacher, database):
    send(teacher, do="publish", **{"items.0.recording": upload(mp3())})
    assert teacher.client.get(address(mp3())).status_code == 200
    told = run(app, f"https://sekolah.example{address(mp3())}")
    assert (told.exit_code, told.output) == (0, "Gone from 1 schools and from the disk; backups still hold it.\n")
    with app.app_context(), database.reading() as db:
        assert (media.digests(db), files.path_of(folder(), reference(mp3())[5:69]).exists()) == (set(), False)
    assert teacher.client.get(address(mp3())).status_code == 404


def test_a_second_time_and_what_is_no_digest_are_told(app, client):
    assert (run(app, "a" * 64).exit_code, run(app, "x").exit_code) == (1, 1)
    assert "No school has that file" in run(app, "a" * 64).output
    assert "There is no SHA-256 in that" in run(app, "x").output
