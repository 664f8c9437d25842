"""What every format promises; a new file in feeds/ is tested unasked."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcast_schedule.feeds import faults, feeds
from core.settings import ROOT
from core.text import clean, one_line
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
    assert {"csv", "html", "ics", "json", "spi", "txt", "xml"} <= set(feeds())


words = st.text(max_size=200).map(clean).map(one_line)


@given(st.lists(st.tuples(words.filter(bool), words, words, st.integers(1, 1440)), max_size=4))
def test_whatever_is_planned_can_be_read_again_in_every_format(planned):
    made = [
        occurrence(n, at=f"{n:02}:00", title=title, episode=episode, description=description, minutes=minutes)
        for n, (title, episode, description, minutes) in enumerate(planned)
    ]
    assert faults(timetable(*made)) == []
    assert faults(timetable(*(replace(one, status="cancelled") for one in made))) == []


def test_what_a_receiver_cannot_read_is_named():
    twice = [occurrence(1), occurrence(1)]
    assert faults(timetable(*twice)) == ["ical: a UID stands twice or is missing", "json: an id stands twice"]
    assert faults(timetable(occurrence(1, channel="no channel"))) == [
        "spi: programmes and airings differ in number",
        "xmltv: a channel has no programme, or a programme no channel",
    ]
    assert [each.partition(":")[0] for each in faults(timetable(occurrence(1, title="")))] == ["spi", "xmltv"]
