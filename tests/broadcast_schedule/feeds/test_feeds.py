"""What every format promises; a new file in feeds/ is tested unasked."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys

import pytest

from broadcast_schedule.feeds import feeds
from core.settings import ROOT
from tests.broadcast_schedule.made import occurrence, timetable

MADE = timetable(occurrence(1), occurrence(2, at="09:00", status="cancelled"), occurrence(3, at="10:00", episode="Ép"))
RENDER = """
from tests.broadcast_schedule.feeds.test_feeds import rendered
print(rendered())
"""


def rendered():
    """{format: hash of its bytes}"""
    return {name: hashlib.sha256(feed.render(MADE)).hexdigest() for name, feed in sorted(feeds().items())}


def test_the_same_timetable_gives_the_same_bytes_in_every_process():
    environment = {**os.environ, "PYTHONHASHSEED": "1", "TZ": "America/New_York"}
    run = subprocess.run([sys.executable, "-c", RENDER], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == str(rendered())


@pytest.mark.parametrize("name", sorted(feeds()))
def test_an_empty_timetable_can_be_written(name):
    assert feeds()[name].render(timetable()) != b""


def test_the_extension_is_the_name_in_the_address():
    assert [(extension, feed.extension) for extension, feed in feeds().items() if extension != feed.extension] == []
    assert {"csv", "ics", "json", "txt", "xml"} <= set(feeds())
